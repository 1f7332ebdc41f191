"""The order of results: by relevance and standing or by date, then what is in force, then by id."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from archive.models import Hit, Query, Sort, Validity
from archive.search.facts import VALIDITIES
from archive.search.fold import strip_edges
from archive.search.invert import title_key
from archive.search.matching import DATES
from archive.search.plan import Plan
from archive.search.scoring import Scores
from archive.search.segment import Segment
from archive.search.snapshot import Leaf
from archive.search.snippet import mark, snippet
from archive.search.subset import Docs, Subset

REPEALED = VALIDITIES.index(Validity.REPEALED)


@dataclass(frozen=True, slots=True)
class Place:
    """A notice among the results; those with a smaller place come first."""

    key: float
    repealed: bool
    leaf: Leaf
    doc: int

    @property
    def id(self) -> str:
        return self.leaf.segment.id(self.doc)

    def __lt__(self, other: "Place") -> bool:
        if self.key != other.key:
            return self.key > other.key
        return (self.repealed, self.id) < (other.repealed, other.id)

    def hit(self, plan: Plan) -> Hit:
        """The notice as a result, with what the plan looks for marked."""
        segment, doc = self.leaf.segment, self.doc
        title, body = segment.texts.both(doc)
        return Hit(
            notice=segment.notice(doc, title.original),
            score=self.key,
            snippet=snippet(body.original, body.folded, plan.marks),
            title=mark(title.original, title.folded, plan.marks),
        )


def titled(leaf: Leaf, title: str) -> Subset:
    """The notices that bear the title, given folded and without its edges; a single character is none."""
    if len(title) < 2:
        return Subset(leaf.alive.size)
    segment = leaf.segment
    docs = np.flatnonzero(segment.arrays["titles"] == title_key(title))
    same = [doc for doc in docs.tolist() if strip_edges(segment.folded(doc, "title")) == title]
    return leaf.alive & Subset(segment.count, docs=np.array(same, np.intp))


def with_any(segment: Segment, words: Iterable[str]) -> Subset:
    """The notices that have any of the words."""
    places = (place for word in words if (place := segment.word(word)) is not None)
    return Subset.union(segment.count, map(segment.words.having, places))


def best(leaf: Leaf, found: Subset, scores: Scores, query: Query, limit: int) -> list[Place]:
    """The first `limit` of the notices found, which have these scores, in the order that the query asks for."""
    segment, docs = leaf.segment, found.docs
    keys = scores if query.sort is Sort.RELEVANCE else _days(segment, docs, query)
    if len(docs) > limit:
        least = np.partition(keys, len(keys) - limit)[len(keys) - limit]
        at = np.flatnonzero(keys >= least)
        docs, keys = docs[at], keys[at]
    repealed = segment.arrays["validities"][docs] == REPEALED
    order = np.lexsort((segment.arrays["order"][docs], repealed, -keys))[:limit]
    columns = keys[order].tolist(), repealed[order].tolist(), docs[order].tolist()
    return [Place(key, is_repealed, leaf, doc) for key, is_repealed, doc in zip(*columns, strict=True)]


def _days(segment: Segment, docs: Docs, query: Query) -> Scores:
    """The days that the notices are sorted by, the greatest first; without a date they come last."""
    days = segment.arrays[DATES[query.date_kind]][docs].astype(np.float64)
    return days if query.sort is Sort.NEWEST else np.where(days > 0, -days, -np.inf)
