"""Notices as an index stores them: all but the body, as JSON."""

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from archive.models import CaptureSummary, Citation, Notice, Relation, Validity
from archive.numbers import DocumentNumber

DATES = ("issued_on", "published_on", "effective_on", "expires_on")


def notice_to_json(notice: Notice) -> bytes:
    """The notice without its body."""
    row = asdict(notice)
    del row["body"]
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=date.isoformat).encode(
        "utf-8", "surrogatepass"
    )


def notice_from_json(data: bytes) -> Notice:
    """The notice that `notice_to_json` was given, its body empty."""
    row = json.loads(data.decode("utf-8", "surrogatepass"))
    number = row.pop("number")
    dates = {name: _date(row.pop(name)) for name in DATES}
    return Notice(
        id=row["id"],
        title=row["title"],
        body="",
        number=DocumentNumber(**number) if number else None,
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


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _citation(row: dict[str, Any]) -> Citation:
    number = row.pop("number")
    relation = Relation(row.pop("relation"))
    return Citation(number=DocumentNumber(**number) if number else None, relation=relation, **row)


def _capture(row: dict[str, Any]) -> CaptureSummary:
    return CaptureSummary(row["source"], datetime.fromisoformat(row["captured_at"]), row["sha256"])
