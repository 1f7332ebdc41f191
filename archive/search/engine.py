"""What every search engine does, and the values that pass through it beside those of archive.models."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Protocol

from archive.models import Notice, Query, Remark, Results
from archive.words import lexicon_fingerprint

MAX_PER_PAGE = 100  # results
REINDEX = "Run: python -m archive reindex"


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """What an index reflects: the store's revision, the lexicon its words come from, its format, its notices."""

    revision: int
    lexicon: str
    version: int
    count: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the box may offer for what was typed so far; `kind` is number, title or term."""

    text: str
    kind: str


class Engine(Protocol):
    """A search index over notices. All but `rebuilding` and `status` raise IndexUnavailable without a usable one."""

    def search(self, query: Query) -> Results:
        """The page of results that `query` asks for. Raises BadInput for a page, size or number that cannot be."""

    def rebuilding(self, notices: Iterable[Notice], revision: int) -> AbstractContextManager[None]:
        """Build an index of `notices` on entering; it takes over on leaving, and is dropped if the block raises."""

    def update(self, changed: Iterable[Notice], deleted_ids: Iterable[str], revision: int) -> None:
        """Put `changed` in, take `deleted_ids` out, all at once; the index then reflects the store's `revision`.

        Raises IndexUnavailable also for an index whose words come from another lexicon than today's.
        """

    def status(self) -> IndexStatus | None:
        """What the index reflects; None if there is none yet. Raises IndexUnavailable for an unusable one."""

    def suggest(self, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Numbers, titles and terms that begin with `text`, in characters or pinyin initials; best first."""

    def similar(self, notice_id: str, limit: int = 5) -> tuple[Notice, ...]:
        """The notices (without bodies) most like that one, without itself. None for an unknown id."""


def stale_warning(status: IndexStatus | None, store_revision: int) -> str | None:
    """What to tell the user of an index that is behind the store or the lexicon; None while it is not."""
    if status is None:
        return None
    if status.revision < store_revision:
        return Remark(
            "检索索引对应存档的第 %(index)s 版，存档已到第 %(store)s 版，结果可能不全。 %(remedy)s",
            index=status.revision,
            store=store_revision,
            remedy=f"{REINDEX} --changed",
        )
    if status.lexicon != lexicon_fingerprint():
        return Remark("检索索引建成后词表有变，结果可能不全。 %(remedy)s", remedy=REINDEX)
    return None


def warned(results: Results, status: IndexStatus | None, store_revision: int) -> Results:
    """`results` with the `stale_warning` where there is one."""
    warning = stale_warning(status, store_revision)
    return replace(results, warnings=(*results.warnings, warning)) if warning else results


def all_results(search: Callable[[Query], Results], query: Query) -> Iterator[Results]:
    """What `search` finds for `query` from the first result to the last, as many at a time as it gives."""
    query = replace(query, page=1, per_page=MAX_PER_PAGE)
    while True:
        results = search(query)
        yield results
        if query.page * query.per_page >= results.total or not results.hits:
            return
        query = replace(query, page=query.page + 1)
