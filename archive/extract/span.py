"""How far a notice goes: which lines below its head are its text, its signature, its attachments, and which are not."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from archive.clean.boilerplate import closes_notice, comparable, frame_part, is_sentence
from archive.clean.spam import OFFICIAL
from archive.extract.heads import Head
from archive.extract.lines import FRAME, TEXT, Line, Role, is_download
from archive.metadata.authorities import authority_words

CONTAINED = 0.5  # the container of a text holds at least so much of it
PARAGRAPHS = ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "dd", "dt")
SIGNED = (Role.NAMES, Role.PERSON, Role.DATE, Role.SIGNATURE)
LISTING = re.compile("[:：]$|名单$")
SIGNATURE = ("metadata", "落款")
# Why a line that stands between those of a notice is none of them: (step, reason) of the change that removes it.
REASONS = {
    Role.SPAM: ("spam", "广告"),
    Role.CLOSING: ("boilerplate", "页面附加信息"),
    Role.FURNITURE: ("boilerplate", "页面框架"),
    Role.LINKS: ("boilerplate", "链接列表"),
    Role.RULE: ("boilerplate", "分隔线"),
    Role.BLANK: ("paragraphs", "空行"),
    Role.COLOPHON: ("metadata", "版记"),
}


@dataclass(frozen=True, slots=True)
class Span:
    """The lines of a notice: `kept` are its text, `dropped` says of every other line of it why it is left out."""

    kept: tuple[int, ...]
    dropped: dict[int, tuple[str, str]]
    authorities: tuple[str, ...] = ()
    issued_on: date | None = None
    cut_short: bool = False


def find_span(lines: Sequence[Line], head: Head, end: int, recurring: frozenset[str]) -> Span:
    """The span of the notice that begins at `head` and goes no further than lines[end]."""
    signed_at = _signature(lines, head.body_at, end)
    container = _container(lines, head.body_at, _closing(lines, head.body_at, end) if signed_at is None else signed_at)
    last = _last_line(lines, head.body_at, end, signed_at, container)
    signature = _signature_lines(lines, head.body_at, signed_at) if signed_at is not None else ()
    kept: list[int] = []
    dropped: dict[int, tuple[str, str]] = {}
    for n in range(head.body_at, last + 1):
        line = lines[n]
        if n in signature:
            dropped[n] = SIGNATURE
        elif _is_closing(line):
            dropped[n] = REASONS[Role.CLOSING]
        elif line.role in REASONS:
            dropped[n] = REASONS[line.role]
        elif line.role is Role.FIELD and frame_part(line.words):  # 【字体：大 中 小】
            dropped[n] = REASONS[Role.FURNITURE]
        elif not _within(line, container) and line.role not in TEXT and not _is_table_beside(line, container):
            dropped[n] = ("boilerplate", "正文以外")
        else:
            kept.append(n)
    kept = _without_recurring_ends(lines, kept, recurring, dropped)
    return Span(
        tuple(kept),
        dropped,
        tuple(dict.fromkeys(name for n in signature for name in lines[n].authorities)),
        next((lines[n].day for n in signature if lines[n].day), None),
        _is_cut_short(lines, kept, signed_at),
    )


def _closing(lines: Sequence[Line], start: int, end: int) -> int:
    return next((n for n in range(start + 1, end) if _is_closing(lines[n])), end)


def _is_closing(line: Line) -> bool:
    return line.role is Role.CLOSING or (line.role is Role.FIELD and closes_notice(line.words))


def _container(lines: Sequence[Line], start: int, end: int) -> tuple[str, ...]:
    """The innermost element that holds nearly all of the text."""
    texts = [(_surroundings(line), len(line.words)) for line in lines[start:end] if line.role in TEXT]
    weights: Counter[tuple[str, ...]] = Counter()
    for path, weight in texts:
        for depth in range(len(path) + 1):
            weights[path[:depth]] += weight
    total = weights[()]
    inner = sorted((path for path, weight in weights.items() if weight >= CONTAINED * total), key=len, reverse=True)
    return next((path for path in inner if _stands_apart(path, [other for other, _ in texts])), ())


def _surroundings(line: Line) -> tuple[str, ...]:
    """The elements around a line, without the paragraph that is the line itself."""
    path = line.block.path
    return path[:-1] if path and path[-1].split(".")[0].split("#")[0] in PARAGRAPHS else path


def _stands_apart(path: tuple[str, ...], others: Sequence[tuple[str, ...]]) -> bool:
    """Whether an element holds the text alone: what is outside comes after it, in elements of other names.

    The pages of one document are elements of one class (page#1, page#2) and hold it together.
    """
    depth = len(path)
    inside = [other[:depth] == path for other in others]
    if not inside[0] or not all(inside[: inside.count(True)]):
        return False
    return depth == 0 or all(
        within
        or len(other) < depth
        or other[: depth - 1] != path[:-1]
        or other[depth - 1].split("#")[0] != path[-1].split("#")[0]
        for within, other in zip(inside, others, strict=True)
    )


def _within(line: Line, container: tuple[str, ...]) -> bool:
    return line.block.path[: len(container)] == container


def _is_table_beside(line: Line, container: tuple[str, ...]) -> bool:
    """Whether a row stands beside paragraphs that are elements of one name: <div>…</div><table>…</table><div>…"""
    return line.role is Role.ROW and bool(container) and _within(line, container[:-1])


def _signature(lines: Sequence[Line], start: int, end: int) -> int | None:
    """The last line of the signature: the first date under names, else the date or the names at the end of the text."""
    texts = [n for n in range(start, end) if lines[n].role in TEXT]
    if not texts:
        return None
    for n in range(texts[0] + 1, end):
        if lines[n].role is Role.SIGNATURE:
            return n
        if lines[n].role is Role.DATE and _above(lines, n, start) in (Role.NAMES, Role.PERSON):
            return n
        if _is_closing(lines[n]) and n > texts[-1]:
            break
    ending = _ending(lines, texts[0] + 1, end)
    after = [n for n in ending if lines[n].role in (Role.DATE, Role.NAMES)]
    dates = [n for n in after if lines[n].role is Role.DATE]
    return next(iter(dates or after), None)


def _above(lines: Sequence[Line], n: int, start: int) -> Role | None:
    return next((lines[m].role for m in range(n - 1, start - 1, -1) if lines[m].role not in FRAME), None)


def _ending(lines: Sequence[Line], start: int, end: int) -> list[int]:
    """The lines after which nothing of the text comes but attachments and the page's frame, in order."""
    ending: list[int] = []
    ends = True
    for n in range(end - 1, start - 1, -1):
        line = lines[n]
        if ends:
            ending.append(n)
        if _is_closing(line) or line.role in (Role.ATTACHMENT, Role.COLOPHON):
            ends = True
        elif line.role in TEXT or line.role is Role.ROW:
            ends = False
    return ending[::-1]


def _signature_lines(lines: Sequence[Line], start: int, signed_at: int) -> tuple[int, ...]:
    """The signature that ends at `signed_at`: its date, and the names directly above."""
    first = n = signed_at
    while n > start:
        n -= 1
        if lines[n].role in (Role.NAMES, Role.PERSON) and lines[signed_at].role is not Role.SIGNATURE:
            first = n
        elif lines[n].role not in FRAME:
            signing = lines[first:signed_at]
            if LISTING.search(lines[n].words) and not _are_known(signing):  # names of a list, but for the last
                first = max((m for m in range(first, signed_at) if lines[m].role is Role.NAMES), default=first)
            break
    return tuple(n for n in range(first, signed_at + 1) if lines[n].role in SIGNED)


def _are_known(lines: Sequence[Line]) -> bool:
    """Whether all names in some lines are of well-known authorities, which sign together more often than are listed."""
    return all(name in authority_words().canonical for line in lines for name in line.authorities)


def _last_line(lines: Sequence[Line], start: int, end: int, signed_at: int | None, container: tuple[str, ...]) -> int:
    """The last line of the notice: its signature or what is attached below, else the last of its text."""
    if signed_at is not None:
        return _attached(lines, signed_at, end, container)
    last = start
    for n in range(start, end):
        line = lines[n]
        if line.role in TEXT and not _within(line, container) and n > start:
            continue
        if _is_closing(line) and not _goes_on(lines, n, end, container):
            break
        if _within(line, container) and (line.role in TEXT or line.role in (Role.ATTACHMENT, Role.ROW, Role.TITLE)):
            last = n
    return last


def _goes_on(lines: Sequence[Line], n: int, end: int, container: tuple[str, ...]) -> bool:
    """Whether an interruption such as a share bar stands inside the text: its container goes on with numbered parts."""
    return bool(container) and any(
        line.role is Role.ITEM and _within(line, container) for line in lines[n + 1 : min(end, n + 6)]
    )


def _attached(lines: Sequence[Line], signed_at: int, end: int, container: tuple[str, ...]) -> int:
    """The last line of what is attached below a signature; without attachments the signature itself."""
    last = signed_at
    attached = False
    for n in range(signed_at + 1, end):
        line = lines[n]
        if _is_closing(line) or (
            line.role not in FRAME and not _within(line, container) and line.role is not Role.ATTACHMENT
        ):
            break
        if line.role is Role.ATTACHMENT or (not attached and line.role is Role.TITLE and line.title):
            attached = True
        if not attached and line.role in TEXT:
            break
        if attached and line.role not in FRAME and not is_download(line):
            last = n
    return last


def _without_recurring_ends(
    lines: Sequence[Line], kept: list[int], recurring: frozenset[str], dropped: dict[int, tuple[str, str]]
) -> list[int]:
    """Take away sentences at the end that stand on most pages of the site and do not speak as notices do."""
    while len(kept) > 1 and recurring and _is_the_sites(lines[kept[-1]], recurring):
        dropped[kept.pop()] = ("boilerplate", "本站各页都有")
    return kept


def _is_the_sites(line: Line, recurring: frozenset[str]) -> bool:
    return line.role is not Role.ITEM and comparable(line.block.text) in recurring and not OFFICIAL.search(line.words)


def _is_cut_short(lines: Sequence[Line], kept: Sequence[int], signed_at: int | None) -> bool:
    """Whether the page gives only the beginning of the text: unsigned, it ends in dots, or no sentence in it ends."""
    if not kept or signed_at is not None:
        return not kept
    last = lines[kept[-1]]
    if last.words.endswith(("...", "…", "．．．", "[…]", "[...]", "，", ",", "、")):
        return True
    if last.role is Role.PROSE and re.search(r"[\u4e00-\u9fff]$", last.words):
        return True
    return not any(
        is_sentence(lines[n].words) or lines[n].words.endswith(("。", "；", "：")) or lines[n].role is Role.ROW
        for n in kept
    )
