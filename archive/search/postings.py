"""Postings: for every term the ascending numbers of the documents that have it, and how often, as flat arrays.

A list is kept in the smallest of four forms, which its size alone decides:

    rare      two bytes a document, the lists of all rare terms end to end
    split     the low byte of each document, then its high byte in unary: so many bits of 0 as it grew, and a 1
    common    the gaps between documents in single bytes (255 means "and more")
    frequent  one bit for each document of the segment

Most terms are rare: they cost one byte beside their documents, the size; every 64th place says where its list begins.
The others are few and have a table. Counts are kept only where they are not 1, as pairs of bytes: the gap to the place
in the list, and the count. All of it decodes without a loop.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from weakref import proxy

import numpy as np
from numpy.typing import NDArray

from archive.search.arrays import Array
from archive.search.subset import Mask, Subset

MAX_DOCS = 1 << 16
ESCAPE = 255
STEP = 64
RECENT = 32  # lists are kept, for what a query looks for is what it scores by

Docs = NDArray[np.uint16]
Counts = NDArray[np.uint8]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Inverted:
    """Postings laid open: `sizes` documents for each term, `docs` and `counts` of all terms end to end."""

    sizes: Numbers
    docs: Docs
    counts: Counts


def most_rare(documents: int) -> int:
    """Up to how many documents two bytes each are the shortest form, with the ten that a place in the table takes."""
    return ((documents - 1) // 256 + 97) // 7


def most_split(documents: int) -> int:
    """Up to how many documents the split form is shorter than gaps, of which many would be beyond 254."""
    return documents // 141


def most_common(documents: int) -> int:
    """Up to how many documents gaps are shorter than a bit for every document of the segment."""
    return documents // 8


class Postings:
    """Postings as stored, of a segment of `documents` documents."""

    def __init__(self, arrays: Mapping[str, Array], name: str, documents: int) -> None:
        """The postings that `pack` named so."""
        self.documents = documents
        self._sizes: NDArray[np.uint8] = arrays[f"{name}.sizes"]
        self._few = self._sizes.data  # one number of these costs a tenth of one of the array
        self._steps: NDArray[np.uint32] = arrays[f"{name}.steps"]
        self._docs: Docs = arrays[f"{name}.docs"]
        self._many: NDArray[np.uint32] = arrays[f"{name}.many"]
        self._many_places = self._many.data
        self._many_sizes: Docs = arrays[f"{name}.many.sizes"]
        self._starts: NDArray[np.uint32] = arrays[f"{name}.many.starts"]
        self._data: NDArray[np.uint8] = arrays[f"{name}.many.data"]
        self._more: NDArray[np.uint32] = arrays[f"{name}.more"]
        self._more_places = self._more.data
        self._more_starts: NDArray[np.uint32] = arrays[f"{name}.more.starts"]
        self._more_start_places = self._more_starts.data
        self._more_pairs: NDArray[np.uint8] = arrays[f"{name}.more.pairs"]
        # A proxy, so that what is kept does not keep an index open that was replaced.
        own = proxy(self)
        # Which documents have a term, and how often each of them, ascending, has it.
        self.having: Callable[[int], Subset] = lru_cache(RECENT)(partial(Postings._having, own))
        self.counts: Callable[[int], Counts] = lru_cache(RECENT)(partial(Postings._counts, own))

    def __len__(self) -> int:
        return len(self._sizes)

    @property
    def total(self) -> int:
        """How many documents all lists have."""
        return len(self._docs) + int(self._many_sizes.sum(dtype=np.int64)) + len(self._many)

    def size(self, term: int) -> int:
        """How many documents have the term."""
        return self._few[term] or int(self._many_sizes[bisect_left(self._many_places, term)]) + 1

    def sizes(self, first: int, last: int) -> Numbers:
        """How many documents have each of the terms `first` to before `last`."""
        sizes = self._sizes[first:last].astype(np.int64)
        begin, end = bisect_left(self._many_places, first), bisect_left(self._many_places, last)
        sizes[self._many[begin:end] - np.uint32(first)] = self._many_sizes[begin:end].astype(np.int64) + 1
        return sizes

    def having_any(self, first: int, last: int) -> Subset:
        """Which documents have any of the terms `first` to before `last`."""
        mask = np.zeros(self.documents, np.bool_)
        mask[self._docs[self._start(first) : self._start(last)]] = True
        many = np.arange(bisect_left(self._many_places, first), bisect_left(self._many_places, last))
        sizes = self._many_sizes[many].astype(np.int64) + 1
        split, common, frequent = _forms(sizes, self.documents)
        for at in many[frequent].tolist():
            mask |= self._mask(self._data[self._starts[at] : self._starts[at + 1]])
        for form, read in ((common, self._open_common), (split, self._open_split)):
            if form.any() and not mask.all():
                mask[read(many[form], sizes[form])] = True
        return Subset(self.documents, mask=mask)

    def _having(self, term: int) -> Subset:
        few = self._few[term]
        if few:
            start = self._start(term)
            return Subset(self.documents, docs=self._docs[start : start + few].astype(np.intp))
        at = bisect_left(self._many_places, term)
        size = int(self._many_sizes[at]) + 1
        data = self._data[self._starts[at] : self._starts[at + 1]]
        if size <= most_split(self.documents):
            return Subset(self.documents, docs=_unsplit(data, size))
        if size > most_common(self.documents):
            return Subset(self.documents, mask=self._mask(data))
        steps = data.cumsum(dtype=np.intp)  # numpy takes other types to this one whenever they index
        return Subset(self.documents, docs=steps[data != ESCAPE] if len(data) != size else steps)

    def _mask(self, data: NDArray[np.uint8]) -> Mask:
        """Which documents a frequent list has."""
        return np.unpackbits(data, count=self.documents).view(np.bool_)

    def _counts(self, term: int) -> Counts:
        counts = np.ones(self.size(term), np.uint8)
        at = bisect_left(self._more_places, term)
        if at < len(self._more) and self._more_places[at] == term:
            pairs = self._more_pairs[2 * self._more_start_places[at] : 2 * self._more_start_places[at + 1]]
            places, more = pairs[::2].cumsum(dtype=np.intp), pairs[1::2]
            if not more.all():
                places, more = places[more > 0], more[more > 0]
            counts[places] = more
        return counts

    def open(self, first: int, last: int) -> Inverted:
        """The postings of the terms `first` to before `last` laid open, to be merged with others."""
        sizes = self.sizes(first, last)
        return Inverted(sizes, self._open_docs(first, sizes), self._open_counts(first, sizes))

    def _start(self, term: int) -> int:
        """Where the documents of a rare term begin, or would if it were one."""
        block = term // STEP
        return int(self._steps[block]) + sum(self._few[block * STEP : term])

    def _open_docs(self, first: int, sizes: Numbers) -> Docs:
        """The documents of terms of those sizes, from the first on."""
        last = first + len(sizes)
        docs = np.empty(int(sizes.sum()), np.uint16)
        rare = self._sizes[first:last] > 0
        docs[np.repeat(rare, sizes)] = self._docs[self._start(first) : self._start(last)]
        split, common, frequent = _forms(sizes, self.documents)
        for form, read in (
            (split & ~rare, self._open_split),
            (common & ~rare, self._open_common),
            (frequent & ~rare, self._open_frequent),
        ):
            terms = np.flatnonzero(form)
            if len(terms):
                at = np.searchsorted(self._many, (terms + first).astype(np.uint32))
                docs[np.repeat(form, sizes)] = read(at, sizes[terms])
        return docs

    def _open_split(self, at: Array, sizes: Numbers) -> Docs:
        starts = self._starts[at].astype(np.int64)
        low = self._data[ranges(starts, sizes)]
        lengths = self._starts[at + 1] - starts - sizes
        ones = np.flatnonzero(np.unpackbits(self._data[ranges(starts + sizes, lengths)]).view(np.bool_))
        begins = 8 * (np.cumsum(lengths) - lengths)
        places = np.arange(len(ones)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        docs: Docs = ((ones - np.repeat(begins, sizes) - places) << 8 | low).astype(np.uint16)
        return docs

    def _open_frequent(self, at: Array, sizes: Numbers) -> Docs:  # noqa: ARG002  # as the others
        size = -(-self.documents // 8)
        data = self._data[ranges(self._starts[at], np.full(len(at), size))].reshape(-1, size)
        bits = np.unpackbits(data, axis=1, count=self.documents).view(np.bool_)
        return np.nonzero(bits)[1].astype(np.uint16)

    def _open_common(self, at: Array, sizes: Numbers) -> Docs:  # noqa: ARG002
        starts = self._starts[at].astype(np.int64)
        lengths = self._starts[at + 1] - starts
        data = self._data[ranges(starts, lengths)]
        docs: Docs = _summed(data, lengths)[data != ESCAPE].astype(np.uint16)
        return docs

    def _open_counts(self, first: int, sizes: Numbers) -> Counts:
        counts = np.ones(int(sizes.sum()), np.uint8)
        begin, end = (bisect_left(self._more_places, at) for at in (first, first + len(sizes)))
        starts = self._more_starts[begin : end + 1].astype(np.int64)
        pairs = self._more_pairs[2 * int(starts[0]) : 2 * int(starts[-1])]
        terms = self._more[begin:end].astype(np.int64) - first
        lengths = np.diff(starts)
        real = pairs[1::2] > 0
        lists = np.repeat((np.cumsum(sizes) - sizes)[terms], lengths)[real]
        counts[lists + _summed(pairs[::2], lengths)[real]] = pairs[1::2][real]
        return counts


def pack(name: str, blocks: Iterable[Inverted], documents: int) -> Iterator[tuple[str, Array]]:
    """The arrays of postings whose terms come in blocks, each under `name`."""
    packed: dict[str, list[Array]] = {}
    terms = 0
    for block in blocks:
        for part, array in _pack_block(block, documents, terms).items():
            packed.setdefault(part, []).append(array)
        terms += len(block.sizes)
    if not packed:
        empty = Inverted(np.empty(0, np.int64), np.empty(0, np.uint16), np.empty(0, np.uint8))
        packed = {part: [array] for part, array in _pack_block(empty, documents, 0).items()}
    for part in tuple(packed):
        array = np.concatenate(packed.pop(part))
        if part == "sizes":
            yield f"{name}.steps", _steps(array)
        yield f"{name}.{part}", _starts(array) if part.endswith(".starts") else array


def _forms(sizes: Numbers, documents: int) -> tuple[Mask, Mask, Mask]:
    """Which lists that are not rare are split, common and frequent."""
    split, frequent = sizes <= most_split(documents), sizes > most_common(documents)
    return split, ~split & ~frequent, frequent & ~split


def _pack_block(block: Inverted, documents: int, first: int) -> dict[str, Array]:
    """The arrays of one block; those of starts are lengths as yet."""
    sizes = block.sizes
    rare = sizes <= most_rare(documents)
    many = np.flatnonzero(~rare)
    lengths, data = _pack_many(sizes[many], block.docs[np.repeat(~rare, sizes)], documents)
    more, pairs, pair_lengths = _pack_counts(block)
    return {
        "sizes": np.where(rare, sizes, 0).astype(np.uint8),
        "docs": block.docs[np.repeat(rare, sizes)],
        "many": (many + first).astype(np.uint32),
        "many.sizes": (sizes[many] - 1).astype(np.uint16),
        "many.starts": lengths,
        "many.data": data,
        "more": (more + first).astype(np.uint32),
        "more.starts": pair_lengths,
        "more.pairs": pairs,
    }


def _pack_many(sizes: Numbers, docs: Docs, documents: int) -> tuple[Numbers, NDArray[np.uint8]]:
    """The bytes of lists that are not rare, and how many each takes."""
    split, common, frequent = _forms(sizes, documents)
    begins = np.cumsum(sizes) - sizes
    gaps, ends = _gaps(docs[np.repeat(common, sizes)], sizes[common])
    high_bits = (docs[begins + sizes - 1] >> 8).astype(np.int64) + sizes
    high_bytes = -(-high_bits // 8)[split]
    lengths = np.full(len(sizes), -(-documents // 8))
    lengths[common] = gap_lengths = _lengths(ends, sizes[common])
    lengths[split] = sizes[split] + high_bytes
    starts = np.cumsum(lengths) - lengths
    data = np.zeros(int(lengths.sum()), np.uint8)
    data[ranges(starts[common], gap_lengths)] = gaps
    own = docs[np.repeat(split, sizes)]
    data[ranges(starts[split], sizes[split])] = own.astype(np.uint8)
    data[ranges(starts[split] + sizes[split], high_bytes)] = _unary(own, sizes[split], high_bytes)
    for term in np.flatnonzero(frequent):
        mask = np.zeros(documents, np.bool_)
        mask[docs[begins[term] : begins[term] + sizes[term]]] = True
        data[starts[term] : starts[term] + lengths[term]] = np.packbits(mask)
    return lengths, data


def _unary(docs: Docs, sizes: Numbers, lengths: Numbers) -> NDArray[np.uint8]:
    """The high bytes of lists end to end as bits, each list at a whole byte."""
    bits = np.zeros(8 * int(lengths.sum()), np.bool_)
    places = np.arange(len(docs)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    bits[np.repeat(8 * (np.cumsum(lengths) - lengths), sizes) + (docs >> 8) + places] = True
    return np.packbits(bits)


def _unsplit(data: NDArray[np.uint8], size: int) -> NDArray[np.intp]:
    (high,) = np.unpackbits(data[size:]).view(np.bool_).nonzero()
    high -= np.arange(size)
    high <<= 8
    high |= data[:size]
    return high


def _pack_counts(block: Inverted) -> tuple[Array, NDArray[np.uint8], Numbers]:
    """The terms with any count beyond 1, the pairs of them all end to end, and how many pairs each has."""
    more = np.flatnonzero(block.counts > 1)
    begins = np.cumsum(block.sizes) - block.sizes
    owner = (
        np.searchsorted(begins, more, side="right") - 1
    )  # an empty list never owns any: it begins where the next does
    terms, firsts = np.unique(owner, return_index=True)
    sizes = np.diff(np.append(firsts, len(owner)))
    gaps, ends = _gaps((more - begins[owner]).astype(np.uint16), sizes)
    pairs = np.zeros((len(gaps), 2), np.uint8)
    pairs[:, 0] = gaps
    pairs[ends - 1, 1] = block.counts[more]
    return terms, pairs.reshape(-1), _lengths(ends, sizes)


def _gaps(numbers: Docs, sizes: Numbers) -> tuple[NDArray[np.uint8], Numbers]:
    """The gaps of ascending lists end to end as bytes, and where each gap ends. A list's first gap is from 0."""
    begins = np.cumsum(sizes) - sizes
    gaps = numbers.astype(np.int64)
    gaps[1:] -= numbers[:-1]
    gaps[begins] = numbers[begins]
    ends = np.cumsum(1 + gaps // ESCAPE)
    data = np.full(int(ends[-1]) if len(ends) else 0, ESCAPE, np.uint8)
    data[ends - 1] = gaps % ESCAPE
    return data, ends


def _lengths(ends: Numbers, sizes: Numbers) -> Numbers:
    """How many bytes each list takes whose gaps end there."""
    lengths: Numbers = np.diff(np.concatenate(([0], ends))[np.cumsum(sizes)], prepend=0)
    return lengths


def _summed(data: NDArray[np.uint8], lengths: Numbers) -> Numbers:
    """The sums of bytes from the beginning of each list."""
    sums = np.concatenate(([0], np.cumsum(data, dtype=np.int64)))
    summed: Numbers = sums[1:] - np.repeat(sums[np.cumsum(lengths) - lengths], lengths)
    return summed


def ranges(starts: Array, sizes: Array) -> Numbers:
    """The places of several stretches, end to end."""
    sizes = sizes.astype(np.int64)
    ends = np.cumsum(sizes)
    places: Numbers = np.repeat(starts.astype(np.int64) - (ends - sizes), sizes)
    places += np.arange(len(places))
    return places


def _steps(sizes: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Where the documents of every 64th term begin, and of the next after the last."""
    ends = np.cumsum(sizes, dtype=np.int64)
    return np.concatenate(([0], ends[STEP - 1 :: STEP])).astype(np.uint32)


def _starts(lengths: Array) -> NDArray[np.uint32]:
    return np.concatenate(([0], np.cumsum(lengths))).astype(np.uint32)
