"""The plainest engine there can be: every notice read for every query. What the real one is held against."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from archive.errors import IndexUnavailable
from archive.models import DateKind, FacetCount, Hit, Notice, Query, Results, Sort, Validity
from archive.numbers import parse_partial
from archive.search.engine import REINDEX, IndexStatus, Suggestion
from archive.search.fold import fold
from archive.search.nodes import Dates, Filter, InForce, Number, Years
from archive.search.plan import All, Any, Condition, Has, Is, Plan, Planner, Without, occurrences, undated
from archive.search.snippet import mark, snippet
from archive.words import lexicon_fingerprint, tokenizer


class LinearEngine:
    """An engine in memory. Its scores are rough: how often what is asked for occurs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.planner = Planner(tokenizer())
        self.notices: dict[str, Notice] | None = None
        self.revision = 0

    def search(self, query: Query) -> Results:
        plan = self.planner.plan(query)
        within = [n for n in self._notices().values() if all(holds(f, n) for f in plan.filters)]
        found = [n for n in within if plan.condition is None or holds(plan.condition, n)]
        having_all = {n.id for n in found}
        if len(found) < plan.enough and plan.condition is not None:
            found = [n for n in within if n.id in having_all or has_any(plan, n)]
        places = sorted(found, key=lambda n: order(query, plan, n, n.id in having_all))
        page = places[(query.page - 1) * query.per_page : query.page * query.per_page]
        hits = tuple(
            Hit(
                replace(n, body=""),
                0.0,
                snippet(n.body, fold(n.body), plan.marks),
                mark(n.title, fold(n.title), plan.marks),
            )
            for n in page
        )
        return Results(query, len(found), hits, facets(found), (*plan.reading, *self._undated(plan, len(found))))

    def _undated(self, plan: Plan, total: int) -> tuple[str, ...]:
        wanted = [undated(c) for c in (*plan.filters, *filter(None, [plan.condition]))]
        more = sum(all(holds(c, n) for c in wanted) for n in self._notices().values()) - total
        return (f"另有 {more} 篇未列入。",) if plan.in_force_on and more > 0 else ()

    @contextmanager
    def rebuilding(self, notices: Iterable[Notice], revision: int) -> Iterator[None]:
        new = {n.id: n for n in notices}
        yield
        self.notices, self.revision = new, revision

    def update(self, changed: Iterable[Notice], deleted_ids: Iterable[str], revision: int) -> None:
        new = self._notices() | {n.id: n for n in changed}
        gone = set(deleted_ids)
        self.notices, self.revision = {i: n for i, n in new.items() if i not in gone}, revision

    def status(self) -> IndexStatus | None:
        if self.notices is None:
            return None
        return IndexStatus(self.revision, lexicon_fingerprint(), 0, len(self.notices))

    def suggest(self, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
        titles = [n.title for n in self._notices().values()]
        return tuple(Suggestion(title, "title") for title in titles if fold(text) in fold(title))[:limit]

    def similar(self, notice_id: str, limit: int = 5) -> tuple[Notice, ...]:
        notices = self._notices()
        if notice_id not in notices:
            return ()
        words = set(tokenizer().words(notices[notice_id].title))
        others = [n for n in notices.values() if n.id != notice_id and words & set(tokenizer().words(n.title))]
        return tuple(replace(n, body="") for n in others[:limit])

    def _notices(self) -> dict[str, Notice]:
        if self.notices is None:
            raise IndexUnavailable(f"There is no search index in {self.folder}.", REINDEX)
        return self.notices


def holds(condition: Condition, notice: Notice) -> bool:
    """Whether the notice meets the condition."""
    match condition:
        case All():
            return all(holds(part, notice) for part in condition.parts)
        case Any():
            return any(holds(part, notice) for part in condition.parts)
        case Without():
            return not holds(condition.part, notice)
        case Has():
            if condition.whole and condition.text not in words_of(notice):
                return False
            texts = {"title": [notice.title], "body": [notice.body]}.get(condition.field, [notice.title, notice.body])
            return any(next(occurrences(condition, fold(text)), None) is not None for text in texts)
        case Is():
            return condition.value in values_of(notice, condition.name)
        case Filter():
            if condition.name == "validity":
                return condition.value == notice.validity
            return any(fold(condition.value) in fold(value) for value in values_of(notice, condition.name))
        case Number():
            part, number = parse_partial(condition.text), notice.number
            return number is not None and (
                part.office in ("", number.office)
                and part.year in (0, number.year)
                and part.serial in (0, number.serial)
            )
        case Years():
            return year_of(notice) > 0 and condition.first <= year_of(notice) <= condition.last
        case Dates():
            day = date_of(notice, condition.kind)
            span = condition.span
            return day is not None and (span.first or day) <= day <= (span.last or day)
        case InForce():
            begins = notice.effective_on or notice.issued_on or notice.published_on
            unknown = begins is None or (notice.ceased_on is None and notice.validity is Validity.REPEALED)
            known = (begins or date.min) <= condition.day < (notice.ceased_on or date.max)
            return known and (condition.undated or not unknown)


def has_any(plan: Plan, notice: Notice) -> bool:
    """Whether the notice has any of the words that score."""
    return not words_of(notice).isdisjoint(plan.words)


def words_of(notice: Notice) -> set[str]:
    return {word for text in (notice.title, notice.body) for word in tokenizer().search_words(fold(text))}


def order(query: Query, plan: Plan, notice: Notice, has_all: bool) -> tuple[object, ...]:
    """What notices are sorted by."""
    repealed = notice.validity is Validity.REPEALED
    if query.sort is not Sort.RELEVANCE:
        day = date_of(notice, query.date_kind)
        days = day.toordinal() if day else 0
        return (days == 0, -days if query.sort is Sort.NEWEST else days, repealed, notice.id)
    numbered = any(holds(Number(text), notice) for text in plan.numbers)
    titled = bool(plan.title) and fold(notice.title) == plan.title
    text = fold(f"{notice.title}\uffff{notice.body}")
    often = sum(len(list(occurrences(Has(has.text), text))) for has in plan.marks)
    return (not numbered, not titled, not has_all, -often, repealed, notice.id)


def values_of(notice: Notice, name: str) -> tuple[str, ...]:
    """The values of a notice for a facet."""
    match name:
        case "topic":
            return notice.topics
        case "authority":
            return notice.authorities
        case "kind":
            return (notice.kind,) if notice.kind else ()
        case "validity":
            return (notice.validity.value,)
        case _:
            return (str(year_of(notice)),) if year_of(notice) else ()


def year_of(notice: Notice) -> int:
    if notice.issued_on:
        return notice.issued_on.year
    return notice.number.year if notice.number else 0


def date_of(notice: Notice, kind: DateKind) -> date | None:
    return {DateKind.ISSUED: notice.issued_on, DateKind.PUBLISHED: notice.published_on}.get(kind, notice.effective_on)


def facets(notices: list[Notice]) -> dict[str, tuple[FacetCount, ...]]:
    counted = {}
    for name in ("topic", "authority", "kind", "validity", "year"):
        counts = Counter(value for n in notices for value in values_of(n, name))
        counted[name] = tuple(FacetCount(v, c) for v, c in sorted(counts.items(), key=lambda p: (-p[1], p[0])))
    return counted
