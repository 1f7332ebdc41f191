"""How Chinese sounds: pinyin without tones, and its initials, as people type both."""

from functools import cache

from pypinyin import Style, pinyin_dict
from pypinyin.style import convert

CHINESE = range(0x3400, 0xA000)


def initials(folded: str) -> str:
    """The first letters of the pinyin of every character, other characters as they are: 增值税 gives zzs."""
    return folded.translate(_readings(Style.FIRST_LETTER))


def spelled(folded: str) -> str:
    """The pinyin of every character, other characters as they are: 增值税 gives zengzhishui."""
    return folded.translate(_readings(Style.NORMAL))


@cache
def _readings(style: Style) -> dict[int, str]:
    """The usual reading of every character, without tones."""
    readings = pinyin_dict.pinyin_dict
    return {
        code: convert(readings[code].split(",")[0], style, strict=False).replace("ü", "v")
        for code in CHINESE
        if code in readings
    }
