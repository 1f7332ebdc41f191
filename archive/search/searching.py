"""One search over one state of the index: what matches, in which order, what is counted, and what was perhaps meant."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from archive.models import Query, Results
from archive.search.facets import count, facets
from archive.search.matching import matching
from archive.search.plan import Condition, Plan, Planner, undated
from archive.search.postings import Mask
from archive.search.ranking import best, score, with_any
from archive.search.snapshot import Leaf, Snapshot

SOME_WORDS = "含有全部检索词的公文在前,其后的含有其中一些。"
NO_NOTICE_WITH_ALL = "没有公文含有全部检索词,以下含有其中一些,最相近的在前。"


@dataclass(frozen=True, slots=True)
class Found:
    """The notices found, a mask for each leaf; where they need not have all words, `complete` are those that do."""

    masks: list[Mask]
    complete: list[Mask]

    @property
    def total(self) -> int:
        return _total(self.masks)


def search(snapshot: Snapshot, planner: Planner, query: Query) -> Results:
    """The page of results that `query` asks for. Raises BadInput for a page, size or number that cannot be."""
    plan = planner.plan(query)
    leaves = snapshot.leaves
    found = find(leaves, plan)
    last = query.page * query.per_page
    places = heapq.nsmallest(
        last,
        (
            place
            for leaf, mask, complete in zip(leaves, found.masks, found.complete, strict=True)
            for place in best(leaf, mask, score(leaf, snapshot.searcher, plan, query, complete), query, last)
        ),
    )
    return Results(
        query=query,
        total=found.total,
        hits=tuple(place.hit(plan) for place in places[last - query.per_page :]),
        facets=facets([count(leaf.segment, mask) for leaf, mask in zip(leaves, found.masks, strict=True)]),
        reading=(*plan.reading, *_some_words(found), *_undated(leaves, plan, found)),
    )


def find(leaves: Sequence[Leaf], plan: Plan) -> Found:
    """The notices that match the plan."""
    within = [_filtered(leaf, plan.filters) for leaf in leaves]
    if plan.condition is None:
        return Found(within, within)
    complete = [mask & matching(leaf.segment, plan.condition) for leaf, mask in zip(leaves, within, strict=True)]
    if _total(complete) >= plan.enough:
        return Found(complete, complete)
    wider = [
        having_all | mask & with_any(leaf.segment, plan.words)
        for leaf, mask, having_all in zip(leaves, within, complete, strict=True)
    ]
    return Found(wider, complete)


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
        mask = mask & matching(leaf.segment, condition)
    return mask


def _total(found: Sequence[Mask]) -> int:
    return sum(int(np.count_nonzero(mask)) for mask in found)
