"""Postings: for every term the ascending numbers of the documents that have it, and how often, as flat arrays.

A list is kept in the smallest of three forms, which its size alone decides: two bytes a document where it is rare,
the gaps between documents in single bytes where it is common (255 means "and more"), one bit a document of the
segment where it is frequent. Counts are kept only where they are not 1. All of it decodes without a loop.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from archive.search.arrays import Array

MAX_DOCS = 1 << 16
ESCAPE = 255
BLOCK = 1 << 22

T = TypeVar("T", int, NDArray[Any])
Docs = NDArray[np.uint16]
Counts = NDArray[np.uint8]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Inverted:
    """Postings laid open: `sizes` documents for each term, `docs` and `counts` of all terms end to end."""

    sizes: NDArray[np.int64]
    docs: Docs
    counts: Counts


@dataclass(frozen=True, slots=True)
class Postings:
    """Postings as stored, of a segment of `documents` documents."""

    documents: int
    sizes: NDArray[np.uint32]
    starts: NDArray[np.uint32]
    data: NDArray[np.uint8]
    more_starts: NDArray[np.uint32]
    more_at: NDArray[np.uint16]
    more_counts: Counts

    @classmethod
    def load(cls, arrays: Mapping[str, Array], name: str, documents: int) -> "Postings":
        """The postings that `pack` put among `arrays` under `name`."""
        parts = ("sizes", "starts", "data", "more_starts", "more_at", "more_counts")
        return cls(documents, *(arrays[f"{name}.{part}"] for part in parts))

    def docs(self, term: int) -> NDArray[np.integer]:
        """The documents of a term, ascending."""
        size, start, end = int(self.sizes[term]), int(self.starts[term]), int(self.starts[term + 1])
        data = self.data[start:end]
        if is_rare(size, self.documents):
            return data.view(np.uint16)
        if is_frequent(size, self.documents):
            return np.flatnonzero(
                np.unpackbits(data, count=self.documents).view(np.bool_)
            )  # six times faster than bytes
        steps = np.cumsum(data, dtype=np.intp)  # numpy takes other types to this one whenever they index
        return steps[data != ESCAPE] if len(data) != size else steps

    def counts(self, term: int) -> tuple[NDArray[np.uint16], Counts]:
        """Which places of `docs(term)` have a count other than 1, and what it is."""
        part = slice(self.more_starts[term], self.more_starts[term + 1])
        return self.more_at[part], self.more_counts[part]

    def mask(self, term: int) -> Mask:
        """Which documents have the term."""
        mask = np.zeros(self.documents, np.bool_)
        mask[self.docs(term)] = True
        return mask

    def union(self, first: int, last: int) -> Mask:
        """Which documents have any of the terms `first` to before `last`."""
        mask = np.zeros(self.documents, np.bool_)
        rare = is_rare(self.sizes[first:last], self.documents)
        mask[_spans(self.data.view(np.uint8), self.starts[first:last][rare], self.sizes[first:last][rare])] = True
        for term in np.flatnonzero(~rare):
            mask[self.docs(first + int(term))] = True
        return mask

    def open(self) -> Inverted:
        """All of the postings laid open, to be merged with others."""
        sizes = self.sizes.astype(np.int64)
        docs = np.empty(sizes.sum(), np.uint16)
        ends = np.cumsum(sizes)
        rare = is_rare(sizes, self.documents)
        docs[np.repeat(rare, sizes)] = _spans(self.data, self.starts[:-1][rare], sizes[rare])
        for term in np.flatnonzero(~rare):
            docs[ends[term] - sizes[term] : ends[term]] = self.docs(int(term))
        counts = np.ones(len(docs), np.uint8)
        places = np.repeat(ends - sizes, self.more_starts[1:] - self.more_starts[:-1]) + self.more_at
        counts[places] = self.more_counts
        return Inverted(sizes, docs, counts)


def pack(name: str, inverted: Inverted, documents: int) -> dict[str, Array]:
    """The arrays of `inverted`, each under `name`."""
    blocks = [_pack_block(block, documents) for block in _blocks(inverted)]
    lengths, data, more, more_at, more_counts = (np.concatenate(arrays) for arrays in zip(*blocks, strict=True))
    return {
        f"{name}.sizes": inverted.sizes.astype(np.uint32),
        f"{name}.starts": _starts(lengths),
        f"{name}.data": data,
        f"{name}.more_starts": _starts(more),
        f"{name}.more_at": more_at,
        f"{name}.more_counts": more_counts,
    }


def _blocks(inverted: Inverted) -> Iterator[Inverted]:
    """The terms in stretches of some millions of postings, so that packing takes little memory beside them."""
    ends = np.cumsum(inverted.sizes)
    total = int(ends[-1]) if len(ends) else 0
    cuts = np.unique(np.searchsorted(ends, np.arange(BLOCK, total, BLOCK))).tolist()
    for first, last in pairwise([0, *(cut for cut in cuts if cut), len(ends)]):
        start, end = int(ends[first - 1]) if first else 0, int(ends[last - 1]) if last else 0
        yield Inverted(inverted.sizes[first:last], inverted.docs[start:end], inverted.counts[start:end])


def _pack_block(inverted: Inverted, documents: int) -> tuple[Array, ...]:
    """For each term the bytes of its documents and the number of its counts beyond 1; then those bytes and counts."""
    sizes = inverted.sizes
    starts, data = _pack_docs(inverted, documents)
    more = np.flatnonzero(inverted.counts > 1)
    term_of = np.repeat(np.arange(len(sizes), dtype=np.uint32), sizes)[more]
    begins = np.cumsum(sizes) - sizes
    counted = np.bincount(term_of, minlength=len(sizes))
    return (
        starts[1:] - starts[:-1],
        data,
        counted,
        (more - begins[term_of]).astype(np.uint16),
        inverted.counts[more],
    )


def is_rare(size: T, documents: int) -> T:
    """Whether two bytes a document are the shortest form: gaps take one, and one more for every 255 skipped."""
    return size <= documents // ESCAPE + 1


def is_frequent(size: T, documents: int) -> T:
    """Whether a bit for every document of the segment is the shortest form."""
    return size > max(documents // 8, documents // ESCAPE + 1)


def _pack_docs(inverted: Inverted, documents: int) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
    sizes, docs = inverted.sizes, inverted.docs
    begins = np.cumsum(sizes) - sizes
    rare, frequent = is_rare(sizes, documents), is_frequent(sizes, documents)
    common = ~rare & ~frequent
    gaps, gap_bytes = _gaps(docs[np.repeat(common, sizes)], sizes[common])
    lengths = np.where(rare, 2 * sizes, 0)
    lengths[frequent] = -(-documents // 8)
    lengths[common] = gap_bytes
    lengths += lengths & 1  # two-byte numbers stand at even places
    starts = _starts(lengths)
    data = np.zeros(int(starts[-1]), np.uint8)
    data.view(np.uint16)[_ranges(starts[:-1][rare] // 2, sizes[rare])] = docs[np.repeat(rare, sizes)]
    data[_ranges(starts[:-1][common], gap_bytes)] = gaps
    data[(starts[:-1][common] + gap_bytes)[gap_bytes % 2 == 1]] = ESCAPE  # padding that decodes to nothing
    for term in np.flatnonzero(frequent):
        mask = np.zeros(documents, np.bool_)
        mask[docs[begins[term] : begins[term] + sizes[term]]] = True
        bits = np.packbits(mask)
        data[starts[term] : starts[term] + len(bits)] = bits
    return starts, data


def _gaps(docs: Docs, sizes: NDArray[np.int64]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The gaps of lists end to end as bytes, and how many bytes each list takes. A list's first gap is from 0."""
    begins = np.cumsum(sizes) - sizes
    gaps = docs.astype(np.int64)
    gaps[1:] -= docs[:-1]
    gaps[begins] = docs[begins]
    ends = np.cumsum(1 + gaps // ESCAPE)
    data = np.full(int(ends[-1]) if len(ends) else 0, ESCAPE, np.uint8)
    data[ends - 1] = gaps % ESCAPE
    lasts = np.concatenate(([0], ends[begins + sizes - 1] if len(sizes) else ends))
    return data, lasts[1:] - lasts[:-1]


def _spans(data: NDArray[np.uint8], starts: Array, sizes: Array) -> NDArray[np.uint16]:
    """The two-byte numbers of several stretches of `data`, end to end."""
    return data[: len(data) & ~1].view(np.uint16)[_ranges(starts // 2, sizes)]


def _ranges(starts: Array, sizes: Array) -> NDArray[np.int64]:
    """The places of several stretches, end to end."""
    sizes = sizes.astype(np.int64)
    ends = np.cumsum(sizes)
    places: NDArray[np.int64] = np.repeat(starts.astype(np.int64) - (ends - sizes), sizes)
    places += np.arange(len(places))
    return places


def _starts(lengths: Array) -> NDArray[np.uint32]:
    return np.concatenate(([0], np.cumsum(lengths))).astype(np.uint32)
