"""Dates in queries: a year, a month, a day, or a range of them with both ends inclusive."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from archive.errors import BadInput
from archive.search.fold import fold

PARTIAL = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?")
REMEDY = "Write a date as 2008, 2008-06 or 2008-06-19."
CENTURIES = range(1900, 2100)  # of days that are known for days without being said to be some: 1234.5 is none


@dataclass(frozen=True, slots=True)
class Span:
    """From the first day to the last; None: open at that end."""

    first: date | None
    last: date | None


def parse_span(text: str) -> Span:
    """The span that `text` names: 2008, 2008-06, 2008-01..2009-06, ..2009. Raises BadInput for anything else."""
    first, dots, last = fold(text).strip().partition("..")
    if not dots:
        last = first
    if not (first or last):
        raise BadInput(f"{text!r} is no date.", REMEDY)
    return Span(_days(first).first if first else None, _days(last).last if last else None)


def named_days(text: str) -> Span | None:
    """The day or month that `text` is, such as 2008年6月19日 or 2008-06; None for anything else, a year alone too."""
    match = PARTIAL.fullmatch(fold(text))
    if not match or not match[2] or int(match[1]) not in CENTURIES:
        return None
    try:
        return _days(match[0])
    except BadInput:
        return None


def parse_day(text: str) -> date:
    """The day that `text` names, of a year or a month its last. Raises BadInput for anything else."""
    span = parse_span(text)
    if ".." in fold(text) or span.last is None:
        raise BadInput(f"{text!r} is no day.", REMEDY)
    return span.last


def parse_years(text: str) -> tuple[int, int]:
    """First and last year of 2008, 2008..2010, 2008.. or ..2010. Raises BadInput for anything else."""
    span = parse_span(text)
    return (span.first.year if span.first else date.min.year, span.last.year if span.last else date.max.year)


def render_span(span: Span) -> str:
    """The span as `parse_span` reads it."""
    return f"{span.first or ''}..{span.last or ''}"


def _days(text: str) -> Span:
    match = PARTIAL.fullmatch(text)
    if not match:
        raise BadInput(f"{text!r} is no date.", REMEDY)
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
        last = date(first.year, month or 12, day or monthrange(first.year, month or 12)[1])
    except ValueError as error:
        raise BadInput(f"{text!r} is no date.", REMEDY) from error
    return Span(first, last)
