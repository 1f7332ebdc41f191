"""The corpus of the search benchmark: invented notices whose words are drawn as often as in jieba's dictionary."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from archive.models import Notice, Validity
from archive.numbers import DocumentNumber
from archive.words import frequencies

LENGTH = 1300  # characters of a body
TOPICS = ("增值税", "企业所得税", "个人所得税", "印花税", "契税", "土地增值税", "消费税", "关税", "征收管理", "发票")
OFFICES = ("示例函", "示例发", "示例财", "示例办")


@dataclass(frozen=True, slots=True)
class Queries:
    """What every engine is asked, the same of all of them."""

    terms: tuple[str, ...]
    ands: tuple[tuple[str, ...], ...]
    ors: tuple[tuple[str, ...], ...]
    phrases: tuple[tuple[str, ...], ...]
    numbers: tuple[str, ...]


def corpus(count: int) -> Iterator[Notice]:
    """That many notices, the same in every run."""
    dice = np.random.default_rng(2008)
    words, shares = _vocabulary()
    ends = np.cumsum(shares)
    for serial in range(1, count + 1):
        drawn = [words[at] for at in np.searchsorted(ends, dice.random(8 + LENGTH // 2) * ends[-1], side="right")]
        body = "".join(
            word + ("。" if at % 20 == 19 else "，" if at % 8 == 7 else "") for at, word in enumerate(drawn[8:])
        )
        issued = date(1994, 1, 1) + timedelta(int(dice.integers(30 * 365)))
        office = OFFICES[int(dice.integers(len(OFFICES)))]
        yield Notice(
            id=f"notice-{serial:06}",
            title=f"关于{''.join(drawn[:8])}的通知",
            body=body[:LENGTH],
            number=DocumentNumber(office, issued.year, serial),
            authorities=(f"示例{office[-1]}局",),
            kind="通知",
            issued_on=issued,
            validity=tuple(Validity)[int(dice.integers(4))],
            topics=tuple(dict.fromkeys(TOPICS[at] for at in dice.integers(len(TOPICS), size=2))),
        )


def write_corpus(path: Path, count: int) -> None:
    """Write the notices to a file, so that making them is not measured."""
    with path.open("w", encoding="utf-8") as file:
        for n in corpus(count):
            assert n.number
            assert n.issued_on
            day = n.issued_on.toordinal()
            row = [n.id, n.title, n.body, n.number.office, n.number.serial, day, n.validity, n.authorities, n.topics]
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def read_corpus(path: Path) -> Iterator[Notice]:
    """The notices of a file that `write_corpus` wrote."""
    with path.open(encoding="utf-8") as file:
        for id_, title, body, office, serial, day, validity, authorities, topics in map(json.loads, file):
            issued = date.fromordinal(day)
            yield Notice(
                id=id_,
                title=title,
                body=body,
                number=DocumentNumber(office, issued.year, serial),
                authorities=tuple(authorities),
                kind="通知",
                issued_on=issued,
                validity=Validity(validity),
                topics=tuple(topics),
            )


def queries(count: int, notices: int) -> Queries:
    """That many queries of each kind: words as a text has them, parts of texts, numbers that exist."""
    dice = np.random.default_rng(608)
    words, shares = _vocabulary()
    content = [(word, share) for word, share in zip(words, shares, strict=True) if len(word) > 1]
    pool = [word for word, _ in content]
    weights = np.array([share for _, share in content])
    weights /= weights.sum()

    def draw(least: int, most: int) -> tuple[tuple[str, ...], ...]:
        sizes = dice.integers(least, most + 1, count)
        return tuple(tuple(pool[at] for at in dice.choice(len(pool), size, p=weights)) for size in sizes)

    sources = list(corpus(min(count, notices)))
    numbers = tuple(str(notice.number) for notice in sources)
    starts = dice.integers(0, LENGTH // 2, count)
    texts = (sources[at % len(sources)].body for at in range(count))
    phrases = tuple(
        (text[start : start + 4 + at % 5],) for at, (text, start) in enumerate(zip(texts, starts, strict=False))
    )
    return Queries(tuple(word for (word,) in draw(1, 1)), draw(2, 3), draw(3, 5), phrases, numbers)


def _vocabulary() -> tuple[list[str], np.ndarray[tuple[int], np.dtype[np.float64]]]:
    counts = {word: count for word, count in frequencies().items() if count}
    shares = np.array(list(counts.values()), float)
    return list(counts), shares / shares.sum()
