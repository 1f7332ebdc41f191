"""Notices whose page prints no title in the official form above the text: it stands in a field, a tag or a heading."""

from collections.abc import Sequence

from archive.extract.heads import Head
from archive.extract.lines import HEADINGS, TEXT, Line, Role
from archive.metadata.fields import Fields
from archive.numbers import DocumentNumber

LONGEST = 120


def untitled_head(lines: Sequence[Line], fields: Fields) -> Head | None:
    """The head of the page's one notice, with the title that its fields or tags state, or the heading over its number.

    A heading in no official form (2009年度减免税工作要点) counts only with a number directly below or above.
    """
    body_at = _first_text(lines)
    if body_at is None:
        return None
    masked = any(line.masked for line in lines[:body_at])
    number = fields.number or next((line.number for line in lines[:body_at] if line.number), None)
    if fields.title:
        return Head(0, 0, body_at, fields.title, number, masked)
    at = _heading(lines, body_at, number)
    return None if at is None else Head(at, at, body_at, lines[at].words, number, masked, official=False)


def _first_text(lines: Sequence[Line]) -> int | None:
    addressed = next((n for n, line in enumerate(lines) if line.role is Role.RECIPIENTS), None)
    return addressed if addressed is not None else next((n for n, line in enumerate(lines) if line.role in TEXT), None)


def _heading(lines: Sequence[Line], body_at: int, number: DocumentNumber | None) -> int | None:
    """The heading of the text: an <h1> to <h4>, or a short line beside the line of the number."""
    if number is None:
        return None
    short = [n for n in range(body_at) if lines[n].role is Role.OTHER and 5 <= len(lines[n].words) <= LONGEST]
    headings = [n for n in short if lines[n].block.tag in HEADINGS]
    if headings:
        return headings[-1]
    numbers = [n for n in range(body_at) if lines[n].role is Role.NUMBER]
    beside = [n for n in short for m in numbers if abs(n - m) <= 2]
    return beside[-1] if beside else None
