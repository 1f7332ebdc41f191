"""The pages in files, folders, zip files and WARC files: one at a time, and none larger than allowed."""

import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from warcio.exceptions import ArchiveLoadFailed

from archive.captures import from_uri, records
from archive.errors import BadInput
from archive.models import Capture

PAGES = (".html", ".htm", ".shtml", ".xhtml", ".txt")
WARCS = (".warc", ".warc.gz")
MEDIA_TYPES = ("text/html", "application/xhtml+xml", "text/plain")


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
    except (zipfile.BadZipFile, zlib.error, EOFError, ArchiveLoadFailed) as error:
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
                captured_at = datetime(*member.date_time, tzinfo=UTC)
            except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
                yield Unread(name, f"cannot be unpacked: {error}")
            else:
                yield _sized(Capture(name, captured_at, content, _media_type(name)), max_bytes)


def _pages_in_warc(path: Path, max_bytes: int) -> Iterator[Capture | Unread]:
    with path.open("rb") as file:
        for record in records(file):
            headers = record.http_headers
            media_type = (headers.get_header("Content-Type") if headers else record.content_type) or ""
            if not media_type.lower().startswith(MEDIA_TYPES) or (
                headers and not headers.get_statuscode().startswith("2")
            ):
                continue
            source = from_uri(record.rec_headers.get_header("WARC-Target-URI") or "")
            captured_at = datetime.fromisoformat(record.rec_headers.get_header("WARC-Date"))
            content = record.content_stream().read(max_bytes + 1)
            yield _sized(Capture(source, captured_at, content, media_type), max_bytes)


def _media_type(name: str) -> str:
    return "text/plain" if name.lower().endswith(".txt") else "text/html"


def _sized(capture: Capture, max_bytes: int) -> Capture | Unread:
    if not capture.content:
        return Unread(capture.source, "is empty")
    if len(capture.content) > max_bytes:
        return Unread(capture.source, f"is larger than {max_bytes:,} bytes (ARCHIVE_MAX_PAGE_BYTES)")
    return capture
