"""Notices as reference managers read them: BibTeX and RIS."""

import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote

from archive.models import Notice

Address = Callable[[Notice], str]

# What TeX takes for a command, and what it wants in its place.
TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{character: "\\" + character for character in "{}$&#%_"},
    }
)
IN_URL = ":/?&=%[]@"
# A line break in a value would begin a new RIS field.
BREAKS = re.compile(r"[\s\x00-\x1f\x7f\u2028\u2029]+")


def to_bibtex(notices: Iterable[Notice], address: Address) -> Iterator[str]:
    """One `@misc` entry a notice, whose key is its id; `address` gives the address of its page."""
    for notice in notices:
        day = notice.issued_on or notice.published_on
        fields = {
            "author": " and ".join("{" + _tex(name) + "}" for name in notice.authorities),
            "title": "{" + _tex(notice.title) + "}",
            "number": _tex(str(notice.number or "")),
            "type": _tex(notice.kind),
            "year": str(day.year) if day else "",
            "date": day.isoformat() if day else "",
            "keywords": _tex(", ".join(notice.topics)),
            "url": quote(address(notice), safe=IN_URL),  # not TeX: it is taken as it stands
            "langid": "chinese",
        }
        lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
        yield f"@misc{{{notice.id},\n" + ",\n".join(lines) + "\n}\n\n"


def to_ris(notices: Iterable[Notice], address: Address) -> Iterator[str]:
    """One record of type GOVDOC a notice; the tags are those of https://en.wikipedia.org/wiki/RIS_(file_format)."""
    for notice in notices:
        day = notice.issued_on or notice.published_on
        fields = [
            ("TY", "GOVDOC"),
            ("ID", notice.id),
            ("TI", notice.title),
            *(("AU", name) for name in notice.authorities),
            ("PB", "、".join(notice.authorities)),
            ("SN", str(notice.number or "")),
            ("PY", str(day.year) if day else ""),
            ("DA", day.strftime("%Y/%m/%d") if day else ""),
            *(("KW", topic) for topic in notice.topics),
            ("UR", address(notice)),
            ("LA", "zh-CN"),
        ]
        lines = [f"{tag}  - {BREAKS.sub(' ', value).strip()}\r\n" for tag, value in fields if value]
        yield "".join(lines) + "ER  - \r\n\r\n"


def _tex(text: str) -> str:
    return BREAKS.sub(" ", text).translate(TEX).strip()
