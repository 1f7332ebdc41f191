"""The engine: Whoosh's index with segments of arrays, searched whole arrays at a time."""

import heapq
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from archive.errors import IndexUnavailable
from archive.models import Notice, Query, Results
from archive.search.build import by_segment, inverted
from archive.search.engine import REINDEX, IndexStatus, Suggestion
from archive.search.facets import count, facets
from archive.search.index import IndexFolder
from archive.search.matching import matching
from archive.search.plan import Plan, Planner
from archive.search.postings import Mask
from archive.search.ranking import ALL_WORDS_FIRST, best, score, with_any
from archive.search.scoring import Scores
from archive.search.similar import similar
from archive.search.snapshot import Leaf, Snapshot, open_snapshot
from archive.search.suggest import Suggester
from archive.words import lexicon_fingerprint, tokenizer

SMALL = 1024  # segments up to this size are merged with the next update
SOME_WORDS = "含有全部检索词的公文在前,其后的含有其中一些。"
NO_NOTICE_WITH_ALL = "没有公文含有全部检索词,以下含有其中一些,最相近的在前。"


class WhooshEngine:
    """See archive.search.engine.Engine. Threads may share it; opening reads nothing."""

    def __init__(self, folder: Path, processes: int = 1) -> None:
        self.index = IndexFolder(folder)
        self.processes = processes
        self._planner: Planner | None = None
        self._snapshot: Snapshot | None = None
        self._suggester: Suggester | None = None

    def search(self, query: Query) -> Results:
        snapshot = self.snapshot()
        plan = self.planner().plan(query)
        scores = [score(leaf, snapshot.searcher, plan, query) for leaf in snapshot.leaves]
        found, remarks = find(snapshot.leaves, plan, scores)
        last = query.page * query.per_page
        places = heapq.nsmallest(
            last,
            (
                place
                for leaf, mask, own in zip(snapshot.leaves, found, scores, strict=True)
                for place in best(leaf, mask, own, query, last)
            ),
        )
        return Results(
            query=query,
            total=_total(found),
            hits=tuple(place.hit(plan) for place in places[last - query.per_page :]),
            facets=facets([count(leaf.segment, mask) for leaf, mask in zip(snapshot.leaves, found, strict=True)]),
            reading=(*plan.reading, *remarks),
        )

    @contextmanager
    def rebuilding(self, notices: Iterable[Notice], revision: int) -> Iterator[None]:
        with self.index.writing(), self.index.new_generation() as generation:
            segments = [generation.add_segment(parts) for parts in by_segment(inverted(notices, self.processes))]
            generation.commit(segments, revision, lexicon_fingerprint())
            yield
            self.index.take_over(generation)

    def update(self, changed: Iterable[Notice], deleted_ids: Iterable[str], revision: int) -> None:
        with self.index.writing():
            snapshot = open_snapshot(self.index)
            if snapshot.contents.lexicon != lexicon_fingerprint():
                raise IndexUnavailable(f"The index in {self.index.folder} is from another lexicon.", REINDEX)
            notices = {notice.id: notice for notice in changed}
            gone = {*deleted_ids, *notices}
            generation = self.index.current()
            kept = []
            for leaf, facts in zip(snapshot.leaves, snapshot.contents.segments, strict=True):
                facts.deleted |= {doc for doc in map(leaf.segment.find, gone) if doc is not None}
                if facts.doc_count() > SMALL:
                    kept.append(facts)
                else:
                    notices |= {n.id: n for n in leaf.notices() if n.id not in gone}
            segments = by_segment(inverted(notices.values(), self.processes))
            added = [generation.add_segment(parts) for parts in segments]
            generation.commit([*kept, *added], revision, lexicon_fingerprint())

    def status(self) -> IndexStatus | None:
        return None if self.index.stamp() is None else self.snapshot().contents.status

    def suggest(self, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
        snapshot = self.snapshot()
        if self._suggester is None or self._suggester.stamp != snapshot.stamp:
            self._suggester = Suggester(snapshot)
        return self._suggester.suggest(text, limit)

    def similar(self, notice_id: str, limit: int = 5) -> tuple[Notice, ...]:
        return similar(self.snapshot(), notice_id, limit)

    def snapshot(self) -> Snapshot:
        """The index as it is now. Raises IndexUnavailable where there is none that can be used."""
        if self._snapshot is None or self._snapshot.stamp != self.index.stamp():
            self._snapshot = open_snapshot(self.index)
        return self._snapshot

    def planner(self) -> Planner:
        """The planner, with its tokenizer loaded."""
        if self._planner is None:
            self._planner = Planner(tokenizer())
        return self._planner


def find(leaves: Iterable[Leaf], plan: Plan, scores: list[Scores]) -> tuple[list[Mask], tuple[str, ...]]:
    """The notices of each leaf that match, and a remark where they need not have all words.

    Those that have all are then raised above the others in `scores`.
    """
    within = [_filtered(leaf, plan) for leaf in leaves]
    if plan.condition is None:
        return within, ()
    found = [mask & matching(leaf.segment, plan.condition) for leaf, mask in zip(leaves, within, strict=True)]
    total = _total(found)
    if total >= plan.enough:
        return found, ()
    for own, having_all in zip(scores, found, strict=True):
        own[having_all] += ALL_WORDS_FIRST
    wider = [
        having_all | mask & with_any(leaf.segment, plan.words)
        for leaf, mask, having_all in zip(leaves, within, found, strict=True)
    ]
    if _total(wider) == total:
        return found, ()
    return wider, (SOME_WORDS if total else NO_NOTICE_WITH_ALL,)


def _filtered(leaf: Leaf, plan: Plan) -> Mask:
    mask = leaf.alive
    for condition in plan.filters:
        mask = mask & matching(leaf.segment, condition)
    return mask


def _total(found: Iterable[Mask]) -> int:
    return sum(int(np.count_nonzero(mask)) for mask in found)
