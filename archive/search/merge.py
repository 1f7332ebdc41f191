"""Several segments, or some notices of them, as the texts of one: no text is segmented or inverted again.

Terms are merged in stretches of some millions of postings, so that memory stays flat however much there is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from archive.search.arrays import Array, runs
from archive.search.invert import COLUMNS, GRAMS, sorted_initials, sounding, sounds
from archive.search.postings import Inverted, Postings, pack
from archive.search.segment import Segment
from archive.search.terms import Grams, Words, pack_grams, pack_words
from archive.search.texts import pack_texts

BLOCK = 1 << 21
GONE = -1

Terms = TypeVar("Terms", Words, Grams)


@dataclass(frozen=True, slots=True)
class Source:
    """The notices `docs`, ascending, of a segment."""

    segment: Segment
    docs: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Field(Generic[Terms]):
    """The terms and postings of one field of a source, and the new number of every document, or GONE."""

    terms: Terms
    postings: Postings
    numbers: NDArray[np.int64]
    is_whole: bool

    def open(self, first: int, last: int) -> tuple[Inverted, NDArray[np.int64]]:
        """The postings of some terms, and the new numbers of their documents; without the documents that are gone."""
        opened = self.postings.open(first, last)
        docs = self.numbers[opened.docs]
        if self.is_whole:
            return opened, docs
        kept = docs != GONE
        before = np.concatenate(([0], np.cumsum(kept)))
        ends = np.cumsum(opened.sizes)
        sizes = before[ends] - before[ends - opened.sizes]
        return Inverted(sizes, opened.docs[kept], opened.counts[kept]), docs[kept]


def merge(sources: Sequence[Source]) -> Iterator[tuple[str, Array]]:
    """The arrays of the texts of all sources one after the other; at most 65,536 notices."""
    count = sum(len(source.docs) for source in sources)
    numbers = _numbers(sources)
    for name in COLUMNS:
        yield name, np.concatenate([s.segment.arrays[name][s.docs] for s in sources])
    yield from _initials(sources, numbers)
    words = [
        Field(s.segment.word_terms, s.segment.words, own, len(s.docs) == s.segment.count)
        for s, own in zip(sources, numbers, strict=True)
    ]
    yield from _merge_words(words, count)
    for name in GRAMS:
        grams = [
            Field(s.segment.gram_terms[name], s.segment.grams[name], own, len(s.docs) == s.segment.count)
            for s, own in zip(sources, numbers, strict=True)
        ]
        yield from _merge_grams(name, grams, count)
    alphabet = max(sources, key=lambda source: len(source.docs)).segment.texts.alphabet
    texts = (source.segment.texts.units(doc) for source in sources for doc in source.docs.tolist())
    unfolded = (source.segment.texts.unfolded(doc) for source in sources for doc in source.docs.tolist())
    yield from pack_texts(alphabet, texts, unfolded)


def _numbers(sources: Sequence[Source]) -> list[NDArray[np.int64]]:
    first = 0
    numbers = []
    for source in sources:
        own = np.full(source.segment.count, GONE, np.int64)
        own[source.docs] = np.arange(first, first + len(source.docs))
        numbers.append(own)
        first += len(source.docs)
    return numbers


def _initials(sources: Sequence[Source], numbers: Sequence[Array]) -> Iterator[tuple[str, Array]]:
    keys = np.concatenate([source.segment.arrays["initials"] for source in sources])
    docs = np.concatenate([own[s.segment.arrays["initials.docs"]] for s, own in zip(sources, numbers, strict=True)])
    return sorted_initials(keys[docs != GONE], docs[docs != GONE])


def _merge_words(fields: Sequence[Field[Words]], count: int) -> Iterator[tuple[str, Array]]:
    lines: list[bytes] = []
    sounds_of: list[tuple[Array, Array]] = []
    terms = 0

    def blocks() -> Iterator[Inverted]:
        nonlocal terms
        for spans in _stretches(fields):
            lists = [field.terms.between(*span) for field, span in zip(fields, spans, strict=True)]
            union = sorted(set().union(*lists))
            place = {term: at for at, term in enumerate(union)}
            places = [np.array([place[term] for term in own], np.int64) for own in lists]
            kept, merged = _merge_block(fields, spans, places, len(union))
            lines.append(b"".join(union[at] + b"\n" for at in kept.tolist()))
            sounds_of.append(sounding(lines[-1], merged.sizes, terms))
            terms += len(kept)
            yield merged

    yield from pack("words", blocks(), count)
    yield from pack_words("words.terms", b"".join(lines))
    yield from sounds((np.concatenate([keys for keys, _ in sounds_of]), np.concatenate([at for _, at in sounds_of])))


def _merge_grams(name: str, fields: Sequence[Field[Grams]], count: int) -> Iterator[tuple[str, Array]]:
    pairs: list[NDArray[np.uint32]] = []

    def blocks() -> Iterator[Inverted]:
        for spans in _stretches(fields):
            lists = [field.terms.between(*span) for field, span in zip(fields, spans, strict=True)]
            union, _ = runs(np.sort(np.concatenate(lists)))
            places = [np.searchsorted(union, own) for own in lists]
            kept, merged = _merge_block(fields, spans, places, len(union))
            pairs.append(union[kept])
            yield merged

    yield from pack(name, blocks(), count)
    yield from pack_grams(f"{name}.terms", pairs)


def _stretches(fields: Sequence[Field[Terms]]) -> Iterator[list[tuple[int, int]]]:
    """Stretches of terms, for every field the first place and that behind the last; the one with most terms decides."""
    most = max(fields, key=lambda field: len(field.terms))
    ends = np.cumsum(most.postings.sizes(0, len(most.terms)))
    parts = sum(field.postings.total for field in fields) // BLOCK + 1
    cuts = np.searchsorted(ends, np.arange(1, parts) * (ends[-1] if len(ends) else 0) // parts)
    terms = [most.terms.between(place, place + 1)[0] for place in np.unique(cuts).tolist()]
    inner: list[list[int]] = [[field.terms.place(term) for field in fields] for term in terms]
    for first, last in pairwise([[0] * len(fields), *inner, [len(field.terms) for field in fields]]):
        yield list(zip(first, last, strict=True))


def _merge_block(
    fields: Sequence[Field[Terms]], spans: Sequence[tuple[int, int]], places: Sequence[Array], terms: int
) -> tuple[NDArray[np.intp], Inverted]:
    """Which of so many terms any document still has, and their postings."""
    opened = [field.open(*span) for field, span in zip(fields, spans, strict=True)]
    sizes = np.zeros(terms, np.int64)
    for (own, _), place in zip(opened, places, strict=True):
        sizes[place] += own.sizes
    free = np.cumsum(sizes) - sizes  # where the next document of each term goes
    docs, counts = np.empty(int(sizes.sum()), np.uint16), np.empty(int(sizes.sum()), np.uint8)
    for (own, numbers), place in zip(opened, places, strict=True):
        begins = np.cumsum(own.sizes) - own.sizes
        targets = np.repeat(free[place] - begins, own.sizes) + np.arange(len(numbers))
        docs[targets] = numbers
        counts[targets] = own.counts
        free[place] += own.sizes
    kept = np.flatnonzero(sizes)
    return kept, Inverted(sizes[kept], docs, counts)
