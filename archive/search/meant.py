"""What a query that finds nothing or little was perhaps meant for: a number, a title, or other words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from archive.errors import BadInput
from archive.numbers import near_misses, parse_partial
from archive.search.fold import fold
from archive.search.matching import reading_each
from archive.search.nearly import near_numbers, near_terms
from archive.search.nodes import Node, Number, Phrase, Words
from archive.search.pinyin import sound_key, spelled
from archive.search.plan import Has, Planner, parts_of
from archive.search.snapshot import Snapshot
from archive.search.suggest import frequency, typed_so

FEW = 3  # notices; a word that fewer have is perhaps misspelt
READ = 100  # notices at most, to see whether words stand together
TRIED = 4  # of a kind are offered
WEIGHED = 16  # words that may have been meant are looked at more closely
LONGEST = 40  # characters of a text are looked at
TOGETHER = 5  # words at most that may have been one
LETTERS = re.compile(r"[a-z]{2,}")


@dataclass(frozen=True, slots=True)
class Correction:
    """`word`, which so many notices have, for the text from `start` to before `end`."""

    word: str
    notices: int
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
    """The text with one of its words put right, or all of it if it is in pinyin; likeliest first."""
    folded = fold(text[:LONGEST])
    if LETTERS.fullmatch(folded):
        (sounding,) = _sounding(snapshot, [folded])
        return sorted({*sounding, *typed_so(folded)}, key=lambda term: -frequency(snapshot, term))
    spans = [(a, b) for a, b in _spans(planner, folded) if frequency(snapshot, folded[a:b]) < FEW]
    texts = [folded[start:end] for start, end in spans]
    found = [
        Correction(word, frequency(snapshot, word), start, end)
        for (start, end), span, sounding in zip(spans, texts, _sounding(snapshot, texts), strict=True)
        for word in {*sounding, *near_terms(span)} - {span}
    ]
    found.sort(key=lambda fix: (-len(fix.word), -fix.notices, fix.start))
    likely = (fix for fix in found[:WEIGHED] if fix.notices and _fits(snapshot, folded, fix))
    return list(dict.fromkeys(text[: fix.start] + fix.word + text[fix.end :] for fix in islice(likely, TRIED)))


def _fits(snapshot: Snapshot, folded: str, fix: Correction) -> bool:
    """Whether a word may stand where it would. Too many of two characters sound alike, so these must be known there."""
    around = folded[max(0, fix.start - 2) : fix.start] + fix.word + folded[fix.end : fix.end + 2]
    if len(fix.word) > 2 or around == fix.word:
        return True
    return any(doc in leaf.alive for leaf in snapshot.leaves for doc in reading_each(leaf.segment, Has(around), READ))


def _spans(planner: Planner, folded: str) -> Iterator[tuple[int, int]]:
    """Where a misspelt word may stand: neighbouring words, for a wrong character has it cut apart."""
    bounds = [0]
    for word in planner.tokenizer.words(folded):
        bounds.append(bounds[-1] + len(word))
    for first, start in enumerate(bounds):
        for last in range(first + 1, min(first + TOGETHER + 1, len(bounds))):
            if bounds[last] - start > 1:
                yield start, bounds[last]


def _sounding(snapshot: Snapshot, spans: list[str]) -> list[list[str]]:
    """For each text the words of the index that sound like it, or have it for their pinyin."""
    found: list[list[str]] = [[] for _ in spans]
    wanted = np.array([sound_key(span) for span in spans], np.uint32)
    for leaf in snapshot.leaves:
        keys = leaf.segment.arrays["sounds"]
        first, behind = np.searchsorted(keys, wanted), np.searchsorted(keys, wanted, "right")
        for at in np.flatnonzero(first < behind).tolist():
            for place in leaf.segment.arrays["sounds.words"][first[at] : behind[at]].tolist():
                word = leaf.segment.word_terms[place].decode("utf-8", "surrogatepass")
                if spelled(word) == spelled(spans[at]):
                    found[at].append(word)
    return found
