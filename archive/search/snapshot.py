"""One state of the index, opened: what a search works on while the index moves on."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from whoosh.scoring import BM25F
from whoosh.searching import Searcher

from archive.errors import IndexUnavailable
from archive.search.codec import FIELDS, reader_of
from archive.search.engine import REINDEX
from archive.search.index import Contents, Generation, IndexFolder, Stamp
from archive.search.scoring import Norms, Scores, norms, standing
from archive.search.segment import Segment
from archive.search.subset import Subset

ATTEMPTS = 10


@dataclass(frozen=True, slots=True)
class Leaf:
    """One segment as this state of the index sees it."""

    segment: Segment
    alive: Subset
    standing: Scores
    fields: Mapping[str, Norms]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`searcher` is Whoosh's, for the statistics over all segments; `leaves` are in the order of the contents."""

    stamp: Stamp
    contents: Contents
    searcher: Searcher
    leaves: tuple[Leaf, ...]


def open_snapshot(index: IndexFolder) -> Snapshot:
    """Open the index as it is now. Raises IndexUnavailable where it is missing, broken or of another version."""
    for attempt in range(1, ATTEMPTS + 1):
        stamp = index.stamp()
        if stamp is None:
            raise IndexUnavailable(f"There is no search index in {index.folder}.", REINDEX)
        try:
            return _read(stamp, index.current())
        except (OSError, ValueError, KeyError, TypeError) as error:
            if index.stamp() == stamp or attempt == ATTEMPTS:  # else a writer removed files while we read them
                raise IndexUnavailable(f"The search index in {index.folder} is broken: {error}.", REINDEX) from error
    raise AssertionError("unreachable")


def _read(stamp: Stamp, generation: Generation) -> Snapshot:
    contents = generation.contents()
    segments = [Segment(facts.path(generation.storage)) for facts in contents.segments]
    reader = reader_of(generation.storage, list(zip(contents.segments, segments, strict=True)))
    searcher = Searcher(reader, weighting=BM25F(), fromindex=generation)
    leaves = [
        Leaf(segment, _alive(segment, facts.deleted), factors, {f: norms(segment, searcher, f) for f in FIELDS})
        for segment, facts, factors in zip(segments, contents.segments, standing(segments), strict=True)
    ]
    return Snapshot(stamp, contents, searcher, tuple(leaves))


def _alive(segment: Segment, deleted: set[int]) -> Subset:
    mask = np.ones(segment.count, np.bool_)
    mask[list(deleted)] = False
    return Subset(segment.count, mask=mask)
