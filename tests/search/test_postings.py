"""Postings come back as they went in, whichever form their size gives them."""

import numpy as np
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
    postings = Postings(dict(pack("x", [given_postings], documents)), "x", documents)
    for term, own in enumerate(lists):
        assert postings.having(term).docs.tolist() == own
        assert np.flatnonzero(postings.having(term).mask).tolist() == own
    assert [postings.size(term) for term in range(len(lists))] == sizes
    for first, last in ((0, len(lists)), (len(lists) // 2, len(lists)), (1, 1)):
        union = {doc for own in lists[first:last] for doc in own}
        assert postings.having_any(first, last).docs.tolist() == sorted(union)
        opened = postings.open(first, last)
        assert opened.sizes.tolist() == sizes[first:last]
        assert opened.docs.tolist() == [doc for own in lists[first:last] for doc in own]
        assert opened.counts.tolist() == counts[sum(sizes[:first]) : sum(sizes[:last])].tolist()


def test_postings_packed_in_many_blocks_are_the_same() -> None:
    """A large index is packed block by block; no term may be lost between them."""
    dice = np.random.default_rng(1)
    lists = [np.sort(dice.choice(900, size, replace=False)).astype(np.uint16) for size in dice.integers(1, 900, 50)]
    blocks = [
        Inverted(np.array(list(map(len, own))), np.concatenate(own), dice.integers(1, 4, sum(map(len, own)), np.uint8))
        for own in (lists[:7], lists[7:8], lists[8:])
    ]
    joined = [np.concatenate([getattr(block, part) for block in blocks]) for part in ("sizes", "docs", "counts")]
    whole = dict(pack("x", [Inverted(*joined)], 900))
    packed = dict(pack("x", blocks, 900))
    assert packed.keys() == whole.keys()
    for name, array in packed.items():
        assert array.tolist() == whole[name].tolist()
