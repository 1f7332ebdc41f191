"""One document number, whole or in part, in any spelling a reader may type."""

import re

from archive.errors import InvalidNumber
from archive.numbers.find import find_numbers
from archive.numbers.numerals import DIGIT, read_numeral, read_year
from archive.numbers.offices import HAN, known_suffix, simplified
from archive.numbers.spelling import read_spelling
from archive.numbers.value import DocumentNumber, PartialNumber

REMEDY = "Write it as 国税函〔2008〕608号, 国家税务总局公告2012年第54号 or 财政部令第65号."
AROUND = " \t\r\n\u3000\xa0《》“”\"'。，,;；"
AFTER = re.compile("(?:文件|文)$")
SLUG = re.compile(r"(?P<office>[a-z][a-z0-9_-]*?)(?:-(?P<year>[0-9]{4}))?-(?P<serial>[0-9]{1,5})", re.IGNORECASE)
SPACED = re.compile(r"(?P<office>[A-Za-z][A-Za-z ]*?)[ -]+(?P<year>[0-9]{4})[ -]+(?:No\.? ?)?(?P<serial>[0-9]{1,5})")
LOOSE = re.compile(f"(?P<office>[{HAN}]+)[ -]*(?P<year>{DIGIT}{{4}})[ -]+(?P<serial>{DIGIT}{{1,5}})[号號]?")
PARTIAL = re.compile(
    rf"(?P<office>[{HAN}]*?|[A-Za-z][A-Za-z ]*?)[ \u3000]*(?:[〔［\[【（(﹝]?[ \u3000]*(?P<year>{DIGIT}{{4}})[ \u3000]*年?[〕］\]】）)﹞]?)?"
    rf"[ \u3000]*(?:第?[ \u3000]*(?P<serial>{DIGIT}{{1,5}})[ \u3000]*(?P<unit>[号號])?)?"
)


def parse_number(text: str) -> DocumentNumber:
    """The document number that `text` is, in any spelling; raises InvalidNumber with the reason if it is none."""
    plain = AFTER.sub("", text.strip(AROUND))
    found = find_numbers(plain)
    if len(found) == 1 and (found[0].start, found[0].end) == (0, len(plain)):
        return found[0].number
    for pattern in (SLUG, SPACED, LOOSE):
        match = pattern.fullmatch(plain)
        number = _spelled(match) if match else None
        if number:
            return number
    raise InvalidNumber(f"{text.strip()[:80]!r} is not a document number: {_reason(plain)}.", REMEDY)


def parse_partial(text: str) -> PartialNumber:
    """The parts of a number that `text` gives (608号, 国税函608号, 国税函〔2008〕); raises InvalidNumber if it gives none."""
    try:
        whole = parse_number(text)
    except InvalidNumber:
        match = PARTIAL.fullmatch(AFTER.sub("", text.strip(AROUND)))
        partial = _partial(match) if match else None
        if partial is None:
            raise
        return partial
    return PartialNumber(whole.office, whole.year, whole.serial)


def _spelled(match: re.Match[str]) -> DocumentNumber | None:
    letters = match["office"]
    office = read_spelling(letters) if letters.isascii() else known_suffix(simplified(letters))
    if not office or (not letters.isascii() and len(office) != len(letters)):
        return None
    year = read_year(match["year"]) if match["year"] else 0
    serial = int(match["serial"])
    return DocumentNumber(office, year, serial) if year is not None and serial else None


def _partial(match: re.Match[str]) -> PartialNumber | None:
    letters = match["office"].strip()
    if not letters:
        office = ""
    elif letters.isascii():
        office = read_spelling(letters) or ""
    else:
        office = simplified(letters)
    if letters and (not office or (not match["year"] and not match["unit"] and known_suffix(office) != office)):
        return None
    year = read_year(match["year"]) if match["year"] else 0
    serial = read_numeral(match["serial"]) if match["serial"] else 0
    if year is None or serial is None or not (office or match["unit"] or (year and match["serial"] is not None)):
        return None
    return PartialNumber(office, year, serial)


def _reason(text: str) -> str:
    if not text:
        return "it is empty"
    if re.search(r"[XxＸｘ×*＊?？]", text):
        return "its year or serial is masked"
    return "it has no office code, year and serial that can be told apart"
