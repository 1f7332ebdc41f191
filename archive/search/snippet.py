"""Snippets: the window of a text that shows most of what was asked for, with every match marked on the original."""

from collections.abc import Iterable, Sequence

from archive.search.plan import Has, occurrences

WIDTH = 120
LEAD = 24
MAX_MARKS = 200
SENTENCE_ENDS = "。；！？\n"
ENTITY_LENGTH = 10

Parts = tuple[tuple[str, bool], ...]
Range = tuple[int, int]


def mark(text: str, folded: str, marks: Sequence[Has]) -> Parts:
    """The whole of a title with the matches set apart. `folded` is `text` folded."""
    return _parts(text, 0, len(text), _ranges(folded, marks, "title"))


def snippet(text: str, folded: str, marks: Sequence[Has], width: int = WIDTH) -> Parts:
    """About `width` characters of a body where most of `marks` occur, or its beginning; paragraphs joined by spaces.

    `folded` is `text` folded: character for character as long.
    """
    ranges = _ranges(folded, marks, "body")
    first = _best(folded, ranges, width)
    start = _start(text, first, first - LEAD) if ranges else 0
    end = _whole(text, min(len(text), start + width))
    parts = [(part.replace("\n", " "), marked) for part, marked in _parts(text, start, end, ranges)]
    before = [("…", False)] if start else []
    behind = [("…", False)] if end < len(text) else []
    return tuple(before + parts + behind)


def _ranges(folded: str, marks: Iterable[Has], field: str) -> list[Range]:
    """Where the marks occur, ascending, overlapping ones joined."""
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


def _best(folded: str, ranges: list[Range], width: int) -> int:
    """The beginning of the first match of the window with the most different matches, then the most marked text."""
    best, place = (0, 0), 0
    texts = [folded[start:end] for start, end in ranges]
    last = 0
    for first, (start, _) in enumerate(ranges):
        while last < len(ranges) and ranges[last][0] < start + width - LEAD:
            last += 1
        inside = texts[first:last]
        value = (len(set(inside)), sum(map(len, inside)))
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
    for first, last in ((max(first, start), min(last, end)) for first, last in ranges):
        if first >= last:
            continue
        if at < first:
            parts.append((text[at:first], False))
        parts.append((text[first:last], True))
        at = last
    if at < end:
        parts.append((text[at:end], False))
    return tuple(parts)
