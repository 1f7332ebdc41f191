"""The archive as the web process holds it: a store it only reads and the engine that searches it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from flask import current_app

from archive.errors import IndexUnavailable, InvalidNumber, NotFound
from archive.models import Notice, Query, Results
from archive.numbers import DocumentNumber, PartialNumber, parse_number
from archive.search.engine import Engine, IndexStatus, all_results, warned
from archive.search.fold import fold
from archive.search.plan import Planner, occurrences
from archive.store import Store
from web.language import gettext as _

V = TypeVar("V")
# What the archive was like: the revision of its store, and what its index reflects.
State = tuple[int, IndexStatus | None]


@dataclass(frozen=True, slots=True)
class Library:
    """Store and engine of one app; both may be shared by threads. `known` holds what `once` was asked for."""

    store: Store
    engine: Engine
    planner: Planner
    known: dict[str, tuple[State, Any]] = field(default_factory=dict)

    @contextmanager
    def at_one_moment(self) -> Iterator["Library"]:
        """The same, for one thread and one block: all it reads of the store there is of one moment."""
        with self.store.at_one_moment() as store:
            yield replace(self, store=store)

    def once(self, name: str, find: Callable[[], V]) -> V:
        """What `find` finds, kept under `name` until store or index change: for figures that every reader is shown."""
        state = (self.store.revision(), self.index_status())
        held = self.known.get(name)
        if held is None or held[0] != state:
            held = self.known[name] = (state, find())
        found: V = held[1]
        return found

    def everything(self) -> Results:
        """The whole archive as a search for nothing finds it, for its facets; raises as `Engine.search`."""
        return self.once("everything", lambda: replace(self.search(Query(per_page=1)), query=Query()))

    def search(self, query: Query) -> Results:
        """The results of `query`, with a warning where the index is behind the store; raises as `Engine.search`."""
        return warned(self.engine.search(query), self.engine.status(), self.store.revision())

    def all_results(self, query: Query) -> Iterator[Results]:
        """The results of `query` from the first to the last, a page at a time."""
        return all_results(self.search, query)

    def index_status(self) -> IndexStatus | None:
        """What the index reflects; None where there is no usable one."""
        try:
            return self.engine.status()
        except IndexUnavailable:
            return None

    def matches(self, text: str, asked: str) -> tuple[tuple[int, int], ...]:
        """Where `text` holds what was `asked` for in the query language, as (start, end)."""
        if not asked:
            return ()
        folded = fold(text)
        marks = (has for has in self.planner.plan(Query(text=asked)).marks if has.field in ("", "body"))
        return tuple((at, at + len(has.text)) for has in marks for at in occurrences(has, folded))

    def by_number(self, text: str) -> str | None:
        """The id of the one notice whose whole document number is `text`, in any spelling; None for none or several."""
        number = _number(text)
        ids = self.store.resolve(str(number)) if number else ()
        return ids[0] if len(ids) == 1 else None

    def find(self, text: str) -> Notice:
        """The notice whose id or whole number is `text`; raises NotFound that names near numbers."""
        notice = self.store.notice(text) or self.store.notice(self.by_number(text) or "")
        if notice is None:
            number = _number(text)
            near = self.store.near(PartialNumber(number.office, number.year, number.serial)) if number else ()
            numbers = _("相近的文号：%(numbers)s。", numbers="、".join(near))
            remedy = numbers if near else _("请核对文号，或用标题中的词检索。")
            raise NotFound(_("档案里没有“%(id)s”。", id=text), remedy)
        return notice


def _number(text: str) -> DocumentNumber | None:
    try:
        return parse_number(text)
    except InvalidNumber:
        return None


def library() -> Library:
    """That of the app which answers the current request."""
    held: Library = current_app.extensions["library"]
    return held
