"""Copies of one text: the keys by which they are found, and the test that tells them from look-alikes."""

import re
import unicodedata

from rensa import RMinHash

from archive.models import RawNotice

SPACE = re.compile(r"\s+")
NO_LETTER = re.compile(r"[\W_]+")
# Blanks and marks that are such in NFKC too. Without them most texts are in NFKC, as a quick look tells.
MARKS = re.compile(
    r"[\s!-/:-@\[-`{-~\u00b7\u2010-\u2027\u3001-\u3003\u3008-\u3011\u3014-\u301b"
    r"\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]+"
)
DIGITS = re.compile(r"\d+")

SHINGLE = 3  # characters
# Two texts of which a share s of all shingles is common share one of the keys with probability 1-(1-s^3)^10:
# 0.999 where s is 0.8, 0.01 where it is 0.1, as between notices that only begin alike.
BANDS, ROWS = 10, 3
SEED = 608
SHORTEST = 30  # letters: of less, what is common says nothing
ALIKE = 0.8


def fold(text: str) -> str:
    """`text` without what copies of one notice differ in though nothing is damaged: spaces and widths."""
    return SPACE.sub("", unicodedata.normalize("NFKC", text))


def letters(text: str) -> str:
    """The letters and digits of `text`: copies differ in punctuation too, and a text without any stays as it is."""
    return NO_LETTER.sub("", unicodedata.normalize("NFKC", MARKS.sub("", text))) or fold(text)


def band_keys(text: str) -> tuple[int, ...]:
    """The keys (64 bits, signed, as databases keep them) of which copies of a text share at least one (MinHash).

    `text` are the `letters` of a body. None for one too short to be told by its shingles.
    """
    if len(text) < SHORTEST:
        return ()
    sketch = RMinHash(num_perm=BANDS * ROWS, seed=SEED)
    sketch.update(_shingles(text))
    digest = sketch.digest()
    bands = (digest[band * ROWS : (band + 1) * ROWS] for band in range(BANDS))
    return tuple(_key(band, rows) for band, rows in enumerate(bands))


def are_copies(one: RawNotice, other: RawNotice) -> bool:
    """Whether two readings, at most one of them with a number, carry the same notice.

    Notices written after one pattern differ in a place, a year or an amount: so titles must be one within the other,
    dates of issue may not differ, and of the figures one text may only lack some, not have others.
    """
    if one.issued_on and other.issued_on and one.issued_on != other.issued_on:
        return False
    titles = sorted((letters(one.title), letters(other.title)), key=len)
    if titles[0] not in titles[1]:
        return False
    texts = letters(one.body), letters(other.body)
    figures, others = (set(DIGITS.findall(text)) for text in texts)
    if not (figures <= others or others <= figures):
        return False
    shingles, of_other = (set(_shingles(text)) for text in texts)
    return len(shingles & of_other) >= ALIKE * len(shingles | of_other)


def _shingles(text: str) -> list[str]:
    return [text[at : at + SHINGLE] for at in range(len(text) - SHINGLE + 1)]


def _key(band: int, rows: list[int]) -> int:
    key = band
    for row in rows:
        key = (key * 0x9E3779B97F4A7C15 + row) % 2**64  # Knuth's multiplicative hashing
    return key - 2**63
