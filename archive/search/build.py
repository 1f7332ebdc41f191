"""Building: runs of notices inverted in this process or several, a segment each, and segments merged to larger ones."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from archive.models import Notice
from archive.search.arrays import write_arrays
from archive.search.codec import ArraySegment
from archive.search.facts import Facts, joined
from archive.search.index import Generation
from archive.search.invert import invert
from archive.search.merge import Source, merge
from archive.search.postings import MAX_DOCS
from archive.search.segment import Segment
from archive.search.snapshot import Leaf
from archive.workers import end_with_parent

RUN = 1536  # notices inverted at a time: large enough to sort well, small enough for memory to stay small
SMALL = 1024  # segments up to this size are merged with the next update


@dataclass(frozen=True, slots=True)
class Piece:
    """Notices that a new segment will have: where their texts are, and what is known of them; none: as stored."""

    source: Source
    known: Facts | None = None

    @property
    def facts(self) -> Facts:
        return self.known or Facts.stored(self.source.segment, self.source.docs)


@dataclass(slots=True)
class Unchanged:
    """The texts that an index already has. What is known of them beside may have changed, and is taken from the new."""

    leaves: Sequence[Leaf]
    _places: dict[str, tuple[int, int]] = field(init=False)
    _taken: list[tuple[int, int]] = field(init=False, default_factory=list)
    _facts: list[Facts] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self._places = {
            leaf.segment.id(doc): (at, doc) for at, leaf in enumerate(self.leaves) for doc in leaf.alive.docs.tolist()
        }

    def others(self, notices: Iterable[Notice]) -> Iterator[Notice]:
        """Take those of the notices whose texts are known, and give the others."""
        same: list[Notice] = []
        for notice in notices:
            place = self._place(notice)
            if place is None:
                yield notice
                continue
            self._taken.append(place)
            same.append(notice)
            if len(same) == RUN:
                self._facts.append(Facts.of(same))
                same = []
        if same:
            self._facts.append(Facts.of(same))

    def pieces(self) -> Iterator[Piece]:
        """What was taken, by the segment that has it."""
        facts = joined(self._facts) if self._facts else None
        taken = np.array(self._taken, np.intp).reshape(-1, 2)
        for at, leaf in enumerate(self.leaves):
            own = np.flatnonzero(taken[:, 0] == at)
            own = own[np.argsort(taken[own, 1])]
            if facts and len(own):
                yield Piece(Source(leaf.segment, taken[own, 1]), facts.taken(own.tolist()))

    def _place(self, notice: Notice) -> tuple[int, int] | None:
        """Where the very text of a notice is; taken from what is left, so that no text is given twice."""
        place = self._places.get(notice.id)
        if place is None:
            return None
        texts = self.leaves[place[0]].segment.texts
        title, body = texts.both(place[1])
        if (title.original, body.original) != (notice.title, notice.body):
            return None
        return self._places.pop(notice.id)


def build(
    generation: Generation, notices: Iterable[Notice], before: Sequence[Leaf], processes: int
) -> list[ArraySegment]:
    """All notices in as few segments as can be; those whose texts an index before had are not inverted again."""
    unchanged = Unchanged(before)
    runs = list(inverted(generation, unchanged.others(notices), processes))
    pieces = [*unchanged.pieces(), *(whole(generation, run) for run in runs)]
    if len(runs) == len(pieces) == 1:
        return runs
    return [merged(generation, group) for group in _groups(pieces)]


def extended(
    generation: Generation, kept: Sequence[ArraySegment], notices: Iterable[Notice], processes: int
) -> list[ArraySegment]:
    """The segments kept and those of more notices, the small ones merged."""
    segments = [*kept, *inverted(generation, notices, processes)]
    chosen = to_merge([segment.doc_count() for segment in segments])
    if not chosen:
        return segments
    one = merged(generation, [whole(generation, segments[at]) for at in chosen])
    return [*(segment for at, segment in enumerate(segments) if at not in chosen), one]


def inverted(generation: Generation, notices: Iterable[Notice], processes: int) -> Iterator[ArraySegment]:
    """The notices as segments of one run each, in their order, by as many processes; a single run stays in this one."""
    runs = _runs(notices)
    first = list(islice(runs, 2))
    if processes == 1 or len(first) < 2:
        for run in chain(first, runs):
            segment = generation.new_segment(len(run))
            write_run(generation.path(segment), run)
            yield segment
        return
    pending: list[tuple[ArraySegment, Future[None]]] = []
    with ProcessPoolExecutor(processes, get_context("spawn"), end_with_parent) as executor:
        for run in chain(first, runs):
            if len(pending) > processes:
                segment, future = pending.pop(0)
                future.result()
                yield segment
            segment = generation.new_segment(len(run))
            pending.append((segment, executor.submit(write_run, generation.path(segment), run)))
        for segment, future in pending:
            future.result()
            yield segment


def write_run(path: Path, notices: Sequence[Notice]) -> None:
    """Invert a run of notices and write the segment of them."""
    facts = Facts.of(notices)
    write_arrays(path, chain(invert(notices), facts.arrays()), {"tables": facts.tables, "count": len(notices)})


def merged(generation: Generation, pieces: Sequence[Piece]) -> ArraySegment:
    """One segment of all pieces."""
    segment = generation.new_segment(sum(len(piece.source.docs) for piece in pieces))
    facts = joined([piece.facts for piece in pieces])
    arrays = chain(merge([piece.source for piece in pieces]), facts.arrays())
    write_arrays(generation.path(segment), arrays, {"tables": facts.tables, "count": segment.count})
    return segment


def whole(generation: Generation, segment: ArraySegment) -> Piece:
    """All notices of a segment that are not deleted."""
    opened = Segment(generation.path(segment))
    alive = np.ones(segment.count, np.bool_)
    alive[list(segment.deleted)] = False
    return Piece(Source(opened, np.flatnonzero(alive)))


def to_merge(sizes: Sequence[int]) -> list[int]:
    """Which segments of so many notices an update makes one of: the small ones, and each that those smaller outgrow.

    So every segment is larger than those smaller than it together: of 65,536 notices there are never more than seven.
    """
    order = sorted(range(len(sizes)), key=lambda at: sizes[at])
    total, last = 0, 0
    for rank, at in enumerate(order, 1):
        if sizes[at] <= max(SMALL, total) and total + sizes[at] <= MAX_DOCS:
            last = rank
        total += sizes[at]
    return order[:last] if last > 1 else []


def _groups(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """The pieces in groups that fit a segment."""
    group: list[Piece] = []
    for piece in pieces:
        if sum(len(p.source.docs) for p in group) + len(piece.source.docs) > MAX_DOCS:
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _runs(notices: Iterable[Notice]) -> Iterator[Sequence[Notice]]:
    source = iter(notices)
    while run := list(islice(source, RUN)):
        yield run
