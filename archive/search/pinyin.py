"""How Chinese sounds: pinyin without tones, and its initials, as people type both."""

import unicodedata
from collections.abc import Mapping
from functools import cache

from pypinyin import pinyin_dict

CHINESE = range(0x3400, 0xA000)
UMLAUT = "u\u0308"  # people type v


def initials(folded: str) -> str:
    """The first letters of the pinyin of every character, other characters as they are: 增值税 gives zzs."""
    return folded.translate(_initials())


def spelled(folded: str) -> str:
    """The pinyin of every character, other characters as they are: 增值税 gives zengzhishui."""
    return folded.translate(_spellings())


@cache
def _initials() -> Mapping[int, str]:
    return {code: spelling[:1] for code, spelling in _spellings().items()}


@cache
def _spellings() -> Mapping[int, str]:
    """The usual reading of every character, without tones: taken off all at once, four times faster than one by one."""
    readings = {code: reading for code, reading in pinyin_dict.pinyin_dict.items() if code in CHINESE}
    apart = unicodedata.normalize("NFD", "\n".join(reading.partition(",")[0] for reading in readings.values()))
    plain = "".join(char for char in apart.replace(UMLAUT, "v") if not unicodedata.combining(char))
    return dict(zip(readings, plain.split("\n"), strict=True))
