"""The dictionaries of terms: words, and pairs of characters, ascending, in few bytes more than they are long."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from weakref import proxy

import numpy as np
from numpy.typing import NDArray

from archive.search.arrays import Array, runs

STEP = 32
END = b"\n"  # folding keeps it out of words
USUAL = 48  # bytes that nearly every word is shorter than
SECOND = 0xFFFF


class Words(Sequence[bytes]):
    """Words in UTF-8, each followed by a line break; every 32nd place says where its word begins."""

    def __init__(self, arrays: Mapping[str, Array], name: str) -> None:
        self._data = arrays[name].data
        self._steps = arrays[f"{name}.steps"].data
        self._count = int(arrays[f"{name}.count"][0])
        # Every search for a word begins with the same. A proxy, so that what is kept does not keep an index open.
        self._head: Callable[[int], bytes] = cache(partial(Words._read_head, proxy(self)))

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, at: int) -> bytes:  # type: ignore[override]  # no slices
        if not 0 <= at < self._count:
            raise IndexError(at)
        return self._block(at // STEP)[at % STEP]

    def place(self, term: bytes) -> int:
        """Where a word stands or would stand."""
        at, _ = self._look_up(term)
        return at

    def find(self, term: bytes) -> int | None:
        """Where a word stands, if it is there."""
        at, is_there = self._look_up(term)
        return at if is_there else None

    def between(self, first: int, last: int) -> list[bytes]:
        """The words from one place to before another."""
        begin, end = first // STEP, -(-last // STEP)
        words = bytes(self._data[self._steps[begin] : self._steps[end]]).split(END)
        return words[first - begin * STEP : last - begin * STEP]

    def _look_up(self, term: bytes) -> tuple[int, bool]:
        """Where a word stands or would stand, and whether it is there."""
        if not self._count:
            return 0, False
        block = max(bisect_right(range(len(self._steps) - 1), term, key=self._head) - 1, 0)
        words = self._block(block)
        at = bisect_left(words, term)
        return block * STEP + at, at < len(words) and words[at] == term

    def _read_head(self, block: int) -> bytes:
        start = int(self._steps[block])
        head, end, _ = bytes(self._data[start : start + USUAL]).partition(END)
        return head if end else self._block(block)[0]

    def _block(self, at: int) -> list[bytes]:
        return bytes(self._data[self._steps[at] : self._steps[at + 1]]).split(END)[:-1]


def pack_words(name: str, data: bytes) -> Iterator[tuple[str, Array]]:
    """The arrays of words, which are ascending, each with a line break behind it."""
    units = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(units == END[0]) + 1
    steps = np.append(ends[STEP - 1 :: STEP], ends[-1:] if len(ends) % STEP else [])
    yield name, units
    yield f"{name}.steps", np.concatenate(([0], steps)).astype(np.uint32)
    yield f"{name}.count", np.array([len(ends)], np.uint32)


class Grams:
    """Pairs of characters as numbers of 32 bits: every first character once, and the second ones that follow it."""

    def __init__(self, arrays: Mapping[str, Array], name: str) -> None:
        self._firsts: NDArray[np.uint16] = arrays[name]
        self._starts: NDArray[np.uint32] = arrays[f"{name}.starts"]
        self._seconds: NDArray[np.uint16] = arrays[f"{name}.seconds"]
        self._views = self._firsts.data, self._starts.data, self._seconds.data  # to look at few of them

    def __len__(self) -> int:
        return len(self._seconds)

    def place(self, term: int) -> int:
        """Where a pair stands or would stand."""
        firsts, starts, seconds = self._views
        at = bisect_left(firsts, term >> 16)
        if at == len(firsts) or firsts[at] != term >> 16:
            return int(starts[at])
        return bisect_left(seconds, term & SECOND, starts[at], starts[at + 1])

    def find(self, term: int) -> int | None:
        """Where a pair stands, if it is there."""
        first, last = self.beginning(term >> 16)
        seconds = self._views[2]
        at = bisect_left(seconds, term & SECOND, first, last)
        return at if at < last and seconds[at] == term & SECOND else None

    def beginning(self, first: int) -> tuple[int, int]:
        """The places of the pairs that begin with a character: the first, and that behind the last."""
        firsts, starts, _ = self._views
        at = bisect_left(firsts, first)
        return (starts[at], starts[at + 1]) if at < len(firsts) and firsts[at] == first else (0, 0)

    def between(self, first: int, last: int) -> NDArray[np.uint32]:
        """The pairs from one place to before another."""
        firsts = np.searchsorted(self._starts, np.arange(first, last, dtype=np.uint32), side="right") - 1
        return self._firsts[firsts].astype(np.uint32) << np.uint32(16) | self._seconds[first:last]


def pack_grams(name: str, blocks: Iterable[NDArray[np.uint32]]) -> Iterator[tuple[str, Array]]:
    """The arrays of pairs, which come in ascending blocks."""
    pairs = np.concatenate([np.empty(0, np.uint32), *blocks])
    firsts, sizes = runs(pairs >> np.uint32(16))
    yield name, firsts.astype(np.uint16)
    yield f"{name}.starts", np.concatenate(([0], np.cumsum(sizes))).astype(np.uint32)
    yield f"{name}.seconds", pairs.astype(np.uint16)
