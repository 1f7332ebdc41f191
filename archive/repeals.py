"""What notices do to one another's validity, as the table of citations tells it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, or_, select

from archive.citations.places import place_of
from archive.database import chunks
from archive.graph import LABELS, IncomingCitation
from archive.models import Relation
from archive.schema import citations, notices


@dataclass(frozen=True, slots=True)
class Replacement:
    """That the notice `new` repealed the notice `old`: their ids, and their numbers or titles."""

    old: str
    old_name: str
    new: str
    new_name: str


def incoming(connection: Connection, notice_id: str) -> list[IncomingCitation]:
    """What other notices do to the validity of `notice_id`, and where they say so."""
    against = repeals(connection, [notice_id]).get(notice_id, [])
    bodies = select(notices.c.id, notices.c.body).where(notices.c.id.in_({one.citing for one in against}))
    body_of = dict(connection.execute(bodies).all())
    return [replace(one, place=place_of(body_of[one.citing], one.at)) for one in against]


def repeals(connection: Connection, ids: Sequence[str]) -> dict[str, list[IncomingCitation]]:
    """What other notices do to the validity of each of `ids`."""
    of_citing = (notices.c.id, notices.c.number, notices.c.title, notices.c.issued_on, notices.c.effective_on)
    query = (
        select(citations.c.target, citations.c.relation, citations.c.start, *of_citing)
        .join(notices, notices.c.id == citations.c.notice_id)
        .where(citations.c.target.in_(ids), citations.c.relation.in_(LABELS))
        .order_by(citations.c.notice_id, citations.c.ordinal)
    )
    found: defaultdict[str, list[IncomingCitation]] = defaultdict(list)
    for row in connection.execute(query):
        name, day = row.number or f"《{row.title}》", row.effective_on or row.issued_on
        found[row.target].append(IncomingCitation(row.id, name, Relation(row.relation), day, at=row.start))
    return found


def replacements(connection: Connection, ids: Iterable[str]) -> Iterator[Replacement]:
    """Who repealed each of `ids`, leaving out what is older than it."""
    old, new = notices.alias(), notices.alias()
    query = (
        select(old.c.id, old.c.number, old.c.title, new.c.id, new.c.number, new.c.title)
        .select_from(citations)
        .join(old, old.c.id == citations.c.target)
        .join(new, new.c.id == citations.c.notice_id)
        .where(citations.c.relation == Relation.REPEALS)
        .where(or_(old.c.issued_on.is_(None), new.c.issued_on.is_(None), new.c.issued_on >= old.c.issued_on))
        .order_by(new.c.issued_on, new.c.id)
    )
    for chunk in chunks(ids):
        for row in connection.execute(query.where(citations.c.target.in_(chunk))):
            old_id, old_number, old_title, new_id, new_number, new_title = row
            yield Replacement(old_id, old_number or f"《{old_title}》", new_id, new_number or f"《{new_title}》")
