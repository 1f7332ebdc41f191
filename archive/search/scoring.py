"""Whoosh's BM25F over whole arrays, and what is known of a notice before anyone asks.

A text scores as its words and as its pairs of neighbouring characters: words alone miss what segmentation cut
elsewhere, pairs alone miss what words mean. Measured on 300 lay questions over 30,000 articles of law (recall@10 /
MRR@10): words .526 / .433, pairs .550 / .468, both .554 / .477; both with `standing` .597 / .546. In five-fold
cross-validation a linear ranker over the same signals reached .601 / .547, so nothing was learned by heart. What did
not pay: a title field, latent semantics (200 and 400 dimensions), triples of characters, other K1 and B, the
scores of similar titles.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from whoosh.scoring import BM25F
from whoosh.searching import Searcher

from archive.search.plan import Plan
from archive.search.postings import Mask, Postings
from archive.search.segment import Segment

MANY = 1000  # notices; pairs of characters that fewer have always score
FEWER = 4  # times as few must be wanted as have a term, for looking them up to cost less than scoring all
COMMON = 0.25  # share of the notices; pairs that more have do not score
SERIES_GAIN = 0.15
LOCAL_LOSS = 0.2

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Norms:
    """For one field of one segment: what BM25F takes from each notice's length, and K1."""

    k1: float
    lengths: Scores  # K1 * (1 - B + B * length / average)
    single: Scores  # the score of a term that occurs once, but for its idf


def norms(segment: Segment, searcher: Searcher, field: str) -> Norms:
    """The norms by the average length over all segments that the searcher knows."""
    model: BM25F = searcher.weighting
    average = searcher.avg_field_length(field) or 1
    lengths = model.K1 * ((1 - model.B) + model.B * segment.arrays[f"{field}.lengths"] / average)
    return Norms(model.K1, lengths, (model.K1 + 1) / (1 + lengths))


@dataclass(frozen=True, slots=True)
class Occurrences:
    """The notices that have a term, or those of them that are wanted, and how often: `counts[n]` in `docs[more[n]]`,
    once in the others.
    """

    docs: NDArray[np.integer]
    more: NDArray[np.integer]
    counts: NDArray[np.integer]


class Wanted:
    """The notices whose scores are wanted. Their numbers are made when first asked for, which most queries never do."""

    def __init__(self, mask: Mask) -> None:
        self.mask = mask
        self.count = int(np.count_nonzero(mask))

    @cached_property
    def docs(self) -> NDArray[np.intp]:
        return np.flatnonzero(self.mask)


def occurrences(postings: Postings, place: int, wanted: Wanted) -> Occurrences:
    """Where a term occurs; where few notices are wanted, only in those, which costs less than to score all."""
    docs = postings.docs(place)
    more, counts = postings.counts(place)
    if FEWER * wanted.count > len(docs):
        return Occurrences(docs, more, counts)
    places, _ = _among(docs, wanted.docs)
    at, places_with_more = _among(more, places)
    return Occurrences(docs[places], places_with_more, counts[at])


def _among(ascending: NDArray[np.integer], wanted: NDArray[np.integer]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where in a list the wanted numbers stand that it has, and which of the wanted these are."""
    if not len(ascending):
        return np.empty(0, np.intp), np.empty(0, np.intp)
    at = np.searchsorted(ascending, wanted)
    at[at == len(ascending)] = 0
    there = np.flatnonzero(ascending[at] == wanted)
    return at[there], there


def add_term(scores: Scores, found: Occurrences, gain: float, norms: Norms) -> None:
    """Add a term's BM25F scores to those of the notices that have it; `gain` is its idf, times what it weighs."""
    added = norms.single[found.docs]
    if len(found.more):
        added[found.more] = found.counts * (norms.k1 + 1) / (found.counts + norms.lengths[found.docs[found.more]])
    added *= gain
    scores[found.docs] += added


def relevance(segment: Segment, searcher: Searcher, fields: Mapping[str, Norms], plan: Plan, found: Mask) -> Scores:
    """The scores for the words and pairs of characters of the plan, right at least for the notices `found`.

    Pairs that many notices have cost most and tell least: without them MRR@10 (see above) is .546 as with them.
    """
    scores = np.zeros(segment.count)
    wanted = Wanted(found)
    for word, times in Counter(plan.words).items():
        place = segment.word(word)
        if place is not None:
            gain = times * searcher.idf("words", word)
            add_term(scores, occurrences(segment.words, place, wanted), gain, fields["words"])
    many = max(MANY, searcher.doc_count() * COMMON)
    for gram, times in Counter(plan.grams).items():
        if searcher.doc_frequency("grams", gram) > many:
            continue
        place = segment.gram("grams", int.from_bytes(gram.encode("utf-16-be", "surrogatepass")))
        if place is not None:
            gain = times * searcher.idf("grams", gram)
            add_term(scores, occurrences(segment.grams["grams"], place, wanted), gain, fields["grams"])
    return scores


def standing(segments: Sequence[Segment]) -> list[Scores]:
    """What the scores of each segment's notices are multiplied by, whatever is asked.

    An article of a long law, which is a general one, stands before that of a short one, and what holds everywhere
    before local rules.
    """
    series = np.concatenate([s.arrays["series"] for s in segments]) if segments else np.empty(0, np.uint32)
    _, place, counts = np.unique(series, return_inverse=True, return_counts=True)
    sizes = np.where(series > 0, counts[place], 1)
    local = np.concatenate([s.arrays["local"] for s in segments]) if segments else np.empty(0, np.bool_)
    factors = (1 + SERIES_GAIN * np.log(sizes)) * (1 - LOCAL_LOSS * local)
    return np.split(factors, np.cumsum([s.count for s in segments])[:-1]) if segments else []
