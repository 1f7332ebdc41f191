"""How likely a piece of Chinese is, judged by the word frequencies of jieba's dictionary."""

import math
from collections.abc import Mapping
from functools import cache
from importlib import resources

LONGEST_WORD = 8
# Share of a mark among the tokens of official prose, as natural logarithms; the dictionary has words only.
MARKS = {
    mark: math.log(share)
    for mark, share in {
        "，": 0.05,
        "、": 0.03,
        "。": 0.03,
        "；": 0.006,
        "：": 0.006,
        "《": 0.006,
        "》": 0.006,
        "“": 0.003,
        "”": 0.003,
        "（": 0.006,
        "）": 0.006,
        "〔": 0.002,
        "〕": 0.002,
        "？": 0.0003,
        "！": 0.0002,
        "—": 0.0005,
        "·": 0.0003,
        "…": 0.0002,
        "％": 0.0005,
        "○": 0.0003,
        "〇": 0.0003,
        "　": 0.002,
        "【": 0.0001,
        "】": 0.0001,
        "「": 0.0001,
        "」": 0.0001,
    }.items()
}
UNKNOWN = math.log(1e-10)


@cache
def words() -> Mapping[str, float]:
    """Natural logarithm of each word's share in jieba's corpus."""
    counts: dict[str, int] = {}
    for line in resources.files("jieba").joinpath("dict.txt").read_text("utf-8").splitlines():
        word, count, _ = line.split(" ")
        counts[word] = int(count)
    total = math.log(sum(counts.values()))
    return {word: math.log(count) - total for word, count in counts.items() if count}


def score(text: str) -> float:
    """Log-probability of the likeliest way to read simplified `text` as words and marks."""
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
