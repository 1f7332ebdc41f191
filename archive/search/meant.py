"""What a query that finds nothing or little was perhaps meant for: a number, a title, or other words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from archive.errors import BadInput
from archive.numbers import near_misses, parse_partial
from archive.search.fold import fold
from archive.search.invert import sound_key
from archive.search.nearly import near_numbers, near_terms
from archive.search.nodes import Node, Number, Phrase, Words
from archive.search.pinyin import spelled
from archive.search.plan import Planner, parts_of
from archive.search.segment import Segment, places
from archive.search.snapshot import Snapshot
from archive.search.suggest import frequency, typed_so

FEW = 3  # notices; a word that fewer have is perhaps misspelt
TRIED = 4  # of a kind are offered
LONGEST = 40  # characters of a text are looked at
TOGETHER = 5  # words at most that may have been one
LETTERS = re.compile(r"[a-z]{2,}")


@dataclass(frozen=True, slots=True)
class Correction:
    """`word` for the text from `start` to before `end`; the greatest is the likeliest."""

    length: int
    notices: int
    word: str
    start: int
    end: int


def other_queries(snapshot: Snapshot, planner: Planner, text: str, node: Node | None) -> Iterator[str]:
    """What may have been meant by the query `text`, which reads as `node`; likeliest first, at most some."""
    leaves = [part for part in parts_of(node) if isinstance(part, Words | Phrase) and part.text in text]
    numbers = [part.text for part in parts_of(node) if isinstance(part, Number)]
    yield from islice(_numbers(snapshot, numbers or [leaf.text for leaf in leaves]), TRIED)
    fixes = [(leaf.text, _corrections(snapshot, planner, leaf.text)) for leaf in leaves if not numbers]
    fixes = [(old, new) for old, new in fixes if new]
    together = text
    for old, new in fixes:
        together = together.replace(old, new[0], 1)
    if len(fixes) > 1:
        yield together
    yield from islice((text.replace(old, one, 1) for old, new in fixes for one in new), TRIED)


def _numbers(snapshot: Snapshot, texts: list[str]) -> Iterator[str]:
    """Numbers of the index for those that it does not have, and for what is nearly a number."""
    for text in texts:
        try:
            part = parse_partial(text)
        except BadInput:
            yield from map(str, near_misses(text))
        else:
            if part.office and part.year and part.serial:
                yield from near_numbers(snapshot.leaves, part)


def _corrections(snapshot: Snapshot, planner: Planner, text: str) -> list[str]:
    """The text with one of its words put right, or all of them if it is in pinyin; likeliest first."""
    folded = fold(text[:LONGEST])
    if LETTERS.fullmatch(folded):
        terms = {*_sounding(snapshot, folded), *typed_so(folded)}
        return sorted(terms, key=lambda term: -frequency(snapshot, term))
    found = [fix for start, end in _spans(planner, folded) for fix in _fixes(snapshot, folded, start, end)]
    found.sort(key=lambda fix: (-fix.length, -fix.notices, fix.start))
    return list(dict.fromkeys(text[: fix.start] + fix.word + text[fix.end :] for fix in found))


def _spans(planner: Planner, folded: str) -> Iterator[tuple[int, int]]:
    """Where a misspelt word may stand: neighbouring words, for a wrong character has it cut apart.

    Two characters are looked at only where there are no others: too many words of two sound alike.
    """
    bounds = [0]
    for word in planner.tokenizer.words(folded):
        bounds.append(bounds[-1] + len(word))
    for first, start in enumerate(bounds):
        for last in range(first + 1, min(first + TOGETHER + 1, len(bounds))):
            if bounds[last] - start > 2 or (start, bounds[last]) == (0, len(folded)):
                yield start, bounds[last]


def _fixes(snapshot: Snapshot, folded: str, start: int, end: int) -> Iterator[Correction]:
    """The words that sound like a span, or differ from it in one character, if it is not a common word itself."""
    span = folded[start:end]
    if frequency(snapshot, span) >= FEW:
        return
    for word in {*_sounding(snapshot, span), *near_terms(span)} - {span}:
        notices = frequency(snapshot, word)
        if notices:
            yield Correction(len(word), notices, word, start, end)


def _sounding(snapshot: Snapshot, span: str) -> Iterator[str]:
    """The words of the index that sound like a text, or have it for their pinyin."""
    sound = spelled(span)
    for leaf in snapshot.leaves:
        for word in _at_key(leaf.segment, sound_key(span)):
            if spelled(word) == sound:
                yield word


def _at_key(segment: Segment, key: int) -> Iterator[str]:
    keys = segment.arrays["sounds"]
    first = int(places(keys, key)[0])
    behind = first + int(np.count_nonzero(keys[first : first + 100] == key))
    for place in segment.arrays["sounds.words"][first:behind].tolist():
        yield segment.word_terms[place].decode("utf-8", "surrogatepass")
