"""A page made to keep us busy costs work in proportion to its lines: else one page stops an ingest."""

from typing import Any

import pytest

from archive.extract.heads import Head, find_heads
from archive.extract.lines import Line
from archive.extract.neighbours import read_lines
from archive.extract.span import find_span
from archive.models import Block

LINES = 3_000
LOOKS = 40  # at each line


class Counted(list[Line]):
    """Lines that count how often they are looked at."""

    looks = 0

    def __getitem__(self, at: Any) -> Any:
        found = super().__getitem__(at)
        self.looks += len(found) if isinstance(at, slice) else 1
        return found


@pytest.mark.parametrize(
    "text",
    [
        "国家税务总局",
        "2008年6月19日",
        "附件：",
        "各省国家税务局：",
        "一、税",
        "国家税务总局关于税的通知",
        "上一篇：税",
        "税",
    ],
)
def test_every_line_is_looked_at_a_few_times(text: str) -> None:
    texts = ["国家税务总局关于测试的通知", "各省国家税务局：", *[text] * LINES]
    lines = Counted(read_lines(texts, [Block(each) for each in texts], frozenset()))
    heads = find_heads(lines) or [Head(0, 0, 1, texts[0])]
    find_span(lines, heads[0], len(lines), frozenset())
    assert lines.looks < LOOKS * LINES
