"""Shortened numbers that only their surroundings complete: 608号文, 上述36号文件, 、22号, 〔2009〕6号."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from archive.numbers.find import CLOSE, GAP, LONGEST_BEFORE_UNIT, OPEN, FoundNumber, find_numbers
from archive.numbers.kinds import ANNOUNCEMENTS, ORDERS
from archive.numbers.numerals import DIGIT, read_year
from archive.numbers.offices import HAN, known_suffix, simplified
from archive.numbers.value import DocumentNumber

# What continues a list of numbers under the office, or the office and year, of the one before it.
CONTINUED = re.compile(
    rf"(?:文件|文)?{GAP}(?:[、，,/]|和|与|及|以及|或)(?:文件)?{GAP}"
    rf"(?P<part>(?:{OPEN}{GAP}(?P<year>{DIGIT}{{4}}){GAP}年?{GAP}{CLOSE}{GAP}|(?P<plain>{DIGIT}{{4}}){GAP}年{GAP})?"
    rf"第?{GAP}(?P<serial>{DIGIT}{{1,5}}){GAP}[号號])(?![楼室院线机])"
)
# A number called back by its serial: a word before or behind it says that it is one.
CALLED = re.compile(r"[号號](?P<kind>文件|公告|通告|令|通知|文|函)?")
BEFORE_UNIT = re.compile(
    rf"(?P<lead>上述|前述|上列|该)?(?P<code>[{HAN}]{{0,8}}?)"
    rf"(?P<part>(?<!{DIGIT})(?:(?P<year>{DIGIT}{{4}}){GAP}年{GAP})?第?(?P<serial>{DIGIT}{{1,5}})){GAP}\Z"
)
FARTHEST = 20  # numbers of one serial that a call back looks through


def find_references(text: str, found: Sequence[FoundNumber] | None = None) -> list[FoundNumber]:
    """The shortened numbers in `text`, each resolved to a whole one that `text` names before it.

    `found` are the whole numbers in `text`, if the caller has them already. A shortened number that nothing before it
    completes is left out; where several could, the nearest does.
    """
    whole = find_numbers(text) if found is None else found
    if not whole:
        return []
    continued = list(_continued(text, whole))
    named = sorted((*whole, *continued), key=lambda f: f.start)
    return sorted((*continued, *_called(text, named)), key=lambda f: f.start)


def _continued(text: str, whole: Iterable[FoundNumber]) -> Iterator[FoundNumber]:
    for last in whole:
        number, end = last.number, last.end
        while match := CONTINUED.match(text, end):
            stated = match["year"] or match["plain"]
            year = read_year(stated) if stated else number.year
            if year is None or not int(match["serial"]):
                break
            number, end = DocumentNumber(number.office, year, int(match["serial"])), match.end()
            yield FoundNumber(number, match.start("part"), end)


def _called(text: str, named: Sequence[FoundNumber]) -> Iterator[FoundNumber]:
    by_serial: Mapping[int, list[FoundNumber]] = defaultdict(list)
    waiting = iter(named)
    upcoming = next(waiting, None)
    covered = 0
    for unit in CALLED.finditer(text):
        while upcoming and upcoming.start <= unit.start():
            by_serial[upcoming.number.serial].append(upcoming)
            covered = upcoming.end
            upcoming = next(waiting, None)
        if unit.start() < covered:
            continue
        before = BEFORE_UNIT.search(text, max(covered, unit.start() - LONGEST_BEFORE_UNIT), unit.start())
        reference = _resolve(before, unit, by_serial) if before else None
        if reference:
            yield reference


def _resolve(
    before: re.Match[str], unit: re.Match[str], by_serial: Mapping[int, list[FoundNumber]]
) -> FoundNumber | None:
    code = known_suffix(simplified(before["code"]))
    if not (code or before["lead"] or unit["kind"]):
        return None
    year = read_year(before["year"]) if before["year"] else 0
    kind = unit["kind"] or ""
    for candidate in reversed(by_serial[int(before["serial"])][-FARTHEST:]):
        number = candidate.number
        named_so = not kind.startswith(ANNOUNCEMENTS + ORDERS) or number.office.endswith(kind)
        if named_so and year in (0, number.year) and code in ("", number.office):
            return FoundNumber(number, before.start("part") - len(code), unit.end())
    return None
