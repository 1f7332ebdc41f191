"""Postings come back as they went in, whichever form their size gives them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.search.postings import Inverted, Postings, pack


@given(
    documents=st.sampled_from([1, 2, 9, 255, 256, 700, 3000]),
    shares=st.lists(st.floats(0, 1), min_size=1, max_size=8),
    seed=st.integers(0, 1000),
    count=st.integers(1, 255),
)
@settings(max_examples=60, deadline=None)
def test_postings_come_back_as_they_went_in(documents: int, shares: list[float], seed: int, count: int) -> None:
    dice = np.random.default_rng(seed)
    sizes = [max(1, round(documents * share)) for share in shares]
    lists = [sorted(dice.choice(documents, size, replace=False).tolist()) for size in sizes]
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


def test_postings_packed_in_many_blocks_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large index is packed block by block; no term may be lost between them."""
    dice = np.random.default_rng(1)
    lists = [np.sort(dice.choice(900, size, replace=False)) for size in dice.integers(1, 900, 50)]
    docs = np.concatenate(lists).astype(np.uint16)
    inverted = Inverted(np.array(list(map(len, lists))), docs, dice.integers(1, 4, len(docs)).astype(np.uint8))
    whole = pack("x", inverted, 900)
    monkeypatch.setattr("archive.search.postings.BLOCK", 1000)
    for name, array in pack("x", inverted, 900).items():
        assert array.tolist() == whole[name].tolist()
