"""What an index stores of notices beside their texts, as JSON."""

import json
import zlib
from datetime import date, datetime
from typing import Any

from archive.models import DATES, CaptureSummary, Citation, Notice, Relation, Validity
from archive.numbers import DocumentNumber

KEPT = (*DATES, "ceased_on")
RAW = -15  # no header and no checksum: the file is trusted or refused as a whole
# What records have in common, the most common last, so that one of them takes a hundred bytes less.
USUAL = (
    '"forwards","replies_to","repeals_clauses_of","repeals","amends","based_on","mentions",[["国税发",["财税",'
    '"validity":"partly_repealed","validity":"repealed","validity":"unknown","validity":"in_force",'
    '{"number":["国税函",200],"authorities":["国家税务总局","财政部"],"kind":"公告","kind":"批复","kind":"通知",'
    '"validity":"in_force","topics":["企业所得税","增值税"],"citations":[[],"captures":[["http://www.chinatax.gov.cn/",'
    '"T00:00:00+00:00",""]],"source":"https://www.","citations":[],"source":"","captures":[],"damage":0,'
    '"published_on":"20","effective_on":"20","issued_on":"200"}'
).encode()


def notice_to_json(notice: Notice) -> bytes:
    """The notice without its id, title and body, compressed."""
    row = {
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
        **{name: day.isoformat() for name in KEPT if (day := getattr(notice, name))},
    }
    text = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    packer = zlib.compressobj(9, wbits=RAW, zdict=USUAL)
    return packer.compress(text) + packer.flush()


def notice_from_json(data: bytes, id_: str, title: str) -> Notice:
    """The notice that `notice_to_json` was given, its body empty."""
    row = json.loads(zlib.decompressobj(wbits=RAW, zdict=USUAL).decompress(data).decode("utf-8", "surrogatepass"))
    dates: dict[str, Any] = {name: date.fromisoformat(row[name]) for name in KEPT if name in row}
    return Notice(
        id=id_,
        title=title,
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
