"""The dates of a notice, each with the words that give it: from its text, its signature, its head, or its page."""

from collections.abc import Mapping, Sequence
from datetime import date

from archive.extract.heads import Head
from archive.extract.lines import Line, Role
from archive.extract.span import SIGNATURE, Span
from archive.metadata.dates import FoundDate, effective_on, expires_on, sentence_with
from archive.metadata.fields import StatedDate, page_date, stated_dates, tagged_dates
from archive.models import DATES, DateEvidence, Page

ABOVE = 4  # lines above a title that may hold the page's date
LONGEST = 200  # characters of the words behind a date


def dates_of_page(page: Page, lines: Sequence[Line]) -> dict[str, StatedDate]:
    """The dates that a page states by field: in lines with labels, by a time of day without one, in its tags."""
    undated = next((line for line in lines if line.role is Role.FIELD and line.day), None)
    timed = {"published_on": StatedDate(undated.day, undated.words)} if undated and undated.day else {}
    return {**tagged_dates(page.meta), **timed, **stated_dates((line.words, line.pairs) for line in lines)}


def date_beside_title(lines: Sequence[Line], head: Head) -> StatedDate | None:
    """The date of the page, which stands without a label between title and text or directly above the title."""
    near = (*range(head.title_at, head.body_at), *range(head.title_at - 1, max(-1, head.title_at - ABOVE), -1))
    dates = ((page_date(lines[n].words), lines[n].words) for n in near if not _states_otherwise(lines[n]))
    return next((StatedDate(day, words) for day, words in dates if day), None)


def _states_otherwise(line: Line) -> bool:
    """Whether the date of a line has a label that says what else it is: 施行日期 2019-02-01, or the label above it."""
    labelled = line.role is Role.FIELD and not line.pairs and not line.day
    return labelled or bool(line.title or line.block.cells) or any(field in DATES for field, _ in line.pairs)


def dates_of_notice(
    lines: Sequence[Line], head: Head, span: Span, body: str, stated: Mapping[str, StatedDate]
) -> dict[str, StatedDate]:
    """The dates of a notice by field: those that it gives itself before those that its page states."""
    dates = dict(stated)
    if issued := _signed(lines, span) or _dated_head(lines, head):
        dates["issued_on"] = issued
    if effective := effective_on(body, _value(dates, "issued_on")):
        dates["effective_on"] = _in_sentence(body, effective)
    if expires := expires_on(body, _value(dates, "effective_on")):
        dates["expires_on"] = _in_sentence(body, expires)
    return dates


def _value(dates: Mapping[str, StatedDate], field: str) -> date | None:
    return dates[field].value if field in dates else None


def _in_sentence(body: str, found: FoundDate) -> StatedDate:
    return StatedDate(found.value, sentence_with(body, found))


def _signed(lines: Sequence[Line], span: Span) -> StatedDate | None:
    """The date of the signature, and all of its words."""
    if span.issued_on is None:
        return None
    words = (lines[n].words for n in sorted(span.dropped) if span.dropped[n] == SIGNATURE)
    return StatedDate(span.issued_on, " ".join(words))


def _dated_head(lines: Sequence[Line], head: Head) -> StatedDate | None:
    """A date that stands between title and text, (2008年6月19日), and is not the page's."""
    days = (line for line in lines[head.start : head.body_at] if line.day and line.role in (Role.DATE, Role.NUMBER))
    return next((StatedDate(line.day, line.words) for line in days if line.day and not page_date(line.words)), None)


def evidence_of(dates: Mapping[str, StatedDate]) -> tuple[DateEvidence, ...]:
    """The words behind the dates of a notice, in the order of its fields."""
    return tuple(DateEvidence(field, dates[field].text[:LONGEST].strip()) for field in DATES if field in dates)
