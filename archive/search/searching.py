"""One search over one state of the index: what matches, in which order, what is counted, and what was perhaps meant."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from archive.models import Query, Results, Sort
from archive.search.facets import count, facets
from archive.search.matching import matching
from archive.search.meant import other_queries
from archive.search.nearly import LONGEST, near_titles
from archive.search.nodes import Phrase, Words, render
from archive.search.plan import All, Condition, Plan, Planner, undated
from archive.search.postings import Mask
from archive.search.ranking import ALL_WORDS_FIRST, NEAR_TITLE_FIRST, best, has_what_was_named, score, with_any
from archive.search.scoring import Scores
from archive.search.snapshot import Leaf, Snapshot

SOME_WORDS = "含有全部检索词的公文在前,其后的含有其中一些。"
NO_NOTICE_WITH_ALL = "没有公文含有全部检索词,以下含有其中一些,最相近的在前。"
FEW = 3  # results; with fewer something else was perhaps meant
TERM = 12  # characters of a query that may be a single term
CLEARLY = 10  # times as many must another query find to be the likelier one


@dataclass(frozen=True, slots=True)
class Found:
    """The notices found, a mask for each leaf; where they need not have all words, `complete` are those that do.

    `named` tells whether one bears the number or title that was asked for; where none does, `near` are those that bear
    nearly that title.
    """

    masks: list[Mask]
    complete: list[Mask]
    named: bool
    near: list[list[int]]

    @property
    def total(self) -> int:
        return _total(self.masks)


def search(snapshot: Snapshot, planner: Planner, query: Query) -> Results:
    """The page of results that `query` asks for. Raises BadInput for a page, size or number that cannot be."""
    plan = planner.plan(query)
    leaves = snapshot.leaves
    found = find(leaves, plan)
    first = (query.page - 1) * query.per_page
    last = first + query.per_page if first < found.total else 0  # behind the last page there is nothing to sort
    places = heapq.nsmallest(
        last,
        (
            place
            for leaf, mask, scores in zip(leaves, found.masks, _scores(snapshot, plan, query, found), strict=True)
            for place in best(leaf, mask, scores, query, last)
        ),
    )
    return Results(
        query=query,
        total=found.total,
        hits=tuple(place.hit(plan) for place in places[first:]),
        facets=facets([count(leaf.segment, mask) for leaf, mask in zip(leaves, found.masks, strict=True)]),
        reading=(*plan.reading, *_some_words(found), *_undated(leaves, plan, found)),
        suggestion=_meant(snapshot, planner, query, plan, found),
    )


def _scores(snapshot: Snapshot, plan: Plan, query: Query, found: Found) -> Iterator[Scores]:
    """The scores of the notices of each leaf; all 0 where a date decides."""
    for leaf, mask, complete, near in zip(snapshot.leaves, found.masks, found.complete, found.near, strict=True):
        if query.sort is not Sort.RELEVANCE:
            yield np.zeros(leaf.segment.count)
            continue
        scores = score(leaf, snapshot.searcher, plan, mask)
        scores[complete] += ALL_WORDS_FIRST
        scores[near] += NEAR_TITLE_FIRST
        yield scores


def _meant(snapshot: Snapshot, planner: Planner, query: Query, plan: Plan, found: Found) -> str:
    """A query that was more likely meant, since it finds clearly more; empty for none."""
    for leaf, near in zip(snapshot.leaves, found.near, strict=True):
        if near:
            return leaf.segment.original(near[0], "title")
    node, total = plan.node, _total(found.complete)
    if found.named or node is None or len(query.text) > LONGEST:
        return ""

    def count_of(text: str) -> int:
        return _total(find(snapshot.leaves, planner.plan(replace(query, text=text))).complete)

    others = other_queries(snapshot, planner, query.text, node)
    if total < FEW:
        return next((text for text in others if count_of(text) >= max(1, CLEARLY * total)), "")
    if isinstance(node, Words) and isinstance(plan.condition, All) and len(node.text) <= TERM:
        # Many may have the words that a wrong character makes of a term (企业, 所, 税), but none has them together.
        together = count_of(render(Phrase(node.text)))
        if together < FEW:
            return next((t for t in others if count_of(render(Phrase(t))) >= max(1, CLEARLY * together)), "")
    return ""


def find(leaves: Sequence[Leaf], plan: Plan) -> Found:
    """The notices that match the plan."""
    within = [_filtered(leaf, plan.filters) for leaf in leaves]
    if plan.condition is None:
        return Found(within, within, named=False, near=[[] for _ in leaves])
    complete = [matching(leaf.segment, plan.condition, mask) for leaf, mask in zip(leaves, within, strict=True)]
    named = any(has_what_was_named(leaf, plan) for leaf in leaves)
    near = [[] if named else near_titles(leaf, plan.title) for leaf in leaves]
    if _total(complete) >= plan.enough:
        return Found(complete, complete, named, near)
    wider = [
        having_all | mask & with_any(leaf.segment, plan.words)
        for leaf, mask, having_all in zip(leaves, within, complete, strict=True)
    ]
    return Found(wider, complete, named, near)


def _some_words(found: Found) -> tuple[str, ...]:
    complete = _total(found.complete)
    if found.total == complete:
        return ()
    return (SOME_WORDS if complete else NO_NOTICE_WITH_ALL,)


def _undated(leaves: Sequence[Leaf], plan: Plan, found: Found) -> tuple[str, ...]:
    """How many more there would be if those were taken in of which the days are not known."""
    if not plan.in_force_on:
        return ()
    filters = tuple(map(undated, plan.filters))
    condition = undated(plan.condition) if plan.condition else None
    more = find(leaves, replace(plan, filters=filters, condition=condition)).total - found.total
    days = "、".join(map(str, plan.in_force_on))
    return (f"另有 {more} 篇不知何时施行或何时废止,是否在 {days} 有效不明,未列入。",) if more > 0 else ()


def _filtered(leaf: Leaf, filters: Sequence[Condition]) -> Mask:
    mask = leaf.alive
    for condition in filters:
        mask = matching(leaf.segment, condition, mask)
    return mask


def _total(found: Sequence[Mask]) -> int:
    return sum(int(np.count_nonzero(mask)) for mask in found)
