"""Whoosh's BM25F over whole arrays, and what is known of a notice before anyone asks.

A text scores as its words and as its pairs of neighbouring characters: words alone miss what segmentation cut
elsewhere, pairs alone miss what words mean. Measured on 300 lay questions over 30,000 articles of law (recall@10 /
MRR@10): words .526 / .433, pairs .550 / .468, both .554 / .477; both with `standing` .597 / .546. In five-fold
cross-validation a linear ranker over the same signals reached .601 / .547, so nothing was learned by heart. What did
not pay: a title field, latent semantics (200 and 400 dimensions), triples of characters, other K1 and B, the
scores of similar titles.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray
from whoosh.scoring import BM25F
from whoosh.searching import Searcher

from archive.search.plan import Plan
from archive.search.postings import Postings
from archive.search.segment import Segment
from archive.search.subset import FEWER, Subset

MANY = 1000  # notices; pairs of characters that fewer have always score
COMMON = 0.25  # share of the notices; pairs that more have do not score
SERIES_GAIN = 0.15
LOCAL_LOSS = 0.2

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Norms:
    """For one field of one segment: what BM25F takes from each notice's length, and K1."""

    k1: float
    lengths: Scores  # K1 * (1 - B + B * length / average)


def norms(segment: Segment, searcher: Searcher, field: str) -> Norms:
    """The norms by the average length over all segments that the searcher knows."""
    model: BM25F = searcher.weighting
    average = searcher.avg_field_length(field) or 1
    return Norms(model.K1, model.K1 * ((1 - model.B) + model.B * segment.arrays[f"{field}.lengths"] / average))


def relevance(segment: Segment, searcher: Searcher, fields: Mapping[str, Norms], plan: Plan, found: Subset) -> Scores:
    """The scores of the notices found, in their order, for the words and pairs of characters of the plan.

    Pairs that many notices have cost most and tell least: without them MRR@10 (see above) is .546 as with them.
    """
    scores = np.zeros(segment.count)
    words = [
        (place, times * searcher.idf("words", word))
        for word, times in Counter(plan.words).items()
        if (place := segment.word(word)) is not None
    ]
    _add(scores, found, segment.words, fields["words"], words)
    many = max(MANY, searcher.doc_count() * COMMON)
    least = log(searcher.doc_count_all() / (many + 1)) + 1  # the idf of what so many have
    grams = [
        (place, times * idf)
        for gram, times in Counter(plan.grams).items()
        if (place := segment.gram("grams", int.from_bytes(gram.encode("utf-16-be", "surrogatepass")))) is not None
        and (idf := searcher.idf("grams", gram)) >= least
    ]
    _add(scores, found, segment.grams["grams"], fields["grams"], grams)
    return scores[found.docs]


def _add(scores: Scores, found: Subset, postings: Postings, norms: Norms, terms: Iterable[tuple[int, float]]) -> None:
    """Add BM25F to the scores, by notice, of at least those found; each term is given with its idf times its weight."""
    for place, gain in terms:
        docs, counts = postings.having(place).docs, postings.counts(place)
        if FEWER * len(found) <= len(docs):  # else it costs less to score all that have the term
            own, given = found.shared(docs)
            docs, counts = found.docs[own], counts[given]
        added = counts * (norms.k1 + 1)
        added /= counts + norms.lengths[docs]
        added *= gain
        scores[docs] += added


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
