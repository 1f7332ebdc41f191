"""The dictionaries of terms: words, and pairs of characters, ascending, in few bytes more than they are long."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from archive.search.arrays import Array

STEP = 32
END = b"\n"  # folding keeps it out of words
USUAL = 48  # bytes that nearly every word is shorter than
SECOND = 0xFFFF


class Words(Sequence[bytes]):
    """Words in UTF-8, each followed by a line break; every 32nd place says where its word begins."""

    def __init__(self, arrays: Mapping[str, Array], name: str) -> None:
        self._data = arrays[name].data
        self._steps = arrays[f"{name}.steps"]
        self._count = int(arrays[f"{name}.count"][0])

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, at: int) -> bytes:  # type: ignore[override]  # no slices
        if not 0 <= at < self._count:
            raise IndexError(at)
        return self._block(at // STEP)[at % STEP]

    def place(self, term: bytes) -> int:
        """Where a word stands or would stand."""
        blocks = range(len(self._steps) - 1)
        block = max(bisect_right(blocks, term, key=self._head) - 1, 0)
        return block * STEP + bisect_left(self._block(block), term) if blocks else 0

    def find(self, term: bytes) -> int | None:
        """Where a word stands, if it is there."""
        at = self.place(term)
        return at if at < self._count and self[at] == term else None

    def between(self, first: int, last: int) -> list[bytes]:
        """The words from one place to before another."""
        begin, end = first // STEP, -(-last // STEP)
        words = bytes(self._data[self._steps[begin] : self._steps[end]]).split(END)
        return words[first - begin * STEP : last - begin * STEP]

    def _head(self, block: int) -> bytes:
        start = int(self._steps[block])
        head, end, _ = bytes(self._data[start : start + USUAL]).partition(END)
        return head if end else self._block(block)[0]

    def _block(self, at: int) -> list[bytes]:
        return bytes(self._data[self._steps[at] : self._steps[at + 1]]).split(END)[:-1]


def pack_words(name: str, words: Sequence[bytes]) -> Iterator[tuple[str, Array]]:
    """The arrays of words, which are ascending."""
    ends = np.cumsum([len(word) + 1 for word in words], dtype=np.int64)
    steps = np.append(ends[STEP - 1 :: STEP], ends[-1:] if len(words) % STEP else [])
    yield name, np.frombuffer(END.join(words) + END if words else b"", np.uint8)
    yield f"{name}.steps", np.concatenate(([0], steps)).astype(np.uint32)
    yield f"{name}.count", np.array([len(words)], np.uint32)


class Grams:
    """Pairs of characters as numbers of 32 bits: every first character once, and the second ones that follow it."""

    def __init__(self, arrays: Mapping[str, Array], name: str) -> None:
        self._firsts: NDArray[np.uint16] = arrays[name]
        self._starts: NDArray[np.uint32] = arrays[f"{name}.starts"]
        self._seconds: NDArray[np.uint16] = arrays[f"{name}.seconds"]

    def __len__(self) -> int:
        return len(self._seconds)

    def place(self, term: int) -> int:
        """Where a pair stands or would stand."""
        first = np.uint16(term >> 16)
        at = int(np.searchsorted(self._firsts, first))
        start = int(self._starts[at])
        if at == len(self._firsts) or self._firsts[at] != first:
            return start
        return start + int(np.searchsorted(self._seconds[start : self._starts[at + 1]], np.uint16(term & SECOND)))

    def find(self, term: int) -> int | None:
        """Where a pair stands, if it is there."""
        first, last = self.beginning(term >> 16)
        second = np.uint16(term & SECOND)
        at = first + int(np.searchsorted(self._seconds[first:last], second))
        return at if at < last and self._seconds[at] == second else None

    def beginning(self, first: int) -> tuple[int, int]:
        """The places of the pairs that begin with a character: the first, and that behind the last."""
        at = int(np.searchsorted(self._firsts, np.uint16(first)))
        if at == len(self._firsts) or self._firsts[at] != first:
            return 0, 0
        return int(self._starts[at]), int(self._starts[at + 1])

    def between(self, first: int, last: int) -> NDArray[np.uint32]:
        """The pairs from one place to before another."""
        firsts = np.searchsorted(self._starts, np.arange(first, last, dtype=np.uint32), side="right") - 1
        return self._firsts[firsts].astype(np.uint32) << np.uint32(16) | self._seconds[first:last]


def pack_grams(name: str, blocks: Iterable[NDArray[np.uint32]]) -> Iterator[tuple[str, Array]]:
    """The arrays of pairs, which come in ascending blocks."""
    pairs = np.concatenate([np.empty(0, np.uint32), *blocks])
    firsts, starts = np.unique(pairs >> np.uint32(16), return_index=True)
    yield name, firsts.astype(np.uint16)
    yield f"{name}.starts", np.append(starts, len(pairs)).astype(np.uint32)
    yield f"{name}.seconds", pairs.astype(np.uint16)
