"""The pages in files, folders, zip files and WARC files: one at a time, and none larger than allowed."""

import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from lzma import LZMAError
from pathlib import Path
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from archive.captures import from_uri
from archive.errors import BadInput
from archive.models import Capture
from archive.prefilter import may_carry_notice

PAGES = (".html", ".htm", ".shtml", ".xhtml", ".txt")
WARCS = (".warc", ".warc.gz", ".wet", ".wet.gz")
MEDIA_TYPES = ("text/html", "application/xhtml+xml", "text/plain")


# What zipfile, its decompressors and warcio raise on damaged files, found by feeding them 20,000 of those; RuntimeError
# is also a file with a password. AttributeError and TypeError are warcio's answer to a record without an address.
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    LZMAError,
    ArchiveLoadFailed,
    EOFError,
    RuntimeError,
    ValueError,
    AttributeError,
    TypeError,
)


@dataclass(frozen=True, slots=True)
class Unread:
    """A page that could not even be captured, and why."""

    source: str
    reason: str


def check_paths(paths: Iterable[Path]) -> None:
    """Raise BadInput for the first of `paths` that is not there."""
    for path in paths:
        if not path.exists():
            raise BadInput(f"there is no file or folder {path}.", "Check its spelling, and the folder you are in.")


def pages_in(path: Path, max_bytes: int) -> Iterator[Capture | Unread]:
    """The pages at `path` in a fixed order; what cannot be read comes as Unread. Other kinds of files are passed over
    in folders and zip files, and taken for pages where they are named."""
    if path.is_dir():
        for file in _files_below(path):
            yield from pages_in(file, max_bytes)
        return
    source = _source_of(path)
    if not path.is_file():
        yield Unread(source, "is not a regular file")
        return
    try:
        if path.name.lower().endswith(".zip"):
            yield from _pages_in_zip(path, source, max_bytes)
        elif path.name.lower().endswith(WARCS):
            yield from _pages_in_warc(path, max_bytes)
        else:
            yield _page(source, path, max_bytes)
    except OSError as error:
        yield Unread(source, f"cannot be read: {error.strerror}")
    except DAMAGE as error:
        yield Unread(source, f"is damaged from here on: {error}")


def site_of(source: str) -> str:
    """The site whose boilerplate a page shares: the host of a URL, the zip file or folder of a file."""
    if "://" in source:
        return urlsplit(source).netloc.lower()
    file, _, member = source.partition(".zip#")
    return file + ".zip" if member else source.rpartition("/")[0]


def _files_below(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if name.lower().endswith((*PAGES, *WARCS, ".zip")):
                yield Path(parent, name)


def _source_of(path: Path) -> str:
    """The absolute path; bytes of a file name that are no UTF-8 are written as escapes."""
    return os.fsencode(path.absolute().as_posix()).decode("utf-8", "backslashreplace")


def _page(source: str, path: Path, max_bytes: int) -> Capture | Unread:
    with path.open("rb") as file:
        content = file.read(max_bytes + 1)
    captured_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return _sized(Capture(source, captured_at, content, _media_type(source)), max_bytes)


def _pages_in_zip(path: Path, source: str, max_bytes: int) -> Iterator[Capture | Unread]:
    with zipfile.ZipFile(path) as archive:
        for member in sorted(archive.infolist(), key=lambda member: member.filename):
            if not member.filename.lower().endswith(PAGES):
                continue
            name = f"{source}#{member.filename}".encode("utf-8", "backslashreplace").decode()
            try:
                with archive.open(member) as file:
                    content = file.read(max_bytes + 1)
            except DAMAGE as error:
                yield Unread(name, f"cannot be unpacked: {error}")
            else:
                yield _sized(Capture(name, _packed_at(member, path), content, _media_type(name)), max_bytes)


def _pages_in_warc(path: Path, max_bytes: int) -> Iterator[Capture | Unread]:
    """The pages of a WARC or WET file. The texts of a WET file (conversions) come by the million from crawls of the
    whole web; of them only those that may carry a notice."""
    with path.open("rb") as file:
        records = ArchiveIterator(file)
        whole = False
        for record in records:
            # warcio hands out what it has of a record whose headers are cut off, and no record at all for other files.
            whole = record.rec_headers.get_header("Content-Length") is not None
            if whole and _carries_page(record):
                page = _page_in(record, path, max_bytes)
                if record.rec_type != "conversion" or isinstance(page, Unread) or may_carry_notice(page.content):
                    yield page
        if not whole or records.offset < path.stat().st_size:
            raise ArchiveLoadFailed(f"no whole record at byte {records.offset}")


def _carries_page(record: ArcWarcRecord) -> bool:
    """Whether it is HTML or plain text, and not a server's word that there is no such page."""
    if record.rec_type == "response" and record.http_headers:
        found = record.http_headers.get_statuscode().startswith("2")
        return found and _media_type_of(record).lower().startswith(MEDIA_TYPES)
    return record.rec_type in ("resource", "conversion") and _media_type_of(record).lower().startswith(MEDIA_TYPES)


def _media_type_of(record: ArcWarcRecord) -> str:
    media_type = record.http_headers.get_header("Content-Type") if record.http_headers else record.content_type
    return media_type or ""


def _page_in(record: ArcWarcRecord, path: Path, max_bytes: int) -> Capture | Unread:
    source = from_uri(record.rec_headers.get_header("WARC-Target-URI"))
    content = record.content_stream().read(max_bytes + 1)
    if len(content) <= max_bytes and _is_torn(record):
        return Unread(source, f"breaks off in {path}")
    moment = _moment(record.rec_headers.get_header("WARC-Date") or "", path)
    return _sized(Capture(source, moment, content, _media_type_of(record)), max_bytes)


def _is_torn(record: ArcWarcRecord) -> bool:
    """Whether the file ends before the record does; what is left in it (ends of chunks, spaces) is read away."""
    while record.raw_stream.read(8192):
        pass
    return getattr(record.raw_stream, "limit", 0) > 0


def _packed_at(member: zipfile.ZipInfo, path: Path) -> datetime:
    return _moment("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format(*member.date_time), path)


def _moment(text: str, path: Path) -> datetime:
    """The moment that `text` tells, or else that of the file at `path`; zip files hold the 0th of a month at times."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _media_type(name: str) -> str:
    return "text/plain" if name.lower().endswith(".txt") else "text/html"


def _sized(capture: Capture, max_bytes: int) -> Capture | Unread:
    if not capture.content:
        return Unread(capture.source, "is empty")
    if len(capture.content) > max_bytes:
        return Unread(capture.source, f"is larger than {max_bytes:,} bytes (ARCHIVE_MAX_PAGE_BYTES)")
    return capture
