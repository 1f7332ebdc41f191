"""How likely a piece of Chinese is: by the words of jieba's dictionary, and by which characters stand side by side."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from os.path import commonprefix

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
# So many answers are kept for when the same is asked again.
MOST_KEPT = 100_000


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


@dataclass(frozen=True, slots=True)
class Read:
    """A text read as words: how likely it is, and for every place in it where the word that ends there began."""

    score: float
    starts: Sequence[int]

    def alone(self) -> frozenset[int]:
        """Where words of one character stand."""
        found = set()
        end = len(self.starts) - 1
        while end:
            if self.starts[end] == end - 1:
                found.add(end - 1)
            end = self.starts[end]
        return frozenset(found)


class Language:
    """Judges text as part of a page: what stands side by side elsewhere on the page is likelier here too.

    All text given is to be simplified; `¶` is the edge of a paragraph.
    """

    def __init__(self, page: str) -> None:
        folded = fold(page[:LONGEST_PAGE].replace("\n", EDGE))
        self._single = Counter(folded)
        self._double = Counter(map("".join, pairwise(folded)))
        self._triple = Counter(map("".join, zip(folded, folded[1:], folded[2:], strict=False)))
        self._following: dict[str, float] = {}

    def has_seen(self, pair: str) -> bool:
        """Do the two characters stand side by side in the corpus or on the page?"""
        return pair in pairs()[1] or pair in self._double

    def follows(self, context: str, char: str) -> float:
        """Log-probability of `char` behind `context`, of which the last two characters count.

        The space of full width that begins a paragraph is no part of its text.
        """
        asked = context[-2:] + char
        known = self._following.get(asked)
        if known is None:
            if len(self._following) > MOST_KEPT:
                self._following.clear()
            known = self._following[asked] = self._follows(context, char)
        return known

    def _follows(self, context: str, char: str) -> float:
        if context[-1] == INDENT:
            context = context.rstrip(INDENT) or EDGE
        if char == INDENT and context[-1] == EDGE:
            return 0.0
        single, double = pairs()
        alone = (single.get(char, 0) + 0.3) / CORPUS
        first = context[-1]
        seen = double.get(first + char, 0) + PAGE_WEIGHT * self._double.get(first + char, 0)
        likely = (seen + BACKOFF * alone) / (single.get(first, 0) + PAGE_WEIGHT * self._single.get(first, 0) + BACKOFF)
        if len(context) > 1:
            pair = context[-2:]
            seen = triples().get(pair + char, 0) + PAGE_WEIGHT * self._triple.get(pair + char, 0)
            likely = (seen + BACKOFF * likely) / (
                double.get(pair, 0) + PAGE_WEIGHT * self._double.get(pair, 0) + BACKOFF
            )
        return math.log(likely)

    def score(self, text: str) -> float:
        """Log-score of the likeliest way to read `text` as words and marks."""
        return self.read([text])[0].score

    def read(self, texts: Sequence[str]) -> list[Read]:
        """The likeliest way to read each text as words and marks; what they begin with alike is read but once."""
        folded = INDENTED.sub(EDGE, fold("\n".join(texts))).split("\n")
        alike = commonprefix(folded)
        bests, starts = _as_words(alike, [0.0], [0])
        score_alike = self._side_by_side(alike, 1)
        found = []
        for text in folded:
            words_best, words_start = _as_words(text, bests, starts)
            score = score_alike + self._side_by_side(text, max(1, len(alike))) + words_best[-1]
            found.append(Read(score + (NUMBERED_BONUS if NUMBERED.match(text) else 0.0), words_start))
        return found

    def _side_by_side(self, text: str, start: int) -> float:
        return sum([self.follows(text[max(0, at - 2) : at], text[at]) for at in range(start, len(text))])


def fold(text: str) -> str:
    """`text` with 0 for each number and a for each Latin word: which one it is says little about what stands beside."""
    return re.sub("[A-Za-zＡ-Ｚａ-ｚ]+", "a", re.sub("[0-9０-９]+", "0", text))


def _as_words(text: str, bests: Sequence[float], starts: Sequence[int]) -> tuple[list[float], list[int]]:
    """The likeliest way to read `text` as words and marks, whose beginning was read so before: for every place in it
    the log-score of what stands before it, and where the word that ends there began.
    """
    known = words()
    bests, starts = [*bests], [*starts]
    for end in range(len(bests), len(text) + 1):
        char = text[end - 1]
        top, first = bests[-1] + (MARKS.get(char) or known.get(char, UNKNOWN)), end - 1
        for start in range(max(0, end - LONGEST_WORD), end - 1):
            word = text[start:end]
            if word in known and bests[start] + known[word] > top:
                top, first = bests[start] + known[word], start
        bests.append(top)
        starts.append(first)
    return bests, starts
