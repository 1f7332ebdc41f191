"""Captures on disk: WARC files that are only ever added to, so that no page once fetched is lost."""

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO
from urllib.parse import quote, unquote

from isal import igzip
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.warcwriter import WARCWriter

from archive.errors import StoreUnavailable
from archive.models import Capture, CaptureRef

MAX_WARC_BYTES = 1_000_000_000
PACKED = 3  # isal's highest level: a fifth of the time that zlib takes, and a tenth more space
FILE = "file://"
URL_CHARACTERS = "%/:?#[]@!$&'()*+,;=~"  # RFC 3986; all else is escaped, a line break above all


class CaptureStore:
    """The WARC files in a folder. Each process writes to a file of its own, so writers need not wait for each other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._name = ""

    def add(self, capture: Capture) -> CaptureRef:
        """Write `capture` to disk; when this returns it survives a power cut. Raises StoreUnavailable."""
        return self.add_all([capture])[0]

    def add_all(self, captures: Iterable[Capture]) -> list[CaptureRef]:
        """Write many captures with one wait for the disk; where one fails, none of them is kept."""
        try:
            with self._open_to_add() as file:
                start = file.tell()
                try:
                    refs = [self._write(file, capture) for capture in captures]
                    file.flush()
                    os.fsync(file.fileno())
                except OSError:
                    file.truncate(start)
                    raise
        except OSError as error:
            raise StoreUnavailable(
                f"a page cannot be written to {self.folder}: {error.strerror}.",
                "Make room there and make the folder writable, or choose another one with --home.",
            ) from error
        return refs

    def read(self, ref: CaptureRef) -> Capture:
        """The capture at `ref`, checked against its SHA-256; raises StoreUnavailable if it is gone or damaged."""
        try:
            with (self.folder / ref.warc).open("rb") as file:
                file.seek(ref.offset)
                record = next(iter(ArchiveIterator(file)), None)
                content = record.content_stream().read() if record else b""
        except (OSError, ArchiveLoadFailed, EOFError) as error:
            raise self._lost(ref, str(error)) from error
        capture = Capture(ref.source, ref.captured_at, content, record.content_type if record else "")
        if capture.sha256 != ref.sha256:
            raise self._lost(ref, "its SHA-256 is not the one on record")
        return capture

    def _lost(self, ref: CaptureRef, why: str) -> StoreUnavailable:
        return StoreUnavailable(
            f"the capture of {ref.source} in {self.folder / ref.warc} at {ref.offset} cannot be read: {why}.",
            "Restore that file from a copy, or ingest the page again.",
        )

    def _open_to_add(self) -> BinaryIO:
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self._name or (self.folder / self._name).stat().st_size > MAX_WARC_BYTES:
            self._name = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{token_hex(4)}.warc.gz"
            with (self.folder / self._name).open("xb") as file:
                begin_warc(file, self._name)
            _sync_folder(self.folder)
        return (self.folder / self._name).open("ab")

    def _write(self, file: BinaryIO, capture: Capture) -> CaptureRef:
        offset = file.tell()
        write_capture(file, capture)
        return CaptureRef(capture.source, capture.captured_at, capture.sha256, self._name, offset)


def begin_warc(file: BinaryIO, name: str) -> None:
    """Write the record that a WARC file called `name` begins with."""
    writer = WARCWriter(file, warc_version="1.1")
    about = {"software": "Shuiwen", "format": "WARC File Format 1.1"}
    writer.write_record(writer.create_warcinfo_record(name, about))


def write_capture(file: BinaryIO, capture: Capture) -> None:
    """Write `capture` as a record of a WARC file, packed for itself."""
    unpacked = BytesIO()
    writer = WARCWriter(unpacked, gzip=False, warc_version="1.1")
    record = writer.create_warc_record(
        to_uri(capture.source),
        "resource",
        payload=BytesIO(capture.content),
        length=len(capture.content),
        warc_content_type=capture.media_type,
        warc_headers_dict={"WARC-Date": capture.captured_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")},
    )
    writer.write_record(record)
    file.write(igzip.compress(unpacked.getvalue(), PACKED, mtime=0))


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def to_uri(source: str) -> str:
    """`source` as WARC-Target-URI: a path becomes a file URI, which keeps its `#` and spaces apart from URL syntax."""
    return quote(source, safe=URL_CHARACTERS) if "://" in source else FILE + quote(source)


def from_uri(uri: str) -> str:
    """The source that `to_uri` made `uri` of."""
    return unquote(uri.removeprefix(FILE)) if uri.startswith(FILE) else uri
