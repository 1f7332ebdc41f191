"""Office codes in Latin letters: pinyin where it can be read back, a code in ASCII beside it where it cannot."""

import difflib
import re
from collections.abc import Iterator
from functools import cache, lru_cache

from archive.lexicon import offices
from archive.numbers.kinds import ANNOUNCEMENTS, ORDERS

CODED = re.compile(r"[a-z0-9]*_([a-z0-9]+)")
LONGEST_REGION = 16  # letters


def spell(office: str) -> str:
    """The ASCII form of an office; `read_spelling` gives the office back.

    Plain pinyin (guoshuihan) if the office table reads it as this office; else the pinyin with the office's own
    characters behind it in Punycode (shilihan_fsq82d783d). Joint authorities are joined by a hyphen.
    """
    return "-".join(_spell_one(member) for member in office.split(" "))


def read_spelling(text: str) -> str | None:
    """The office that an ASCII form stands for, or None. Capitals and spaces between syllables do not matter."""
    members = [_read_one(re.sub(r"\s+", "", part).lower()) for part in text.split("-")]
    return " ".join(member for member in members if member) if all(members) else None


def read_initials(text: str) -> tuple[str, ...]:
    """The office codes that initials such as GSH may stand for."""
    return _by_initials().get(text.lower(), ()) if text.isascii() else ()


def similar_offices(text: str) -> tuple[str, ...]:
    """Known offices that `text` may be a slip for: that which is read alike, or else those of nearly its characters."""
    alike = _read_plain(pinyin(text))
    return (alike,) if alike else tuple(difflib.get_close_matches(text, offices().codes, n=3, cutoff=0.6))


def pinyin(text: str) -> str:
    """The reading of an office in plain letters, without tones."""
    known = offices().codes.get(text)
    return known.pinyin if known and known.pinyin else "".join(_syllables(text))


@lru_cache(maxsize=4096)
def _spell_one(office: str) -> str:
    plain = pinyin(office)
    if _read_plain(plain) == office:
        return plain
    return f"{plain}_{office.encode('punycode').decode('ascii')}"


def _read_one(text: str) -> str | None:
    coded = CODED.fullmatch(text)
    if not coded:
        return _read_plain(text)
    try:
        return coded[1].encode("ascii").decode("punycode")
    except UnicodeError:
        return None


@lru_cache(maxsize=4096)
def _read_plain(text: str) -> str | None:
    table = _by_pinyin()
    if text in table:
        return table[text]
    for kind in ANNOUNCEMENTS + ORDERS:
        name = table.get(text.removesuffix(pinyin(kind)), "") if text.endswith(pinyin(kind)) else ""
        if name in _names():
            return f"{name}{kind}"
    for cut in range(1, min(len(text), LONGEST_REGION)):
        region, stem = _regions_by_pinyin().get(text[:cut]), table.get(text[cut:])
        if region and (stem in offices().stems or stem in offices().codes):
            return f"{region}{stem}"
    return None


@cache
def _by_pinyin() -> dict[str, str]:
    """Codes, authorities and stems by pinyin; of two that are read alike the earlier in the table has the letters."""
    table: dict[str, str] = {}
    for word in (*offices().codes, *_names(), *sorted(offices().stems)):
        table.setdefault(pinyin(word), word)
    return table


@cache
def _names() -> frozenset[str]:
    """The names of authorities, and of the local ones that every region has."""
    table = offices()
    local = (form.format(region) for form in table.local_authorities for region in table.regions.values())
    return frozenset((*table.authorities, *table.joint.values(), *local))


@cache
def _regions_by_pinyin() -> dict[str, str]:
    table: dict[str, str] = {}
    for region in offices().regions:
        table.setdefault(pinyin(region), region)
    return table


@cache
def _by_initials() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for code in offices().codes:
        initials = "".join(syllable[0] for syllable in _syllables(code))
        table[initials] = (*table.get(initials, ()), code)
    return table


def _syllables(text: str) -> Iterator[str]:
    from pypinyin import lazy_pinyin  # only when needed: importing it takes longer than most commands

    for syllable in lazy_pinyin(text):
        plain = "".join(char for char in syllable.lower() if char.isascii() and char.isalnum())
        if plain:
            yield plain
