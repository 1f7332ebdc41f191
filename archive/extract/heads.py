"""Where the notices of a page begin: titles with a text of their own below, and the lines that belong to the title."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from archive.extract.lines import HEADINGS, TEXT, Line, Role
from archive.metadata.authorities import read_authorities
from archive.metadata.titles import TitleLine, bare_number
from archive.numbers import DocumentNumber

PREFACE = 5  # lines between a title and the addressees that may be no part of the text
HEAD_ROLES = frozenset((Role.NUMBER, Role.OWNER, Role.FIELD, Role.BLANK, Role.RULE, Role.FURNITURE, Role.LINKS))


@dataclass(frozen=True, slots=True)
class Head:
    """A notice's beginning: its title at lines[title_at], its first line at `start`, its text from `body_at` on.

    `official` says whether the title has the form of one, `masked` whether a number such as [20XX] stands there.
    """

    start: int
    title_at: int
    body_at: int
    title: str
    number: DocumentNumber | None = None
    masked: bool = False
    official: bool = True


def find_heads(lines: Sequence[Line]) -> list[Head]:
    """The heads of a page in order; titles in lists, tables of contents and attachments are none."""
    heads: list[Head] = []
    for at, line in enumerate(lines):
        if line.role is not Role.TITLE or line.title is None:
            continue
        body_at = _body_below(lines, at)
        if body_at is None:
            continue
        if heads and body_at == heads[-1].body_at:  # the title again, nearer to the text
            start = heads[-1].start
            heads.pop()
        elif heads and not _begins_another(lines, heads[-1], at):
            continue
        else:
            start = _first_line(lines, at, heads[-1].body_at if heads else 0)
        heads.append(_head(lines, start, at, body_at, line.title))
    return heads


def _body_below(lines: Sequence[Line], title_at: int) -> int | None:
    """Where the text under a title begins; None if another title comes first, as in a table of contents."""
    first = None
    title = lines[title_at].title
    for n in range(title_at + 1, len(lines)):
        line = lines[n]
        if line.role is Role.TITLE:
            if line.title and title and not is_same_title(line.title.title, title.title):
                return None
        elif line.role in TEXT or line.role is Role.ROW and not first:
            first = n
            break
    if first is None:
        return None
    addressed = (n for n in range(first, min(first + PREFACE * 2, len(lines))) if lines[n].role is Role.RECIPIENTS)
    recipients = next(addressed, None)
    if recipients is not None and sum(lines[n].role in TEXT for n in range(first, recipients)) == 0:
        return recipients
    return first


def is_same_title(one: str, other: str) -> bool:
    """Whether two lines give one title, with or without the authority in front and whatever the spaces."""
    one, other = _plain(one), _plain(other)
    return one == other or (min(len(one), len(other)) >= 8 and (one.endswith(other) or other.endswith(one)))


def _plain(title: str) -> str:
    return re.sub(r"[\s\u3000、，,“”\"'（）()]", "", title)


def _begins_another(lines: Sequence[Line], last: Head, at: int) -> bool:
    """Whether a title below a notice begins a new one, and is not that of its attachment.

    It has a number of its own or addressees below, or both if it neither follows a signature or a rule, nor stands in
    the table of contents above the first. A heading of the same level as the first notice's title needs nothing more.
    """
    title = lines[at].title
    if title and is_same_title(title.title, last.title):
        return False
    first, block = lines[last.title_at].block, lines[at].block
    if block.tag in HEADINGS and block.tag == first.tag:
        return True
    body_at = _body_below(lines, at)
    addressed = body_at is not None and lines[body_at].role is Role.RECIPIENTS
    number = _number(lines, _first_line(lines, at, last.body_at), at, body_at or at)
    numbered = number is not None and number != last.number
    closed = any(line.role in (Role.DATE, Role.SIGNATURE, Role.RULE) for line in lines[last.body_at : at])
    listed = any(line.title and title and is_same_title(line.title.title, title.title) for line in lines[: last.start])
    return (addressed or numbered) if closed or listed else (addressed and numbered)


def _first_line(lines: Sequence[Line], at: int, floor: int) -> int:
    """The first line of a head whose title stands at `at`: numbers and names directly above belong to it."""
    start = n = at
    while n > floor:
        n -= 1
        role = lines[n].role
        if role in (Role.NUMBER, Role.OWNER, Role.FIELD, Role.TITLE) or (role is Role.NAMES and _opens(lines, n)):
            start = n
        elif role not in HEAD_ROLES:
            break
    return start


def _opens(lines: Sequence[Line], n: int) -> bool:
    """Whether names stand above a title and not under the text before it."""
    before = next((lines[m].role for m in range(n - 1, -1, -1) if lines[m].role is not Role.BLANK), Role.RULE)
    return before not in TEXT and before not in (Role.ATTACHMENT, Role.OTHER, Role.NAMES)


def _head(lines: Sequence[Line], start: int, at: int, body_at: int, title: TitleLine) -> Head:
    masked = any(line.masked for line in lines[start:body_at])
    return Head(
        start,
        at,
        body_at,
        fullest_title(lines, start, body_at, title.title),
        _number(lines, start, at, body_at),
        masked,
    )


def fullest_title(lines: Sequence[Line], start: int, end: int, title: str) -> str:
    """The longest spelling of `title` that a line there gives: with its authority, if one line has both."""
    others = (line.title.title for line in lines[start:end] if line.title and line.role in (Role.TITLE, Role.LINKS))
    return max(
        (title, *(other for other in others if is_same_title(other, title))), key=lambda t: (len(_plain(t)), -len(t))
    )


def _number(lines: Sequence[Line], start: int, at: int, body_at: int) -> DocumentNumber | None:
    """The number in a head: of the title's line, of the line nearest to it, or of its fields."""
    if lines[at].number:
        return lines[at].number
    places = sorted(
        (n for n in range(start, body_at) if lines[n].role in (Role.NUMBER, Role.TITLE, Role.FIELD)),
        key=lambda n: abs(n - at),
    )
    for n in places:
        if number := lines[n].number or _completed(lines, n, start, body_at):
            return number
    return None


def _completed(lines: Sequence[Line], n: int, start: int, body_at: int) -> DocumentNumber | None:
    """The number of a line such as 2012年第54号, whose owner stands above it or in the title."""
    if lines[n].role is not Role.NUMBER:
        return None
    owner = ""
    for line in reversed(lines[start:n]):
        if line.role in (Role.OWNER, Role.NAMES):
            owner = "".join(line.words.split()) + owner
            if number := bare_number(lines[n].words, owner):
                return number
    for line in lines[start:body_at]:
        if line.title and (kind := re.search(r"(公告|通告|令)$", line.title.title)):
            names = read_authorities(line.title.title.partition("关于")[0])
            if names and (number := bare_number(lines[n].words, f"{names[0]}{kind[1]}")):
                return number
    return None
