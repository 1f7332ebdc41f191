"""Sets of notices combine as sets do, however they are kept: one notice lost here is a hit lost in every search."""

from collections.abc import Callable

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from archive.search.subset import Docs, Subset

SIZE = 40
NUMBERS = st.sets(st.integers(0, SIZE - 1))


def listed(docs: set[int]) -> Subset:
    return Subset(SIZE, docs=array(docs))


def masked(docs: set[int]) -> Subset:
    return Subset(SIZE, mask=np.isin(np.arange(SIZE), list(docs)))


def array(docs: set[int]) -> Docs:
    return np.array(sorted(docs), np.intp)


Keep = Callable[[set[int]], Subset]
KEPT = st.sampled_from([listed, masked])


@given(NUMBERS, KEPT, NUMBERS, KEPT)
def test_they_combine_as_sets_do(one: set[int], keep: Keep, other: set[int], keep_other: Keep) -> None:
    a, b = keep(one), keep_other(other)
    for combined, expected in ((a & b, one & other), (a | b, one | other), (a - b, one - other)):
        assert combined.docs.tolist() == sorted(expected)
        assert np.flatnonzero(combined.mask).tolist() == sorted(expected)
        assert len(combined) == len(expected)
    assert Subset.union(SIZE, [a, b, a]).docs.tolist() == sorted(one | other)
    assert [doc for doc in range(SIZE) if doc in a] == sorted(one)


@given(NUMBERS, KEPT, NUMBERS)
@example({3, 5}, listed, set(range(SIZE)))  # so few that these are looked up
def test_what_is_shared_is_found_in_both_lists(one: set[int], keep: Keep, other: set[int]) -> None:
    own, given_docs = keep(one), array(other)
    at, among = own.shared(given_docs)
    assert own.docs[at].tolist() == given_docs[among].tolist() == sorted(one & other)
