"""The pages in files, folders, archives and web crawls, or on standard input: one at a time, none larger than allowed.

What a file is, its first bytes say; its name says only whether it is looked into where it was not named itself.
"""

import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from io import BufferedReader, BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from archive.errors import BadInput
from archive.models import Capture
from archive.sources.archives import MAX_DEPTH, Allowance, allowance, files_in_7z, files_in_zip
from archive.sources.bookmarks import Bookmarks, no_bookmarks
from archive.sources.finds import (
    DAMAGE,
    SEVENS,
    WARCS,
    ZIPS,
    Opened,
    Unread,
    bare,
    is_of_a_page,
    may_hold_pages,
    media_type,
    sized,
)
from archive.sources.mhtml import TIMES, is_mhtml, page_in_mhtml
from archive.sources.records import VERSION
from archive.sources.streams import ZSTD_DICTIONARY, Plain, unpacking
from archive.sources.warc import pages_in_warc

STDIN = Path("-")
STDIN_SOURCE = "/dev/stdin"
HEAD = 4096  # bytes that say what a file is
ARCHIVE = re.compile(r"(.*(?:\.zip|\.wacz|\.7z|/dev/stdin))#.", re.IGNORECASE | re.DOTALL)


class Kind(Enum):
    """What a file holds."""

    ZIP = "zip"
    SEVEN = "7z"
    WARC = "warc"
    MHTML = "mhtml"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class _Bounds:
    """What reading a file may cost, and where it begins."""

    max_bytes: int
    allowed: Allowance
    bookmarks: Bookmarks


def check_paths(paths: Iterable[Path]) -> None:
    """Raise BadInput for the first of `paths` that is not there; `-` is standard input."""
    for path in paths:
        if path != STDIN and not path.exists():
            raise BadInput(f"there is no file or folder {path}.", "Check its spelling, and the folder you are in.")


def pages_in(path: Path, max_bytes: int, bookmarks: Bookmarks | None = None) -> Iterator[Capture | Unread]:
    """The pages at `path` in a fixed order, what cannot be read as Unread; `-` is standard input.

    Other kinds of files are passed over in folders and archives, and taken for pages where they are named. WARC and
    WET files are read on from their `bookmarks`.
    """
    bookmarks = bookmarks or no_bookmarks()
    return bookmarks.counting(_pages_at(path, max_bytes, bookmarks))


def site_of(source: str) -> str:
    """The site whose boilerplate a page shares: the host of a URL, the archive or folder of a file."""
    if "://" in source:
        return urlsplit(source).netloc.lower()
    archive = ARCHIVE.match(source)
    return archive[1] if archive else source.rpartition("/")[0]


def _pages_at(path: Path, max_bytes: int, bookmarks: Bookmarks) -> Iterator[Capture | Unread]:
    if path == STDIN:
        opened = Opened(STDIN_SOURCE, BufferedReader(Plain(sys.stdin.buffer)), datetime.now(UTC))
        yield from _pages_of(opened, _Bounds(max_bytes, allowance(0), no_bookmarks()))
        return
    if path.is_dir():
        for below in _files_below(path):
            yield from _pages_at(below, max_bytes, bookmarks)
        return
    source = _source_of(path)
    if not path.is_file():
        yield Unread(source, "is not a regular file")
        return
    try:
        about = path.stat()
        bookmarks.open(path)
        with path.open("rb") as file:
            opened = Opened(source, file, datetime.fromtimestamp(about.st_mtime, UTC))
            yield from _pages_of(opened, _Bounds(max_bytes, allowance(about.st_size), bookmarks))
    except OSError as error:
        yield Unread(source, f"cannot be read: {error.strerror or error}")


def _files_below(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not is_of_a_page(name, names))
        for name in sorted(names):
            if may_hold_pages(name):
                yield Path(parent, name)


def _source_of(path: Path) -> str:
    """The absolute path; bytes of a file name that are no UTF-8 are written as escapes."""
    return os.fsencode(path.absolute().as_posix()).decode("utf-8", "backslashreplace")


def _pages_of(opened: Opened, bounds: _Bounds) -> Iterator[Capture | Unread]:
    """The pages of an open file, which may be an archive of others."""
    try:
        head = opened.file.peek(HEAD)[:HEAD]
        kind = _kind(head, opened.source)
        if kind is Kind.WARC:
            stream = unpacking(opened.file, head)
            yield from pages_in_warc(opened, stream, bounds.max_bytes, bounds.bookmarks)
        elif kind in (Kind.ZIP, Kind.SEVEN):
            yield from _pages_in_archive(kind, opened, bounds)
        else:
            yield _page(kind, opened, head, bounds.max_bytes)
    except DAMAGE as error:
        yield Unread(opened.source, f"is damaged from here on: {error}")


def _kind(head: bytes, source: str) -> Kind:
    """What a file that begins with `head` is; its name decides where that tells nothing."""
    name = bare(source)
    if head.startswith((b"PK\3\4", b"PK\5\6")) or name.endswith(ZIPS):
        return Kind.ZIP
    if head.startswith(b"7z\xbc\xaf\x27\x1c") or name.endswith(SEVENS):
        return Kind.SEVEN
    begin = _unpacked(head)
    if begin.startswith(VERSION) or head.startswith(ZSTD_DICTIONARY) or name.endswith(WARCS):
        return Kind.WARC
    return Kind.MHTML if is_mhtml(begin) else Kind.PAGE


def _unpacked(head: bytes) -> bytes:
    """The beginning of what is packed in a file that begins with `head`; nothing where it is damaged."""
    try:
        return unpacking(BytesIO(head), head).read(HEAD) or b""
    except DAMAGE:
        return b""


def _page(kind: Kind, opened: Opened, head: bytes, max_bytes: int) -> Capture | Unread:
    most = max_bytes * (TIMES if kind is Kind.MHTML else 1) + 1
    content = BufferedReader(unpacking(opened.file, head)).read(most)
    if kind is Kind.MHTML:
        return page_in_mhtml(opened, content, max_bytes)
    return sized(Capture(opened.source, opened.modified, content, media_type(opened.source)), max_bytes)


def _pages_in_archive(kind: Kind, opened: Opened, bounds: _Bounds) -> Iterator[Capture | Unread]:
    if opened.depth >= MAX_DEPTH:
        yield Unread(opened.source, f"lies in {opened.depth} archives, one in the other")
        return
    files = files_in_zip if kind is Kind.ZIP else files_in_7z
    inner = _Bounds(bounds.max_bytes, bounds.allowed, no_bookmarks())
    for one in files(opened, bounds.allowed):
        if isinstance(one, Unread):
            yield one
        else:
            yield from _pages_of(one, inner)
