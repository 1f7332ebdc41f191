"""Characters that their neighbours leave no doubt of: the quick way, before the rest is solved by all that is known.

A gap, or two side by side, is settled by what is seen in a row in data/lexicon, by the words of the dictionary and by
how common characters are, added up, where one choice leads all others by far. Of 6,000 paragraphs of law whose bytes
had vanished this settled 39,279 of 56,406 characters in doubt, none of them wrongly.
"""

import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from archive.clean.language import NONE, pairs, triples, words
from archive.clean.simplify import simplified_char

# A character that is not certain.
GAP = "\ufffd"
RUN = re.compile(f"(?<!{GAP})(?:{GAP}|{GAP}{GAP})(?!{GAP})")
# By how much (in logarithms) a choice must lead, and what a word with its neighbours adds to it.
LEAD = 11.0
WORD = 4.0
# What stands for three characters that are never seen in a row.
UNSEEN = 0.1
# Each place that is settled helps the next.
PASSES = 2


def settle(text: str, cells: Sequence[Sequence[str]]) -> list[str]:
    """What stands in each gap of a text, whose choices `cells` has; "" where that is in doubt.

    The text is to be folded and simplified, and each line to begin and end with `¶`.
    """
    chars = list(text)
    choices = dict(zip((at for at, char in enumerate(chars) if char == GAP), map(tuple, cells), strict=True))
    settled = dict.fromkeys(choices, "")
    for _ in range(PASSES):
        for run in RUN.finditer("".join(chars)):
            start, end = run.span()
            before = "".join(chars[max(0, start - 2) : start]).rpartition("\n")[2]
            after = "".join(chars[end : end + 2]).partition("\n")[0]
            if found := _settled(tuple(choices[at] for at in range(start, end)), before, after):
                settled |= zip(range(start, end), found, strict=True)
                chars[start:end] = map(simplified_char, found)
    return list(settled.values())


@lru_cache(maxsize=20_000)
def _settled(cells: tuple[tuple[str, ...], ...], before: str, after: str) -> tuple[str, ...]:
    """The choice that is by far the most often seen between what stands before and after; () if there is none."""
    ranked = sorted(_ranked(cells, before, after), reverse=True)
    if len(ranked) > 1 and ranked[0][0] > ranked[1][0] + LEAD and all(len(choice) == 1 for choice in ranked[0][1]):
        return ranked[0][1]
    return ()


def _ranked(cells: tuple[tuple[str, ...], ...], before: str, after: str) -> Iterator[tuple[float, tuple[str, ...]]]:
    """The choices, each with how often it is seen between what stands before and after."""
    single, double = pairs()
    plain = {choice: simplified_char(choice) for cell in cells for choice in cell}
    common = {choice: math.log1p(single.get(char[0], 0)) for choice, char in plain.items()}
    left = {
        choice: common[choice] + _weight(before[-1] + plain[choice][0], before + plain[choice][0])
        for choice in cells[0]
    }
    right = {choice: _weight(plain[choice][-1] + after[0], plain[choice][-1] + after) for choice in cells[-1]}
    if len(cells) == 1:
        for choice in cells[0]:
            yield left[choice] + _weight(before[-1] + plain[choice] + after[0]) + right[choice], (choice,)
        return
    # Two never seen side by side are not seen in a longer row either.
    yield max(left.values()) + max(right[two] + common[two] for two in cells[1]), ("", "")
    for one in cells[0]:
        seen = double.get(plain[one], NONE)
        for two in cells[1]:
            if plain[two] in seen:
                both = plain[one] + plain[two]
                middle = _weight(both, before[-1] + both, both + after[0])
                yield left[one] + middle + right[two] + common[two], (one, two)


def _weight(*rows: str) -> float:
    """What it tells that characters are seen in a row, and that they, or some of them, are a word."""
    known, double, triple = words(), pairs()[1], triples()
    weight, word = 0.0, False
    for row in rows:
        if len(row) == 2:
            weight += row[1] in double.get(row[0], NONE)
        elif seen := triple.get(row[:2], NONE).get(row[2:]):
            weight += math.log(1 + seen / UNSEEN)
        word = word or row in known
    return weight + WORD * word
