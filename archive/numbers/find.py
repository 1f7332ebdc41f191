"""Document numbers in running text, with exact spans."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from archive.lexicon import offices
from archive.numbers.kinds import ORDERS
from archive.numbers.numerals import CHINESE, DIGIT, LONGEST_SERIAL, read_numeral, read_year
from archive.numbers.offices import HAN, authority_before, code_before, known_suffix, named_office, simplified
from archive.numbers.spelling import read_spelling
from archive.numbers.value import DocumentNumber

GAP = r"[ \t\u3000\xa0]{0,3}"
LINE_GAP = r"[ \t\u3000\xa0\n]{0,4}"
OPEN = r"[〔［\[【（(﹝〖〈「“{<]"
CLOSE = r"[〕］\]】）)﹞〗〉」”}>]"
YEAR = f"(?P<year>{DIGIT}{{4}}|[〇○Ｏ零一二三四五六七八九]{{4}})"
SERIAL = f"(?:第|[Nn][Oo][.．]?)?{GAP}(?P<serial>{DIGIT}{{1,{LONGEST_SERIAL}}}(?!{DIGIT})|{CHINESE}{{1,9}})"
KIND = "(?P<kind>公告|通告|令)"

# 国税函〔2008〕608号, with or without its 号, and (86)财税字第82号.
BRACKETED = re.compile(
    f"{OPEN}{GAP}(?P<year>{DIGIT}{{4}}|{DIGIT}{{2}}|[〇○Ｏ零一二三四五六七八九]{{4}}){GAP}年?{GAP}{CLOSE}{GAP}"
    f"(?:{SERIAL}(?:{GAP}(?P<unit>[号號期]))?"
    f"|(?P<code>[{HAN}]{{1,10}}字){GAP}第{GAP}(?P<late>{DIGIT}{{1,{LONGEST_SERIAL}}}){GAP}[号號])"
)
# 国家税务总局公告2012年第54号, 财政部令第65号, 海关总署公告（2012年第54号); in a heading on two lines.
NAMED = re.compile(
    f"{KIND}{LINE_GAP}(?P<open>{OPEN})?{GAP}(?:第?[一二三四五六七八九十]{{1,3}}届)?(?:{YEAR}{GAP}年?{GAP}(?P<close>{CLOSE})?)?{GAP}{SERIAL}{GAP}[号號]"
    f"(?(open)(?(close)|{GAP}{CLOSE}))"
)
# The end of 国家税务总局2012年第54号公告, 国务院第512号令, 第587号国务院令 and 国税函2008年608号.
REVERSED = re.compile(f"[号號](?:{KIND}|(?P<who>[{HAN}]{{2,20}}?)(?P<what>公告|通告|令))?")
BEFORE_UNIT = re.compile(rf"(?<!{DIGIT})(?:{YEAR}{GAP}年{GAP})?{SERIAL}{GAP}\Z")
LONGEST_BEFORE_UNIT = 30
# What is left of a character in front of a code, which would be part of it: è‹财税〔2015〕979号 is 苏财税.
HALF_READ = re.compile(r"(?:[à-ï][\x80-\xbf\u0152-\u0192\u02c6-\u2122]{0,2}|[?\ufffd])\Z")
LATIN_BEFORE = re.compile(r"(?<![A-Za-z])(?:[A-Za-z]{2,30} ?){1,8}\Z")


@dataclass(frozen=True, slots=True)
class FoundNumber:
    """A document number at text[start:end]."""

    number: DocumentNumber
    start: int
    end: int


def find_numbers(text: str) -> list[FoundNumber]:
    """Every whole document number in `text`, in order, not overlapping; masked and impossible ones are left out.

    A number whose office no table knows is found where its shape is clear: a year in brackets and a serial with 号.
    """
    return list(_found(text))


@lru_cache(maxsize=64)  # whoever reads a page asks the same of a line several times in a row
def _found(text: str) -> tuple[FoundNumber, ...]:
    kept: list[FoundNumber] = []
    for candidate in sorted(_candidates(text), key=lambda found: (found.start, -found.end)):
        if not kept or candidate.start >= kept[-1].end:
            kept.append(candidate)
    return tuple(kept)


def _candidates(text: str) -> Iterator[FoundNumber]:
    for match in BRACKETED.finditer(text):
        yield from _year_first(match) if match["code"] else _bracketed(text, match)
    for match in NAMED.finditer(text):
        yield from _named(text, match, match.start(), match["kind"], match.end())
    for unit in REVERSED.finditer(text):
        before = BEFORE_UNIT.search(text, max(0, unit.start() - LONGEST_BEFORE_UNIT), unit.start())
        if before is None:
            continue
        if unit["kind"]:
            yield from _named(text, before, before.start(), unit["kind"], unit.end())
        else:
            yield from _serial_first(text, before, unit) if unit["who"] else ()
            yield from _plain(text, before, unit.start() + 1) if before["year"] else ()


def _bracketed(text: str, match: re.Match[str]) -> Iterator[FoundNumber]:
    end = _skip_gap(text, match.start())
    end -= text.endswith("字第", 0, end)  # 财税字第〔1994〕26号
    code = code_before(text, end) or _latin_code(text, end)
    if code is None or HALF_READ.search(text, max(0, code[1] - 3), code[1]):
        return
    known = code[0].isascii() or known_suffix(code[0]) == code[0]
    if known or (match["unit"] and len(match["year"]) == 4):
        yield from _number(code[0], match["year"], match["serial"], code[1], match.end())


def _year_first(match: re.Match[str]) -> Iterator[FoundNumber]:
    """(86)财税字第82号. Courts number their cases in the same shape, so only a known code counts."""
    code = simplified(match["code"])
    # Of 国税明电字第61号 the 字 belongs to the form, of 财税字第82号 to the code.
    office = next((known for known in (code, code.removesuffix("字")) if known_suffix(known) == known), None)
    if office:
        yield from _number(office, match["year"], match["late"], match.start(), match.end())


def _named(text: str, match: re.Match[str], name_end: int, kind: str, end: int) -> Iterator[FoundNumber]:
    found = authority_before(text, _skip_gap(text, name_end - text.endswith("\n", 0, name_end)))
    if found:
        yield from _of_authorities(found[0], kind, match, found[1], end)


def _of_authorities(
    names: tuple[str, ...], kind: str, match: re.Match[str], start: int, end: int
) -> Iterator[FoundNumber]:
    """An announcement, which needs its year, or an order; a year beside a serial that never restarts is left out."""
    year = read_year(match["year"]) if match["year"] else 0
    office = named_office(names, kind, year or 0)
    if year or (year == 0 and kind in ORDERS):
        stated = "" if office in offices().continuous else match["year"] or ""
        yield from _number(office, stated, match["serial"], start, end)


def _plain(text: str, match: re.Match[str], end: int) -> Iterator[FoundNumber]:
    """国税函2008年608号: without brackets only a known code counts."""
    code = code_before(text, _skip_gap(text, match.start()))
    if code and known_suffix(code[0]) == code[0]:
        yield from _number(code[0], match["year"], match["serial"], code[1], end)


def _serial_first(text: str, match: re.Match[str], unit: re.Match[str]) -> Iterator[FoundNumber]:
    """第587号国务院令"""
    found = authority_before(text, unit.end("who"))
    if found and found[1] == unit.start("who"):
        yield from _of_authorities(found[0], unit["what"], match, match.start(), unit.end())


def _latin_code(text: str, end: int) -> tuple[str, int] | None:
    """The office whose pinyin the longest run of words before a bracket spells, and where it starts."""
    latin = LATIN_BEFORE.search(text, max(0, end - 40), end)
    for word in re.finditer(r"[A-Za-z]+", latin[0]) if latin else ():
        office = read_spelling(latin[0][word.start() :]) if latin else None
        if latin and office:
            return office, latin.start() + word.start()
    return None


def _number(office: str, year: str, serial: str, start: int, end: int) -> Iterator[FoundNumber]:
    read = read_year(year) if year else 0
    value = read_numeral(serial)
    if read is not None and value:
        yield FoundNumber(DocumentNumber(office, read, value), start, end)


def _skip_gap(text: str, end: int) -> int:
    while end > 0 and text[end - 1] in " \t\u3000\xa0":
        end -= 1
    return end
