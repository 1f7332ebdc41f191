"""One search over one state of the index: what matches, in which order, what is counted, and what was perhaps meant."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from archive.models import Query, Remark, Results, Sort
from archive.search.facets import count, facets
from archive.search.fold import fold, strip_edges
from archive.search.matching import matching
from archive.search.meant import other_queries
from archive.search.nearly import LONGEST, near_titles
from archive.search.nodes import Number, Phrase, Words, render
from archive.search.plan import All, Condition, Plan, Planner, undated
from archive.search.ranking import best, titled, with_any
from archive.search.scoring import Scores, relevance
from archive.search.snapshot import Leaf, Snapshot
from archive.search.subset import Subset

SOME_WORDS = Remark("含有全部检索词的公文在前，其后的含有其中一些。")
NO_NOTICE_WITH_ALL = Remark("没有公文含有全部检索词，以下含有其中一些，最相近的在前。")
NUMBER_FIRST, TITLE_FIRST, NEAR_TITLE_FIRST, ALL_WORDS_FIRST = 1e6, 1e5, 5e4, 1e4  # each above any score
FEW = 3  # results; with fewer something else was perhaps meant
TERM = 12  # characters of a query that may be a single term
READ = 100  # notices of a leaf, to see whether words stand together
CLEARLY = 10  # times as many must another query find to be the likelier one


@dataclass(frozen=True, slots=True)
class Found:
    """The notices that were found in a leaf; where they need not have all words, `complete` are those that do.

    `named` bear a number or the title that was asked for, with what it adds to their scores; where none does, `near`
    bear nearly that title.
    """

    leaf: Leaf
    notices: Subset
    complete: Subset
    named: list[tuple[Subset, float]]
    near: list[int]


def search(snapshot: Snapshot, planner: Planner, query: Query) -> Results:
    """The page of results that `query` asks for. Raises BadInput for a page, size or number that cannot be."""
    plan = planner.plan(query)
    found = find(snapshot.leaves, plan)
    total = _total(found)
    first = (query.page - 1) * query.per_page
    last = first + query.per_page if first < total else 0  # behind the last page there is nothing to sort
    ordered = [best(f.leaf, f.notices, _scores(snapshot, plan, query, f), query, last) for f in found if last]
    return Results(
        query=query,
        total=total,
        hits=tuple(place.hit(plan) for place in islice(heapq.merge(*ordered), first, last)),
        facets=facets([count(f.leaf.segment, f.notices) for f in found]),
        reading=(*plan.reading, *_some_words(found), *_undated(snapshot.leaves, plan, total)),
        suggestion=_meant(snapshot, planner, query, plan, found),
    )


def _scores(snapshot: Snapshot, plan: Plan, query: Query, found: Found) -> Scores:
    """The scores of the notices found in a leaf, what was named above all others; all 0 where a date decides."""
    leaf = found.leaf
    if query.sort is not Sort.RELEVANCE:
        return np.zeros(len(found.notices))
    scores = relevance(leaf.segment, snapshot.searcher, leaf.fields, plan, found.notices)
    scores *= leaf.standing[found.notices.docs]
    near = Subset(leaf.segment.count, docs=np.array(sorted(found.near), np.intp))
    for notices, gain in (*found.named, (found.complete, ALL_WORDS_FIRST), (near, NEAR_TITLE_FIRST)):
        if notices:
            scores[found.notices.shared(notices.docs)[0]] += gain
    return scores


def _meant(snapshot: Snapshot, planner: Planner, query: Query, plan: Plan, found: Sequence[Found]) -> str:
    """A query that was more likely meant, since it finds clearly more; empty for none."""
    for one in found:
        if one.near:
            return one.leaf.segment.title(one.near[0])
    node, total = plan.node, _complete(found)
    if node is None or any(notices for one in found for notices, _ in one.named) or len(query.text) > LONGEST:
        return ""

    def count_of(text: str) -> int:
        return _complete(find(snapshot.leaves, planner.plan(replace(query, text=text))))

    others = other_queries(snapshot, planner, query.text, node)
    if total < FEW:
        return next((text for text in others if count_of(text) >= max(1, CLEARLY * total)), "")
    if isinstance(node, Words) and isinstance(plan.condition, All) and len(node.text) <= TERM:
        # Many may have the words that a wrong character makes of a term (企业, 所, 税), but none has them together.
        if _stand_together(found, node.text):
            return ""
        together = count_of(render(Phrase(node.text)))
        if together < FEW:
            return next((t for t in others if count_of(render(Phrase(t))) >= max(1, CLEARLY * together)), "")
    return ""


def _stand_together(found: Sequence[Found], text: str) -> bool:
    """Whether some of the first notices found have the text in one piece, which mostly saves counting all that do."""
    whole = strip_edges(fold(text))
    there = (has for one in found for has in one.leaf.segment.texts.reading(one.complete.docs[:READ], whole, ""))
    return sum(islice(filter(None, there), FEW)) == FEW


def find(leaves: Sequence[Leaf], plan: Plan) -> list[Found]:
    """The notices of each leaf that match the plan."""
    within = [_filtered(leaf, plan.filters) for leaf in leaves]
    if plan.condition is None:
        complete = within
    else:
        complete = [matching(leaf.segment, plan.condition, some) for leaf, some in zip(leaves, within, strict=True)]
    named = [_named(leaf, plan) for leaf in leaves]
    is_named = any(notices for of_leaf in named for notices, _ in of_leaf)
    near = [[] if is_named else near_titles(leaf, plan.title) for leaf in leaves]
    notices = complete
    if sum(map(len, complete)) < plan.enough:
        notices = [
            having_all | (some & with_any(leaf.segment, plan.words))
            for leaf, some, having_all in zip(leaves, within, complete, strict=True)
        ]
    return [Found(*parts) for parts in zip(leaves, notices, complete, named, near, strict=True)]


def _some_words(found: Sequence[Found]) -> tuple[str, ...]:
    if _total(found) == _complete(found):
        return ()
    return (SOME_WORDS if _complete(found) else NO_NOTICE_WITH_ALL,)


def _undated(leaves: Sequence[Leaf], plan: Plan, total: int) -> tuple[str, ...]:
    """How many more there would be if those were taken in of which the days are not known."""
    if not plan.in_force_on:
        return ()
    filters = tuple(map(undated, plan.filters))
    condition = undated(plan.condition) if plan.condition else None
    more = _total(find(leaves, replace(plan, filters=filters, condition=condition))) - total
    days = "、".join(map(str, plan.in_force_on))
    said = Remark("另有 %(more)s 篇不知何时施行或何时废止，是否在 %(days)s 有效不明，未列入。", more=more, days=days)
    return (said,) if more > 0 else ()


def _named(leaf: Leaf, plan: Plan) -> list[tuple[Subset, float]]:
    numbered = [(matching(leaf.segment, Number(text), leaf.alive), NUMBER_FIRST) for text in plan.numbers]
    return [*numbered, (titled(leaf, plan.title), TITLE_FIRST)]


def _filtered(leaf: Leaf, filters: Sequence[Condition]) -> Subset:
    within = leaf.alive
    for condition in filters:
        within = matching(leaf.segment, condition, within)
    return within


def _total(found: Sequence[Found]) -> int:
    return sum(len(one.notices) for one in found)


def _complete(found: Sequence[Found]) -> int:
    return sum(len(one.complete) for one in found)
