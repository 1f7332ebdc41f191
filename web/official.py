"""The layout of an official document (公文): which paragraph plays which part, and what stands inside it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from archive.models import Citation, Damage

Span = tuple[int, int]

# GB/T 9704-2012: recipients stand flush left and end in a colon; 一、 and （一） open the first two levels of headings.
RECIPIENTS = re.compile(r"[^。；]{2,400}[:：]")
HEADING = re.compile(r"(?:[一二三四五六七八九十百]{1,4}、|第[一二三四五六七八九十百]{1,5}[编章节])[^。；]{1,60}")
SUBHEADING = re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)][^。；]{1,60}")
ATTACHMENT = re.compile(r"附件?\s*\d{0,2}\s*[:：.]")
NUMBERED = re.compile(r"\d{1,2}\s*[.．、]")


class Part(StrEnum):
    RECIPIENTS = "recipients"
    HEADING = "heading"
    SUBHEADING = "subheading"
    ATTACHMENT = "attachment"
    ATTACHED = "attached"  # 2. and what follows, below 附件：1.
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a paragraph: part of a citation or not, of what the reader searched for, of a damaged place."""

    text: str
    citation: Citation | None = None
    match: bool = False
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    part: Part
    runs: tuple[Run, ...]


def lay_out(
    body: str, citations: Iterable[Citation] = (), matches: Iterable[Span] = (), damage: Iterable[Damage] = ()
) -> Iterator[Paragraph]:
    """The paragraphs of a body; citations, matches and damage are given by their offsets in it."""
    marks = _Marks(tuple(citations), tuple(matches), tuple((one.at, one.at + len(one.text)) for one in damage))
    start, previous = 0, Part.RECIPIENTS
    for position, line in enumerate(body.split("\n")):
        end = start + len(line)
        if line.strip():
            previous = _part(line.strip(), previous, first=position == 0)
            yield Paragraph(previous, tuple(_runs(body, start, end, marks)))
        start = end + 1


def _part(line: str, previous: Part, *, first: bool) -> Part:
    if first and RECIPIENTS.fullmatch(line):
        return Part.RECIPIENTS
    if ATTACHMENT.match(line):
        return Part.ATTACHMENT
    if previous in (Part.ATTACHMENT, Part.ATTACHED) and NUMBERED.match(line):
        return Part.ATTACHED
    if HEADING.fullmatch(line):
        return Part.HEADING
    return Part.SUBHEADING if SUBHEADING.fullmatch(line) else Part.TEXT


@dataclass(frozen=True, slots=True)
class _Marks:
    citations: tuple[Citation, ...]
    matches: tuple[Span, ...]
    damage: tuple[Span, ...]


def _runs(body: str, start: int, end: int, marks: _Marks) -> Iterator[Run]:
    """Cut body[start:end] wherever something in it begins or ends."""
    citations = [one for one in marks.citations if one.start < end and one.end > start]
    matches, damage = (
        [span for span in spans if span[0] < end and span[1] > start] for spans in (marks.matches, marks.damage)
    )
    spans = [(one.start, one.end) for one in citations] + matches + damage
    cuts = sorted({start, end} | {edge for span in spans for edge in span if start < edge < end})
    for left, right in pairwise(cuts):
        citation = next((one for one in citations if one.start <= left < one.end), None)
        yield Run(body[left:right], citation, _inside(matches, left), _inside(damage, left))


def _inside(spans: list[Span], at: int) -> bool:
    return any(start <= at < end for start, end in spans)
