"""WARC and WET files for tests: records as warcio writes them, in the packing a test asks for."""

import gzip
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.sources import zstd

DATE = "2014-12-01T08:30:00Z"
PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    ".warc": lambda record: record,
    ".warc.gz": gzip.compress,
    ".warc.zst": zstd.compress,
}


def notice(serial: int) -> bytes:
    """A text that the prefilter lets through."""
    return f"示例税发〔2020〕{serial}号\n各省税务局：现将有关事项通知如下".encode()


def response(url: str, content: bytes, status: str = "200 OK", media_type: str = "text/html", **headers: str) -> bytes:
    """A record of an answer on the web; `headers` with _ for -."""
    given = [("Content-Type", media_type), *((name.replace("_", "-"), value) for name, value in headers.items())]
    http = StatusAndHeaders(status, given, protocol="HTTP/1.1")
    return _record(url, "response", content, http_headers=http)


def text(url: str, content: bytes) -> bytes:
    """A record of a WET file."""
    return _record(url, "conversion", content, warc_content_type="text/plain")


def resource(url: str, content: bytes, media_type: str = "text/plain") -> bytes:
    """A record of a file."""
    return _record(url, "resource", content, warc_content_type=media_type)


def write(path: Path, *records: bytes) -> Path:
    """A WARC file of `records`, each packed for itself as the name of the file says."""
    packing = next(pack for suffix, pack in reversed(PACKINGS.items()) if path.name.endswith(suffix))
    path.write_bytes(b"".join(map(packing, records)))
    return path


def _record(url: str, kind: str, content: bytes, **about: object) -> bytes:
    file = BytesIO()
    writer = WARCWriter(file, gzip=False)
    record = writer.create_warc_record(
        url, kind, BytesIO(content), len(content), warc_headers_dict={"WARC-Date": DATE}, **about
    )
    writer.write_record(record)
    return file.getvalue()
