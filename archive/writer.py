"""The writing side of the store: one transaction, after which every notice is again what its readings amount to."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, bindparam, delete, insert, select, text, update

from archive.citations.places import place_of
from archive.citations.since import since
from archive.database import WRITES, chunks, execute_plainly
from archive.graph import LABELS
from archive.grouping import around, group, notices_of, pair
from archive.linking import judge, link, title_key
from archive.merge import Evidence, Imported, Merged, Outcome, Told, merge
from archive.models import CaptureRef, CaptureSummary, Notice
from archive.rows import (
    notice_columns,
    number_columns,
    pack_changes,
    pack_conflicts,
    pack_summaries,
    unpack_citations,
    unpack_conflicts,
    unpack_raw,
    unpack_summaries,
)
from archive.schema import Record, bands, captures, citations, meta, notices, readings, site_lines, tombstones, topics
from archive.store import Store, load, revision_of

# In words that SQLite and PostgreSQL share.
MORE_PAGES = text(
    "INSERT INTO site_lines (site, line, pages) VALUES (:site, :line, :pages) "
    "ON CONFLICT (site, line) DO UPDATE SET pages = site_lines.pages + excluded.pages"
)


class Fate(StrEnum):
    """What a transaction did to a notice."""

    ARCHIVED = "archived"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REMOVED = "removed"


@contextmanager
def writing(store: Store) -> Iterator["Writing"]:
    """A transaction on `store`: all of it is kept, or nothing. `fates` of the Writing is filled when it is done."""
    with store.engine.connect().execution_options(**WRITES) as connection, connection.begin():
        transaction = Writing(connection)
        yield transaction
        transaction.settle()


@dataclass
class _Neighbourhood:
    """What changed notices touch: the keys of their titles, and the notices they repealed in whole or in part."""

    title_keys: set[str] = field(default_factory=set)
    repealed: set[str] = field(default_factory=set)

    def add(self, notice: Notice | None) -> None:
        if notice:
            self.title_keys.add(title_key(notice.title))
            self.repealed.update(c.id for c in notice.citations if c.id and c.relation in LABELS)


class Writing:
    """What can be written in one transaction. Notices are put together at its end, from all their readings."""

    def __init__(self, connection: Connection) -> None:
        self.fates: dict[str, Fate] = {}
        self._connection = connection
        self._touched: set[str] = set()
        self._new: dict[int, Told] = {}  # readings, by their keys
        self._loose: set[int] = set()  # readings whose copies changed

    def add_captures(self, refs: Sequence[tuple[CaptureRef, str]]) -> list[int]:
        """Record captures, each with its site; returns their keys. One that is known already keeps its record."""
        known = self._keys([ref.sha256 for ref, _ in refs])
        new = {(ref.sha256, ref.source): (ref, site) for ref, site in refs if (ref.sha256, ref.source) not in known}
        self._insert(captures, [_capture_row(ref, site) for ref, site in new.values()])
        known |= self._keys([digest for digest, _ in new])
        return [known[ref.sha256, ref.source] for ref, _ in refs]

    def _keys(self, digests: Collection[str]) -> dict[tuple[str, str], int]:
        columns = select(captures.c.sha256, captures.c.source, captures.c.id)
        rows = (
            row
            for chunk in chunks(digests)
            for row in self._connection.execute(columns.where(captures.c.sha256.in_(chunk)))
        )
        return {(row.sha256, row.source): row.id for row in rows}

    def put_outcomes(self, outcomes: Sequence[tuple[int, Outcome]]) -> None:
        """Let each outcome be what its capture (a key) tells, in place of what it told before."""
        for chunk in chunks([key for key, _ in outcomes]):
            self._forget(readings.c.capture_id.in_(chunk))
        self._add_readings(
            (told, {"capture_id": key, "ordinal": ordinal, "origin": None})
            for key, outcome in outcomes
            for ordinal, told in enumerate(outcome.told)
        )
        verdicts = [{"capture": key, "code": outcome.code, "why": outcome.reason} for key, outcome in outcomes]
        if verdicts:
            row = captures.c.id == bindparam("capture")
            verdict = update(captures).where(row).values(rejection=bindparam("code"), reason=bindparam("why"))
            self._connection.execute(verdict, verdicts)

    def put_imported(self, editions: Sequence[tuple[Told, Imported]]) -> None:
        """Add a notice from an imported file, in place of an earlier import of the same notice."""
        own = {told.notice_id for told, _ in editions}
        self._forget(readings.c.capture_id.is_(None) & readings.c.own.in_(own))
        self._add_readings(
            (told, {"capture_id": None, "ordinal": ordinal, "origin": _origin(imported)})
            for ordinal, (told, imported) in enumerate(editions)
        )

    def _forget(self, which: ColumnElement[bool]) -> None:
        keys = set(self._connection.scalars(select(readings.c.id).where(which)))
        self._loose |= around(self._connection, keys)
        for key in keys & self._new.keys():
            del self._new[key]
        forgotten = delete(readings).where(which).returning(readings.c.notice_id)
        self._touched.update(self._connection.scalars(forgotten))

    def _add_readings(self, read: Iterable[tuple[Told, dict[str, Any]]]) -> None:
        """Add what was told, each with the columns that say by which capture or import."""
        read = list(read)
        if read:
            added = insert(readings).returning(readings.c.id, sort_by_parameter_order=True)
            keys = self._connection.scalars(added, [{**told.row, **of} for told, of in read]).all()
            new = dict(zip(keys, (told for told, _ in read), strict=True))
            self._new |= new
            rows = [band for key, told in new.items() for band in _band_rows(key, told)]
            execute_plainly(self._connection, insert(bands), rows)

    def count_lines(self, site: str, pages: Mapping[int, int]) -> None:
        """Add to the number of pages of `site` that each line (by its hash) stands on."""
        rows = [{"site": site, "line": line, "pages": count} for line, count in sorted(pages.items())]
        execute_plainly(self._connection, MORE_PAGES, rows)

    def forget_lines(self) -> None:
        """Begin to count lines anew, for all sites."""
        self._connection.execute(delete(site_lines))

    def settle(self) -> None:
        """Put the touched notices together again, link them, and give what changed the next revision."""
        revision = revision_of(self._connection) + 1
        self._group()
        near = _Neighbourhood()
        for chunk in chunks(sorted(self._touched)):
            self._settle(chunk, revision, near)
        changed = {key for key, fate in self.fates.items() if fate is not Fate.UNCHANGED}
        moved = link(self._connection, changed, near.title_keys)
        judged = judge(self._connection, changed | near.repealed | moved.cited)
        for chunk in chunks((moved.citing | judged) - changed):
            self._connection.execute(update(notices).where(notices.c.id.in_(chunk)).values(revision=revision))
        if changed:
            self._connection.execute(update(meta).where(meta.c.name == "revision").values(value=revision))
        homes = notices_of(self._connection, self._new)
        self.fates |= {told.notice_id: self.fates[homes[key]] for key, told in self._new.items()}

    def _group(self) -> None:
        """Let every reading that is new, or whose copies changed, find its notice."""
        pair(self._connection, self._new)
        self._touched.update(told.notice_id for told in self._new.values())
        self._touched |= group(self._connection, self._loose | around(self._connection, self._new))

    def _settle(self, ids: Sequence[str], revision: int, near: _Neighbourhood) -> None:
        loaded = load(self._connection, select(notices).where(notices.c.id.in_(ids)))
        before = {notice.id: notice for notice in loaded}
        after = {key: merge(key, group) for key, group in self._evidence(ids).items()}
        for key in ids:
            self.fates[key] = _fate(before.get(key), after[key].notice if key in after else None)
        changed = [key for key in ids if self.fates[key] is not Fate.UNCHANGED]
        self._remove([key for key in changed if key not in after], revision)
        self._put([after[key] for key in changed if key in after], revision)
        self._point({key: one for key, one in after.items() if self.fates[key] is Fate.UNCHANGED})
        for key in changed:
            near.add(before.get(key))
            near.add(after[key].notice if key in after else None)

    def _evidence(self, ids: Sequence[str]) -> dict[str, list[Evidence]]:
        columns = (readings.c.id, readings.c.notice_id, readings.c.ordinal, readings.c.origin)
        query = (
            select(*columns, captures.c.source, captures.c.captured_at, captures.c.sha256)
            .join(captures, captures.c.id == readings.c.capture_id, isouter=True)
            .where(readings.c.notice_id.in_(ids))
        )
        rows = self._connection.execute(query).all()
        told = self._told({row.id for row in rows})
        evidence: defaultdict[str, list[Evidence]] = defaultdict(list)
        for row in rows:
            origin = _imported(row.origin) if row.origin else CaptureSummary(row.source, row.captured_at, row.sha256)
            evidence[row.notice_id].append(Evidence(row.id, told[row.id], origin, row.ordinal))
        return evidence

    def _told(self, keys: Set[int]) -> dict[int, Told]:
        """What the readings `keys` tell; those of this transaction are still at hand."""
        columns = select(readings.c.id, readings.c.own, readings.c.raw)
        stored = {
            row.id: _unpack(row)
            for chunk in chunks(keys - self._new.keys())
            for row in self._connection.execute(columns.where(readings.c.id.in_(chunk)))
        }
        return self._new | stored

    def _remove(self, ids: Sequence[str], revision: int) -> None:
        self._connection.execute(delete(notices).where(notices.c.id.in_(ids)))
        self._insert(tombstones, [{"notice_id": key, "revision": revision} for key in ids])

    def _put(self, merged: Sequence[Merged], revision: int) -> None:
        """Write notices anew, their citations and topics with them."""
        ids = [one.notice.id for one in merged]
        self._connection.execute(delete(notices).where(notices.c.id.in_(ids)))
        self._connection.execute(delete(tombstones).where(tombstones.c.notice_id.in_(ids)))
        self._insert(notices, [_notice_row(one, revision) for one in merged])
        self._insert(citations, [row for one in merged for row in _citation_rows(one.notice)])
        self._insert(topics, [row for one in merged for row in _topic_rows(one.notice)])

    def _point(self, merged: Mapping[str, Merged]) -> None:
        """Say which reading each notice was taken from; cleaning a page again gives its readings new keys."""
        row = notices.c.id == bindparam("notice")
        values = [{"notice": key, "reading": one.key, "fills": pack_changes(one.filled)} for key, one in merged.items()]
        if values:
            pointed = update(notices).where(row).values(reading_id=bindparam("reading"), filled=bindparam("fills"))
            self._connection.execute(pointed, values)

    def _insert(self, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        if rows:
            self._connection.execute(insert(table), rows)


def _fate(before: Notice | None, after: Notice | None) -> Fate:
    if before is None:
        return Fate.ARCHIVED if after else Fate.UNCHANGED
    if after is None:
        return Fate.REMOVED
    return Fate.UNCHANGED if _as_told(before) == _as_told(after) else Fate.UPDATED


def _as_told(notice: Notice) -> Notice:
    """`notice` as its readings tell it: what it was linked to, and what follows from that, left out."""
    citations = tuple(replace(citation, id=None) for citation in notice.citations)
    return replace(notice, citations=citations, validity=notice.stated, ceased_on=None)


def _capture_row(ref: CaptureRef, site: str) -> dict[str, Any]:
    return {
        "source": ref.source,
        "sha256": ref.sha256,
        "captured_at": ref.captured_at,
        "warc": ref.warc,
        "offset": ref.offset,
        "site": site,
        "rejection": "",
        "reason": "",
    }


def _unpack(row: Record) -> Told:
    """What is told in a row of `readings`; the keys of copies stay in their own table."""
    return Told(unpack_raw(row.raw), row.own, unpack_citations(row.raw["citations"]), tuple(row.raw["topics"]))


def _band_rows(key: int, told: Told) -> Iterator[dict[str, Any]]:
    for band in told.bands:
        yield {"band": band, "numbered": told.raw.number is not None, "reading_id": key}


def _origin(imported: Imported) -> dict[str, Any]:
    return {
        "source": imported.source,
        "edition": imported.edition,
        "captures": pack_summaries(imported.captures),
        "damage": imported.damage,
        "conflicts": pack_conflicts(imported.conflicts),
    }


def _imported(origin: Mapping[str, Any]) -> Imported:
    return Imported(
        origin["source"],
        origin["edition"],
        unpack_summaries(origin["captures"]),
        origin["damage"],
        unpack_conflicts(origin["conflicts"]),
    )


def _notice_row(merged: Merged, revision: int) -> dict[str, Any]:
    notice = merged.notice
    return notice_columns(notice) | {
        "title_key": title_key(notice.title),
        "day": _day(notice),
        "reading_id": merged.key,
        "filled": pack_changes(merged.filled),
        "revision": revision,
    }


def _day(notice: Notice) -> date | None:
    return notice.issued_on or notice.published_on


def _topic_rows(notice: Notice) -> Iterator[dict[str, Any]]:
    for topic in dict.fromkeys(notice.topics):
        yield {"notice_id": notice.id, "topic": topic, "day": _day(notice)}


def _citation_rows(notice: Notice) -> Iterator[dict[str, Any]]:
    for ordinal, citation in enumerate(notice.citations):
        repeals = citation.relation in LABELS
        yield number_columns(citation.number) | {
            "notice_id": notice.id,
            "ordinal": ordinal,
            "start": citation.start,
            "end": citation.end,
            "relation": citation.relation,
            "place": place_of(notice.body, citation.start) if repeals else "",
            "since": since(notice.body, citation.start) if repeals else None,
            "slug": citation.number.slug if citation.number else "",
            "title": citation.title,
            "title_key": "" if citation.number else title_key(citation.title),
            "target": None,
        }
