"""The engine: Whoosh's index with segments of arrays; it opens, rebuilds and updates what others search."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.errors import IndexUnavailable
from archive.models import Notice, Query, Results
from archive.search.build import build, extended
from archive.search.engine import REINDEX, IndexStatus, Suggestion
from archive.search.index import IndexFolder
from archive.search.plan import Planner
from archive.search.searching import search
from archive.search.similar import similar
from archive.search.snapshot import Leaf, Snapshot, open_snapshot
from archive.search.suggest import suggest
from archive.words import lexicon_fingerprint, tokenizer


class WhooshEngine:
    """See archive.search.engine.Engine. Threads may share it; opening reads nothing."""

    def __init__(self, folder: Path, processes: int = 1) -> None:
        self.index = IndexFolder(folder)
        self.processes = processes
        self._planner: Planner | None = None
        self._snapshot: Snapshot | None = None

    def search(self, query: Query) -> Results:
        return search(self.snapshot(), self.planner(), query)

    @contextmanager
    def rebuilding(self, notices: Iterable[Notice], revision: int) -> Iterator[None]:
        with self.index.writing(), self.index.new_generation() as generation:
            segments = build(generation, notices, self._leaves_before(), self.processes)
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
                if facts.doc_count():
                    kept.append(facts)
            with generation.extended():
                segments = extended(generation, kept, notices.values(), self.processes)
                generation.commit(segments, revision, lexicon_fingerprint())

    def status(self) -> IndexStatus | None:
        return None if self.index.stamp() is None else self.snapshot().contents.status

    def suggest(self, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
        return suggest(self.snapshot(), text, limit)

    def similar(self, notice_id: str, limit: int = 5) -> tuple[Notice, ...]:
        return similar(self.snapshot(), notice_id, limit)

    def snapshot(self) -> Snapshot:
        """The index as it is now. Raises IndexUnavailable where there is none that can be used."""
        if self._snapshot is None or self._snapshot.stamp != self.index.stamp():
            self._snapshot = open_snapshot(self.index)
        return self._snapshot

    def _leaves_before(self) -> tuple[Leaf, ...]:
        """The index that is about to be replaced, where its words are still those of today."""
        try:
            before = open_snapshot(self.index)
        except IndexUnavailable:
            return ()
        return before.leaves if before.contents.lexicon == lexicon_fingerprint() else ()

    def planner(self) -> Planner:
        """The planner, with its tokenizer loaded."""
        if self._planner is None:
            self._planner = Planner(tokenizer())
        return self._planner
