"""What follows from citations taken together: which notices are still in force and why, and what replaced what."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from archive.models import Notice, Relation, Validity

# What a notice can do to another one, the most telling first.
BY_STRENGTH = (
    Relation.REPEALS,
    Relation.REPEALS_CLAUSES_OF,
    Relation.AMENDS,
    Relation.BASED_ON,
    Relation.FORWARDS,
    Relation.REPLIES_TO,
    Relation.MENTIONS,
)
LABELS = {Relation.REPEALS: "废止", Relation.REPEALS_CLAUSES_OF: "部分条款废止"}
STATED = {
    Validity.IN_FORCE: "全文有效",
    Validity.PARTLY_REPEALED: "部分条款废止",
    Validity.REPEALED: "全文废止",
}


@dataclass(frozen=True, slots=True)
class IncomingCitation:
    """What another notice does to the one in question.

    `citing` is that notice's id, `name` its number or title, `on` the day its words take effect (None: unknown),
    `place` where in it it says so (附件第15项), and `issued_on` its own date.
    """

    citing: str
    name: str
    relation: Relation
    on: date | None = None
    place: str = ""
    issued_on: date | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence about validity, in words for readers; `counts` is False where others outweigh it."""

    text: str
    validity: Validity
    citing: str = ""
    on: date | None = None
    counts: bool = True


@dataclass(frozen=True, slots=True)
class ValidityFinding:
    """The validity of a notice, today or `on` a day, and all the evidence, the deciding reasons first.

    `ceased_on` is the first day on which it is no longer in force as a whole: None where that is not known.
    """

    validity: Validity
    reasons: tuple[Reason, ...] = ()
    on: date | None = None
    ceased_on: date | None = None


def derive_validity(notice: Notice, incoming: Iterable[IncomingCitation], on: date | None = None) -> ValidityFinding:
    """Whether `notice` is in force, from what others do to it, its own end date and what its pages state.

    `notice.stated` is what the pages that carry it state. With `on`, the answer is for that day: what takes effect
    later does not count, and a notice whose `expires_on` has passed has ended. Whole repeal outweighs the fall of
    clauses, and both outweigh a statement that it is in force; the outweighed evidence is listed too. A repeal by the
    notice itself or by an older one is listed and does not count. The repeal of a repealing notice revives nothing.
    """
    reasons = [
        _reason(notice, citation, on) for citation in sorted(incoming, key=_by_date) if citation.relation in LABELS
    ]
    if notice.expires_on is not None:
        ended = on is not None and notice.expires_on < on
        reasons.append(Reason(f"有效期至{notice.expires_on}", Validity.REPEALED, on=notice.expires_on, counts=ended))
    if notice.stated in STATED:
        reasons.append(Reason(f"来源页面注明：{STATED[notice.stated]}", notice.stated))
    counting = {reason.validity for reason in reasons if reason.counts}
    order = (Validity.REPEALED, Validity.PARTLY_REPEALED, Validity.IN_FORCE)
    validity = next((v for v in order if v in counting), Validity.UNKNOWN)
    decided = [_weighed(reason, validity) for reason in reasons]
    return ValidityFinding(
        validity, tuple(sorted(decided, key=lambda reason: not reason.counts)), on, _ceased_on(notice, reasons)
    )


def succession(start: str, replaced_by: Mapping[str, Sequence[str]]) -> tuple[tuple[str, str], ...]:
    """What replaced `start`, what replaced that, and so on, as (old, new) pairs, nearest first; each pair once.

    `replaced_by` gives for an id the ids of the notices that repeal it. Cycles and self-citations do no harm.
    """
    pairs: list[tuple[str, str]] = []
    seen = {start}
    waiting = deque([start])
    while waiting:
        old = waiting.popleft()
        for new in dict.fromkeys(replaced_by.get(old, ())):
            if new == old:
                continue
            pairs.append((old, new))
            if new not in seen:
                seen.add(new)
                waiting.append(new)
    return tuple(pairs)


def _by_date(citation: IncomingCitation) -> tuple[date, str, str, str, str]:
    return citation.on or date.max, citation.citing, citation.name, citation.place, citation.relation


def _reason(notice: Notice, citation: IncomingCitation, on: date | None) -> Reason:
    validity = Validity.REPEALED if citation.relation is Relation.REPEALS else Validity.PARTLY_REPEALED
    text = "，".join(part for part in (f"{LABELS[citation.relation]}：{citation.name}", citation.place) if part)
    doubt = ""
    written = citation.issued_on or citation.on
    if citation.citing == notice.id:
        doubt = "（文件提及自身，不计）"
    elif written and notice.issued_on and written < notice.issued_on:
        doubt = "（早于本文件，不计）"
    elif on and citation.on and citation.on > on:
        doubt = f"（{citation.on}起，其时尚未生效）"
    return Reason(text + doubt, validity, citation.citing, citation.on, counts=not doubt)


def _ceased_on(notice: Notice, reasons: Iterable[Reason]) -> date | None:
    """The day on which the first whole repeal among `reasons` takes effect, or that after the notice's own term."""
    days = {reason.on for reason in reasons if reason.citing and reason.counts and reason.validity is Validity.REPEALED}
    if notice.expires_on and notice.expires_on < date.max:
        days.add(notice.expires_on + timedelta(1))
    return min((day for day in days if day), default=None)


def _weighed(reason: Reason, validity: Validity) -> Reason:
    """`reason` as it stands beside the outcome: a statement of another validity is shown, and does not count."""
    clauses_fell_first = reason.citing and validity is Validity.REPEALED
    if reason.validity is validity or not reason.counts or clauses_fell_first:
        return reason
    return Reason(f"{reason.text}（与上项不符）", reason.validity, reason.citing, reason.on, counts=False)
