"""Which of the characters that the bytes allow stood at each place: the readings of a damaged stretch, ranked."""

from collections.abc import Mapping, Sequence

from archive.clean.language import Language, fold
from archive.clean.simplify import simplified, simplified_char

# So many readings go on from place to place; from the first more, as what stands behind it has had no say yet.
BEAM = 40
FIRST = 500
# Readings that the neighbouring characters alone make this much less likely are not weighed any further.
HOPELESS = 12.0

# What one place may have held, with the logarithm of its weight apart from the language (0.0 if nothing is known).
Cell = Mapping[str, float]


def rank(cells: Sequence[Cell], before: str, after: str, language: Language) -> list[tuple[float, str]]:
    """The likeliest readings of `cells` between `before` and `after`, best first, each with its score.

    Readings that differ only in traditional or simplified characters count as one. `before` may not be empty.
    """
    before, after = fold(before), fold(after)
    beam = {simplified(before[-2:]): (0.0, 0.0, "")}
    for number, cell in enumerate((*cells, {after[:1]: 0.0} if after else {})):
        grown: dict[str, tuple[float, float, str]] = {}
        for path, (score, weight, raw) in beam.items():
            for text, given in cell.items():
                plain = simplified_char(text)
                value = score + given + language.follows(path[-2:], plain[0])
                if path + plain not in grown or value > grown[path + plain][0]:
                    grown[path + plain] = value, weight + given, raw + text
        if cell:
            beam = dict(sorted(grown.items(), key=lambda item: -item[1][0])[: BEAM if number else FIRST])
    found: dict[str, tuple[float, str]] = {}
    hopeless = max((score for score, _, _ in beam.values()), default=0.0) - HOPELESS
    for score, weight, raw in beam.values():
        if score > hopeless:
            plain = simplified(before + raw + after[1:])
            found.setdefault(plain, (weight + language.score(plain), raw[: -1 if after else None]))
    return sorted(found.values(), reverse=True)
