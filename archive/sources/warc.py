"""The pages in WARC and WET files, of which crawls of the whole web bring millions: those that may carry a notice."""

from collections.abc import Iterator
from io import BytesIO

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser, StatusAndHeadersParserException

from archive.captures import from_uri
from archive.models import Capture
from archive.prefilter import may_carry_notice
from archive.sources.bookmarks import Bookmarks
from archive.sources.finds import DAMAGE, Opened, Unread, moment, sized
from archive.sources.records import Broken, Record, Records
from archive.sources.streams import Stream

MEDIA_TYPES = ("text/html", "application/xhtml+xml", "text/plain")
CRAWLED = ("response", "conversion")
STATUS = StatusAndHeadersParser(["HTTP/1.0", "HTTP/1.1", "HTTP/2.0", "HTTP/2", "HTTP/3"])


def pages_in_warc(opened: Opened, stream: Stream, max_bytes: int, bookmarks: Bookmarks) -> Iterator[Capture | Unread]:
    """The pages in `stream`, from the bookmark on. Of crawled ones (responses, and the texts of a WET file) only those
    that may carry a notice; of resources, such as our own captures, all."""
    records = Records(stream, max_bytes, bookmarks.start)
    is_empty = nothing_found = True
    for record in records:
        is_empty = False
        if isinstance(record, Broken):
            where = f" at byte {record.place.member:,}" if record.place else ""
            nothing_found = False
            yield Unread(opened.source, f"is damaged{where}: {record.reason}")
        elif page := _page(record, opened, max_bytes):
            nothing_found = False
            yield page
        if place := records.place():
            bookmarks.put(place)
    bookmarks.put(None)
    if nothing_found and not bookmarks.start:
        yield Unread(opened.source, "holds no record" if is_empty else "holds no page that may carry a notice")


def _page(record: Record, opened: Opened, max_bytes: int) -> Capture | Unread | None:
    """The page that a record carries, if it is HTML or plain text, and no server's word that there is none."""
    kind = record.text(b"warc-type")
    if kind == "response":
        return _answered(record, opened, max_bytes)
    media_type = record.text(b"content-type")
    if kind not in ("resource", "conversion") or not media_type.lower().startswith(MEDIA_TYPES):
        return None
    return _candidate(record, opened, record.block, media_type, max_bytes)


def _answered(record: Record, opened: Opened, max_bytes: int) -> Capture | Unread | None:
    stream = BytesIO(record.block)
    try:
        headers = STATUS.parse(stream)
        media_type = headers.get_header("Content-Type") or ""
        if not headers.get_statuscode().startswith("2") or not media_type.lower().startswith(MEDIA_TYPES):
            return None
        content = _body(stream, headers, max_bytes)
    except (*DAMAGE, StatusAndHeadersParserException) as error:
        return Unread(_source(record), f"cannot be read in {opened.source}: {error}")
    return _candidate(record, opened, content, media_type, max_bytes)


def _body(stream: BytesIO, headers: StatusAndHeaders, max_bytes: int) -> bytes:
    """The body of an answer, out of its chunks and unpacked."""
    record = ArcWarcRecord("warc", "response", None, stream, headers, "", len(stream.getbuffer()))
    content: bytes = record.content_stream().read(max_bytes + 1)
    return content


def _candidate(
    record: Record, opened: Opened, content: bytes, media_type: str, max_bytes: int
) -> Capture | Unread | None:
    if record.text(b"warc-type") in CRAWLED and not may_carry_notice(content):
        return None
    when = moment(record.text(b"warc-date"), opened.modified)
    return sized(Capture(_source(record), when, content, media_type), max_bytes)


def _source(record: Record) -> str:
    return from_uri(record.text(b"warc-target-uri").strip("<>"))
