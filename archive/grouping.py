"""Which readings tell of one notice: those of one number, and with them the copies that bear none."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from archive.copies import are_copies
from archive.database import chunks
from archive.models import RawNotice
from archive.rows import unpack_raw
from archive.schema import Record, bands, captures, copies, readings

MOST = 300  # texts that one is compared with; a site that makes up thousands of variants may not stop the work


def pair(connection: Connection, keys: Collection[int]) -> None:
    """Find the copies of the new readings `keys` and record them. Two readings with numbers are no pair."""
    for chunk in chunks(keys):
        found = _candidates(connection, chunk)
        raws = _raws(connection, {key for pair in found for key in pair})
        pairs = [(one, other) for one, other in found if are_copies(raws[one], raws[other])]
        rows = [{"reading_id": a, "other_id": b} for one, other in pairs for a, b in ((one, other), (other, one))]
        if rows:
            connection.execute(insert(copies), rows)


def around(connection: Connection, keys: Collection[int]) -> set[int]:
    """The readings `keys` and those that hang together with one of them: its copies, and those of its very text."""
    owns: set[str] = set()
    for chunk in chunks(keys):
        owns.update(connection.scalars(select(readings.c.own).where(readings.c.id.in_(chunk), ~readings.c.numbered)))
    return set(keys) | _copies_of(connection, keys) | _of_text(connection, owns)


def notices_of(connection: Connection, keys: Collection[int]) -> dict[int, str]:
    """The notice that each of the readings `keys` belongs to."""
    query = select(readings.c.id, readings.c.notice_id)
    return {
        row.id: row.notice_id
        for chunk in chunks(keys)
        for row in connection.execute(query.where(readings.c.id.in_(chunk)))
    }


def group(connection: Connection, keys: Collection[int]) -> set[str]:
    """Find the notices of those of the readings `keys` that bear no number; returns the notices they left or joined.

    Copies of copies belong together. They belong to the notice with the number that one of them is a copy of, if it is
    the only one; else they are a notice of their own, whose id is that of the copy that was captured first.
    """
    members = _members(connection, keys)
    linked = _links(connection, members)
    numbers = _numbers(connection, {key for others in linked.values() for key in others} - members.keys())
    touched: set[str] = set()
    moves = []
    for component in _components(members, linked):
        slugs = {numbers[key] for member in component for key in linked[member.id] if key in numbers}
        home = slugs.pop() if len(slugs) == 1 else component[0].own
        touched |= {home, *(member.notice_id for member in component)}
        moves += [{"reading": member.id, "home": home} for member in component if member.notice_id != home]
    if moves:
        moved = update(readings).where(readings.c.id == bindparam("reading")).values(notice_id=bindparam("home"))
        connection.execute(moved, moves)
    return touched


@dataclass(frozen=True, slots=True)
class _Member:
    """A reading without a number, and the place it has among its copies: the first captured stands first."""

    id: int
    own: str
    notice_id: str
    place: tuple[bool, Any, str, str, int, str]


def _candidates(connection: Connection, keys: Collection[int]) -> list[tuple[int, int]]:
    """Pairs of a new reading and another one, new or old, that share a key; at most one of the two has a number."""
    mine, theirs = bands.alias(), bands.alias()
    found: defaultdict[int, set[int]] = defaultdict(set)
    for numbered, of_others in ((True, (False,)), (False, (False, True))):
        query = (
            select(mine.c.reading_id, theirs.c.reading_id)
            .join(theirs, theirs.c.band == mine.c.band)
            .where(mine.c.reading_id.in_(keys), mine.c.numbered == numbered, theirs.c.numbered.in_(of_others))
            .where(theirs.c.reading_id != mine.c.reading_id)
        )
        for one, other in connection.execute(query):
            found[one].add(other)
    pairs = ((one, other) for one, others in found.items() for other in sorted(others)[:MOST])
    return sorted({(min(pair), max(pair)) for pair in pairs})


def _raws(connection: Connection, keys: Collection[int]) -> Mapping[int, RawNotice]:
    query = select(readings.c.id, readings.c.raw)
    return {
        row.id: unpack_raw(row.raw)
        for chunk in chunks(keys)
        for row in connection.execute(query.where(readings.c.id.in_(chunk)))
    }


def _members(connection: Connection, keys: Collection[int]) -> dict[int, _Member]:
    """The readings without a number among `keys`, and all that hang together with them."""
    members: dict[int, _Member] = {}
    waiting = set(keys)
    while waiting:
        new = {row.id: _member(row) for row in _numberless(connection, waiting)}
        members |= new
        waiting = _copies_of(connection, new) | _of_text(connection, {member.own for member in new.values()})
        waiting -= members.keys()
    return members


def _numberless(connection: Connection, keys: Collection[int]) -> Iterator[Record]:
    query = (
        select(readings, captures.c.captured_at, captures.c.sha256, captures.c.source)
        .join(captures, captures.c.id == readings.c.capture_id, isouter=True)
        .where(readings.c.numbered.is_(False))
    )
    for chunk in chunks(keys):
        yield from connection.execute(query.where(readings.c.id.in_(chunk)))


def _member(row: Record) -> _Member:
    captured = row.capture_id is not None
    place = (captured, row.captured_at, row.sha256 or "", row.source or "", row.ordinal, row.own)
    return _Member(row.id, row.own, row.notice_id, place)


def _copies_of(connection: Connection, keys: Collection[int]) -> set[int]:
    found: set[int] = set()
    for chunk in chunks(keys):
        found.update(connection.scalars(select(copies.c.other_id).where(copies.c.reading_id.in_(chunk))))
    return found


def _of_text(connection: Connection, owns: Collection[str]) -> set[int]:
    found: set[int] = set()
    for chunk in chunks(owns):
        found.update(connection.scalars(select(readings.c.id).where(readings.c.own.in_(chunk))))
    return found


def _links(connection: Connection, members: Mapping[int, _Member]) -> defaultdict[int, set[int]]:
    """For each member its copies, and one of the same text."""
    links: defaultdict[int, set[int]] = defaultdict(set)
    for chunk in chunks(members):
        for row in connection.execute(select(copies).where(copies.c.reading_id.in_(chunk))):
            links[row.reading_id].add(row.other_id)
    first: dict[str, int] = {}
    for key, member in members.items():
        other = first.setdefault(member.own, key)
        links[key].add(other)
        links[other].add(key)
    return links


def _numbers(connection: Connection, keys: Collection[int]) -> dict[int, str]:
    query = select(readings.c.id, readings.c.own).where(readings.c.numbered)
    return {
        row.id: row.own for chunk in chunks(keys) for row in connection.execute(query.where(readings.c.id.in_(chunk)))
    }


def _components(members: Mapping[int, _Member], links: Mapping[int, set[int]]) -> Iterator[list[_Member]]:
    seen: set[int] = set()
    for start in members:
        if start in seen:
            continue
        waiting, component = [start], []
        seen.add(start)
        while waiting:
            key = waiting.pop()
            component.append(members[key])
            for other in (links[key] & members.keys()) - seen:
                seen.add(other)
                waiting.append(other)
        yield sorted(component, key=lambda member: member.place)
