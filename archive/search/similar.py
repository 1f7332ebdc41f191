"""Similar notices: those that share the words which set a notice apart."""

import heapq
from collections import Counter

from archive.models import Notice, Query
from archive.search.invert import is_term
from archive.search.plan import Plan
from archive.search.ranking import best, with_any
from archive.search.scoring import relevance
from archive.search.snapshot import Snapshot
from archive.words import tokenizer

WORDS = 24  # of the notice are looked for: its most telling ones
READ = 3000  # characters of its body are read for them


def similar(snapshot: Snapshot, notice_id: str, limit: int) -> tuple[Notice, ...]:
    """The notices most like that one, without it and without bodies; none for an id that the index does not have."""
    place = next(
        (
            (leaf, doc)
            for leaf in snapshot.leaves
            if (doc := leaf.segment.find(notice_id)) is not None and doc in leaf.alive
        ),
        None,
    )
    if place is None:
        return ()
    leaf, doc = place
    title, body = leaf.segment.texts.both(doc)
    counts = Counter(tokenizer().search_words(f"{title.folded} {body.folded[:READ]}"))
    idf = snapshot.searcher.idf
    weights = {word: (1 + times) ** 0.5 * idf("words", word) for word, times in counts.items() if is_term(word)}
    plan = Plan(condition=None, words=tuple(heapq.nlargest(WORDS, weights, key=weights.__getitem__)))
    places = [
        near
        for other in snapshot.leaves
        for found in (other.alive & with_any(other.segment, plan.words),)
        for near in best(
            other, found, relevance(other.segment, snapshot.searcher, other.fields, plan, found), Query(), limit + 1
        )
    ]
    return tuple(
        near.leaf.segment.notice(near.doc, near.leaf.segment.title(near.doc))
        for near in heapq.nsmallest(limit + 1, places)
        if near.id != notice_id
    )[:limit]
