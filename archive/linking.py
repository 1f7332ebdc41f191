"""What holds notices together: which notice a citation means, and which validity follows from being cited."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, case, func, or_, select, update

from archive.copies import fold
from archive.database import chunks
from archive.graph import LABELS, derive_validity
from archive.models import Citation, Notice
from archive.repeals import JUDGED, judged, repeals
from archive.schema import Record, citations, notices
from archive.store import Store

# What titles of one notice begin with or leave out: 国家税务总局关于…的通知 and 关于…的通知.
AUTHORITY = re.compile(r"^.*?(?=关于)|^中华人民共和国")
MARKS = re.compile(r"[《》〈〉“”\"]")
SHORTEST_TITLE = 6
LONGEST_KEY = 200


@lru_cache(maxsize=4096)  # many notices cite the same laws by title
def title_key(title: str) -> str:
    """What a title and a citation of it have in common; empty for titles too short to tell notices apart."""
    key = AUTHORITY.sub("", MARKS.sub("", fold(title)), count=1)
    return key[:LONGEST_KEY] if len(key) >= SHORTEST_TITLE else ""


@dataclass(frozen=True, slots=True)
class Moved:
    """The notices whose citations now mean another notice, and those that so gained or lost a repeal."""

    citing: frozenset[str]
    cited: frozenset[str]


def link(connection: Connection, ids: Collection[str], title_keys: Collection[str]) -> Moved:
    """Resolve the citations in the notices `ids`, those of `ids` by others, and those of titles like `title_keys`.

    A number means the notice that bears it, a title the only notice of that title.
    """
    citing: set[str] = set()
    cited: set[str] = set()
    row_of = (citations.c.notice_id == bindparam("citing")) & (citations.c.ordinal == bindparam("at"))
    moving = update(citations).where(row_of).values(target=bindparam("to"))
    for moved in _moved(connection, ids, title_keys):
        connection.execute(moving, [{"citing": one.notice_id, "at": one.ordinal, "to": one.meant} for one in moved])
        citing.update(one.notice_id for one in moved)
        for one in moved:
            if one.relation in LABELS:
                cited.update(meant for meant in (one.target, one.meant) if meant)
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
    columns = select(*JUDGED, notices.c.validity, notices.c.ceased_on)
    for chunk in chunks(ids):
        against = repeals(connection, chunk)
        for row in connection.execute(columns.where(notices.c.id.in_(chunk))):
            finding = derive_validity(judged(row), against.get(row.id, ()))
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


def _moved(connection: Connection, ids: Collection[str], title_keys: Collection[str]) -> Iterator[Sequence[Record]]:
    """The citations that `link` looks at and that now mean another notice, a batch at a time."""
    meant = _meant()
    columns = (citations.c.notice_id, citations.c.ordinal, citations.c.relation, citations.c.target)
    query = select(*columns, meant.label("meant")).where(citations.c.target.is_distinct_from(meant))
    touched = [
        or_(citations.c.notice_id.in_(chunk), citations.c.slug.in_(chunk), citations.c.target.in_(chunk))
        for chunk in chunks(ids)
    ]
    touched += [citations.c.title_key.in_(chunk) for chunk in chunks(key for key in title_keys if key)]
    for which in touched:
        moved = connection.execute(query.where(which)).all()
        if moved:
            yield moved


def _meant() -> ColumnElement[str | None]:
    """The notice that a row of `citations` means: the one that bears its number, or the only one of its title."""
    bearer = select(notices.c.id).where(notices.c.id == citations.c.slug).scalar_subquery()
    titled = _only_titled(func.min(notices.c.id)).where(notices.c.title_key == citations.c.title_key).scalar_subquery()
    found = case((citations.c.slug != "", bearer), (citations.c.title_key != "", titled))
    return func.nullif(found, citations.c.notice_id)


def _only_titled(*columns: ColumnElement[Any]) -> Select[Any]:
    """`columns` of the notices that no other has the title of."""
    return select(*columns).group_by(notices.c.title_key).having(func.count() == 1)


def _with_titles(connection: Connection, keys: Collection[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for chunk in chunks([key for key in keys if key]):
        only = _only_titled(notices.c.title_key, func.min(notices.c.id))
        found.update(dict(connection.execute(only.where(notices.c.title_key.in_(chunk))).all()))
    return found
