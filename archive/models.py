"""The values that pass between the rooms of the house: all frozen, none with behaviour beyond its own data."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from archive.numbers import DocumentNumber

# The dates of a notice, each kept apart.
DATES = ("issued_on", "published_on", "effective_on", "expires_on")


@dataclass(frozen=True, slots=True)
class Capture:
    """The bytes of one page as fetched or read from disk. `source` is its URL or path, `captured_at` is in UTC."""

    source: str
    captured_at: datetime
    content: bytes
    media_type: str = "text/html"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class CaptureRef:
    """Where a capture lies: the WARC file (relative to the captures folder), the offset of its record, its identity."""

    source: str
    captured_at: datetime
    sha256: str
    warc: str
    offset: int


class Block(NamedTuple):
    """One line of visible text and the structure it stood in. A tuple, because pages have a hundred of them.

    `path` are the names of the elements around it, outermost first, with classes and id: ("div.art_con#zoom", "p").
    `link_share` is the part of its characters inside links, 0 to 1. `align` is its horizontal alignment ("right" marks
    a signature), empty where none is given. `cells` are the texts of a table row, empty elsewhere. `foreign` are the
    texts of its links to other hosts.
    """

    text: str
    tag: str = ""
    path: tuple[str, ...] = ()
    link_share: float = 0.0
    align: str = ""
    cells: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A capture decoded and split into blocks of visible text.

    `text` is the captured text that changes replay to: the blocks joined by newlines. `meta` are the page's own
    statements (its `<title>` under "title", `<meta>` names lower-cased). `hidden` are the texts it kept from view.
    """

    source: str
    encoding: str
    blocks: tuple[Block, ...]
    meta: Mapping[str, str] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(block.text for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Change:
    """One repair: at offset `at`, in the text as the changes before it left it, `before` became `after`.

    Changes are replayed in order, and undone in reverse order (`archive.clean.changes`).
    """

    step: str
    at: int
    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class Damage:
    """A place in doubt, left as it was or read as likeliest: offset `at` in the body, the `text` there, and why.

    Where `at` is negative the place is in the title, thought above the body: title[at + len(title) + 1].
    """

    at: int
    text: str
    reason: str


class Validity(StrEnum):
    """时效性. The value is what the API says; the Chinese label is the front end's business."""

    IN_FORCE = "in_force"
    PARTLY_REPEALED = "partly_repealed"
    REPEALED = "repealed"
    UNKNOWN = "unknown"


class Relation(StrEnum):
    """What a citing notice does to the cited one."""

    BASED_ON = "based_on"
    AMENDS = "amends"
    REPEALS = "repeals"
    REPEALS_CLAUSES_OF = "repeals_clauses_of"
    FORWARDS = "forwards"
    REPLIES_TO = "replies_to"
    MENTIONS = "mentions"


@dataclass(frozen=True, slots=True)
class Citation:
    """A mention of another notice at body[start:end]; `number` or `title` names it, `id` is set once it is resolved."""

    start: int
    end: int
    relation: Relation
    number: DocumentNumber | None = None
    title: str = ""
    id: str | None = None


@dataclass(frozen=True, slots=True)
class DateEvidence:
    """Where a date of a notice was read: `field` is issued_on, published_on, effective_on or expires_on, and `text`
    the sentence, the line or the page's own field that gives it.
    """

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class RawNotice:
    """A notice as one page carries it: the body, what its page and text say about it, and the proof of every repair.

    Applying `changes` to the text of its page gives `body` (paragraphs joined by newlines); undoing them gives the
    captured text back. Dates that the page does not give are None.
    """

    title: str
    body: str
    number: DocumentNumber | None = None
    authorities: tuple[str, ...] = ()
    kind: str = ""
    issued_on: date | None = None
    published_on: date | None = None
    effective_on: date | None = None
    expires_on: date | None = None
    validity: Validity = Validity.UNKNOWN
    recipients: str = ""
    contacts: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    evidence: tuple[DateEvidence, ...] = ()
    changes: tuple[Change, ...] = ()
    damage: tuple[Damage, ...] = ()


@dataclass(frozen=True, slots=True)
class CaptureSummary:
    """A capture as a notice lists it."""

    source: str
    captured_at: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class Version:
    """An earlier edition of a notice: what it says of its last revision (nothing: as first issued), and its text."""

    note: str
    revised_on: date | None
    title: str
    body: str
    source: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Another `value` of a field than the one the notice has, and the captures that say so."""

    field: str
    value: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice of the archive, put together from all captures that carry it; `source` is that of the best capture.

    `body` is the latest edition, `edition` what that says of its revision, and `versions` the earlier ones, latest
    first. `conflicts` are what captures say of dates and validity against the majority or the evidence. `stated` is
    the validity that its pages state; `validity` and `ceased_on`, the first day on which it is no longer in force as a
    whole, follow from that, from its own term and from what other notices do to it.
    """

    id: str
    title: str
    body: str
    number: DocumentNumber | None = None
    authorities: tuple[str, ...] = ()
    kind: str = ""
    issued_on: date | None = None
    published_on: date | None = None
    effective_on: date | None = None
    expires_on: date | None = None
    ceased_on: date | None = None
    validity: Validity = Validity.UNKNOWN
    stated: Validity = Validity.UNKNOWN
    recipients: str = ""
    contacts: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    evidence: tuple[DateEvidence, ...] = ()
    topics: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    source: str = ""
    captures: tuple[CaptureSummary, ...] = ()
    damage: int = 0
    edition: str = ""
    versions: tuple[Version, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


class DateKind(StrEnum):
    """Which of a notice's dates a query speaks of."""

    ISSUED = "issued"
    PUBLISHED = "published"
    EFFECTIVE = "effective"


class Sort(StrEnum):
    """Order of results: best first, or by the queried kind of date; ties always by id."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Query:
    """A search as box, API and command line all put it.

    `text` is in the query language; `number` is a document number in any spelling, whole or in part (608号). Filters
    are ANDed; the two ends of the date range are inclusive; `in_force_on` wants what was in force on that day. `page`
    counts from 1, `per_page` is 1 to 100.
    """

    text: str = ""
    number: str = ""
    from_date: date | None = None
    to_date: date | None = None
    date_kind: DateKind = DateKind.ISSUED
    topic: str = ""
    authority: str = ""
    kind: str = ""
    validity: str = ""
    in_force_on: date | None = None
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    per_page: int = 10


@dataclass(frozen=True, slots=True)
class Hit:
    """One result: the notice (without its body) and a snippet of it.

    `snippet` and `title` are given as parts of (text, is_match), so that every front end marks them in its own
    way.
    """

    notice: Notice
    score: float
    snippet: tuple[tuple[str, bool], ...] = ()
    title: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class FacetCount:
    value: str
    count: int


class Remark(str):
    """A sentence to the reader, in Chinese: `pattern` and the `values` in it are kept for those who translate it."""

    __slots__ = ("pattern", "values")

    pattern: str
    values: Mapping[str, object]

    def __new__(cls, pattern: str, **values: object) -> "Remark":
        made = super().__new__(cls, pattern % values if values else pattern)
        made.pattern, made.values = pattern, values
        return made


@dataclass(frozen=True, slots=True)
class Results:
    """The hits of one page, the total over all pages, and how often each value occurs in all of them, by facet.

    Facets are topic, authority, kind, validity and year, most frequent value first. `reading` says in words how the
    query was understood where that is not plain ("也找相近的词", dropped syntax), one sentence an item. `suggestion`
    is a query that was more likely meant ("did you mean"), in the query language. `warnings` say what may be missing,
    such as an index behind the store, with the remedy.
    """

    query: Query
    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetCount, ...]] = field(default_factory=dict)
    reading: tuple[str, ...] = ()
    suggestion: str = ""
    warnings: tuple[str, ...] = ()
