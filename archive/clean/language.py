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
DIGITS, LATIN = re.compile("[0-9０-９]+"), re.compile("[A-Za-zＡ-Ｚａ-ｚ]+")
FOLDED = re.compile(f"{DIGITS.pattern}|{LATIN.pattern}")
LONGEST_WORD = 8
# How long nearly all words of the dictionary are: 2 in 100 are longer.
SHORT_WORDS = (4, 3, 2)
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
STOP = re.compile(f"[，、。；：《》（）{EDGE}]")
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
NONE: Mapping[str, int] = {}
# What is known of so many contexts is kept for when they are asked for again.
MOST_KEPT = 20_000


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
def pairs() -> tuple[Mapping[str, int], Mapping[str, Mapping[str, int]]]:
    """How often each character occurs in data/lexicon/pairs.txt, and behind it which others how often."""
    single: dict[str, int] = {}
    double: dict[str, Mapping[str, int]] = {}
    for line in (FOLDER / "pairs.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            first, total, *followers = line.split(" ")
            single[first] = int(total)
            double[first] = {follower[0]: int(follower[1:]) for follower in followers}
    return single, double


@cache
def triples() -> Mapping[str, Mapping[str, int]]:
    """How often which characters stand behind two others, in data/lexicon/triples.txt."""
    found: dict[str, Mapping[str, int]] = {}
    for line in (FOLDER / "triples.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            pair, *followers = line.split(" ")
            found[pair] = {follower[0]: int(follower[1:]) for follower in followers}
    return found


@dataclass(frozen=True, slots=True)
class Read:
    """A text read as words: how likely it is, and for every place in it where the word that ends there began, as far
    as it differs from those read with it.
    """

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


class Page:
    """How often characters, two and three in a row occur in a text."""

    def __init__(self, text: str) -> None:
        self.single = Counter(text)
        self.double = Counter(map("".join, pairwise(text)))
        self.triple = Counter(map("".join, zip(text, text[1:], text[2:], strict=False)))


class Behind(dict[str, float]):
    """Log-probability of each character behind one character or two of a page, worked out when first asked for."""

    __slots__ = ("_context", "_corpus", "_pair", "_page", "_total")

    def __init__(self, context: str, page: Page) -> None:
        if context[-1] == INDENT:  # the space of full width that begins a paragraph is no part of its text
            context = context.rstrip(INDENT) or EDGE
        single, double = pairs()
        last = context[-1]
        self._context, self._page = context, page
        self._total = single.get(last, 0) + PAGE_WEIGHT * page.single.get(last, 0) + BACKOFF
        self._corpus = double.get(last, NONE)
        self._pair: tuple[int, Mapping[str, int]] | None = None
        if len(context) > 1:
            seen = double.get(context[0], NONE).get(last, 0) + PAGE_WEIGHT * page.double.get(context, 0)
            if seen:
                self._pair = seen + BACKOFF, triples().get(context, NONE)

    def __missing__(self, char: str) -> float:
        context, page = self._context, self._page
        if char == INDENT and context[-1] == EDGE:
            return 0.0
        likely = (pairs()[0].get(char, 0) + 0.3) / CORPUS
        seen = self._corpus.get(char, 0) + PAGE_WEIGHT * page.double.get(context[-1] + char, 0)
        likely = (seen + BACKOFF * likely) / self._total
        if self._pair:
            total, corpus = self._pair
            seen = corpus.get(char, 0) + PAGE_WEIGHT * page.triple.get(context + char, 0)
            likely = (seen + BACKOFF * likely) / total
        self[char] = found = math.log(likely)
        return found


class Language:
    """Judges text as part of a page: what stands side by side elsewhere on the page is likelier here too.

    All text given is to be simplified; `¶` is the edge of a paragraph.
    """

    def __init__(self, page: str) -> None:
        self._page = Page(fold(page[:LONGEST_PAGE].replace("\n", EDGE)))
        self._behind: dict[str, Behind] = {}

    def has_seen(self, first: str, second: str) -> bool:
        """Do the two characters stand side by side in the corpus or on the page?"""
        return second in pairs()[1].get(first, NONE) or first + second in self._page.double

    def behind(self, context: str) -> Behind:
        """Log-probability of each character behind `context`, of which the last two characters count."""
        context = context[-2:]
        known = self._behind.get(context)
        if known is None:
            if len(self._behind) > MOST_KEPT:
                self._behind.clear()
            known = self._behind[context] = Behind(context, self._page)
        return known

    def score(self, text: str) -> float:
        """Log-score of the likeliest way to read `text` as words and marks."""
        return self.read([text])[0].score

    def read(self, texts: Sequence[str]) -> list[Read]:
        """The likeliest way to read each text as words and marks; what they begin and end with alike is read once."""
        folded = INDENTED.sub(EDGE, fold("\n".join(texts))).split("\n")
        first, start = folded[0], len(commonprefix(folded))
        longest = min(map(len, folded)) - start
        end = len(commonprefix([text[: -longest - 1 : -1] for text in folded]))  # so many characters end all of them
        mark = STOP.search(first, len(first) - end)  # no word goes beyond it
        rest = len(first) - mark.start() if mark else 0
        alike = self._side_by_side(first, 1, start) + self._side_by_side(
            first, max(1, len(first) - end + 2), len(first)
        )
        alike += _as_words(first[len(first) - rest :], [0.0], [0])[0][-1]
        bests, starts = _as_words(first[:start], [0.0], [0])
        found = []
        for text in folded:
            words_best, words_start = _as_words(text[: len(text) - rest], bests, starts)
            score = (
                alike + self._side_by_side(text, max(1, start), min(len(text), len(text) - end + 2)) + words_best[-1]
            )
            found.append(Read(score + (NUMBERED_BONUS if NUMBERED.match(text) else 0.0), words_start))
        return found

    def _side_by_side(self, text: str, start: int, end: int) -> float:
        return sum([self.behind(text[max(0, at - 2) : at])[text[at]] for at in range(start, end)])


def fold(text: str) -> str:
    """`text` with 0 for each number and a for each Latin word: which one it is says little about what stands beside."""
    return LATIN.sub("a", DIGITS.sub("0", text)) if FOLDED.search(text) else text


@cache
def _long_words() -> Mapping[str, tuple[int, ...]]:
    """How long the words can be that end in two characters, where some are longer than most, the longest first."""
    found: dict[str, tuple[int, ...]] = {}
    for word in words():
        if SHORT_WORDS[0] < len(word) <= LONGEST_WORD:
            found[word[-2:]] = tuple(sorted({len(word), *found.get(word[-2:], SHORT_WORDS)}, reverse=True))
    return found


def _as_words(text: str, bests: Sequence[float], starts: Sequence[int]) -> tuple[list[float], list[int]]:
    """The likeliest way to read `text` as words and marks, whose beginning was read so before: for every place in it
    the log-score of what stands before it, and where the word that ends there began.
    """
    known, long = words(), _long_words()
    bests, starts = [*bests], [*starts]
    for end in range(len(bests), len(text) + 1):
        char = text[end - 1]
        top, first = bests[-1] + (MARKS.get(char) or known.get(char, UNKNOWN)), end - 1
        for length in long.get(text[end - 2 : end], SHORT_WORDS):
            share = known.get(text[end - length : end]) if length <= end else None
            if share is not None and bests[end - length] + share > top:
                top, first = bests[end - length] + share, end - length
        bests.append(top)
        starts.append(first)
    return bests, starts
