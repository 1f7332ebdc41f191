"""How the values of `archive.models` stand in the store's tables and in JSON, and how they come back."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from archive.models import (
    DATES,
    CaptureRef,
    CaptureSummary,
    Change,
    Citation,
    Conflict,
    Damage,
    DateEvidence,
    Notice,
    RawNotice,
    Relation,
    Validity,
    Version,
)
from archive.numbers import DocumentNumber
from archive.schema import Record


def number_columns(number: DocumentNumber | None) -> dict[str, Any]:
    """Columns office, year and serial; empty and 0 where there is no number."""
    if number is None:
        return {"office": "", "year": 0, "serial": 0}
    return {"office": number.office, "year": number.year, "serial": number.serial}


def number_of(row: Record) -> DocumentNumber | None:
    """The number in the columns of `number_columns`."""
    return DocumentNumber(row.office, row.year, row.serial) if row.office else None


def _pack_number(number: DocumentNumber | None) -> list[Any] | None:
    return [number.office, number.year, number.serial] if number else None


def _unpack_number(packed: list[Any] | None) -> DocumentNumber | None:
    return DocumentNumber(*packed) if packed else None


def pack_raw(raw: RawNotice) -> dict[str, Any]:
    """`raw` without its changes, as JSON."""
    packed: dict[str, Any] = {
        "title": raw.title,
        "body": raw.body,
        "number": _pack_number(raw.number),
        "authorities": raw.authorities,
        "kind": raw.kind,
        "validity": raw.validity,
        "recipients": raw.recipients,
        "contacts": raw.contacts,
        "attachments": raw.attachments,
        "evidence": _pack_evidence(raw.evidence),
        "damage": [[place.at, place.text, place.reason] for place in raw.damage],
    }
    return packed | {name: (day := getattr(raw, name)) and day.isoformat() for name in DATES}


def unpack_raw(packed: Mapping[str, Any], changes: Iterable[list[Any]] = ()) -> RawNotice:
    """The notice that `pack_raw` and `pack_changes` put away."""
    days = {name: packed[name] and date.fromisoformat(packed[name]) for name in DATES}
    return RawNotice(
        title=packed["title"],
        body=packed["body"],
        number=_unpack_number(packed["number"]),
        authorities=tuple(packed["authorities"]),
        kind=packed["kind"],
        validity=Validity(packed["validity"]),
        recipients=packed["recipients"],
        contacts=tuple(packed["contacts"]),
        attachments=tuple(packed["attachments"]),
        evidence=_unpack_evidence(packed["evidence"]),
        damage=tuple(Damage(*place) for place in packed["damage"]),
        changes=unpack_changes(changes),
        **days,
    )


def _pack_evidence(evidence: Iterable[DateEvidence]) -> list[list[str]]:
    return [[one.field, one.text] for one in evidence]


def _unpack_evidence(packed: Iterable[list[str]]) -> tuple[DateEvidence, ...]:
    return tuple(DateEvidence(*one) for one in packed)


def pack_changes(changes: Iterable[Change]) -> list[list[Any]]:
    return [[change.step, change.at, change.before, change.after, change.reason] for change in changes]


def unpack_changes(packed: Iterable[list[Any]]) -> tuple[Change, ...]:
    return tuple(Change(*change) for change in packed)


def pack_summaries(summaries: Iterable[CaptureSummary]) -> list[dict[str, str]]:
    """Captures as a notice lists them, in JSON."""
    return [{"source": s.source, "captured_at": s.captured_at.isoformat(), "sha256": s.sha256} for s in summaries]


def unpack_summaries(packed: Iterable[Mapping[str, str]]) -> tuple[CaptureSummary, ...]:
    return tuple(CaptureSummary(p["source"], datetime.fromisoformat(p["captured_at"]), p["sha256"]) for p in packed)


def pack_version(version: Version) -> list[Any]:
    day = version.revised_on and version.revised_on.isoformat()
    return [version.note, day, version.title, version.body, version.source]


def unpack_version(packed: list[Any]) -> Version:
    note, day, *texts = packed
    return Version(note, day and date.fromisoformat(day), *texts)


def pack_conflicts(conflicts: Iterable[Conflict]) -> list[list[Any]]:
    return [[one.field, one.value, list(one.sources)] for one in conflicts]


def unpack_conflicts(packed: Iterable[list[Any]]) -> tuple[Conflict, ...]:
    return tuple(Conflict(name, value, tuple(sources)) for name, value, sources in packed)


def ref_of(row: Record) -> CaptureRef:
    """The capture in the columns of table `captures`."""
    return CaptureRef(row.source, row.captured_at, row.sha256, row.warc, row.offset)


def pack_citations(cited: Iterable[Citation]) -> list[list[Any]]:
    """Citations without the notices they were resolved to, as JSON."""
    return [[c.start, c.end, c.relation, _pack_number(c.number), c.title] for c in cited]


def unpack_citations(packed: Iterable[list[Any]]) -> tuple[Citation, ...]:
    return tuple(
        Citation(start, end, Relation(relation), _unpack_number(number), title)
        for start, end, relation, number, title in packed
    )


def citation_of(row: Record) -> Citation:
    return Citation(row.start, row.end, Relation(row.relation), number_of(row), row.title, row.target)


def notice_columns(notice: Notice) -> dict[str, Any]:
    """The columns of table `notices` that `notice` itself says; keys and revision are the writer's."""
    return number_columns(notice.number) | {
        "id": notice.id,
        "number": str(notice.number or ""),
        "title": notice.title,
        "body": notice.body,
        "authorities": list(notice.authorities),
        "kind": notice.kind,
        **{name: getattr(notice, name) for name in (*DATES, "ceased_on")},
        "validity": notice.validity,
        "stated": notice.stated,
        "recipients": notice.recipients,
        "contacts": list(notice.contacts),
        "attachments": list(notice.attachments),
        "evidence": _pack_evidence(notice.evidence),
        "topics": list(notice.topics),
        "source": notice.source,
        "captures": pack_summaries(notice.captures),
        "damage": notice.damage,
        "edition": notice.edition,
        "versions": [pack_version(version) for version in notice.versions],
        "conflicts": pack_conflicts(notice.conflicts),
    }


def notice_of(row: Record, cited: Iterable[Citation] = ()) -> Notice:
    """The notice in a row of table `notices` and its citations."""
    return Notice(
        id=row.id,
        title=row.title,
        body=row.body,
        number=number_of(row),
        authorities=tuple(row.authorities),
        kind=row.kind,
        **{name: getattr(row, name) for name in (*DATES, "ceased_on")},
        validity=Validity(row.validity),
        stated=Validity(row.stated),
        recipients=row.recipients,
        contacts=tuple(row.contacts),
        attachments=tuple(row.attachments),
        evidence=_unpack_evidence(row.evidence),
        topics=tuple(row.topics),
        citations=tuple(cited),
        source=row.source,
        captures=unpack_summaries(row.captures),
        damage=row.damage,
        edition=row.edition,
        versions=tuple(map(unpack_version, row.versions)),
        conflicts=unpack_conflicts(row.conflicts),
    )
