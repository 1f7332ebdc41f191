"""From bytes to text: which encoding a page is really in, whatever it says."""

import codecs
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from archive.clean.language import pairs
from archive.clean.simplify import simplified

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]{3,20})", re.IGNORECASE)
HEAD = 4096
# The multi-byte encodings of Chinese pages; GB18030 takes in GB2312 and GBK, as Big5-HKSCS does Big5.
FAMILIES = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5hkscs", "big5-hkscs": "big5hkscs"}
# A3A0, with which old editors indented; WHATWG's decoder of GB18030 reads it so too.
OLD_BLANK = ("\ue5e5", "\u3000")
SEGMENT = re.compile(rb"[\x80-\xff][^\r\n<>]*")
SAMPLE = 6000
# Three characters of UTF-8 or more, which text in GBK has hardly ever by chance; on a page in UTF-8 also an indent.
UTF8_CHAR = rb"(?:[\xe2-\xe9\xef][\x80-\xbf]{2}[\x00-\x7f]*+)"
UTF8_RUN = re.compile(UTF8_CHAR + rb"{3,}")
OWN_RUN = re.compile(rb"\A" + UTF8_CHAR + rb"+|" + UTF8_CHAR + rb"{3,}")
CLEARLY = 0.05  # by so much more of its characters another encoding must be common than the expected one
LEAST_PASTED = 6  # bytes that are no UTF-8 which may be a text; fewer are a damaged character


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a page, and the encoding it was found to be in."""

    text: str
    encoding: str


def decode(content: bytes, declared: str = "") -> Decoded:
    """The text of `content`, in the encoding that its bytes speak for.

    `declared` is what the server said; it, or what the page says of itself, decides only where two encodings fit
    equally well. Never raises: what cannot be read becomes U+FFFD.
    """
    for bom, encoding in BOMS:
        if content.startswith(bom):
            return Decoded(content[len(bom) :].decode(encoding, "replace"), encoding)
    wide = _wide(content)
    if wide:
        return Decoded(content.decode(wide, "replace"), wide)
    with suppress(UnicodeDecodeError):
        return Decoded(content.decode("utf-8"), "utf-8")
    encoding = "utf-8" if _is_mostly_utf8(content) else _gbk_or_big5(content, declared)
    return Decoded("".join(_mixed(content, encoding)), encoding)


def _wide(content: bytes) -> str | None:
    """UTF-16 without a byte order mark: its markup and line ends have zeros, and its pairs of bytes make Chinese."""
    head = content[:HEAD]
    if head.count(0) * 100 < len(head):
        return None
    return next((name for name in ("utf-16-le", "utf-16-be") if _common(head, name) > 0.6), None)


def _is_mostly_utf8(content: bytes) -> bool:
    segments = SEGMENT.findall(content)
    good = sum(len(segment) for segment in segments if _is_utf8(segment))
    return good * 2 >= sum(map(len, segments))


def _is_utf8(segment: bytes) -> bool:
    """Is it valid UTF-8, but for a character cut off at its end?"""
    try:
        segment.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return True


def _mixed(content: bytes, encoding: str) -> Iterator[str]:
    """The text of a page in `encoding`, what was pasted from a page in another one read as such."""
    done = 0
    for match in SEGMENT.finditer(content):
        yield content[done : match.start()].decode("ascii")
        done = match.end()
        for piece in _pieces(match[0], encoding):
            yield piece.decode(_of_piece(piece, encoding), "replace").replace(*OLD_BLANK)
    yield content[done:].decode("ascii")


def _pieces(segment: bytes, encoding: str) -> Iterator[bytes]:
    """A segment, parted where UTF-8 begins and ends."""
    done = 0
    if not _is_utf8(segment):
        for run in (OWN_RUN if encoding == "utf-8" else UTF8_RUN).finditer(segment):
            yield segment[done : run.start()]
            yield run[0]
            done = run.end()
    yield segment[done:]


def _of_piece(piece: bytes, encoding: str) -> str:
    if len(piece) < LEAST_PASTED or _is_utf8(piece) is (encoding == "utf-8"):
        return encoding
    other = "gb18030" if encoding == "utf-8" else "utf-8"
    return other if _common(piece, other) > _common(piece, encoding) else encoding


def _gbk_or_big5(content: bytes, declared: str) -> str:
    """Which of the two it is: the one that makes common characters of the bytes."""
    said = DECLARED.search(content[:HEAD])
    names = (declared.lower(), said[1].decode("ascii").lower() if said else "")
    expected = next((FAMILIES[name] for name in names if name in FAMILIES), "gb18030")
    other = "big5hkscs" if expected == "gb18030" else "gb18030"
    sample = b"\n".join(SEGMENT.findall(content))[:SAMPLE]
    least = _common(sample, expected) + CLEARLY
    return other if least < 1 and _common(sample, other) > least else expected


def _common(sample: bytes, encoding: str) -> float:
    """The share of `sample` that becomes common characters in `encoding`."""
    text = simplified(sample.decode(encoding, "replace"))
    known, _ = pairs()
    others = [char for char in text if char > "\x7f"]
    return sum(char in known for char in others) / len(others) if others else 0.0
