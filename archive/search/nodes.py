"""What a query is made of: words, phrases, numbers and conditions under operators, and how they are written."""

import re
from dataclasses import dataclass
from datetime import date

from archive.models import DateKind
from archive.search.dates import Span, render_span


@dataclass(frozen=True, slots=True)
class Words:
    """Unquoted text: its words are wanted, wherever they stand. `field` is title, body or empty for both."""

    text: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Quoted text: exactly this is wanted."""

    text: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Prefix:
    """The beginning of a word."""

    text: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """A document number, whole or in part; the notices that bear it."""

    text: str


@dataclass(frozen=True, slots=True)
class Filter:
    """A value of topic, authority, kind (contained in the notice's) or validity."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Dates:
    """A range of one kind of date."""

    kind: DateKind
    span: Span


@dataclass(frozen=True, slots=True)
class Years:
    """A range of years, of the number or else the issue date."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class InForce:
    """In force on that day, as far as it is known; `undated` takes in those repealed on no known day."""

    day: date
    undated: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    part: "Node"


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple["Node", ...]


Text = Words | Phrase | Prefix
Node = Text | Number | Filter | Dates | Years | InForce | Not | And | Or


@dataclass(frozen=True, slots=True)
class Parsed:
    """The query understood (None: nothing asked, everything matches) and remarks on what was not plain."""

    node: Node | None
    reading: tuple[str, ...] = ()


CHUNK = re.compile(r"(?:[^\s()]|\([^\s()]*\))+")  # what is read as one piece without quotes
FIELDS = {
    "title": ("标题", "title"),
    "body": ("正文", "内容", "body"),
    "number": ("文号", "发文字号", "number"),
    "authority": ("发文机关", "机关", "authority"),
    "topic": ("主题", "topic"),
    "kind": ("类型", "kind"),
    "validity": ("时效", "时效性", "validity"),
    "year": ("年份", "year"),
    "issued": ("日期", "成文日期", "date", "issued"),
    "published": ("发布日期", "published"),
    "effective": ("施行日期", "effective"),
    "inforce": ("有效于", "inforce"),
}
FIELD_OF = {alias: name for name, aliases in FIELDS.items() for alias in aliases}


def render(node: Node | None) -> str:
    """The query as text that `parse` reads as `node`, if `parse` could have given it."""
    match node:
        case None:
            return ""
        case Words():
            return _fielded(node.field, node.text)
        case Phrase():
            return _fielded(node.field, '"' + re.sub(r'(["\\])', r"\\\1", node.text) + '"')
        case Prefix():
            return _fielded(node.field, node.text + "*")
        case Number():
            return _fielded("number", node.text if CHUNK.fullmatch(node.text) else f'"{node.text}"')
        case Filter():
            return _fielded(node.name, f'"{node.value}"')
        case Dates():
            return _fielded(node.kind.value, render_span(node.span))
        case InForce():
            return _fielded("inforce", str(node.day))
        case Years():
            return _fielded("year", f"{node.first}..{node.last}")
        case Not():
            return f"NOT {_bracketed(node.part)}"
        case And():
            return " AND ".join(map(_bracketed, node.parts))
        case Or():
            return " OR ".join(map(_bracketed, node.parts))


def _fielded(name: str, text: str) -> str:
    return f"{FIELDS[name][0]}:{text}" if name else text


def _bracketed(node: Node) -> str:
    return f"({render(node)})" if isinstance(node, And | Or) else render(node)
