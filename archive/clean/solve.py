"""Which of the characters that the bytes allow stood at each place: the readings of a damaged stretch, ranked."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archive.clean.language import MARKS, Language, fold
from archive.clean.simplify import simplified, simplified_char

# So many readings go on from place to place; from the first more, as what stands behind it has had no say yet.
BEAM = 40
FIRST = 500
# Readings that the neighbouring characters alone make this much less likely are not weighed any further: at the end,
# and half way, where what stands behind has had no say yet.
HOPELESS = 12.0
FALLEN_BEHIND = 18.0

# What one place may have held, each with the logarithm of its weight apart from the language (0.0 if nothing is known).
Cell = tuple[tuple[str, float], ...]
# Ways to read the places so far, by their simplified characters: each with its score, its weight and its characters.
Paths = Mapping[str, tuple[float, float, str]]


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read some cells: its weight, its characters, and these simplified between what stands around them."""

    weight: float
    raw: str
    text: str


def rank(cells: Sequence[Cell], before: str, after: str, language: Language) -> list[tuple[float, str]]:
    """The likeliest readings of `cells` between `before` and `after`, best first, each with its score.

    Readings that differ only in traditional or simplified characters count as one. `before` may not be empty.
    """
    before, after = fold(before), fold(after)
    possible = hopeful(cells, before, after, language)
    read = language.read([each.text for each in possible])
    return sorted(
        ((each.weight + as_words.score, each.raw) for each, as_words in zip(possible, read, strict=True)), reverse=True
    )


def hopeful(cells: Sequence[Cell], before: str, after: str, language: Language) -> list[Reading]:
    """The readings that the neighbouring characters do not rule out, likeliest first; `before` and `after` folded."""
    beam: Paths = {simplified(before[-2:]): (0.0, 0.0, "")}
    around: list[Cell] = [((before[-1], 0.0),), *cells, ((after[:1], 0.0),) if after else ()]
    cells = [_seen(*three, language) for three in zip(around, around[1:], around[2:], strict=False)]
    for number, cell in enumerate((*cells, around[-1])):
        if cell:
            beam = _best(_grown(beam, cell, language), BEAM if number else FIRST)
    least = max((score for score, _, _ in beam.values()), default=0.0) - HOPELESS
    left = [(weight, raw[: -1 if after else None]) for score, weight, raw in beam.values() if score > least]
    texts = simplified("\n".join(before + raw + after for _, raw in left)).split("\n")
    found: dict[str, Reading] = {}
    for text, (weight, raw) in zip(texts, left, strict=False):
        found.setdefault(text, Reading(weight, raw, text))
    return list(found.values())


def _seen(left: Cell, cell: Cell, right: Cell, language: Language) -> Cell:
    """What is seen elsewhere on one side of where it stands, and marks, if something is on both sides; else all."""
    if len(cell) == 1 or len(left) != 1 or len(right) != 1:
        return cell
    before, after = simplified_char(left[0][0]), simplified_char(right[0][0])
    plain = [simplified_char(text) for text, _ in cell]
    seen = [language.has_seen(before[-1], char[0]) + language.has_seen(char[-1], after[0]) for char in plain]
    if 2 not in seen:
        return cell
    return tuple(option for option, sides in zip(cell, seen, strict=True) if sides or option[0] in MARKS)


def _grown(beam: Paths, cell: Cell, language: Language) -> Paths:
    """The paths that go on with what a place may have held, but for those that have fallen behind already."""
    options = [(text, simplified_char(text), given) for text, given in cell]
    grown: dict[str, tuple[float, float, str]] = {}
    least = -math.inf
    for path, (score, weight, raw) in beam.items():
        behind = language.behind(path)
        for text, plain, given in options:
            value = score + given + behind[plain[0]]
            if value > least:
                least = max(least, value - FALLEN_BEHIND)
                key = path + plain
                if key not in grown or value > grown[key][0]:
                    grown[key] = value, weight + given, raw + text
    return grown


def _best(paths: Paths, most: int) -> Paths:
    ordered = sorted(paths.items(), key=lambda item: -item[1][0])[:most]
    least = ordered[0][1][0] - FALLEN_BEHIND if ordered else 0.0
    return {path: found for path, found in ordered if found[0] > least}
