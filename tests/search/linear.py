"""The plainest engine: it reads every notice for every query."""

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cmp_to_key
from pathlib import Path

from archive.errors import IndexUnavailable
from archive.models import DateKind, FacetCount, Hit, Notice, Query, Results, Sort
from archive.numbers import parse_partial
from archive.search.engine import REINDEX, IndexStatus, Suggestion
from archive.search.fold import fold
from archive.search.plan import (
    All,
    Any,
    Condition,
    Dates,
    Filter,
    Has,
    Is,
    Number,
    Planner,
    Without,
    Years,
    occurrences,
)
from archive.search.record import notice_from_json, notice_to_json
from archive.search.snippet import mark, snippet
from archive.words import lexicon_fingerprint, tokenizer
from dataclasses import replace

VERSION = 0


class LinearEngine:
    def __init__(self, folder: Path) -> None:
        self.file = folder / "notices.json"
        self.planner = Planner(tokenizer())

    def search(self, query: Query) -> Results:
        plan = self.planner.plan(query)
        notices = self._notices()
        kept = [n for n in notices if all(holds(f, n) for f in plan.filters)]
        found = [n for n in kept if plan.condition is None or holds(plan.condition, n)]
        reading = plan.reading
        if not found and plan.partly:
            found = [n for n in kept if holds(plan.partly, n)]
            if found:
                reading = (*reading, "没有公文含有全部检索词,列出的含有其中一些。")
        scored = [(self._score(plan.marks, plan.numbers, n), n) for n in found]
        scored.sort(key=lambda pair: (-pair[0], pair[1].id))
        if query.sort is not Sort.RELEVANCE:
            scored.sort(key=lambda pair: pair[1].id)
            missing = date.max if query.sort is Sort.OLDEST else date.min
            scored.sort(
                key=lambda pair: date_of(pair[1], query.date_kind) or missing, reverse=query.sort is Sort.NEWEST
            )
        page = scored[(query.page - 1) * query.per_page : query.page * query.per_page]
        hits = tuple(
            Hit(
                replace(n, body=""),
                score,
                snippet(n.body, fold(n.body), plan.marks),
                mark(n.title, fold(n.title), plan.marks),
            )
            for score, n in page
        )
        return Results(query, len(found), hits, facets(found), reading)

    def _score(self, marks: Iterable[Has], numbers: Iterable[str], notice: Notice) -> float:
        title, body = fold(notice.title), fold(notice.body)
        score = 0.0
        for has in marks:
            score += 5 * min(1, len(list(occurrences(has, title)))) + len(list(occurrences(has, body))) ** 0.5
        return score + 1000 * any(holds(Number(text), notice) for text in numbers)

    @contextmanager
    def rebuilding(self, notices: Iterable[Notice], revision: int) -> Iterator[None]:
        rows = list(notices)
        yield
        self._write(rows, revision)

    def update(self, changed: Iterable[Notice], deleted_ids: Iterable[str], revision: int) -> None:
        rows = {n.id: n for n in self._notices()}
        for notice in changed:
            rows[notice.id] = notice
        for id in deleted_ids:
            rows.pop(id, None)
        self._write(list(rows.values()), revision)

    def status(self) -> IndexStatus | None:
        if not self.file.exists():
            return None
        return IndexStatus(**self._read()["status"])

    def suggest(self, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
        titles = [Suggestion(n.title, "title") for n in self._notices() if fold(text) in fold(n.title)]
        return tuple(titles[:limit])

    def similar(self, notice_id: str, limit: int = 5) -> tuple[Notice, ...]:
        notices = self._notices()
        mine = next((n for n in notices if n.id == notice_id), None)
        if mine is None:
            return ()
        others = [n for n in notices if n.id != notice_id and set(n.topics) & set(mine.topics)]
        return tuple(replace(n, body="") for n in others[:limit])

    def _write(self, notices: list[Notice], revision: int) -> None:
        status = {"revision": revision, "lexicon": lexicon_fingerprint(), "version": VERSION, "count": len(notices)}
        rows = [[notice_to_json(n).hex(), n.body] for n in notices]
        self.file.parent.mkdir(parents=True, exist_ok=True)
        new = self.file.with_suffix(".new")
        new.write_text(json.dumps({"status": status, "rows": rows}))
        os.replace(new, self.file)

    def _read(self) -> dict:
        try:
            return json.loads(self.file.read_text())
        except FileNotFoundError:
            raise IndexUnavailable(f"There is no search index in {self.file.parent}.", REINDEX) from None
        except ValueError as error:
            raise IndexUnavailable(f"The search index in {self.file.parent} is broken.", REINDEX) from error

    def _notices(self) -> list[Notice]:
        return [replace(notice_from_json(bytes.fromhex(row)), body=body) for row, body in self._read()["rows"]]


def holds(condition: Condition, notice: Notice) -> bool:
    match condition:
        case All():
            return all(holds(part, notice) for part in condition.parts)
        case Any():
            return any(holds(part, notice) for part in condition.parts)
        case Without():
            return not holds(condition.part, notice)
        case Has():
            texts = {"title": [notice.title], "body": [notice.body]}.get(condition.field, [notice.title, notice.body])
            return any(next(occurrences(condition, fold(text)), None) is not None for text in texts)
        case Is():
            return condition.value in values_of(notice, condition.name)
        case Filter():
            if condition.name == "validity":
                return condition.value == notice.validity
            return any(fold(condition.value) in fold(value) for value in values_of(notice, condition.name))
        case Number():
            return notice.number is not None and parse_partial(condition.text).matches(notice.number)
        case Years():
            return condition.first <= year_of(notice) <= condition.last
        case Dates():
            day = date_of(notice, condition.kind)
            span = condition.span
            return day is not None and (span.first or day) <= day <= (span.last or day)


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


def facets(notices: list[Notice]) -> Mapping[str, tuple[FacetCount, ...]]:
    counted = {}
    for name in ("topic", "authority", "kind", "validity", "year"):
        counts = Counter(value for n in notices for value in values_of(n, name))
        counted[name] = tuple(FacetCount(v, c) for v, c in sorted(counts.items(), key=lambda p: (-p[1], p[0])))
    return counted
