"""How notices, changes and results look at a prompt. What pages say is hostile: control characters are made visible."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from archive.clean.changes import runs, undo
from archive.graph import STATED, ValidityFinding
from archive.linking import Cited
from archive.metadata.topics import find_topics
from archive.models import Conflict, Damage, Notice, RawNotice, Results, Validity, Version
from archive.repeals import Replacement
from archive.terminal import printable

if TYPE_CHECKING:  # reading pages takes long to import, and only the shape of a report is needed
    from archive.ingest import Report

VALIDITY = STATED | {Validity.UNKNOWN: "未知"}
PLACES = {"title": "标题", "opening": "开头", "body": "正文"}
DATES = {
    "issued_on": "成文日期",
    "published_on": "发布日期",
    "effective_on": "施行日期",
    "expires_on": "失效日期",
    "ceased_on": "终止日期",
}
FIELDS = DATES | {"validity": "时效性"}
MOST_WORDS = 2  # that are named for a topic
LONGEST = 60  # characters of a change's text, or of the words that give a date, that are shown


def report_line(report: "Report") -> str:
    """What became of a page: its fate, where it is, the notices found on it, and why it was rejected or is damaged."""
    names = "; ".join(" ".join(filter(None, notice)) for notice in report.notices)
    return "  ".join(printable(part) for part in (f"{report.fate:9}", report.source, names, report.reason) if part)


def cited_line(cited: Cited) -> str:
    """A citation looked up: what is cited and how, then the notice and its validity, or that it is not here."""
    citation, notice = cited.citation, cited.notice
    name = str(citation.number or f"《{citation.title}》")
    known = (VALIDITY[notice.validity], notice.title, notice.id) if notice else ("未收录",)
    return "\t".join(map(printable, (name, citation.relation, *known)))


def notice_lines(
    notice: Notice, finding: ValidityFinding, replaced: Sequence[Replacement], twins: Sequence[Notice]
) -> Iterator[str]:
    """A notice to read: what is known of it and why, what replaced it, what copies disagree on, then its body.

    `twins` are the notices that carry its text under another number.
    """
    reasons = "；".join(reason.text for reason in finding.reasons)
    fields = (
        ("文号", str(notice.number or "")),
        ("发文机关", "、".join(notice.authorities)),
        ("类型", notice.kind),
        ("主送", notice.recipients),
        *((label, _date(notice, name)) for name, label in DATES.items()),
        (f"{finding.on or ''}时效性", VALIDITY[finding.validity] + (f"（{reasons}）" if reasons else "")),
        ("取代", "；".join(f"{one.old_name} → {one.new_name}" for one in replaced)),
        ("主题", "、".join(_topics(notice))),
        ("版本", notice.edition),
        *(("旧版", _version(version)) for version in notice.versions),
        *(("异说", _conflict(conflict)) for conflict in notice.conflicts),
        *(("附件", attachment) for attachment in notice.attachments),
        *(("联系", contact) for contact in notice.contacts),
        ("同文异号", "、".join(f"{one.number or one.id}（{len(one.captures)} 份）" for one in twins)),
        ("来源", notice.source),
        ("未修复", f"{notice.damage} 处" if notice.damage else ""),
        ("编号", notice.id),
    )
    yield printable(notice.title)
    yield from (f"{label}：{printable(str(value))}" for label, value in fields if value)
    yield ""
    yield printable(notice.body)


def _date(notice: Notice, name: str) -> str:
    """A date with the words that give it; empty where it is not known."""
    day = getattr(notice, name)
    words = next((one.text for one in notice.evidence if one.field == name), "")
    return f"{day or ''}" + (f"（据“{words[:LONGEST]}{'…' if len(words) > LONGEST else ''}”）" if words else "")


def _topics(notice: Notice) -> Iterator[str]:
    """Each topic with the words that speak for it; imported ones may have none."""
    evidence = {finding.name: finding.evidence for finding in find_topics(notice.title, notice.body)}
    for topic in notice.topics:
        words = "，".join(f"{PLACES[one.place]}“{one.word}”" for one in evidence.get(topic, ())[:MOST_WORDS])
        yield topic + (f"（{words}）" if words else "")


def _version(version: Version) -> str:
    return f"{version.note or '初次发布'}（{len(version.body)} 字，来源 {version.source}）"


def _conflict(conflict: Conflict) -> str:
    value = VALIDITY[Validity(conflict.value)] if conflict.field == "validity" else conflict.value
    return f"{FIELDS[conflict.field]} {value}（来源 {'、'.join(conflict.sources)}）"


def change_lines(raw: RawNotice) -> Iterator[str]:
    """Every repair in the order it was made: step, place, before → after, reason.

    A place is a line and an offset in the text as the repairs before it left it.
    """
    if not raw.changes:
        yield "没有改动：正文与网页所示文字一致。"
    for change, line in zip(raw.changes, _lines(raw), strict=True):
        what = f"{_shown(change.before)} → {_shown(change.after)}"
        yield f"{change.step}\tline {line}, offset {change.at}\t{what}\t{printable(change.reason)}"


def damage_lines(raw: RawNotice) -> Iterator[str]:
    """Every place left unrepaired or read in doubt, in the title and the body."""
    for place in raw.damage:
        where = "title" if place.at < 0 else f"line {_line_of(raw, place)}, offset {place.at}"
        yield f"damaged\t{where}\t{_shown(place.text)}\t{printable(place.reason)}"


def _line_of(raw: RawNotice, place: Damage) -> int:
    return raw.body.count("\n", 0, place.at) + 1


def _shown(text: str) -> str:
    text = text.replace("\n", "⏎")
    return f"「{printable(text[:LONGEST])}{'…' if len(text) > LONGEST else ''}」"


def _lines(raw: RawNotice) -> list[int]:
    """The line of each change. Changes that go through the text from left to right are told by one look at it."""
    lines: list[int] = []
    after = raw.body
    for run in reversed(list(runs(raw.changes))):
        found, line, at = [], 1, 0
        for change in run:
            line += after.count("\n", at, change.at)
            at = change.at
            found.append(line)
        lines[:0] = found
        after = undo(after, run)
    return lines


def result_lines(results: Results) -> Iterator[str]:
    """Results to read: how many there are, what was perhaps meant, then number, title, date and snippet of each."""
    query = results.query
    first = (query.page - 1) * query.per_page + 1
    yield f"{results.total} 篇" + (f"，第 {first} 至 {first + len(results.hits) - 1} 篇" if results.hits else "")
    yield from map(printable, results.reading)
    if results.suggestion:
        yield printable(f"您是不是要找：{results.suggestion}")
    for hit in results.hits:
        notice = hit.notice
        yield ""
        yield printable("  ".join(str(part) for part in (notice.number, notice.title, notice.issued_on) if part))
        snippet = "".join(f"【{text}】" if match else text for text, match in hit.snippet).replace("\n", " ")
        yield from (f"    {printable(line)}" for line in (snippet, notice.id) if line)
