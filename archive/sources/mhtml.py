"""Pages saved as MHTML, a web page with its pictures in one e-mail message: the page itself."""

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.utils import parsedate_to_datetime

from archive.models import Capture
from archive.sources.finds import Opened, Unread, sized

# Header lines, some of them folded, until the one that says what MHTML is.
HEAD = re.compile(rb"(?:[A-Za-z-]{1,40}:[^\n]*\n|[ \t][^\n]*\n)*?Content-Type:\s*multipart/related", re.IGNORECASE)
WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)
CHARSET = re.compile(r"[a-z0-9_.:-]{1,40}")
TIMES = 5  # as large as a page, with pictures in base64


def is_mhtml(head: bytes) -> bool:
    """Whether a file that begins with `head` is a page saved as MHTML."""
    return bool(HEAD.match(head))


def page_in_mhtml(opened: Opened, content: bytes, max_bytes: int) -> Capture | Unread:
    """The page in an MHTML file with the bytes `content`, under the address that it was saved from."""
    if len(content) > TIMES * max_bytes:
        return Unread(opened.source, f"is larger than {TIMES * max_bytes:,} bytes ({TIMES} × ARCHIVE_MAX_PAGE_BYTES)")
    message = message_from_bytes(content)
    page = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    if page is None:
        return Unread(opened.source, "holds no web page")
    addresses = (str(given) for given in (page["Content-Location"], message["Snapshot-Content-Location"]) if given)
    source = next((address for address in addresses if WEB.match(address)), opened.source)
    charset = CHARSET.fullmatch(page.get_content_charset() or "")
    media_type = f"text/html; charset={charset[0]}" if charset else "text/html"
    body = page.get_payload(decode=True)
    return sized(Capture(source, _saved_at(message, opened), bytes(body or b""), media_type), max_bytes)


def _saved_at(message: Message, opened: Opened) -> datetime:
    try:
        moment = parsedate_to_datetime(str(message["Date"]))
    except ValueError:
        return opened.modified
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
