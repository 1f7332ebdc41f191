"""The layout of an official document (公文): which paragraph plays which part, and what stands inside it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from archive.models import Citation

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
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a paragraph: plain text or a citation, and whether the reader searched for it."""

    text: str
    citation: Citation | None = None
    match: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    part: Part
    runs: tuple[Run, ...]


def lay_out(
    body: str, citations: Iterable[Citation] = (), matches: Iterable[tuple[int, int]] = ()
) -> Iterator[Paragraph]:
    """The paragraphs of a body; citations and matches are given by their offsets in it."""
    linked = sorted(citations, key=lambda citation: citation.start)
    marked = sorted(matches)
    start, previous = 0, Part.RECIPIENTS
    for position, line in enumerate(body.split("\n")):
        end = start + len(line)
        if line.strip():
            previous = _part(line.strip(), previous, first=position == 0)
            yield Paragraph(previous, tuple(_runs(body, start, end, linked, marked)))
        start = end + 1


def _part(line: str, previous: Part, *, first: bool) -> Part:
    if first and RECIPIENTS.fullmatch(line):
        return Part.RECIPIENTS
    if ATTACHMENT.match(line) or (previous is Part.ATTACHMENT and NUMBERED.match(line)):
        return Part.ATTACHMENT
    if HEADING.fullmatch(line):
        return Part.HEADING
    return Part.SUBHEADING if SUBHEADING.fullmatch(line) else Part.TEXT


def _runs(body: str, start: int, end: int, citations: list[Citation], matches: list[tuple[int, int]]) -> Iterator[Run]:
    """Cut body[start:end] wherever a citation or a match begins or ends."""
    here = [c for c in citations if c.start < end and c.end > start]
    marks = [m for m in matches if m[0] < end and m[1] > start]
    edges = {start, end, *(e for c in here for e in (c.start, c.end)), *(e for m in marks for e in m)}
    cuts = sorted(edge for edge in edges if start <= edge <= end)
    for left, right in zip(cuts, cuts[1:], strict=False):
        citation = next((c for c in here if c.start <= left < c.end), None)
        yield Run(body[left:right], citation, any(a <= left < b for a, b in marks))
