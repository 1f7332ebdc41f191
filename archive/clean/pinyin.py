"""Pinyin notes: the reading of a character in brackets behind it, sprinkled by re-posters to foil copy detection."""

import re
import unicodedata
from functools import lru_cache

from archive.clean.changes import Repaired, replace_each
from archive.clean.signs import has_sign
from archive.clean.simplify import simplified

TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ"
# With the letters that converters and fonts write for them: ɑ and ɡ, ă and â for ǎ, full width.
LETTERS = "a-zāáǎàēéěèêếềīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿɑɡăĕĭŏŭâîôûａ-ｚ\u0300-\u0302\u0304\u0306\u0308\u030c"
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f〇"
TONES: dict[int, str | None] = {ord("ɑ"): "a", ord("ɡ"): "g"} | dict.fromkeys(
    map(ord, "012345")
)  # behind the syllable, guan1, or behind its vowel, gua1n
GAP = r"[ \u3000\xa0]{0,2}"
NOTE = re.compile(
    rf"(?P<char>[{HAN}]){GAP}[(（\[【]{GAP}(?P<note>[{LETTERS}][{LETTERS}?\ufffd]{{0,11}}[0-5]?[{LETTERS}]{{0,5}}){GAP}[)）\]】]",
    re.IGNORECASE,
)
# How every note begins; most pages have none of it.
OPENED = re.compile(rf"[(（\[【]{GAP}[{LETTERS}]", re.IGNORECASE)
LOST = re.compile(r"[?\ufffd]{1,3}")  # what is left of a vowel with its tone


@lru_cache(maxsize=20_000)
def readings(char: str) -> frozenset[str]:
    """The readings of `char` without their tones; ü is written v."""
    from pypinyin.constants import PINYIN_DICT  # only when needed: importing it takes longer than most commands

    return frozenset(map(toneless, PINYIN_DICT.get(ord(char), "").split(",")))


@lru_cache(maxsize=20_000)
def toneless(note: str) -> str:
    """`note` without its tone mark or tone number: lǜ, lü4 and lv are all lv, gua1n is guan."""
    letters = unicodedata.normalize("NFKD", note.translate(TONES)).replace("u\u0308", "v")
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@lru_cache(maxsize=20_000)
def is_reading(note: str, of: str) -> bool:
    """Is `note` a reading of the character `of`, in any tone and spelling of tones, or with its vowel lost (sh??n)?"""
    note = toneless(note)
    if LOST.search(note):
        known = re.compile("[a-z]".join(map(re.escape, LOST.split(note))))
        return any(known.fullmatch(reading) for reading in readings(of))
    return note in readings(of)


def remove_pinyin_notes(text: str) -> Repaired:
    """Remove notes such as the one in 國(guó), a reading of the character before it.

    A bracket is a note only if pypinyin knows it as a reading of that very character (any tone spelling,
    neutral tone allowed): `(VAT)`, `(见附件1)` and `(men)` after a Latin word stay, as does 苯(BEN), capitals without a
    tone. The character may be a wrong choice of the re-poster's converter, its reading that of the simplified original:
    定期瞭(le)解 is 定期了解.
    """
    if not has_sign(text, OPENED) or not OPENED.search(text):
        return Repaired(text)
    return replace_each(NOTE, text, _without_note, "pinyin", "pinyin note")


def _without_note(match: re.Match[str]) -> str | None:
    char, note = match["char"], match["note"].lower()
    if match["note"].isascii() and match["note"] != note:
        return None
    following = match.string[match.end() : match.end() + 1]
    if is_reading(note, of=char) or is_reading(note, of=simplified(char + following)[0]):
        return char
    return None
