"""The order of results: by relevance and standing or by date, then what is in force, then by id."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from whoosh.searching import Searcher

from archive.models import Hit, Query, Sort, Validity
from archive.search.facts import VALIDITIES
from archive.search.fold import strip_edges
from archive.search.invert import title_key
from archive.search.matching import DATES, matching
from archive.search.nodes import Number
from archive.search.plan import Plan
from archive.search.postings import Mask
from archive.search.scoring import Scores, relevance
from archive.search.segment import Segment
from archive.search.snapshot import Leaf
from archive.search.snippet import mark, snippet

NUMBER_FIRST, TITLE_FIRST, NEAR_TITLE_FIRST, ALL_WORDS_FIRST = 1e6, 1e5, 5e4, 1e4  # each above any score
REPEALED = VALIDITIES.index(Validity.REPEALED)


@dataclass(frozen=True, slots=True)
class Place:
    """A notice among the results; those with a smaller place come first."""

    key: float
    repealed: bool
    id: str
    leaf: Leaf
    doc: int

    def __lt__(self, other: "Place") -> bool:
        return (-self.key, self.repealed, self.id) < (-other.key, other.repealed, other.id)

    def hit(self, plan: Plan) -> Hit:
        """The notice as a result, with what the plan looks for marked."""
        segment, doc = self.leaf.segment, self.doc
        notice = segment.notice(doc)
        return Hit(
            notice=notice,
            score=self.key,
            snippet=snippet(*segment.both(doc, "body"), plan.marks),
            title=mark(notice.title, segment.folded(doc, "title"), plan.marks),
        )


def score(leaf: Leaf, searcher: Searcher, plan: Plan, found: Mask) -> Scores:
    """The scores of the notices found, those asked for by their number or whole title above all others."""
    scores = relevance(leaf.segment, searcher, leaf.fields, plan, found)
    scores *= leaf.standing
    for text in plan.numbers:
        scores[matching(leaf.segment, Number(text))] += NUMBER_FIRST
    scores[titled(leaf.segment, plan.title)] += TITLE_FIRST
    return scores


def has_what_was_named(leaf: Leaf, plan: Plan) -> bool:
    """Whether a notice bears a number or the whole title that was asked for."""
    numbered = any((matching(leaf.segment, Number(text)) & leaf.alive).any() for text in plan.numbers)
    return numbered or bool(leaf.alive[titled(leaf.segment, plan.title)].any())


def titled(segment: Segment, title: str) -> list[int]:
    """The notices that bear the title, given folded and without its edges; a single character is none."""
    if len(title) < 2:
        return []
    docs = np.flatnonzero(segment.arrays["titles"] == title_key(title))
    return [doc for doc in docs.tolist() if strip_edges(segment.folded(doc, "title")) == title]


def with_any(segment: Segment, words: Iterable[str]) -> Mask:
    """The notices that have any of the words."""
    mask = np.zeros(segment.count, np.bool_)
    for word in words:
        place = segment.word(word)
        if place is not None:
            mask[segment.words.docs(place)] = True
    return mask


def best(leaf: Leaf, found: Mask, scores: Scores, query: Query, limit: int) -> list[Place]:
    """The first `limit` of the notices found, in the order that the query asks for."""
    segment = leaf.segment
    docs = np.flatnonzero(found)
    keys = _keys(segment, docs, scores, query)
    if len(docs) > limit:
        least = np.partition(keys, len(keys) - limit)[len(keys) - limit]
        docs, keys = docs[keys >= least], keys[keys >= least]
    repealed = segment.arrays["validities"][docs] == REPEALED
    order = np.lexsort((segment.arrays["order"][docs], repealed, -keys))[:limit]
    return [Place(float(keys[at]), bool(repealed[at]), segment.id(int(docs[at])), leaf, int(docs[at])) for at in order]


def _keys(segment: Segment, docs: NDArray[np.intp], scores: Scores, query: Query) -> Scores:
    """What the notices are sorted by, the greatest first; without a date they come last."""
    if query.sort is Sort.RELEVANCE:
        return scores[docs]
    days = segment.arrays[DATES[query.date_kind]][docs].astype(np.float64)
    return days if query.sort is Sort.NEWEST else np.where(days > 0, -days, -np.inf)
