"""What holds notices together: which notice a citation means, and which validity follows from being cited."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, or_, select, update

from archive.copies import fold
from archive.database import chunks
from archive.graph import derive_validity
from archive.models import Citation, Notice, Validity
from archive.repeals import repeals
from archive.schema import citations, notices
from archive.store import Store

# What titles of one notice begin with or leave out: 国家税务总局关于…的通知 and 关于…的通知.
AUTHORITY = re.compile(r"^.*?(?=关于)|^中华人民共和国")
MARKS = re.compile(r"[《》〈〉“”\"]")
SHORTEST_TITLE = 6
LONGEST_KEY = 200


def title_key(title: str) -> str:
    """What a title and a citation of it have in common; empty for titles too short to tell notices apart."""
    key = AUTHORITY.sub("", MARKS.sub("", fold(title)), count=1)
    return key[:LONGEST_KEY] if len(key) >= SHORTEST_TITLE else ""


@dataclass(frozen=True, slots=True)
class Moved:
    """The notices whose citations now mean another notice, and those that were meant before or are now."""

    citing: frozenset[str]
    cited: frozenset[str]


def link(connection: Connection, ids: Collection[str], title_keys: Collection[str]) -> Moved:
    """Resolve the citations in the notices `ids`, those of `ids` by others, and those of titles like `title_keys`.

    A number means the notice that bears it, a title the only notice of that title.
    """
    citing: set[str] = set()
    cited: set[str] = set()
    for rows in _affected(connection, ids, title_keys):
        by_number = _with_numbers(connection, {slug for _, _, slug, _, _ in rows})
        by_title = _with_titles(connection, {key for _, _, _, key, _ in rows})
        moved = []
        for notice_id, ordinal, slug, key, before in rows:
            target = (slug if slug in by_number else None) if slug else by_title.get(key)
            if target == notice_id:
                target = None
            if target != before:
                moved.append({"citing": notice_id, "place": ordinal, "to": target})
                citing.add(notice_id)
                cited.update(meant for meant in (target, before) if meant)
        if moved:
            row_of = (citations.c.notice_id == bindparam("citing")) & (citations.c.ordinal == bindparam("place"))
            connection.execute(update(citations).where(row_of).values(target=bindparam("to")), moved)
    return Moved(frozenset(citing), frozenset(cited))


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation from anywhere, and the notice it means; None where the archive has none."""

    citation: Citation
    notice: Notice | None


def look_up(store: Store, cited: Collection[Citation]) -> list[Cited]:
    """What each of `cited` means, by the same rules as for the citations in notices."""
    keys = [title_key(citation.title) for citation in cited if not citation.number]
    with store.engine.connect() as connection:
        by_title = _with_titles(connection, keys)
    ids = [c.number.slug if c.number else by_title.get(title_key(c.title), "") for c in cited]
    notices_by_id = {notice.id: notice for notice in store.by_id(sorted(set(ids)))}
    found = [notices_by_id.get(key) for key in ids]
    return [
        Cited(replace(citation, id=notice.id if notice else None), notice)
        for citation, notice in zip(cited, found, strict=True)
    ]


def judge(connection: Connection, ids: Collection[str]) -> set[str]:
    """Derive for the notices `ids` whether and how long they are in force, from what their pages state and others do.

    Returns those for which that changed.
    """
    changed = {}
    dates = (notices.c.issued_on, notices.c.expires_on)
    columns = select(notices.c.id, notices.c.validity, notices.c.stated, notices.c.ceased_on, *dates)
    for chunk in chunks(ids):
        against = repeals(connection, chunk)
        for row in connection.execute(columns.where(notices.c.id.in_(chunk))):
            stated = Notice(
                row.id, "", "", issued_on=row.issued_on, expires_on=row.expires_on, stated=Validity(row.stated)
            )
            finding = derive_validity(stated, against.get(row.id, ()))
            if (finding.validity, finding.ceased_on) != (row.validity, row.ceased_on):
                changed[row.id] = finding
    if changed:
        row_of = notices.c.id == bindparam("notice")
        values = [
            {"notice": key, "to": finding.validity, "until": finding.ceased_on} for key, finding in changed.items()
        ]
        found = update(notices).where(row_of).values(validity=bindparam("to"), ceased_on=bindparam("until"))
        connection.execute(found, values)
    return set(changed)


def _affected(
    connection: Connection, ids: Collection[str], title_keys: Collection[str]
) -> Iterator[Sequence[Row[*tuple[Any, ...]]]]:
    columns = (citations.c.notice_id, citations.c.ordinal, citations.c.slug, citations.c.title_key, citations.c.target)
    for chunk in chunks(ids):
        touched = or_(citations.c.notice_id.in_(chunk), citations.c.slug.in_(chunk), citations.c.target.in_(chunk))
        yield connection.execute(select(*columns).where(touched)).all()
    for chunk in chunks([key for key in title_keys if key]):
        yield connection.execute(select(*columns).where(citations.c.title_key.in_(chunk))).all()


def _with_numbers(connection: Connection, slugs: Collection[str]) -> set[str]:
    found: set[str] = set()
    for chunk in chunks(slugs):
        found.update(connection.scalars(select(notices.c.id).where(notices.c.id.in_(chunk))))
    return found


def _with_titles(connection: Connection, keys: Collection[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for chunk in chunks([key for key in keys if key]):
        only = (
            select(notices.c.title_key, func.min(notices.c.id))
            .where(notices.c.title_key.in_(chunk))
            .group_by(notices.c.title_key)
            .having(func.count() == 1)
        )
        found.update(dict(connection.execute(only).all()))
    return found
