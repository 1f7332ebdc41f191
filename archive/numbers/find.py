"""Document numbers in running text, with exact spans."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from archive.lexicon import offices
from archive.numbers.numerals import CHINESE, DIGIT, LONGEST_SERIAL, read_numeral, read_year
from archive.numbers.offices import HAN, authority_before, code_before, known_suffix, named_office, simplified
from archive.numbers.spelling import read_spelling
from archive.numbers.value import ORDERS, DocumentNumber

GAP = r"[ \t\u3000\xa0]{0,3}"
OPEN = r"[〔［\[【（(﹝〖]"
CLOSE = r"[〕］\]】）)﹞〗]"
YEAR = f"(?P<year>{DIGIT}{{4}}|[〇○Ｏ零一二三四五六七八九]{{4}})"
SERIAL = f"第?{GAP}(?P<serial>{DIGIT}{{1,{LONGEST_SERIAL}}}(?!{DIGIT})|{CHINESE}{{1,9}})"
UNIT = f"{GAP}(?P<unit>[号號期])"

# 国税函〔2008〕608号, and its 号 may be missing after a code of the table.
BRACKETED = re.compile(
    f"{OPEN}{GAP}(?P<year>{DIGIT}{{4}}|{DIGIT}{{2}}|[〇○Ｏ零一二三四五六七八九]{{4}}){GAP}年?{GAP}{CLOSE}{GAP}"
    f"(?:{SERIAL}(?:{UNIT})?|(?P<code>[{HAN}]{{1,10}}字){GAP}第{GAP}(?P<late>{DIGIT}{{1,{LONGEST_SERIAL}}}){GAP}[号號])"
)
# 国家税务总局公告2012年第54号, 财政部令第65号, 海关总署公告（2012年第54号）
NAMED = re.compile(
    f"(?P<kind>公告|通告|令){GAP}(?P<open>{OPEN})?{GAP}(?:{YEAR}{GAP}年?{GAP}(?P<close>{CLOSE})?)?{GAP}{SERIAL}{UNIT}"
    f"(?(open)(?(close)|{GAP}{CLOSE}))"
)
# 国家税务总局2012年第54号公告, 国务院第512号令
REVERSED = re.compile(f"(?:{YEAR}{GAP}年{GAP})?{SERIAL}{UNIT}(?P<kind>公告|通告|令)")
# 国税函2008年608号: only after a code of the table.
PLAIN = re.compile(f"{YEAR}{GAP}年{GAP}{SERIAL}{UNIT}")
LATIN_BEFORE = re.compile(r"(?<![A-Za-z])(?:[A-Za-z]{2,30} ?){1,8}$")


@dataclass(frozen=True, slots=True)
class FoundNumber:
    """A document number at text[start:end]."""

    number: DocumentNumber
    start: int
    end: int


def find_numbers(text: str) -> list[FoundNumber]:
    """Every whole document number in `text`, in order, not overlapping; masked and impossible ones are left out."""
    found = sorted(_candidates(text), key=lambda f: (f.start, -f.end))
    kept: list[FoundNumber] = []
    for candidate in found:
        if not kept or candidate.start >= kept[-1].end:
            kept.append(candidate)
    return kept


def _candidates(text: str) -> Iterator[FoundNumber]:
    for match in BRACKETED.finditer(text):
        yield from _bracketed(text, match)
    for match in NAMED.finditer(text):
        yield from _named(text, match, match.start("kind"))
    for match in REVERSED.finditer(text):
        yield from _named(text, match, match.start())
    for match in PLAIN.finditer(text):
        yield from _plain(text, match)


def _bracketed(text: str, match: re.Match[str]) -> Iterator[FoundNumber]:
    if match["code"]:
        office = simplified(match["code"])
        if known_suffix(office) == office:
            yield from _number(office, match["year"], match["late"], match.start(), match.end())
        return
    end = _skip_gap(text, match.start())
    code = code_before(text, end)
    if code is None:
        latin = LATIN_BEFORE.search(text, max(0, end - 40), end)
        code = _latin_code(latin) if latin else None
        known = code is not None
    else:
        known = known_suffix(code[0]) == code[0]
    if code is None or not (known or (match["unit"] and len(match["year"]) == 4)):
        return
    yield from _number(code[0], match["year"], match["serial"], code[1], match.end())


def _latin_code(latin: re.Match[str]) -> tuple[str, int] | None:
    """The office whose pinyin the longest run of words before a bracket spells."""
    for word in re.finditer(r"[A-Za-z]+", latin[0]):
        office = read_spelling(latin[0][word.start() :])
        if office:
            return office, latin.start() + word.start()
    return None


def _named(text: str, match: re.Match[str], end: int) -> Iterator[FoundNumber]:
    found = authority_before(text, _skip_gap(text, end))
    kind = match["kind"]
    if found is None or not (match["year"] or kind in ORDERS):
        return
    names, start = found
    year = read_year(match["year"]) if match["year"] else 0
    office = named_office(names, kind, year or 0)
    yield from _number(
        office, "" if office in offices().continuous else match["year"] or "", match["serial"], start, match.end()
    )


def _plain(text: str, match: re.Match[str]) -> Iterator[FoundNumber]:
    code = code_before(text, _skip_gap(text, match.start()))
    if code and known_suffix(code[0]) == code[0]:
        yield from _number(code[0], match["year"], match["serial"], code[1], match.end())


def _number(office: str, year: str, serial: str, start: int, end: int) -> Iterator[FoundNumber]:
    y = read_year(year) if year else 0
    s = read_numeral(serial)
    if y is not None and s:
        yield FoundNumber(DocumentNumber(office, y, s), start, end)


def _skip_gap(text: str, end: int) -> int:
    while end > 0 and text[end - 1] in " \t\u3000\xa0":
        end -= 1
    return end
