"""The store: what the archive knows, and the truth that everything else is rebuilt from. This is its reading side."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, and_, func, or_, select

from archive.copies import are_copies
from archive.database import BATCH, chunks, open_database
from archive.errors import InvalidNumber, NotFound
from archive.filling import still_damaged
from archive.graph import ValidityFinding, derive_validity, succession
from archive.models import CaptureRef, Citation, FacetCount, Notice, RawNotice, Relation
from archive.numbers import DocumentNumber, PartialNumber, parse_number, parse_partial
from archive.repeals import Replacement, incoming, replacements
from archive.schema import (
    captures,
    citation_of,
    citations,
    meta,
    notice_of,
    notices,
    number_of,
    readings,
    ref_of,
    site_lines,
    tombstones,
    unpack_changes,
    unpack_raw,
)

MOST_TWINS = 50  # notices of one title that are compared


@dataclass(frozen=True, slots=True)
class Reading:
    """A notice as its best capture carries it, with the proof of every repair."""

    raw: RawNotice
    capture: CaptureRef


@dataclass(frozen=True, slots=True)
class StoredCapture:
    """A capture as the store knows it; `rejection` is the code of its rejection, empty where it carries notices."""

    key: int
    ref: CaptureRef
    site: str
    rejection: str
    reason: str


@dataclass(frozen=True, slots=True)
class Citing:
    """A notice that cites another one, and what it does to it."""

    id: str
    number: DocumentNumber | None
    title: str
    issued_on: date | None
    relation: Relation


@dataclass(frozen=True, slots=True)
class Stats:
    """How much the archive holds. `rejections` counts captures by the code of their rejection."""

    revision: int
    notices: int
    without_number: int
    damaged: int
    imported: int
    captures: int
    sites: int
    citations: int
    resolved: int
    rejections: dict[str, int] = field(default_factory=dict)


def open_store(url: str) -> "Store":
    """The store at a SQLAlchemy URL, made or migrated where needed; raises StoreUnavailable where that cannot be."""
    return Store(open_database(url))


class Store:
    """The notices and captures of the archive. Each read sees one committed state; threads may share a store."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._topics: tuple[int, tuple[FacetCount, ...]] = (-1, ())

    def close(self) -> None:
        self.engine.dispose()

    def revision(self) -> int:
        """The number of the last committed change; 0 for an empty store."""
        with self.engine.connect() as connection:
            return revision_of(connection)

    def notice(self, notice_id: str) -> Notice | None:
        with self.engine.connect() as connection:
            return next(load(connection, select(notices).where(notices.c.id == notice_id)), None)

    def notices(self) -> Iterator[Notice]:
        """All notices by id, a batch at a time: memory stays flat, and writers are not held up."""
        last = ""
        while True:
            with self.engine.connect() as connection:
                batch = list(
                    load(connection, select(notices).where(notices.c.id > last).order_by(notices.c.id).limit(BATCH))
                )
            yield from batch
            if len(batch) < BATCH:
                return
            last = batch[-1].id

    def count(self) -> int:
        """How many notices there are."""
        with self.engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(notices)) or 0

    def changed_since(self, revision: int) -> tuple[Iterator[Notice], tuple[str, ...]]:
        """The notices put or changed after `revision`, and the ids of those removed after it."""
        changed, deleted = self.changed_ids(revision)
        return self.by_id(changed), deleted

    def changed_ids(self, revision: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """As `changed_since`, but the ids alone."""
        with self.engine.connect() as connection:
            changed = connection.scalars(select(notices.c.id).where(notices.c.revision > revision)).all()
            deleted = connection.scalars(select(tombstones.c.notice_id).where(tombstones.c.revision > revision)).all()
        return tuple(sorted(changed)), tuple(sorted(deleted))

    def by_id(self, ids: Sequence[str]) -> Iterator[Notice]:
        """Those of the notices `ids` that are there, a batch at a time."""
        for chunk in chunks(ids):
            with self.engine.connect() as connection:
                batch = list(load(connection, select(notices).where(notices.c.id.in_(chunk)).order_by(notices.c.id)))
            yield from batch

    def reading(self, notice_id: str) -> Reading | None:
        """The notice as read from its best capture; None where it was imported, or there is no such notice."""
        best = (
            select(readings.c.raw, readings.c.changes, captures, notices.c.filled, notices.c.body)
            .join(notices, notices.c.reading_id == readings.c.id)
            .join(captures, captures.c.id == readings.c.capture_id)
            .where(notices.c.id == notice_id)
        )
        with self.engine.connect() as connection:
            row = connection.execute(best).one_or_none()
        if row is None:
            return None
        raw = unpack_raw(row.raw, row.changes)
        filled = unpack_changes(row.filled)
        left = still_damaged(raw.damage, filled)
        return Reading(replace(raw, body=row.body, changes=(*raw.changes, *filled), damage=left), ref_of(row))

    def resolve(self, text: str) -> tuple[str, ...]:
        """The ids of the notices that `text` can mean: an id, or a document number in any spelling, whole or in part.

        Raises InvalidNumber where `text` is neither.
        """
        if self.notice(text) is not None:
            return (text,)
        try:
            number = parse_number(text)
        except InvalidNumber:
            partial = parse_partial(text)
            return self._with_number(partial.office, partial.year, partial.serial)
        return self._with_number(number.office, number.year, number.serial)

    def _with_number(self, office: str, year: int, serial: int) -> tuple[str, ...]:
        given = [
            column == value
            for column, value in ((notices.c.office, office), (notices.c.year, year), (notices.c.serial, serial))
            if value
        ]
        with self.engine.connect() as connection:
            return tuple(connection.scalars(select(notices.c.id).where(and_(*given)).order_by(notices.c.id)))

    def near(self, number: PartialNumber, count: int = 3) -> tuple[str, ...]:
        """Numbers in the archive that differ from `number` in one part only, the nearest serials first."""
        same_year, same_serial = notices.c.year == number.year, notices.c.serial == number.serial
        same_office = notices.c.office == number.office
        distance = func.abs(notices.c.serial - number.serial)
        query = (
            select(notices.c.number)
            .where(or_(same_year & same_serial, same_office & same_serial, same_office & same_year))
            .where(notices.c.office != "")
            .order_by(distance, notices.c.number)
            .limit(count)
        )
        with self.engine.connect() as connection:
            return tuple(connection.scalars(query))

    def citing(self, notice_id: str) -> tuple[Citing, ...]:
        """The notices that cite `notice_id`, the latest issued first."""
        found = (
            select(notices, citations.c.relation)
            .join(citations, citations.c.notice_id == notices.c.id)
            .where(citations.c.target == notice_id)
            .order_by(notices.c.issued_on.desc(), notices.c.id, citations.c.ordinal)
        )
        with self.engine.connect() as connection:
            rows = connection.execute(found).all()
        cited = (Citing(row.id, number_of(row), row.title, row.issued_on, Relation(row.relation)) for row in rows)
        return tuple(dict.fromkeys(cited))

    def validity(self, notice_id: str, on: date | None = None) -> ValidityFinding:
        """The validity of a notice, today or on a day, with the evidence for it; raises NotFound."""
        with self.engine.connect() as connection:
            row = connection.execute(select(notices).where(notices.c.id == notice_id)).one_or_none()
            against = incoming(connection, notice_id)
        if row is None:
            raise NotFound(
                f"there is no notice {notice_id!r} in the archive.", "Find its id by: python -m archive search"
            )
        return derive_validity(notice_of(row), against, on)

    def twins(self, notice_id: str) -> tuple[Notice, ...]:
        """Notices that carry the text of this one under another number, those with most captures first.

        One of the numbers is most likely a mistake of whoever re-posted it; nothing in the text says which.
        """
        one, other = notices.alias(), notices.alias()
        titled = (
            select(other)
            .join(one, (one.c.title_key == other.c.title_key) & (one.c.id != other.c.id))
            .where(one.c.id == notice_id, one.c.title_key != "")
            .order_by(other.c.id)
            .limit(MOST_TWINS)
        )
        with self.engine.connect() as connection:
            this = next(load(connection, select(notices).where(notices.c.id == notice_id)), None)
            alike = [notice for notice in load(connection, titled) if this and are_copies(_text(this), _text(notice))]
        return tuple(sorted(alike, key=lambda notice: (-len(notice.captures), notice.id)))

    def succession(self, notice_id: str) -> tuple[Replacement, ...]:
        """What replaced a notice, what replaced that, and so on, nearest first; a repeal by an older one is none."""
        found: dict[tuple[str, str], Replacement] = {}
        replaced_by: dict[str, list[str]] = {}
        waiting = {notice_id}
        with self.engine.connect() as connection:
            while waiting:
                replaced_by |= {old: [] for old in waiting}
                for one in replacements(connection, waiting):
                    found[one.old, one.new] = one
                    replaced_by[one.old].append(one.new)
                waiting = {new for old in waiting for new in replaced_by[old]} - replaced_by.keys()
        return tuple(found[pair] for pair in succession(notice_id, replaced_by))

    def newest(self, count: int) -> tuple[Notice, ...]:
        """The `count` notices issued last; where no issue date is known the date of publication stands in."""
        dated = select(notices).where(notices.c.day.is_not(None))
        query = dated.order_by(notices.c.day.desc(), notices.c.id).limit(count)
        with self.engine.connect() as connection:
            return tuple(load(connection, query))

    def topics(self) -> tuple[FacetCount, ...]:
        """Every topic and its number of notices, most frequent first."""
        with self.engine.connect() as connection:
            revision = revision_of(connection)
            if self._topics[0] != revision:  # counted once a revision: every visit of the front page asks
                counts = Counter(topic for topics in connection.scalars(select(notices.c.topics)) for topic in topics)
                ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
                self._topics = revision, tuple(FacetCount(topic, number) for topic, number in ordered)
        return self._topics[1]

    def stats(self) -> Stats:
        with self.engine.connect() as connection:

            def count(query: Select[int]) -> int:
                return connection.scalar(query) or 0

            of_notices = select(func.count()).select_from(notices)
            of_citations = select(func.count()).select_from(citations)
            rejected = (
                select(captures.c.rejection, func.count())
                .where(captures.c.rejection != "")
                .group_by(captures.c.rejection)
                .order_by(captures.c.rejection)
            )
            return Stats(
                revision=revision_of(connection),
                notices=count(of_notices),
                without_number=count(of_notices.where(notices.c.office == "")),
                damaged=count(of_notices.where(notices.c.damage > 0)),
                imported=count(select(func.count()).select_from(readings).where(readings.c.capture_id.is_(None))),
                captures=count(select(func.count()).select_from(captures)),
                sites=count(select(func.count(captures.c.site.distinct()))),
                citations=count(of_citations),
                resolved=count(of_citations.where(citations.c.target.is_not(None))),
                rejections=dict(connection.execute(rejected).all()),
            )

    def captures(self) -> Iterator[StoredCapture]:
        """Every capture in the order of arrival, a batch at a time."""
        last = 0
        while True:
            page = select(captures).where(captures.c.id > last).order_by(captures.c.id).limit(BATCH)
            with self.engine.connect() as connection:
                rows = connection.execute(page).all()
            yield from map(_stored, rows)
            if len(rows) < BATCH:
                return
            last = rows[-1].id

    def captures_of(self, digests: Iterable[str]) -> list[StoredCapture]:
        """The captures whose SHA-256 is one of `digests`."""
        with self.engine.connect() as connection:
            return [
                _stored(row)
                for chunk in chunks(digests)
                for row in connection.execute(select(captures).where(captures.c.sha256.in_(chunk)))
            ]

    def pages_of(self, site: str) -> int:
        """How many different pages of `site` are known."""
        with self.engine.connect() as connection:
            pages = select(func.count(captures.c.sha256.distinct())).where(captures.c.site == site)
            return connection.scalar(pages) or 0

    def line_counts(self, site: str, lines: Iterable[int]) -> Counter[int]:
        """On how many pages of `site` each of `lines` (hashes) stands."""
        counts: Counter[int] = Counter()
        with self.engine.connect() as connection:
            for chunk in chunks(lines):
                query = select(site_lines.c.line, site_lines.c.pages)
                rows = connection.execute(query.where(site_lines.c.site == site, site_lines.c.line.in_(chunk)))
                counts.update(dict(rows.all()))
        return counts

    def lines_on(self, site: str, fewest: int) -> frozenset[int]:
        """The lines (hashes) that stand on at least `fewest` pages of `site`."""
        query = select(site_lines.c.line).where(site_lines.c.site == site, site_lines.c.pages >= fewest)
        with self.engine.connect() as connection:
            return frozenset(connection.scalars(query))


def _stored(row: Row[*tuple[Any, ...]]) -> StoredCapture:
    return StoredCapture(row.id, ref_of(row), row.site, row.rejection, row.reason)


def _text(notice: Notice) -> RawNotice:
    return RawNotice(notice.title, notice.body, issued_on=notice.issued_on)


def revision_of(connection: Connection) -> int:
    return connection.scalar(select(meta.c.value).where(meta.c.name == "revision")) or 0


def load(connection: Connection, query: Select[Any]) -> Iterator[Notice]:
    """The notices in the rows of `query`, with their citations, in its order."""
    rows = connection.execute(query).all()
    cited = _citations(connection, [row.id for row in rows])
    return (notice_of(row, cited.get(row.id, ())) for row in rows)


def _citations(connection: Connection, ids: Iterable[str]) -> dict[str, tuple[Citation, ...]]:
    ordered = (
        select(citations).where(citations.c.notice_id.in_(ids)).order_by(citations.c.notice_id, citations.c.ordinal)
    )
    rows = connection.execute(ordered)
    return {key: tuple(map(citation_of, group)) for key, group in groupby(rows, key=lambda row: row.notice_id)}
