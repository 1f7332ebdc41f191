"""Writes data/samples and tests/samples/truth.jsonl from the notices, frames and damages of data/sampling.

Every run gives the same bytes. `608.txt`, the page the project began with, is a real capture and is left alone.
"""

import argparse
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import jinja2
from sampling.damages import DAMAGES, SPAM

DATA = Path(__file__).resolve().parent
SOURCES = DATA / "sampling"
TRUTH = DATA.parent / "tests" / "samples" / "truth.jsonl"
NUMBERED = re.compile(r"[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|第[一二三四五六七八九十]+条")
NUMERALS = "〇一二三四五六七八九"
# What may never be left in a notice: the spam, and words that only frames have.
FRAME_WORDS = [*SPAM, "上一篇", "分享到", "联系我们", "热门文章", "发表于", "版权所有"]


@dataclass(frozen=True)
class Sample:
    """A notice as one page prints it: `number` in that page's spelling."""

    number: str
    title: str
    authorities: tuple[str, ...]
    paragraphs: tuple[str, ...]
    issued_on: date
    effective_on: date | None

    @property
    def head(self) -> tuple[str, ...]:
        """The title as official paper prints it: the authority on a line of its own."""
        issuer = " ".join(self.authorities)
        return (issuer, self.title.removeprefix(issuer)) if self.title.startswith(issuer) else (self.title,)

    @property
    def signature(self) -> tuple[str, ...]:
        return (*self.authorities, chinese_date(self.issued_on))

    @property
    def serial(self) -> int:
        return int("0" + "".join(filter(str.isdigit, self.number))[4:])

    @property
    def issued(self) -> str:
        return self.issued_on.isoformat()

    @property
    def effective(self) -> str:
        return self.effective_on.isoformat() if self.effective_on else ""


def chinese_date(day: date) -> str:
    """二〇〇九年一月十五日."""
    year = "".join(NUMERALS[int(digit)] for digit in str(day.year))
    return f"{year}年{_below_hundred(day.month)}月{_below_hundred(day.day)}日"


def _below_hundred(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else NUMERALS[tens]) + ("十" if tens else "") + (NUMERALS[ones] if ones else "")


def make_page(page: Mapping[str, Any], notices: Mapping[str, Any], frames: jinja2.Environment) -> bytes:
    """The bytes of one page: its notices in its frame, damaged, encoded."""
    printed = [_sample(notices[key], page.get("number_as")) for key in page["notices"]]
    encoding = page.get("encoding", "utf-8")
    text = frames.get_template(page["frame"]).render(
        n=printed[0] if printed else None,
        notices=printed,
        published=_shown(page.get("published_on"), page.get("date_as", "%Y-%m-%d")),
        validity=page.get("validity", "全文有效"),
        advert=page.get("advert", ""),
        charset=encoding,
        spam=SPAM,
    )
    for name in page.get("damage", ()):
        text = DAMAGES[name](text)
    return text.encode("gb18030" if encoding == "gb2312" else encoding)


def _sample(notice: Mapping[str, Any], number_as: str | None) -> Sample:
    return Sample(
        number=number_as or notice["number"],
        title=notice["title"],
        authorities=tuple(notice["authorities"]),
        paragraphs=tuple(notice["body"].split("\n")[:-1]),
        issued_on=notice["issued_on"],
        effective_on=notice.get("effective_on"),
    )


def _shown(day: date | None, form: str) -> str:
    return day.strftime(form) if day else ""


def expected(page: Mapping[str, Any], notices: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What must come out of the page, in the form that `python -m archive evaluate` reads."""
    kind = "+".join(page.get("damage", ())) or "clean"
    if page.get("rejected"):
        yield {"file": page["file"], "kind": "reject", "number": None}
        return
    for notice in (notices[key] for key in page["notices"]):
        yield {
            "file": page["file"],
            "kind": kind,
            "number": notice["number"],
            "title": notice["title"],
            "issued_on": notice["issued_on"].isoformat(),
            "published_on": _shown(page.get("published_on"), "%Y-%m-%d") or None,
            "effective_on": _shown(notice.get("effective_on"), "%Y-%m-%d") or None,
            "issuer": " ".join(notice["authorities"]),
            "paragraphs": _tellable(notice["body"].split("\n")[:-1], page["frame"]),
            "spam": FRAME_WORDS,
        }


def _tellable(paragraphs: list[str], frame: str) -> list[str]:
    """The paragraphs; where the frame runs them together, only addressees and numbered ones can be told apart."""
    if frame != "glued.html":
        return paragraphs
    told: list[str] = []
    for paragraph in paragraphs:
        if told and not NUMBERED.match(paragraph) and len(told) > 1:
            told[-1] += paragraph
        else:
            told.append(paragraph)
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=Path, default=DATA / "samples", help="folder to write the pages into")
    parser.add_argument("--truth", type=Path, default=TRUTH, help="file to write the expected notices into")
    given = parser.parse_args()
    notices = tomllib.loads((SOURCES / "notices.toml").read_text(encoding="utf-8"))
    pages = tomllib.loads((SOURCES / "pages.toml").read_text(encoding="utf-8"))["page"]
    frames = jinja2.Environment(
        loader=jinja2.FileSystemLoader(SOURCES / "frames"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    given.samples.mkdir(parents=True, exist_ok=True)
    given.truth.parent.mkdir(parents=True, exist_ok=True)
    for page in pages:
        (given.samples / page["file"]).write_bytes(make_page(page, notices, frames))
    rows = [json.dumps(row, ensure_ascii=False) for page in pages for row in expected(page, notices)]
    given.truth.write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
