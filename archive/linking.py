"""Which notice a citation means: resolved when the cited notice is there, whether it came before or after."""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, or_, select, update

from archive.merge import fold
from archive.schema import citations, notices
from archive.store import chunks

# What titles of one notice begin with or leave out: 国家税务总局关于…的通知 and 关于…的通知.
AUTHORITY = re.compile(r"^.*?(?=关于)|^中华人民共和国")
MARKS = re.compile(r"[《》〈〉“”\"]")
SHORTEST_TITLE = 6
LONGEST_KEY = 200


def title_key(title: str) -> str:
    """What a title and a citation of it have in common; empty for titles too short to tell notices apart."""
    key = AUTHORITY.sub("", MARKS.sub("", fold(title)), count=1)
    return key[:LONGEST_KEY] if len(key) >= SHORTEST_TITLE else ""


def link(connection: Connection, ids: Collection[str], title_keys: Collection[str]) -> set[str]:
    """Resolve the citations in the notices `ids`, those of `ids` by others, and those of titles like `title_keys`.

    A number means the notice that bears it, a title the only notice of that title. Returns the citing notices whose
    citations changed.
    """
    changed: set[str] = set()
    for rows in _affected(connection, ids, title_keys):
        by_number = _with_numbers(connection, {row.slug for row in rows})
        by_title = _with_titles(connection, {row.title_key for row in rows})
        moved = []
        for row in rows:
            target = (row.slug if row.slug in by_number else None) if row.slug else by_title.get(row.title_key)
            if target == row.notice_id:
                target = None
            if target != row.target:
                moved.append({"citing": row.notice_id, "place": row.ordinal, "to": target})
        if moved:
            row_of = (citations.c.notice_id == bindparam("citing")) & (citations.c.ordinal == bindparam("place"))
            connection.execute(update(citations).where(row_of).values(target=bindparam("to")), moved)
            changed.update(str(move["citing"]) for move in moved)
    return changed


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
