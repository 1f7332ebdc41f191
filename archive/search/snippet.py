"""Snippets: the window of a text that shows most of what was asked for, with every match marked on the original."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from archive.search.fold import fold
from archive.search.plan import Has, occurrences

WIDTH = 120
LEAD = 24
MAX_MARKS = 200
SENTENCE_ENDS = "。；！？\n"
ENTITY_LENGTH = 10

Parts = tuple[tuple[str, bool], ...]
Range = tuple[int, int]


def mark(text: str, marks: Sequence[Has], field: str) -> Parts:
    """The whole of `text`, the text of `field`, with the matches set apart."""
    return _parts(text, 0, len(text), _ranges(text, marks, field))


def snippet(text: str, marks: Sequence[Has], field: str = "body", width: int = WIDTH) -> Parts:
    """About `width` characters of `text` where most of `marks` occur, or its beginning; paragraphs joined by spaces."""
    ranges = _ranges(text, marks, field)
    first = _best(text, ranges, width)
    start = _start(text, first, first - LEAD) if ranges else 0
    end = _whole(text, min(len(text), start + width))
    parts = [(part.replace("\n", " "), marked) for part, marked in _parts(text, start, end, ranges)]
    before = [("…", False)] if start else []
    behind = [("…", False)] if end < len(text) else []
    return tuple(before + parts + behind)


def _ranges(text: str, marks: Iterable[Has], field: str) -> list[Range]:
    """Where the marks occur in `text`, ascending, overlapping ones joined."""
    folded = fold(text)
    found = sorted(
        (at, at + len(has.text))
        for has in marks
        if has.field in ("", field)
        for at in occurrences(has, folded, MAX_MARKS)
    )
    joined: list[Range] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _best(text: str, ranges: list[Range], width: int) -> int:
    """The beginning of the first match of the window with the most different matches, then the most marked text."""
    best, place = (0, 0), 0
    for index, (start, _) in enumerate(ranges):
        inside = ranges[index : bisect_left(ranges, (start + width - LEAD,))]
        value = (len({fold(text[a:b]) for a, b in inside}), sum(b - a for a, b in inside))
        if value > best:
            best, place = value, start
    return place


def _start(text: str, match: int, earliest: int) -> int:
    """Where a window that shows the match begins: at its sentence if that is near, else `earliest`."""
    if earliest <= 0:
        return 0
    ends = [text.rfind(char, earliest, match) for char in SENTENCE_ENDS]
    return max(ends) + 1 if max(ends) >= 0 else _whole(text, earliest)


def _whole(text: str, at: int) -> int:
    """`at`, or the place before it if it would cut an HTML entity such as &nbsp; left in the text."""
    entity = text.rfind("&", max(0, at - ENTITY_LENGTH), at)
    closed = text.find(";", entity, entity + ENTITY_LENGTH) if entity >= 0 else -1
    return entity if closed >= at and text[entity + 1 : closed].strip("#").isalnum() else at


def _parts(text: str, start: int, end: int, ranges: list[Range]) -> Parts:
    parts: list[tuple[str, bool]] = []
    at = start
    for first, last in ranges:
        first, last = max(first, start), min(last, end)
        if first >= last:
            continue
        if at < first:
            parts.append((text[at:first], False))
        parts.append((text[first:last], True))
        at = last
    if at < end:
        parts.append((text[at:end], False))
    return tuple(parts)
