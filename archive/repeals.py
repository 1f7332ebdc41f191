"""What notices do to one another's validity, as the table of citations tells it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, or_, select

from archive.database import chunks
from archive.graph import LABELS, IncomingCitation
from archive.models import Notice, Relation, Validity
from archive.schema import Record, citations, notices

JUDGED = (notices.c.id, notices.c.stated, notices.c.issued_on, notices.c.expires_on)

# Statements are put together once: that takes longer than asking them.
_old, _new = notices.alias(), notices.alias()
_TARGETS = citations.c.target.in_(bindparam("ids", expanding=True))
_REPEALS = (
    select(
        *(citations.c.target, citations.c.relation, citations.c.place, citations.c.since),
        *(notices.c.id, notices.c.number, notices.c.title, notices.c.issued_on, notices.c.effective_on),
    )
    .join(notices, notices.c.id == citations.c.notice_id)
    .where(_TARGETS, citations.c.relation.in_(LABELS))
    .order_by(citations.c.notice_id, citations.c.ordinal)
)
_REPLACEMENTS = (
    select(_old.c.id, _old.c.number, _old.c.title, _new.c.id, _new.c.number, _new.c.title)
    .select_from(citations)
    .join(_old, _old.c.id == citations.c.target)
    .join(_new, _new.c.id == citations.c.notice_id)
    .where(_TARGETS, citations.c.relation == Relation.REPEALS)
    .where(or_(_old.c.issued_on.is_(None), _new.c.issued_on.is_(None), _new.c.issued_on >= _old.c.issued_on))
    .order_by(_new.c.issued_on, _new.c.id)
)


@dataclass(frozen=True, slots=True)
class Replacement:
    """That the notice `new` repealed the notice `old`: their ids, and their numbers or titles."""

    old: str
    old_name: str
    new: str
    new_name: str


def judged(row: Record) -> Notice:
    """The notice in the columns of `JUDGED`, as far as judging its validity needs it."""
    stated = Validity(row.stated)
    return Notice(row.id, "", "", issued_on=row.issued_on, expires_on=row.expires_on, stated=stated)


def repeals(connection: Connection, ids: Sequence[str]) -> dict[str, list[IncomingCitation]]:
    """What other notices do to the validity of each of `ids`, and where they say so."""
    found: defaultdict[str, list[IncomingCitation]] = defaultdict(list)
    for row in connection.execute(_REPEALS, {"ids": ids}):
        name, day = row.number or f"《{row.title}》", row.since or row.effective_on or row.issued_on
        one = IncomingCitation(row.id, name, Relation(row.relation), day, row.place, row.issued_on)
        found[row.target].append(one)
    return found


def replacements(connection: Connection, ids: Iterable[str]) -> Iterator[Replacement]:
    """Who repealed each of `ids`, leaving out what is older than it."""
    for chunk in chunks(ids):
        for row in connection.execute(_REPLACEMENTS, {"ids": chunk}):
            old_id, old_number, old_title, new_id, new_number, new_title = row
            yield Replacement(old_id, old_number or f"《{old_title}》", new_id, new_number or f"《{new_title}》")
