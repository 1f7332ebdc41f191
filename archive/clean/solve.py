"""Which of the characters that the bytes allow stood at each place: the readings of a damaged stretch, ranked."""

from collections.abc import Mapping, Sequence

from archive.clean.language import Language, fold
from archive.clean.simplify import simplified, simplified_char

# So many readings go on from place to place; from the first more, as what stands behind it has had no say yet.
BEAM = 40
FIRST = 500
# Readings that the neighbouring characters alone make this much less likely are not weighed any further: at the end,
# and half way, where what stands behind has had no say yet.
HOPELESS = 12.0
FALLEN_BEHIND = 20.0

# What one place may have held, with the logarithm of its weight apart from the language (0.0 if nothing is known).
Cell = Mapping[str, float]


def rank(cells: Sequence[Cell], before: str, after: str, language: Language) -> list[tuple[float, str]]:
    """The likeliest readings of `cells` between `before` and `after`, best first, each with its score.

    Readings that differ only in traditional or simplified characters count as one. `before` may not be empty.
    """
    before, after = fold(before), fold(after)
    readings = hopeful(cells, before, after, language)
    if not readings:
        return []
    plain = simplified("\n".join(before + raw + after for _, raw in readings)).split("\n")
    found: dict[str, tuple[float, str]] = {}
    for text, (weight, raw), read in zip(plain, readings, language.read(plain), strict=True):
        found.setdefault(text, (weight + read.score, raw))
    return sorted(found.values(), reverse=True)


def hopeful(cells: Sequence[Cell], before: str, after: str, language: Language) -> list[tuple[float, str]]:
    """The readings that the neighbouring characters do not rule out, likeliest first, each with its weight.

    `before` and `after` are to be folded.
    """
    beam = {simplified(before[-2:]): (0.0, 0.0, "")}
    for number, cell in enumerate((*cells, {after[:1]: 0.0} if after else {})):
        options = [(text, simplified_char(text), given) for text, given in cell.items()]
        grown: dict[str, tuple[float, float, str]] = {}
        for path, (score, weight, raw) in beam.items():
            context = path[-2:]
            for text, plain, given in options:
                value = score + given + language.follows(context, plain[0])
                key = path + plain
                if key not in grown or value > grown[key][0]:
                    grown[key] = value, weight + given, raw + text
        if cell:
            beam = _best(grown, BEAM if number else FIRST)
    least = max((score for score, _, _ in beam.values()), default=0.0) - HOPELESS
    return [(weight, raw[: -1 if after else None]) for score, weight, raw in beam.values() if score > least]


def _best(paths: Mapping[str, tuple[float, float, str]], most: int) -> dict[str, tuple[float, float, str]]:
    ordered = sorted(paths.items(), key=lambda item: -item[1][0])[:most]
    least = ordered[0][1][0] - FALLEN_BEHIND if ordered else 0.0
    return {path: found for path, found in ordered if found[0] > least}
