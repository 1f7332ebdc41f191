"""What the store is asked again and again, as statements put together once: that takes longer than asking them."""

from sqlalchemy import Text, bindparam, case, func, select

from archive.graph import BY_STRENGTH
from archive.repeals import JUDGED
from archive.schema import captures, citations, meta, notices, readings

_ONE, _SOME = bindparam("notice_id", type_=Text()), bindparam("ids", type_=Text(), expanding=True)

REVISION = select(meta.c.value).where(meta.c.name == "revision")
NOTICE = select(notices).where(notices.c.id == _ONE)
CITATIONS = (
    select(citations).where(citations.c.notice_id.in_(_SOME)).order_by(citations.c.notice_id, citations.c.ordinal)
)
BRIEFS = select(
    *(notices.c.id, notices.c.office, notices.c.year, notices.c.serial, notices.c.title),
    *(notices.c.day, notices.c.issued_on, notices.c.validity, notices.c.ceased_on),
).where(notices.c.id.in_(_SOME))
STATED = select(*JUDGED).where(notices.c.id == _ONE)
READING = (
    select(readings.c.raw, readings.c.changes, captures, notices.c.filled, notices.c.body)
    .join(notices, notices.c.reading_id == readings.c.id)
    .join(captures, captures.c.id == readings.c.capture_id)
    .where(notices.c.id == _ONE)
)

# What cites a notice, each once for what it does.
_PAIRS = select(citations.c.notice_id, citations.c.relation).where(citations.c.target == _ONE).distinct().subquery()
COUNT_CITING = select(func.count()).select_from(_PAIRS)
CITING = (
    select(_PAIRS)
    .join(notices, _PAIRS.c.notice_id == notices.c.id)
    .order_by(
        case({relation: place for place, relation in enumerate(BY_STRENGTH)}, value=_PAIRS.c.relation),
        notices.c.issued_on.desc().nulls_last(),
        notices.c.id,
    )
    .limit(bindparam("most"))
    .offset(bindparam("skip"))
)
_TIED = (citations.c.notice_id, citations.c.target, citations.c.relation)
TIES = select(*_TIED).distinct().where(citations.c.notice_id.in_(_SOME), citations.c.target.in_(_SOME)).order_by(*_TIED)
