"""The JSON forms of notices and results, the same for export, import, command line and API; and the CSV form."""

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from enum import StrEnum
from io import StringIO
from typing import Any, TypeVar

from archive.errors import BadInput, InvalidNumber
from archive.linking import Cited
from archive.merge import DISPUTED
from archive.models import (
    DATES,
    CaptureSummary,
    Citation,
    Conflict,
    DateEvidence,
    Hit,
    Notice,
    Relation,
    Results,
    Validity,
    Version,
)
from archive.numbers import DocumentNumber, parse_number

E = TypeVar("E", bound=StrEnum)

NOT_IN_HITS = (
    "body", "stated", "recipients", "contacts", "attachments", "evidence", "edition", "versions", "conflicts",
)  # fmt: skip


def notice_to_dict(notice: Notice) -> dict[str, Any]:
    """`notice` as a JSON object."""
    number = notice.number
    return {
        "id": notice.id,
        "number": str(number) if number else None,
        "office": number.office if number else None,
        "year": (number.year or None) if number else None,
        "serial": number.serial if number else None,
        "title": notice.title,
        "body": notice.body,
        "authorities": list(notice.authorities),
        "kind": notice.kind,
        **{name: (day := getattr(notice, name)) and day.isoformat() for name in (*DATES, "ceased_on")},
        "validity": notice.validity.value,
        "stated": notice.stated.value,
        "recipients": notice.recipients,
        "contacts": list(notice.contacts),
        "attachments": list(notice.attachments),
        "evidence": [{"field": one.field, "text": one.text} for one in notice.evidence],
        "topics": list(notice.topics),
        "citations": [citation_to_dict(citation) for citation in notice.citations],
        "source": notice.source,
        "captures": [
            {"source": c.source, "captured_at": c.captured_at.isoformat(), "sha256": c.sha256} for c in notice.captures
        ],
        "damage": notice.damage,
        "edition": notice.edition,
        "versions": [
            {
                "note": v.note,
                "revised_on": v.revised_on and v.revised_on.isoformat(),
                "title": v.title,
                "body": v.body,
                "source": v.source,
            }
            for v in notice.versions
        ],
        "conflicts": [{"field": c.field, "value": c.value, "sources": list(c.sources)} for c in notice.conflicts],
    }


def citation_to_dict(citation: Citation) -> dict[str, Any]:
    """`citation` as a JSON object; one that names its notice by title alone has `title` for its number."""
    return {
        "number": str(citation.number) if citation.number else None,
        "title": citation.title or None,
        "relation": citation.relation.value,
        "id": citation.id,
    }


def cited_to_dict(cited: Cited) -> dict[str, Any]:
    """A citation looked up, as a JSON object: itself, its place in the text, and title and validity of its notice."""
    notice = cited.notice
    return citation_to_dict(cited.citation) | {
        "start": cited.citation.start,
        "end": cited.citation.end,
        "title": notice.title if notice else cited.citation.title or None,
        "validity": notice.validity.value if notice else None,
    }


def results_to_dict(results: Results) -> dict[str, Any]:
    """`results` as a JSON object. Matches in `snippet` and `title` are marked in `snippet_parts` and `title_parts`."""
    query = results.query
    return {
        "query": query.text or query.number,
        "in_force_on": query.in_force_on and query.in_force_on.isoformat(),
        "total": results.total,
        "page": query.page,
        "per_page": query.per_page,
        "items": [_hit_to_dict(hit) for hit in results.hits],
        "facets": {
            name: [{"value": count.value, "count": count.count} for count in counts]
            for name, counts in results.facets.items()
        },
        "reading": list(results.reading),
        "suggestion": results.suggestion,
        "warnings": list(results.warnings),
    }


def _hit_to_dict(hit: Hit) -> dict[str, Any]:
    item = notice_to_dict(hit.notice)
    for name in NOT_IN_HITS:
        del item[name]
    return item | {
        "snippet": "".join(text for text, _ in hit.snippet),
        "score": hit.score,
        "snippet_parts": [{"text": text, "match": match} for text, match in hit.snippet],
        "title_parts": [{"text": text, "match": match} for text, match in hit.title],
    }


def notice_from_dict(given: Any) -> Notice:
    """The notice in a JSON object of the export format.

    `title` and `body` are required; what else is missing stays empty, and `stated` is `validity` where it is missing.
    The id follows from the number; `office`, `year` and `serial` are its parts and not read, nor is `ceased_on`, which
    follows from other notices. Citations come without their places. Raises BadInput that says what is wrong with which
    field.
    """
    if not isinstance(given, dict):
        raise _wrong("the line", "is not a JSON object")
    number = _number(given)
    title, body = _text(given, "title"), _text(given, "body")
    for name, text in (("title", title), ("body", body)):
        if not text.strip():
            raise _wrong(f"`{name}`", "is missing or empty")
    validity = _one_of(Validity, _text(given, "validity") or "unknown", "validity")
    return Notice(
        id=_text(given, "id"),
        title=title,
        body=body,
        number=number,
        authorities=_texts(given, "authorities"),
        kind=_text(given, "kind"),
        issued_on=_day(given, "issued_on"),
        published_on=_day(given, "published_on"),
        effective_on=_day(given, "effective_on"),
        expires_on=_day(given, "expires_on"),
        validity=validity,
        stated=_one_of(Validity, _text(given, "stated") or validity, "stated"),
        recipients=_text(given, "recipients"),
        contacts=_texts(given, "contacts"),
        attachments=_texts(given, "attachments"),
        evidence=tuple(map(_evidence, _objects(given, "evidence"))),
        topics=_texts(given, "topics"),
        citations=tuple(map(_citation, _objects(given, "citations"))),
        source=_text(given, "source"),
        captures=tuple(map(_capture, _objects(given, "captures"))),
        damage=_count(given, "damage"),
        edition=_text(given, "edition"),
        versions=tuple(map(_version, _objects(given, "versions"))),
        conflicts=tuple(map(_conflict, _objects(given, "conflicts"))),
    )


def _wrong(what: str, problem: str) -> BadInput:
    return BadInput(
        f"{what} {problem}.", "Correct it as docs/reference describes the export format, then import again."
    )


def _text(given: dict[str, Any], name: str) -> str:
    value = given.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _wrong(f"`{name}`", "is not a text")
    if "\0" in value or not value.isprintable() and any("\ud800" <= character <= "\udfff" for character in value):
        raise _wrong(f"`{name}`", "holds a character that is no text (NUL or half a surrogate pair)")
    return value


def _texts(given: dict[str, Any], name: str) -> tuple[str, ...]:
    values = given.get(name) or []
    if not isinstance(values, list):
        raise _wrong(f"`{name}`", "is not a list of texts")
    return tuple(_text({name: value}, name) for value in values)


def _objects(given: dict[str, Any], name: str) -> list[dict[str, Any]]:
    values = given.get(name) or []
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise _wrong(f"`{name}`", "is not a list of objects")
    return values


def _day(given: dict[str, Any], name: str) -> date | None:
    text = _text(given, name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise _wrong(f"`{name}`", f"is {text!r}, not a date such as 2008-06-19") from None


def _count(given: dict[str, Any], name: str) -> int:
    value = given.get(name) or 0
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise _wrong(f"`{name}`", "is not a count")
    return value


def _number(given: dict[str, Any]) -> DocumentNumber | None:
    text = _text(given, "number")
    try:
        return parse_number(text) if text else None
    except InvalidNumber as error:
        raise _wrong("`number`", f"is {text!r}: {error.message.rstrip('.')}") from error


def _one_of(kind: type[E], text: str, name: str) -> E:
    try:
        return kind(text)
    except ValueError:
        raise _wrong(f"`{name}`", f"is {text!r}, not one of {', '.join(kind)}") from None


def _citation(given: dict[str, Any]) -> Citation:
    relation = _one_of(Relation, _text(given, "relation") or "mentions", "relation")
    return Citation(0, 0, relation, _number(given), _text(given, "title"), _text(given, "id") or None)


def _evidence(given: dict[str, Any]) -> DateEvidence:
    if (name := _text(given, "field")) not in DATES:
        raise _wrong("`field` of evidence", f"is {name!r}, not one of {', '.join(DATES)}")
    return DateEvidence(name, _text(given, "text"))


def _conflict(given: dict[str, Any]) -> Conflict:
    if (name := _text(given, "field")) not in DISPUTED:
        raise _wrong("`field` of a conflict", f"is {name!r}, not one of {', '.join(DISPUTED)}")
    value = _one_of(Validity, _text(given, "value"), "value") if name == "validity" else _day(given, "value")
    if value is None:
        raise _wrong("`value` of a conflict", "is missing")
    return Conflict(name, str(value), _texts(given, "sources"))


def _version(given: dict[str, Any]) -> Version:
    if not _text(given, "body").strip():
        raise _wrong("`body` of a version", "is missing or empty")
    texts = (_text(given, name) for name in ("title", "body", "source"))
    return Version(_text(given, "note"), _day(given, "revised_on"), *texts)


def _capture(given: dict[str, Any]) -> CaptureSummary:
    text = _text(given, "captured_at")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise _wrong("`captured_at`", f"is {text!r}, not a time such as 2014-12-01T08:30:00+00:00") from None
    return CaptureSummary(
        _text(given, "source"), moment if moment.tzinfo else moment.replace(tzinfo=UTC), _text(given, "sha256")
    )


def to_jsonl(notices: Iterable[Notice]) -> Iterator[str]:
    """One JSON object a line."""
    return (json.dumps(notice_to_dict(notice), ensure_ascii=False) + "\n" for notice in notices)


COLUMNS = (
    "id", "number", "office", "year", "serial", "title", "body", "authorities", "kind", *DATES, "ceased_on",
    "validity", "topics", "recipients", "contacts", "attachments", "citations", "source", "captures", "damage",
)  # fmt: skip
# A spreadsheet runs a cell that begins with one of these as a formula (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def to_csv(notices: Iterable[Notice]) -> Iterator[str]:
    """A table with a header (RFC 4180), marked as UTF-8 so that spreadsheets read it; lists are joined by `; `."""
    yield "\ufeff" + _row(COLUMNS)
    for notice in notices:
        fields = notice_to_dict(notice)
        yield _row([_cell(fields[name]) for name in COLUMNS])


def _cell(value: Any) -> str:
    if isinstance(value, list):
        value = "; ".join(item if isinstance(item, str) else _brief(item) for item in value)
    text = "" if value is None else str(value)
    return "'" + text if text.startswith(FORMULA_STARTS) else text


def _brief(item: dict[str, Any]) -> str:
    """A citation by what it cites and how, a capture by its source."""
    return f"{item['relation']} {item['number'] or item['title']}" if "relation" in item else str(item["source"])


def _row(cells: Iterable[str]) -> str:
    line = StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
