"""How likely a piece of Chinese is: by the words of jieba's dictionary, and by which characters stand side by side."""

import math
import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib import resources
from itertools import pairwise

from archive.lexicon import FOLDER

EDGE = "¶"
LONGEST_WORD = 6
UNKNOWN = math.log(1e-9)
# Share of a mark among the tokens of prose; the dictionary has words only.
MARKS = {
    mark: math.log(share)
    for share, marks in (
        (0.05, "，"),
        (0.03, "、。"),
        (0.006, "；：《》（）"),
        (0.003, "“”"),
        (1e-3, "〔〕？"),
        (1e-4, "！—·…％○〇　【】「」『』"),
    )
    for mark in marks
}
# The page's own pairs weigh as much as this many of the corpus.
PAGE_WEIGHT = 50
BACKOFF = 50
LONGEST_PAGE = 50_000


@cache
def words() -> Mapping[str, float]:
    """Natural logarithm of each word's share in jieba's corpus."""
    counts: dict[str, int] = {}
    for line in resources.files("jieba").joinpath("dict.txt").read_text("utf-8").splitlines():
        word, count, _ = line.split(" ")
        counts[word] = int(count)
    total = math.log(sum(counts.values()))
    return {word: math.log(count) - total for word, count in counts.items() if count}


@cache
def pairs() -> tuple[Mapping[str, int], Mapping[str, int]]:
    """How often each character, and each pair of characters, occurs in data/lexicon/pairs.txt."""
    single: dict[str, int] = {}
    double: dict[str, int] = {}
    for line in (FOLDER / "pairs.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            first, total, *followers = line.split(" ")
            single[first] = int(total)
            for follower in followers:
                double[first + follower[0]] = int(follower[1:])
    return single, double


class Language:
    """Judges text as part of a page: what stands side by side elsewhere on the page is likelier here too.

    All text given is to be simplified; `¶` is the edge of a paragraph.
    """

    def __init__(self, page: str) -> None:
        folded = _fold(page[:LONGEST_PAGE].replace("\n", EDGE))
        self._single = Counter(folded)
        self._double = Counter(map("".join, pairwise(folded)))

    def follows(self, first: str, second: str) -> float:
        """Log-probability of `second` behind `first`."""
        single, double = pairs()
        alone = (single.get(second, 0) + 0.3) / 1_800_000
        seen = double.get(first + second, 0) + PAGE_WEIGHT * self._double[first + second]
        total = single.get(first, 0) + PAGE_WEIGHT * self._single[first]
        return math.log((seen + BACKOFF * alone) / (total + BACKOFF))

    def score(self, text: str) -> float:
        """Log-score of the likeliest way to read `text` as words and marks."""
        folded = _fold(text)
        return _score_words(folded) + sum(self.follows(*pair) for pair in pairwise(folded))


def _fold(text: str) -> str:
    return re.sub("[A-Za-zＡ-Ｚａ-ｚ]+", "a", re.sub("[0-9０-９]+", "0", text))


def _score_words(text: str) -> float:
    known = words()
    best = [0.0]
    for end in range(1, len(text) + 1):
        char = text[end - 1]
        top = best[-1] + (MARKS.get(char) or known.get(char, UNKNOWN))
        for start in range(max(0, end - LONGEST_WORD), end - 1):
            found = known.get(text[start:end])
            if found is not None and best[start] + found > top:
                top = best[start] + found
        best.append(top)
    return best[-1]
