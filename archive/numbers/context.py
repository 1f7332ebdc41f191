"""Shortened numbers that only their surroundings complete: 608号文, 上述36号文件, 、22号, 〔2009〕6号."""

import re
from collections.abc import Iterable, Iterator, Sequence

from archive.numbers.find import CLOSE, GAP, OPEN, FoundNumber, find_numbers
from archive.numbers.numerals import DIGIT, read_year
from archive.numbers.offices import known_suffix, simplified
from archive.numbers.value import ANNOUNCEMENTS, ORDERS, DocumentNumber

# What continues a list of numbers under the office, or the office and year, of the one before it.
CONTINUED = re.compile(
    rf"{GAP}(?:[、，,]|和|与|及|以及|或){GAP}(?:(?:{OPEN}{GAP})?(?P<year>{DIGIT}{{4}}){GAP}年?{GAP}{CLOSE}?{GAP})?"
    rf"第?{GAP}(?P<serial>{DIGIT}{{1,5}}){GAP}[号號](?![楼室院线机文])"
)
# A number called back by its serial: a word before or behind it says that it is one.
CALLED = re.compile(
    rf"(?P<lead>上述|前述|该|上列)?(?:(?P<year>{DIGIT}{{4}}){GAP}年{GAP})?第?(?P<serial>{DIGIT}{{1,5}}){GAP}[号號]"
    r"(?P<kind>文件|公告|通告|令|通知|文|函)?"
)
MENTION = re.compile(r"[\u4e00-\u9fff]{2,8}$")


def find_references(text: str, found: Sequence[FoundNumber] | None = None) -> list[FoundNumber]:
    """The shortened numbers in `text`, each resolved to a whole one that `text` names before it.

    `found` are the whole numbers in `text`, if the caller has them already. A shortened number that nothing before it
    completes is left out; where several could, the nearest does.
    """
    whole = find_numbers(text) if found is None else list(found)
    references = list(_continued(text, whole))
    taken = sorted((f.start, f.end) for f in (*whole, *references))
    references.extend(_called(text, sorted((*whole, *references), key=lambda f: f.start), taken))
    return sorted(references, key=lambda f: f.start)


def _continued(text: str, whole: Iterable[FoundNumber]) -> Iterator[FoundNumber]:
    for before in whole:
        last = before
        while match := CONTINUED.match(text, last.end):
            year = read_year(match["year"]) if match["year"] else last.number.year
            start = text.index(match[0].lstrip(" \t\u3000\xa0、，,和与及以或"), match.start())
            if year is None or not int(match["serial"]):
                break
            last = FoundNumber(DocumentNumber(last.number.office, year, int(match["serial"])), start, match.end())
            yield last


def _called(text: str, named: Sequence[FoundNumber], taken: Sequence[tuple[int, int]]) -> Iterator[FoundNumber]:
    for match in CALLED.finditer(text):
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        office = MENTION.search(text, max(0, match.start() - 8), match.start())
        code = known_suffix(simplified(office[0])) if office else ""
        if not (code or match["lead"] or match["kind"]):
            continue
        wanted = [f for f in named if f.end <= match.start() and _fits(f.number, match, code)]
        if wanted:
            lead = len(match["lead"] or "")
            yield FoundNumber(wanted[-1].number, match.start() + lead - (len(code) if not lead else 0), match.end())


def _fits(number: DocumentNumber, match: re.Match[str], code: str) -> bool:
    if number.serial != int(match["serial"]) or (match["year"] and number.year != int(match["year"])):
        return False
    if code and number.office != code:
        return False
    kind = match["kind"] or ""
    return not kind.startswith(ANNOUNCEMENTS + ORDERS) or number.office.endswith(kind)
