"""Folding: the one form in which texts and queries are compared, character for character.

Every fold is one UTF-16 code unit for one code unit, so an offset into a folded text is the same offset in the
original and marks are exact. A fold therefore never depends on the characters around it (乾坤 and 乾燥 share their 乾).
"""

import unicodedata
from functools import cache

import numpy as np
import opencc
from numpy.typing import NDArray

CODE_UNITS = 0x10000
SURROGATES = range(0xD800, 0xE000)

# Towards the form that clean notices are mostly written in, so that few characters differ from their fold.
PUNCTUATION = str.maketrans(
    ",;:?!()[]【】﹝﹞［］{}｛｝\"”„‟「」『』'’‘‚–—―‐‑−～∼○◯．\0\t\n\r\v\f\x85\xa0\u2028\u2029",
    "，；：？！（）〔〕〔〕〔〕〔〕〔〕〔〕““““““““““““------~~〇〇.          ",
)


@cache
def fold_table() -> dict[int, int]:
    """Code point to folded code point, for the characters that change: simplified, half width, lower case."""
    chars = [chr(code) for code in range(CODE_UNITS) if code not in SURROGATES]
    plain = [_or(char, unicodedata.normalize("NFKC", char)) for char in chars]
    simplified = opencc.OpenCC("t2s").convert("\n".join(_or(c, c.lower()) if c != "\n" else " " for c in plain))
    folds = [_or(char, line).translate(PUNCTUATION) for char, line in zip(plain, simplified.split("\n"), strict=True)]
    table = {ord(char): ord(folded) for char, folded in zip(chars, folds, strict=True) if folded != char}
    return {code: table.get(folded, folded) for code, folded in table.items()}  # 薴 folds to 苧, and 苧 to 苎


@cache
def fold_units() -> NDArray[np.uint16]:
    """The fold of every UTF-16 code unit, to fold whole arrays of them at once."""
    units = np.arange(CODE_UNITS, dtype=np.uint16)
    for code, folded in fold_table().items():
        units[code] = folded
    return units


def fold(text: str) -> str:
    """`text` in simplified characters, half width and lower case, as long as before and in the same places."""
    return text.translate(fold_table())


def strip_edges(text: str) -> str:
    """`text` without spaces and punctuation at its ends; all of it where there is nothing else."""
    start, end = 0, len(text)
    while start < end and not is_word_character(text[start]):
        start += 1
    while end > start and not is_word_character(text[end - 1]):
        end -= 1
    return text[start:end] or text


def is_word_character(char: str) -> bool:
    """Whether `char` carries meaning: a letter, digit, mark or symbol, not punctuation, space or control."""
    return unicodedata.category(char)[0] not in "PZC"


def _or(char: str, folded: str) -> str:
    """`folded` where it is one UTF-16 code unit, else `char`."""
    return folded if len(folded) == 1 and ord(folded) < CODE_UNITS else char
