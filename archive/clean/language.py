"""How likely a piece of Chinese is: by the words of jieba's dictionary, and by which characters stand side by side."""

import math
import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib import resources
from itertools import pairwise

from archive.lexicon import FOLDER, read_words

EDGE = "¶"
INDENT = "\u3000"
INDENTED = re.compile(f"{EDGE}{INDENT}+")
LONGEST_WORD = 8
UNKNOWN = math.log(1e-9)
TAX_WORD = 1e-5  # common in notices, rare elsewhere
TAX_PHRASE = 1e-4  # in half of them
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
# Paragraphs of notices begin with their number far more often than those of the corpus.
NUMBERED = re.compile(
    f"{EDGE}(?:[一二三四五六七八九十]{{1,3}}、|[（(][一二三四五六七八九十]{{1,3}}[）)]|第[一二三四五六七八九十百]+[条章节])"
)
NUMBERED_BONUS = 5.0
# The page's own pairs weigh as much as this many of the corpus.
PAGE_WEIGHT = 50
# Characters in the corpus that data/lexicon/pairs.txt was counted in.
CORPUS = 4_850_000
BACKOFF = 50
LONGEST_PAGE = 50_000


@cache
def words() -> Mapping[str, float]:
    """Natural logarithm of each word's share in jieba's corpus; tax words that it lacks count as middling common, turns
    of phrase of notices as common.
    """
    counts: dict[str, int] = {}
    for line in resources.files("jieba").joinpath("dict.txt").read_text("utf-8").splitlines():
        word, count, _ = line.split(" ")
        counts[word] = int(count)
    total = math.log(sum(counts.values()))
    known = {word: math.log(count) - total for word, count in counts.items() if count}
    for word in read_words(FOLDER / "words.txt"):
        known.setdefault(word, math.log(TAX_WORD))
    for word in " ".join(read_words(FOLDER / "phrases.txt")).split():
        known[word] = max(math.log(TAX_PHRASE), known.get(word, UNKNOWN))
    return known


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


@cache
def triples() -> Mapping[str, int]:
    """How often three characters stand side by side, in data/lexicon/triples.txt."""
    found: dict[str, int] = {}
    for line in (FOLDER / "triples.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            pair, *followers = line.split(" ")
            for follower in followers:
                found[pair + follower[0]] = int(follower[1:])
    return found


class Language:
    """Judges text as part of a page: what stands side by side elsewhere on the page is likelier here too.

    All text given is to be simplified; `¶` is the edge of a paragraph.
    """

    def __init__(self, page: str) -> None:
        folded = fold(page[:LONGEST_PAGE].replace("\n", EDGE))
        self._single = Counter(folded)
        self._double = Counter(map("".join, pairwise(folded)))
        self._triple = Counter(map("".join, zip(folded, folded[1:], folded[2:], strict=False)))

    def follows(self, context: str, char: str) -> float:
        """Log-probability of `char` behind `context`, of which the last two characters count.

        The space of full width that begins a paragraph is no part of its text.
        """
        if context[-1] == INDENT:
            context = context.rstrip(INDENT) or EDGE
        if char == INDENT and context[-1] == EDGE:
            return 0.0
        single, double = pairs()
        alone = (single.get(char, 0) + 0.3) / CORPUS
        first = context[-1]
        seen = double.get(first + char, 0) + PAGE_WEIGHT * self._double[first + char]
        likely = (seen + BACKOFF * alone) / (single.get(first, 0) + PAGE_WEIGHT * self._single[first] + BACKOFF)
        if len(context) > 1:
            pair = context[-2:]
            seen = triples().get(pair + char, 0) + PAGE_WEIGHT * self._triple[pair + char]
            likely = (seen + BACKOFF * likely) / (double.get(pair, 0) + PAGE_WEIGHT * self._double[pair] + BACKOFF)
        return math.log(likely)

    def score(self, text: str) -> float:
        """Log-score of the likeliest way to read `text` as words and marks."""
        folded = INDENTED.sub(EDGE, fold(text))
        side_by_side = sum(self.follows(folded[max(0, at - 2) : at], folded[at]) for at in range(1, len(folded)))
        return read_as_words(folded)[0] + side_by_side + (NUMBERED_BONUS if NUMBERED.match(folded) else 0.0)


def fold(text: str) -> str:
    """`text` with 0 for each number and a for each Latin word: which one it is says little about what stands beside."""
    return re.sub("[A-Za-zＡ-Ｚａ-ｚ]+", "a", re.sub("[0-9０-９]+", "0", text))


def read_as_words(text: str) -> tuple[float, list[int]]:
    """The likeliest way to read `text` as words and marks: its log-score, and for every place behind a character where
    the word that ends there began.
    """
    known = words()
    best, starts = [0.0], [0]
    for end in range(1, len(text) + 1):
        char = text[end - 1]
        top, first = best[-1] + (MARKS.get(char) or known.get(char, UNKNOWN)), end - 1
        for start in range(max(0, end - LONGEST_WORD), end - 1):
            found = known.get(text[start:end])
            if found is not None and best[start] + found > top:
                top, first = best[start] + found, start
        best.append(top)
        starts.append(first)
    return best[-1], starts
