"""Notices as an index stores them: all but the body, as JSON."""

import json
import zlib
from datetime import date, datetime
from typing import Any

from archive.models import CaptureSummary, Citation, Notice, Relation, Validity
from archive.numbers import DocumentNumber

DATES = ("issued_on", "published_on", "effective_on", "expires_on", "ceased_on")


def notice_to_json(notice: Notice) -> bytes:
    """The notice without its body, compressed."""
    row = {
        "id": notice.id,
        "title": notice.title,
        "number": _number_row(notice.number),
        "authorities": notice.authorities,
        "kind": notice.kind,
        "validity": notice.validity.value,
        "topics": notice.topics,
        "citations": [
            [c.start, c.end, c.relation.value, _number_row(c.number), c.title, c.id] for c in notice.citations
        ],
        "source": notice.source,
        "captures": [[c.source, c.captured_at.isoformat(), c.sha256] for c in notice.captures],
        "damage": notice.damage,
        **{name: day.isoformat() for name in DATES if (day := getattr(notice, name))},
    }
    return zlib.compress(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"), 1)


def notice_from_json(data: bytes) -> Notice:
    """The notice that `notice_to_json` was given, its body empty."""
    row = json.loads(zlib.decompress(data).decode("utf-8", "surrogatepass"))
    dates: dict[str, Any] = {name: date.fromisoformat(row[name]) for name in DATES if name in row}
    return Notice(
        id=row["id"],
        title=row["title"],
        body="",
        number=_number(row["number"]),
        authorities=tuple(row["authorities"]),
        kind=row["kind"],
        validity=Validity(row["validity"]),
        topics=tuple(row["topics"]),
        citations=tuple(map(_citation, row["citations"])),
        source=row["source"],
        captures=tuple(map(_capture, row["captures"])),
        damage=row["damage"],
        **dates,
    )


def _number_row(number: DocumentNumber | None) -> list[str | int] | None:
    return [number.office, number.year, number.serial] if number else None


def _number(row: list[Any] | None) -> DocumentNumber | None:
    return DocumentNumber(*row) if row else None


def _citation(row: list[Any]) -> Citation:
    start, end, relation, number, title, id_ = row
    return Citation(start, end, Relation(relation), _number(number), title, id_)


def _capture(row: list[str]) -> CaptureSummary:
    source, captured_at, sha256 = row
    return CaptureSummary(source, datetime.fromisoformat(captured_at), sha256)
