"""Where the notices of a page begin: titles with a text of their own below, and the lines that belong to the title."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from archive.clean.boilerplate import is_sentence
from archive.extract.lines import HEADINGS, TEXT, Line, Role
from archive.metadata.authorities import leading_authorities, read_authorities
from archive.metadata.titles import BARE, bare_number
from archive.numbers import DocumentNumber

PREFACE = 10  # lines of a table that may stand between a title and the addressees
SHORTEST_PART = 8  # characters that make a title known by its end
FORWARDS = re.compile("转发|批转|关于")
BLANK = " \t\u3000\xa0"
PREFATORY = 2  # sentences in which a re-poster passes a notice on
GREETING = re.compile(
    r"(?:各位|亲爱的|尊敬的|大家好|同学们|朋友们|[^，。：]{0,10}(?:会员|网友|同仁|客户|学员|读者)[:：])"
)
HIGHEST = 60  # lines above a title that may belong to its head
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
    bodies = _bodies(lines)
    places: list[_Place] = []
    listed: set[str] = set()  # the titles above the first notice
    closed = False  # whether a signature or a rule stands below the last head
    for at, line in enumerate(lines):
        closed = closed or line.role in (Role.DATE, Role.SIGNATURE, Role.RULE)
        if line.role is not Role.TITLE or line.title is None:
            continue
        body_at = bodies.get(at)
        if body_at is None:
            if not places:
                listed.add(_plain(line.title.title))
        elif places and body_at == places[-1].body_at:  # the title again, nearer to the text
            places[-1] = replace(places[-1], title_at=at)
        elif not places:
            places.append(_Place(_first_line(lines, at, 0), at, body_at))
        elif len(places) == 1 and _says_again(lines, places[0], at, body_at):
            places = [replace(places[0], title_at=at, body_at=body_at)]
        else:
            place = _Place(_first_line(lines, at, places[-1].body_at), at, body_at)
            if _begins_another(lines, places[-1], place, closed or _plain(line.title.title) in listed):
                places.append(place)
                closed = False
    return [_head(lines, place) for place in places]


def _says_again(lines: Sequence[Line], place: "_Place", at: int, body_at: int) -> bool:
    """Whether the title of `place` stands again at `at`, above number or addressees, with no sentence of it between."""
    first, again = lines[place.title_at].title, lines[at].title
    if not (first and again and is_same_title(first.title, again.title)):
        return False
    below = next((line.role for line in lines[at + 1 : body_at + 1] if line.role is not Role.BLANK), None)
    between = [line for line in lines[place.body_at : at] if line.role in TEXT]
    return below in (Role.NUMBER, Role.RECIPIENTS) and (
        not any(line.role is not Role.PROSE or is_sentence(line.words) for line in between)
        or (below is Role.NUMBER and len(between) <= PREFATORY and bool(GREETING.match(between[0].words)))
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a head begins, its title stands, and its text begins."""

    start: int
    title_at: int
    body_at: int


def _bodies(lines: Sequence[Line]) -> dict[int, int]:
    """Where the text under each title begins; titles above another one, as in a table of contents, have none."""
    bodies: dict[int, int] = {}
    text_at: int | None = None
    below: tuple[int, str] | None = None  # the title between here and that text, if any
    for n in range(len(lines) - 1, -1, -1):
        line = lines[n]
        if line.role in TEXT or line.role is Role.ROW:
            text_at, below = n, None
        elif line.role is Role.TITLE and line.title and text_at is not None:
            if below is None:
                bodies[n] = _addressed(lines, text_at)
            elif below[0] in bodies and is_same_title(line.title.title, below[1]):
                bodies[n] = bodies[below[0]]
            below = (n, line.title.title)
    return bodies


def _addressed(lines: Sequence[Line], first: int) -> int:
    """The line of the addressees, or that below a number, if only rows of a table stand before it, else `first`."""
    for n in range(first, min(first + PREFACE, len(lines) - 1)):
        if lines[n].role is Role.RECIPIENTS:
            return n
        if lines[n].role is Role.NUMBER and n > first and lines[n + 1].role in TEXT:
            return n + 1
        if lines[n].role in TEXT:
            break
    return first


def is_same_title(one: str, other: str) -> bool:
    """Whether two lines give one title, with or without the authority in front and whatever the spaces.

    What forwards a notice (…转发国家税务总局关于…的通知) is another one.
    """
    shorter, longer = sorted((_plain(one), _plain(other)), key=len)
    if len(shorter) < SHORTEST_PART or not longer.endswith(shorter):
        return shorter == longer
    return not FORWARDS.search(longer, 0, len(longer) - len(shorter))


def _plain(title: str) -> str:
    return re.sub(r"[\s\u3000、，,“”\"'（）()]", "", title)


def _begins_another(lines: Sequence[Line], last: _Place, new: _Place, announced: bool) -> bool:
    """Whether a title below a notice begins a new one, and is not that of its attachment.

    It has a number of its own or addressees below, or both if it is not `announced`: by a signature or a rule above it,
    or in a table of contents. A heading of the same level as the first notice's title needs nothing more.
    """
    before, title = lines[last.title_at], lines[new.title_at]
    if before.title and title.title and is_same_title(before.title.title, title.title.title):
        one, other = _number(lines, last), _number(lines, new)
        return announced and one is not None and other is not None and one != other
    if title.block.tag in HEADINGS and title.block.tag == before.block.tag:
        return True
    if announced and _is_unrelated(lines, last, new):
        return True
    addressed = lines[new.body_at].role is Role.RECIPIENTS
    number = _number(lines, new) if announced or addressed else None
    numbered = number is not None and number != _number(lines, last)
    return (addressed or numbered) if announced else (addressed and numbered)


def _is_unrelated(lines: Sequence[Line], last: _Place, new: _Place) -> bool:
    """Whether a title below a signature names an authority of its own, and the notice above says nothing of it."""
    title = lines[new.title_at].title
    names = leading_authorities(title.title) if title else ()
    above = lines[last.title_at].title
    if not (title and names and above) or set(names) & set(leading_authorities(above.title)):
        return False
    return not any(title.title in line.words for line in lines[last.title_at : new.start])


def _first_line(lines: Sequence[Line], at: int, floor: int) -> int:
    """The first line of a head whose title stands at `at`: numbers and names directly above belong to it."""
    start = n = at
    while n > max(floor, at - HIGHEST):
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


def _head(lines: Sequence[Line], place: _Place) -> Head:
    start, at, body_at = place.start, place.title_at, place.body_at
    title = lines[at].title
    return Head(
        start,
        at,
        body_at,
        fullest_title(lines, start, body_at, _named(lines, place, title.title if title else lines[at].words)),
        _number(lines, place),
        any(line.masked for line in lines[start:body_at]),
    )


def _named(lines: Sequence[Line], place: _Place, title: str) -> str:
    """A title that begins with 关于 with the names in the line above, where one centred title stands on two lines."""
    above = next((line for line in reversed(lines[place.start : place.title_at]) if line.role is not Role.BLANK), None)
    if above is None or above.role is not Role.NAMES or not title.startswith("关于"):
        return title
    centred = above.block.align == lines[place.title_at].block.align == "center"
    return above.words + title if centred else title


def fullest_title(lines: Sequence[Line], start: int, end: int, title: str) -> str:
    """The longest spelling of `title` that a line there gives: with its authority, if one line has both."""
    others = (line.title.title for line in lines[start:end] if line.title and line.role in (Role.TITLE, Role.LINKS))
    return max(
        (title, *(other for other in others if is_same_title(other, title))), key=lambda t: (len(_plain(t)), -len(t))
    )


def _number(lines: Sequence[Line], place: _Place) -> DocumentNumber | None:
    """The number in a head: of the title's line, of the line nearest to it, or of its fields."""
    start, at, body_at = max(place.start, place.title_at - HIGHEST), place.title_at, place.body_at
    if lines[at].number:
        return lines[at].number
    stating = (n for n in range(start, body_at) if lines[n].role in (Role.NUMBER, Role.TITLE, Role.FIELD))
    for n in sorted(stating, key=lambda n: abs(n - at)):
        if number := lines[n].number or _completed(lines, n, start, body_at):
            return number
    return None


def _completed(lines: Sequence[Line], n: int, start: int, body_at: int) -> DocumentNumber | None:
    """The number of a line such as 2012年第54号, whose owner stands above it or in the title."""
    words = lines[n].words
    if lines[n].role is Role.FIELD:  # 2010年第83号 发布时间：2014年6月11日
        leading = BARE.match(words)
        words = leading[0] if leading and leading[0][-1] in BLANK else ""
    elif lines[n].role is not Role.NUMBER:
        return None
    owner = ""
    for line in reversed(lines[start:n]):
        if line.role in (Role.OWNER, Role.NAMES):
            owner = "".join(line.words.split()) + owner
            if number := bare_number(words, owner):
                return number
    for line in lines[start:body_at]:
        if line.title and (kind := re.search(r"(公告|通告|令)$", line.title.title)):
            names = read_authorities(line.title.title.partition("关于")[0])
            if names and (number := bare_number(words, f"{names[0]}{kind[1]}")):
                return number
    return None
