"""How Chinese sounds: pinyin without tones, and its initials, as people type both."""

import unicodedata
from collections.abc import Mapping
from functools import cache, reduce

import numpy as np
from numpy.typing import NDArray
from pypinyin import pinyin_dict

CHINESE = range(0x3400, 0xA000)
UMLAUT = "u\u0308"  # people type v
PRIME = 16_777_619


def initials(folded: str) -> str:
    """The first letters of the pinyin of every character, other characters as they are: 增值税 gives zzs."""
    return folded.translate(_initials())


def spelled(folded: str) -> str:
    """The pinyin of every character, other characters as they are: 增值税 gives zengzhishui."""
    return folded.translate(_spellings())


def sound_key(folded: str) -> int:
    """A number for how Chinese text is read, the same for all that is read alike or is the pinyin itself."""
    units = np.frombuffer(folded.encode("utf-16-le", "surrogatepass"), np.uint16)
    return int(heard(units, np.array([0]), np.array([len(units)]))[0])


def heard(units: NDArray[np.uint16], starts: NDArray[np.integer], lengths: NDArray[np.integer]) -> NDArray[np.uint32]:
    """The `sound_key` of each of many stretches of text, all at once."""
    sounds, shifts = _sounds()
    keys = np.zeros(len(starts), np.uint32)
    for place in range(int(lengths.max(initial=0))):
        longer = np.flatnonzero(lengths > place)
        codes = units[starts[longer] + place]
        keys[longer] = keys[longer] * shifts[codes] + sounds[codes]
    return keys


@cache
def _sounds() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """For every character the number of its reading as letters to the base PRIME, and PRIME to their count."""
    sounds, shifts = np.arange(1 << 16, dtype=np.uint32), np.full(1 << 16, PRIME, np.uint32)
    for code, reading in _spellings().items():
        sounds[code] = reduce(lambda sound, letter: sound * PRIME + ord(letter) & 0xFFFFFFFF, reading, 0)
        shifts[code] = pow(PRIME, len(reading), 1 << 32)
    return sounds, shifts


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
