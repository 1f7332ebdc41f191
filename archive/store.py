"""The store: what the archive knows, and the truth that everything else is rebuilt from. This is its reading side."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Engine, Select, and_, func, or_, select

from archive import statements
from archive.copies import are_copies
from archive.database import BATCH, chunks, open_database
from archive.errors import InvalidNumber, NotFound
from archive.filling import still_damaged
from archive.graph import ValidityFinding, derive_validity, succession
from archive.models import CaptureRef, Citation, FacetCount, Notice, RawNotice, Relation, Validity
from archive.numbers import DocumentNumber, PartialNumber, parse_number, parse_partial
from archive.repeals import Replacement, judged, repeals, replacements
from archive.rows import citation_of, notice_of, number_of, ref_of, unpack_changes, unpack_raw
from archive.schema import captures, citations, notices, readings, tombstones, topics

MOST_TWINS = 50  # notices of one title that are compared
ALL = 2**31 - 1  # more than there are of anything


@dataclass(frozen=True, slots=True)
class Reading:
    """A notice as its best capture carries it, with the proof of every repair."""

    raw: RawNotice
    capture: CaptureRef


@dataclass(frozen=True, slots=True)
class Citing:
    """A notice that cites another one, and what it does to it."""

    id: str
    number: DocumentNumber | None
    title: str
    issued_on: date | None
    relation: Relation


@dataclass(frozen=True, slots=True)
class Brief:
    """A notice without its texts; `day` is that of its issue or, where that is not known, of its publication."""

    id: str
    number: DocumentNumber | None
    title: str
    day: date | None
    issued_on: date | None
    validity: Validity
    ceased_on: date | None


@dataclass(frozen=True, slots=True)
class Tie:
    """What the notice `citing` does to the notice `cited`, by their ids."""

    citing: str
    cited: str
    relation: Relation


@dataclass(frozen=True, slots=True)
class Milestone:
    """A notice in the timeline of a topic, and what replaced it."""

    notice: Brief
    replaced_by: tuple[Replacement, ...]


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

    def __init__(self, engine: Engine, held: Connection | None = None) -> None:
        self.engine = engine
        self._held = held
        self._topics: tuple[int, tuple[FacetCount, ...]] = (-1, ())

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def at_one_moment(self) -> Iterator["Store"]:
        """This store for one thread and one block: all its reads there see the same state, over one connection."""
        with self.engine.connect() as connection:
            yield Store(self.engine, connection)

    def _connected(self) -> AbstractContextManager[Connection]:
        return nullcontext(self._held) if self._held else self.engine.connect()

    def revision(self) -> int:
        """The number of the last committed change; 0 for an empty store."""
        with self._connected() as connection:
            return revision_of(connection)

    def notice(self, notice_id: str) -> Notice | None:
        if not notice_id.isascii():  # no id, and half a surrogate no database takes
            return None
        with self._connected() as connection:
            return next(load(connection, statements.NOTICE, notice_id=notice_id), None)

    def notices(self) -> Iterator[Notice]:
        """All notices by id, a batch at a time: memory stays flat, and writers are not held up."""
        last = ""
        while True:
            with self._connected() as connection:
                batch = list(
                    load(connection, select(notices).where(notices.c.id > last).order_by(notices.c.id).limit(BATCH))
                )
            yield from batch
            if len(batch) < BATCH:
                return
            last = batch[-1].id

    def count(self) -> int:
        """How many notices there are."""
        with self._connected() as connection:
            return connection.scalar(select(func.count()).select_from(notices)) or 0

    def changed_ids(self, revision: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The ids of the notices put or changed after `revision`, and of those removed after it."""
        with self._connected() as connection:
            changed = connection.scalars(select(notices.c.id).where(notices.c.revision > revision)).all()
            deleted = connection.scalars(select(tombstones.c.notice_id).where(tombstones.c.revision > revision)).all()
        return tuple(sorted(changed)), tuple(sorted(deleted))

    def by_id(self, ids: Sequence[str]) -> Iterator[Notice]:
        """Those of the notices `ids` that are there, a batch at a time."""
        for chunk in chunks(ids):
            with self._connected() as connection:
                batch = list(load(connection, select(notices).where(notices.c.id.in_(chunk)).order_by(notices.c.id)))
            yield from batch

    def reading(self, notice_id: str) -> Reading | None:
        """The notice as read from its best capture; None where it was imported, or there is no such notice."""
        with self._connected() as connection:
            row = connection.execute(statements.READING, {"notice_id": notice_id}).one_or_none()
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
        if self.notice(text):
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
        with self._connected() as connection:
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
        with self._connected() as connection:
            return tuple(connection.scalars(query))

    def citing(self, notice_id: str, most: int = ALL, skip: int = 0) -> tuple[Citing, ...]:
        """The notices that cite `notice_id`, each once for what it does: what changes it most first, then the latest.

        `most` and `skip` give a page of them.
        """
        asked = {"notice_id": notice_id, "most": most, "skip": skip}
        with self._connected() as connection:
            pairs = connection.execute(statements.CITING, asked).all()
            known = _briefs(connection, {citing for citing, _ in pairs})
        cited = ((known[citing], Relation(relation)) for citing, relation in pairs if citing in known)
        return tuple(Citing(one.id, one.number, one.title, one.issued_on, relation) for one, relation in cited)

    def count_citing(self, notice_id: str) -> int:
        """How many `citing` gives in all."""
        with self._connected() as connection:
            return connection.scalar(statements.COUNT_CITING, {"notice_id": notice_id}) or 0

    def briefs(self, ids: Iterable[str]) -> dict[str, Brief]:
        """Those of the notices `ids` that are there, without their texts."""
        with self._connected() as connection:
            return _briefs(connection, ids)

    def ties(self, ids: Iterable[str]) -> tuple[Tie, ...]:
        """What the notices `ids` (not many) do to one another, each tie once."""
        with self._connected() as connection:
            rows = connection.execute(statements.TIES, {"ids": list(ids)}).all()
        return tuple(Tie(citing, cited, Relation(relation)) for citing, cited, relation in rows)

    def timeline(self, topic: str, most: int = 100, skip: int = 0) -> tuple[Milestone, ...]:
        """The dated notices of a topic, the oldest first, each with what replaced it; `most` and `skip` give a page."""
        of_topic = select(topics.c.notice_id).where(topics.c.topic == topic, topics.c.day.is_not(None))
        ordered = of_topic.order_by(topics.c.day, topics.c.notice_id).limit(most).offset(skip)
        with self._connected() as connection:
            ids = connection.scalars(ordered).all()
            known = _briefs(connection, ids)
            replaced_by: defaultdict[str, list[Replacement]] = defaultdict(list)
            for one in replacements(connection, ids):
                replaced_by[one.old].append(one)
        return tuple(Milestone(known[key], tuple(dict.fromkeys(replaced_by[key]))) for key in ids if key in known)

    def validity(self, notice_id: str, on: date | None = None) -> ValidityFinding:
        """The validity of a notice, today or on a day, with the evidence for it; raises NotFound."""
        with self._connected() as connection:
            row = connection.execute(statements.STATED, {"notice_id": notice_id}).one_or_none()
            against = repeals(connection, [notice_id]).get(notice_id, ())
        if row is None:
            raise NotFound(
                f"there is no notice {notice_id!r} in the archive.", "Find its id by: python -m archive search"
            )
        return derive_validity(judged(row), against, on)

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
        with self._connected() as connection:
            this = next(load(connection, statements.NOTICE, notice_id=notice_id), None)
            alike = [notice for notice in load(connection, titled) if this and are_copies(_text(this), _text(notice))]
        return tuple(sorted(alike, key=lambda notice: (-len(notice.captures), notice.id)))

    def succession(self, notice_id: str) -> tuple[Replacement, ...]:
        """What replaced a notice, what replaced that, and so on, nearest first; a repeal by an older one is none."""
        found: dict[tuple[str, str], Replacement] = {}
        replaced_by: dict[str, list[str]] = {}
        waiting = {notice_id}
        with self._connected() as connection:
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
        with self._connected() as connection:
            return tuple(load(connection, query))

    def topics(self) -> tuple[FacetCount, ...]:
        """Every topic and its number of notices, most frequent first."""
        with self._connected() as connection:
            revision = revision_of(connection)
            if self._topics[0] != revision:  # counted once a revision: every visit of the front page asks
                counts = connection.execute(select(topics.c.topic, func.count()).group_by(topics.c.topic)).all()
                ordered = sorted(counts, key=lambda row: (-row[1], row[0]))
                self._topics = revision, tuple(FacetCount(topic, number) for topic, number in ordered)
        return self._topics[1]

    def stats(self) -> Stats:
        with self._connected() as connection:

            def count(query: Select[int]) -> int:
                return connection.scalar(query) or 0

            of_notices = select(func.count()).select_from(notices)
            cited, resolved = connection.execute(select(func.count(), func.count(citations.c.target))).one()
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
                citations=cited,
                resolved=resolved,
                rejections=dict(connection.execute(rejected).all()),
            )


def _briefs(connection: Connection, ids: Iterable[str]) -> dict[str, Brief]:
    return {
        row.id: Brief(row.id, number_of(row), row.title, row.day, row.issued_on, Validity(row.validity), row.ceased_on)
        for chunk in chunks(ids)
        for row in connection.execute(statements.BRIEFS, {"ids": chunk})
    }


def _text(notice: Notice) -> RawNotice:
    return RawNotice(notice.title, notice.body, issued_on=notice.issued_on)


def revision_of(connection: Connection) -> int:
    return connection.scalar(statements.REVISION) or 0


def load(connection: Connection, query: Select[Any], **parameters: Any) -> Iterator[Notice]:
    """The notices in the rows of `query`, with their citations, in its order."""
    rows = connection.execute(query, parameters).all()
    cited = _citations(connection, [row.id for row in rows])
    return (notice_of(row, cited.get(row.id, ())) for row in rows)


def _citations(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[Citation, ...]]:
    rows = connection.execute(statements.CITATIONS, {"ids": ids})
    return {key: tuple(map(citation_of, group)) for key, group in groupby(rows, key=lambda row: row.notice_id)}
