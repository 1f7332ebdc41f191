"""Where in a notice a citation stands, in the words a reader would point with: 附件2第15项, 第三条, 第二点."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

# What a line begins with: an annex, an article, the serial of a table row or list item (on the line of a citation or on
# a line of its own shortly before it), or a numbered point.
MARK = re.compile(
    r"^[ \t\u3000]*(?:(附件[ \t\u3000]*[0-9０-９一二三四五六七八九十]{0,3})[ \t\u3000]*(?:[：:．.、]|$)"
    r"|(第[一二三四五六七八九十百零〇0-9]{1,6}条)|[（(]?([0-9]{1,4})[）)]?[ \t\u3000]*(?:[.．、\t ]|$)"
    r"|([一二三四五六七八九十]{1,4})、)",
    re.MULTILINE,
)
ROW = 300


@dataclass(frozen=True, slots=True)
class Marks:
    """The places where lines begin with a mark of one kind, and what the marks say."""

    starts: tuple[int, ...]
    words: tuple[str, ...]

    def last(self, start: int, end: int) -> tuple[int, str] | None:
        """The last mark that begins in text[start:end]."""
        at = bisect_left(self.starts, end) - 1
        return (self.starts[at], self.words[at]) if at >= 0 and self.starts[at] >= start else None


def place_of(body: str, at: int) -> str:
    """The annex and item, the article or the numbered point that body[at] stands in; "" if there is none."""
    annexes, articles, items, points = _marks(body)
    annex = annexes.last(0, at)
    if annex:
        item = items.last(max(annex[0], at - ROW), at + 1)
        return re.sub(r"\s", "", annex[1]) + (f"第{item[1]}项" if item else "")
    article = articles.last(0, at + 1)
    if article:
        return article[1]
    item = items.last(max(0, at - ROW), at + 1)
    if item:
        return f"第{item[1]}项"
    point = points.last(0, at + 1)
    return f"第{point[1]}点" if point else ""


@lru_cache(maxsize=16)
def _marks(body: str) -> tuple[Marks, ...]:
    """The marks of a body; kept for the next call, since a long repeal list is asked about item by item."""
    kinds: tuple[list[tuple[int, str]], ...] = ([], [], [], [])
    for mark in MARK.finditer(body):
        kind = mark.lastindex or 1
        kinds[kind - 1].append((mark.start(), mark[kind]))
    return tuple(Marks(tuple(start for start, _ in marks), tuple(word for _, word in marks)) for marks in kinds)
