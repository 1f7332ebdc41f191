"""Postings come back as they went in, whichever form their size gives them."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.search.postings import Inverted, Postings, pack


@st.composite
def inverted(draw: st.DrawFn) -> tuple[int, list[list[int]]]:
    """A number of documents, and lists of them from rare to all."""
    documents = draw(st.sampled_from([1, 2, 9, 255, 256, 700, 3000]))
    dice = draw(st.randoms(use_true_random=False))
    sizes = [max(1, round(documents * share)) for share in draw(st.lists(st.floats(0, 1), min_size=1, max_size=8))]
    return documents, [sorted(dice.sample(range(documents), size)) for size in sizes]


@given(inverted(), st.integers(1, 255))
@settings(max_examples=40)
def test_postings_come_back_as_they_went_in(given_: tuple[int, list[list[int]]], count: int) -> None:
    documents, lists = given_
    docs = np.array([doc for own in lists for doc in own], np.uint16)
    counts = np.where(np.arange(len(docs)) % 3 == 0, count, 1).astype(np.uint8)
    given_postings = Inverted(np.array([len(own) for own in lists]), docs, counts)
    postings = Postings.load(pack("x", given_postings, documents), "x", documents)
    for term, own in enumerate(lists):
        assert postings.docs(term).tolist() == own
        assert np.flatnonzero(postings.mask(term)).tolist() == own
    assert np.flatnonzero(postings.union(0, len(lists))).tolist() == sorted({doc for own in lists for doc in own})
    opened = postings.open()
    assert opened.docs.tolist() == docs.tolist()
    assert opened.counts.tolist() == counts.tolist()
