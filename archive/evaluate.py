"""How well pages are read: the notices expected of a folder of pages against those extracted, as a table of shares."""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from archive.errors import BadInput
from archive.extract import extract
from archive.models import Capture, RawNotice
from archive.page import read_page

SPACE = re.compile(r"\s+")
BRACKETS = str.maketrans("〔〕【】", "[][]")
EVERY = "all"


@dataclass(frozen=True, slots=True)
class Expected:
    """What one page should give; a page without a notice has no `number` and no `paragraphs`."""

    file: str
    kind: str
    number: str = ""
    title: str = ""
    issued_on: date | None = None
    published_on: date | None = None
    authorities: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()
    spam: tuple[str, ...] = ()

    @property
    def is_notice(self) -> bool:
        return bool(self.number or self.paragraphs)


@dataclass(frozen=True, slots=True)
class Score:
    """Shares of the notices of one kind, 0 to 1; for pages without a notice all but `archived` are of rejections.

    exact: every paragraph and nothing else. paragraphs: those found. leaky: bodies with a line too many. spam: such
    lines with an advert, per notice.
    """

    kind: str
    notices: int
    archived: float
    exact: float
    paragraphs: float
    leaky: float
    spam: float
    number: float
    title: float
    issued_on: float
    published_on: float
    authorities: float


def evaluate(truth: Path, folder: Path) -> list[Score]:
    """Read the pages of `folder` that the lines of `truth` name, and score them, kind by kind and all together.

    A line of `truth` is a JSON object: file, kind, number (null: the page has no notice), title, issued_on,
    published_on, issuer (names parted by spaces), paragraphs, spam. Raises BadInput for a line that is none.
    """
    expected = list(read_truth(truth))
    notices = {name: _extracted(folder / name) for name in {each.file for each in expected}}
    return score(expected, notices)


def read_truth(path: Path) -> Iterator[Expected]:
    """The expectations in a file of JSON lines; raises BadInput with the number of a line that cannot be read."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.", "Give a file of JSON lines.") from error
    for number, line in enumerate(lines, 1):
        try:
            yield _expected(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadInput(
                f"{path}, line {number}: {error!r}.", "Give objects with file, kind, number, title, issuer, paragraphs."
            ) from error


def _expected(row: Mapping[str, Any]) -> Expected:
    return Expected(
        row["file"],
        row["kind"],
        row.get("number") or "",
        row.get("title") or "",
        _day(row.get("issued_on")),
        _day(row.get("published_on")),
        tuple((row.get("issuer") or "").split()),
        tuple(row.get("paragraphs") or ()),
        tuple(row.get("spam") or ()),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _extracted(path: Path) -> tuple[RawNotice, ...]:
    """The notices of a page; none if it cannot be read, which is a rejection too."""
    try:
        return extract(read_page(Capture(path.name, datetime.now(UTC), path.read_bytes()))).notices
    except BadInput:
        return ()
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.", "Give the folder of the pages.") from error


def score(expected: Iterable[Expected], notices: Mapping[str, Sequence[RawNotice]]) -> list[Score]:
    """Scores by kind, in order of their names, and of all; `notices` are those extracted from each page."""
    marks: dict[str, list[_Marks]] = {}
    for each in expected:
        mark = _mark(each, notices.get(each.file, ()))
        marks.setdefault(each.kind, []).append(mark)
    rows = [_share(kind, marks[kind]) for kind in sorted(marks)]
    return [*rows, _share(EVERY, [mark for kind in marks.values() for mark in kind])]


@dataclass(frozen=True, slots=True)
class _Marks:
    """The marks of one expected notice, in the columns of Score; paragraphs are counted."""

    archived: bool = False
    exact: bool = False
    paragraphs: int = 0
    of_paragraphs: int = 0
    leaky: bool = False
    spam: int = 0
    number: bool = False
    title: bool = False
    issued_on: bool = False
    published_on: bool = False
    authorities: bool = False


def _mark(expected: Expected, notices: Sequence[RawNotice]) -> _Marks:
    if not expected.is_notice:
        right = not notices
        return _Marks(bool(notices), right, 0, 0, False, 0, right, right, right, right, right)
    if not notices:
        return _Marks(of_paragraphs=len(expected.paragraphs))
    wanted = _fold(expected.number)
    notice = next((n for n in notices if _fold(str(n.number or "")) == wanted), notices[0])
    paragraphs = [_fold(text) for text in expected.paragraphs]
    lines = [line for text in notice.body.split("\n") if (line := _fold(text))]
    found = sum(paragraph in set(lines) for paragraph in paragraphs)
    extra = [line for line in lines if line not in set(paragraphs)]
    return _Marks(
        archived=True,
        exact=found == len(paragraphs) and not extra,
        paragraphs=found,
        of_paragraphs=len(paragraphs),
        leaky=any(not any(line in other or other in line for other in paragraphs) for line in extra),
        spam=sum(any(_fold(word) in line for word in expected.spam) for line in extra),
        number=_fold(str(notice.number or "")) == wanted,
        title=_fold(notice.title) == _fold(expected.title),
        issued_on=notice.issued_on == expected.issued_on,
        published_on=notice.published_on == expected.published_on,
        authorities=sorted(map(_fold, notice.authorities)) == sorted(map(_fold, expected.authorities)),
    )


def _fold(text: str) -> str:
    """A text without what copies of one notice may differ in: width, spaces, kind of brackets."""
    return SPACE.sub("", unicodedata.normalize("NFKC", text)).translate(BRACKETS)


def _share(kind: str, marks: Sequence[_Marks]) -> Score:
    counted = sum(mark.of_paragraphs for mark in marks)
    shares = {
        field.name: sum(getattr(mark, field.name) for mark in marks) / len(marks)
        for field in fields(Score)
        if field.name not in ("kind", "notices", "paragraphs")
    }
    return Score(kind, len(marks), paragraphs=sum(mark.paragraphs for mark in marks) / (counted or 1), **shares)


def score_table(scores: Sequence[Score]) -> str:
    """The scores as a table to print, a kind a line."""
    names = [field.name for field in fields(Score)]
    widths = [max(len(name), 12 if name == "kind" else 7) for name in names]
    rows = [names, *([_shown(getattr(row, name)) for name in names] for row in scores)]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def _shown(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
