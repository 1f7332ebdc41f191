"""Office codes in Latin letters: pinyin where it can be read back, a code in ASCII beside it where it cannot."""

import re
from functools import cache, lru_cache

from pypinyin import lazy_pinyin

from archive.lexicon import offices

KINDS = ("公告", "通告", "令")
CODED = re.compile(r"[a-z0-9]*_([a-z0-9]+)")


def spell(office: str) -> str:
    """The ASCII form of an office code; `read_spelling` gives the office back.

    Plain pinyin (guoshuihan) if the office table reads it as this office; else the pinyin with the office's own
    characters behind it in Punycode (shilihan_fsq82d783d). Joint authorities are joined by a hyphen.
    """
    return "-".join(_spell_one(member) for member in office.split(" "))


def read_spelling(text: str) -> str | None:
    """The office that an ASCII form stands for, or None. Capitals and spaces between syllables do not matter."""
    members = [_read_one(re.sub(r"\s+", "", part).lower()) for part in text.split("-")]
    return " ".join(member for member in members if member) if all(members) else None


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
    for kind in KINDS:
        name = table.get(text.removesuffix(pinyin(kind)))
        if name in offices().authorities and text.endswith(pinyin(kind)):
            return f"{name}{kind}"
    for cut in range(1, min(len(text), 12)):
        region, stem = _regions_by_pinyin().get(text[:cut]), table.get(text[cut:])
        if region and stem in offices().stems:
            return f"{region}{stem}"
    return None


def pinyin(text: str) -> str:
    """The reading of an office code in plain letters, without tones."""
    known = offices().codes.get(text)
    if known and known.pinyin:
        return known.pinyin
    return "".join(c for c in "".join(lazy_pinyin(text)).lower() if c.isascii() and c.isalnum())


@cache
def _by_pinyin() -> dict[str, str]:
    """Codes, authorities and stems by pinyin; of two that are read alike the earlier in the table has the letters."""
    table: dict[str, str] = {}
    for word in (*offices().codes, *offices().authorities, *sorted(offices().stems)):
        table.setdefault(pinyin(word), word)
    return table


@cache
def _regions_by_pinyin() -> dict[str, str]:
    table: dict[str, str] = {}
    for region in offices().regions:
        table.setdefault(pinyin(region), region)
    return table
