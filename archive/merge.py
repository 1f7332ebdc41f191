"""One notice from everything that its captures tell of it, whatever the order in which they arrived."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any, TypeVar

from archive.citations import find_citations
from archive.copies import band_keys, fold, letters
from archive.editions import Edition, edition_of, split
from archive.filling import Copy, Filled, fill
from archive.metadata.topics import assign_topics
from archive.models import (
    DATES,
    CaptureSummary,
    Change,
    Citation,
    Conflict,
    DateEvidence,
    Notice,
    RawNotice,
    Validity,
    Version,
)
from archive.numbers import DocumentNumber
from archive.rows import pack_changes, pack_citations, pack_raw
from archive.schema import packed

H = TypeVar("H", bound=Hashable)

TEXT_ID = re.compile("text-[0-9a-f]{12}")
# What captures may disagree on; dates of publication differ by nature.
DISPUTED = ("issued_on", "effective_on", "expires_on", "validity")
# A body this much shorter than the longest is a fragment, however clean it is.
FRAGMENT = 0.6


@dataclass(frozen=True, slots=True)
class Told:
    """What one page, or one line of an imported file, tells of a notice, and what follows from its text.

    `raw` is without its changes. `row` are the columns in table `readings` for all of it; none if it is from there.
    """

    raw: RawNotice
    notice_id: str
    citations: tuple[Citation, ...] = ()
    topics: tuple[str, ...] = ()
    bands: tuple[int, ...] = ()
    row: Mapping[str, Any] = field(default_factory=dict)


def understand(raw: RawNotice, given_id: str = "", given_topics: tuple[str, ...] = ()) -> Told:
    """`raw` with what follows from its text: its id, citations, topics, and the keys by which its copies are found.

    The id is the slug of the number, or `text-` and 12 hexadecimal digits of the SHA-256 of the body's letters. An
    imported text without a number may say its id itself: that of the first of its copies; and any its topics.
    """
    text = letters(raw.body)
    digest = hashlib.sha256(text.encode()).hexdigest()
    notice_id = raw.number.slug if raw.number else given_id or f"text-{digest[:12]}"
    cited = find_citations(raw.body, raw.number)
    topics = given_topics or assign_topics(raw.title, raw.body)
    row = {
        "own": notice_id,
        "notice_id": notice_id,
        "numbered": raw.number is not None,
        "raw": packed(pack_raw(raw) | {"citations": pack_citations(cited), "topics": topics}),
        "changes": packed(pack_changes(raw.changes)),
    }
    return Told(replace(raw, changes=()), notice_id, cited, topics, band_keys(text), row)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a capture tells: notices, or the code and reason of its rejection."""

    told: tuple[Told, ...] = ()
    code: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an imported file says about where a notice comes from, and of its `edition` where the text does not."""

    source: str
    edition: str = ""
    captures: tuple[CaptureSummary, ...] = ()
    damage: int = 0
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is told of a notice, and by which capture or import. `key` names the reading in the store."""

    key: int
    told: Told
    origin: CaptureSummary | Imported
    ordinal: int = 0

    @property
    def source(self) -> str:
        return self.origin.source

    @property
    def damage(self) -> int:
        return self.origin.damage if isinstance(self.origin, Imported) else len(self.told.raw.damage)

    @property
    def order(self) -> tuple[datetime, str, str, int]:
        """A total order that does not depend on when a capture came into the archive."""
        if isinstance(self.origin, Imported):
            return datetime.min.replace(tzinfo=UTC), "", self.origin.source, self.ordinal
        return self.origin.captured_at, self.origin.sha256, self.origin.source, self.ordinal


@dataclass(frozen=True, slots=True)
class Merged:
    """A notice, the key of the reading that gave its body, and what was filled in there from other copies."""

    notice: Notice
    key: int
    filled: tuple[Change, ...] = ()


def merge(notice_id: str, evidence: Sequence[Evidence]) -> Merged:
    """The notice that `evidence` (at least one) amounts to.

    Of one source only the latest capture of an edition is heard. The body is the best reading's of the latest edition,
    its damaged places filled from the others, and whom it goes to, whom to ask and what is attached; other fields are
    what most readings say, those of that edition first, the best reading's word where they are even. Citations are not
    yet resolved, and its validity is the one stated.
    """
    editions = _editions(evidence)
    edition, heard = next(iter(editions.items()))
    best = _best(heard)
    filled = _filled(best, heard)
    told = understand(replace(best.told.raw, body=filled.body)) if filled.changes else best.told
    say = _Hearing(
        [one.told.raw for one in heard], [one.told.raw for group in editions.values() for one in group], best
    )
    number = next((raw.number for raw in say.all if raw.number), None)
    issued_on = say.issued_on(number)
    stated = say.of_latest(_stated_validity) or Validity.UNKNOWN
    notice = Notice(
        id=notice_id,
        title=say.most(lambda raw: raw.title) or "",
        body=filled.body,
        number=number,
        authorities=say.most(lambda raw: raw.authorities) or (),
        kind=say.most(lambda raw: raw.kind) or "",
        issued_on=issued_on,
        published_on=_published(say.all, best.told.raw, issued_on),
        effective_on=say.most(lambda raw: raw.effective_on),
        expires_on=say.of_latest(lambda raw: raw.expires_on),
        validity=stated,
        stated=stated,
        recipients=best.told.raw.recipients,
        contacts=best.told.raw.contacts,
        attachments=best.told.raw.attachments,
        topics=told.topics,
        citations=tuple(c for c in told.citations if not number or c.number != number),
        source=best.source,
        captures=_captures(evidence),
        damage=best.damage if isinstance(best.origin, Imported) else len(filled.damage),
        edition=_note(edition, best),
        versions=tuple(_version(of, group) for of, group in list(editions.items())[1:]),
    )
    proof = tuple(_evidence(notice, [best.told.raw, *say.latest, *say.all]))
    conflicts = _conflicts(notice, list(editions.values()))
    return Merged(replace(notice, evidence=proof, conflicts=conflicts), best.key, filled.changes)


@dataclass(frozen=True, slots=True)
class _Hearing:
    """What the copies of the latest edition say, what all copies say, and the best of the former."""

    latest: Sequence[RawNotice]
    all: Sequence[RawNotice]
    best: Evidence

    def of_latest(self, field: Callable[[RawNotice], H | None]) -> H | None:
        """The value that most of the latest edition give: how long an earlier one was in force does not bind it."""
        return _most(self.latest, self.best.told.raw, field)

    def most(self, field: Callable[[RawNotice], H | None]) -> H | None:
        """The value that most of the latest edition give or, where none of them does, most of all."""
        return self.of_latest(field) or _most(self.all, self.best.told.raw, field)

    def issued_on(self, number: DocumentNumber | None) -> date | None:
        """What most of all copies say; dates in the year of the number go before any other."""
        first = self.best.told.raw
        fitting = [raw for raw in self.all if number and raw.issued_on and raw.issued_on.year == number.year]
        return _most(fitting or self.all, first, lambda raw: raw.issued_on)


def _editions(evidence: Sequence[Evidence]) -> dict[Edition, list[Evidence]]:
    """What is heard of each edition, the latest first."""
    ordered = sorted(evidence, key=_order)
    places = split([_with_note(one) for one in ordered])
    return {edition: _latest(ordered[at] for at in group) for edition, group in places.items()}


def _with_note(one: Evidence) -> RawNotice:
    """What a copy carries, beginning with what its file says of its edition."""
    note = one.origin.edition if isinstance(one.origin, Imported) else ""
    return replace(one.told.raw, body=f"（{note}）\n{one.told.raw.body}") if note else one.told.raw


def _note(edition: Edition, best: Evidence) -> str:
    """The words of the best copy on its edition; those of another one where it lost them."""
    return edition_of(best.told.raw).note or edition.note


def _version(edition: Edition, heard: Sequence[Evidence]) -> Version:
    best = _best(heard)
    return Version(_note(edition, best), edition.revised_on, best.told.raw.title, best.told.raw.body, best.source)


def _evidence(notice: Notice, raws: Sequence[RawNotice]) -> Iterator[DateEvidence]:
    """For each date of the notice, where the first of `raws` that gives that very date read it."""
    for name in DATES:
        giving = (raw for raw in raws if getattr(raw, name) == getattr(notice, name))
        yield from islice((one for raw in giving for one in raw.evidence if one.field == name), 1)


def _conflicts(notice: Notice, editions: Sequence[Sequence[Evidence]]) -> tuple[Conflict, ...]:
    """What copies say that the notice does not: any of its date of issue, those of the latest edition of the rest."""
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for age, heard in enumerate(editions):
        for one in heard:
            raw = one.told.raw
            for other in one.origin.conflicts if isinstance(one.origin, Imported) else ():
                found[other.field, other.value].update(other.sources)
            for name in ("issued_on",) if age else ("issued_on", "effective_on", "expires_on"):
                if getattr(raw, name) not in (None, getattr(notice, name)):
                    found[name, getattr(raw, name).isoformat()].add(one.source)
            if not age and _stated_validity(raw) not in (None, notice.stated):
                found["validity", raw.validity.value].add(one.source)
    held = {(name, str(getattr(notice, name))) for name in DISPUTED}
    return tuple(
        Conflict(name, value, tuple(sorted(sources)))
        for (name, value), sources in sorted(found.items())
        if (name, value) not in held
    )


def _filled(best: Evidence, heard: Sequence[Evidence]) -> Filled:
    raw = best.told.raw
    if not raw.damage:
        return Filled(raw.body)
    others = sorted((one for one in heard if one is not best), key=_order)
    copies = [Copy(one.source, one.told.raw.body, one.told.raw.damage) for one in others]
    return fill(Copy(best.source, raw.body, raw.damage), copies)


def _latest(evidence: Iterable[Evidence]) -> list[Evidence]:
    by_source: defaultdict[tuple[bool, str], list[Evidence]] = defaultdict(list)
    for one in evidence:
        by_source[isinstance(one.origin, Imported), one.source].append(one)
    return [one for group in by_source.values() for one in group if one.order[:2] == max(group, key=_order).order[:2]]


def _order(one: Evidence) -> tuple[datetime, str, str, int]:
    return one.order


def _best(heard: Sequence[Evidence]) -> Evidence:
    """Not a fragment, fewest damaged places, the text most readings agree on, captured rather than imported, longest.

    Agreement goes before length because text left over from a page makes a body longer: on copies from several sites
    that is commoner than the same loss in most of them.
    """
    if len(heard) == 1:
        return heard[0]
    bodies = {one.key: fold(one.told.raw.body) for one in heard}
    copies = Counter(bodies.values())
    longest = max(map(len, copies))

    def rank(one: Evidence) -> tuple[object, ...]:
        body = bodies[one.key]
        is_fragment = len(body) < FRAGMENT * longest
        imported = isinstance(one.origin, Imported)
        return is_fragment, one.damage, -copies[body], imported, -len(body), one.order

    return min(heard, key=rank)


def _most(raws: Sequence[RawNotice], best: RawNotice, field: Callable[[RawNotice], H | None]) -> H | None:
    """The value that most readings give, leaving out those that give none."""
    counts = Counter(value for raw in raws if (value := field(raw)))
    if not counts:
        return None
    return max(counts, key=lambda value: (counts[value], value == field(best), str(value)))


def _stated_validity(raw: RawNotice) -> Validity | None:
    return None if raw.validity is Validity.UNKNOWN else raw.validity


def _published(raws: Sequence[RawNotice], best: RawNotice, issued_on: date | None) -> date | None:
    """The earliest date a page gives, since copies are made later; a date before the issue cannot be right."""
    days = {raw.published_on for raw in raws if raw.published_on}
    possible = {day for day in days if issued_on is None or day >= issued_on}
    return min(possible, default=best.published_on)


def _captures(evidence: Iterable[Evidence]) -> tuple[CaptureSummary, ...]:
    listed: set[CaptureSummary] = set()
    for one in evidence:
        listed.update(one.origin.captures if isinstance(one.origin, Imported) else (one.origin,))
    return tuple(sorted(listed, key=lambda capture: (capture.captured_at, capture.source, capture.sha256)))
