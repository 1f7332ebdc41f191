"""What sources give, what damaged ones raise, and which names in folders and archives are looked into."""

import re
import zipfile
import zlib
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedReader
from lzma import LZMAError
from pathlib import PurePosixPath
from struct import error as StructError  # noqa: N812
from typing import cast

from isal.igzip_lib import IsalError

from archive.models import Capture
from archive.sources.zstd import ZstdError

PAGES = (".html", ".htm", ".shtml", ".xhtml", ".txt", ".mht", ".mhtml")
WARCS = (".warc", ".wet")
ZIPS = (".zip", ".wacz")
SEVENS = (".7z",)
PACKED = (".gz", ".zst")
NAMES = (*PAGES, *WARCS, *ZIPS, *SEVENS)
SAVED = (".html", ".htm", ".shtml", ".xhtml")
SAVED_PARTS = re.compile(r"(.+)(?:_files|\.files)")

# What zipfile, py7zr, their decompressors and warcio raise on damaged files, found by feeding them thousands of those
# (py7zr's own errors aside); RuntimeError is also a zip file with a password.
DAMAGE: tuple[type[Exception], ...] = (
    zipfile.BadZipFile,
    zlib.error,
    LZMAError,
    cast(type[Exception], IsalError),  # its stub gives the class as an instance
    ZstdError,
    StructError,
    EOFError,
    RuntimeError,
    ValueError,
    LookupError,
    AttributeError,
    TypeError,
    AssertionError,
    OverflowError,
)


@dataclass(frozen=True, slots=True)
class Unread:
    """A page that could not even be captured, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A file being read: its name, where it stands, when it was last changed, and how many archives it is inside of."""

    source: str
    file: BufferedReader
    modified: datetime
    depth: int = 0

    def name_of(self, inner: str) -> str:
        """What the file `inner` in this archive is called."""
        return f"{self.source}#{inner}".encode("utf-8", "backslashreplace").decode()

    def inside(self, inner: str, file: BufferedReader, modified: datetime) -> "Opened":
        """The file `inner` in this archive."""
        return Opened(self.name_of(inner), file, modified, self.depth + 1)


def sized(capture: Capture, max_bytes: int) -> Capture | Unread:
    """`capture` if it is neither empty nor larger than allowed."""
    if not capture.content:
        return Unread(capture.source, "is empty")
    if len(capture.content) > max_bytes:
        return Unread(capture.source, f"is larger than {max_bytes:,} bytes (ARCHIVE_MAX_PAGE_BYTES)")
    return capture


def media_type(name: str) -> str:
    """What a file of that name most likely holds."""
    return "text/plain" if bare(name).endswith(".txt") else "text/html"


def bare(name: str) -> str:
    """`name` in lower case, and without the suffix of a packed single file."""
    name = name.lower()
    return next((name.removesuffix(suffix) for suffix in PACKED if name.endswith(suffix)), name)


def may_hold_pages(name: str) -> bool:
    """Whether a file of that name is looked into where it was not named itself."""
    return bare(name).endswith(NAMES)


def is_of_a_page(folder: str, names: Container[str]) -> bool:
    """Whether `folder` holds the parts of a page that was saved as "complete web page": 608_files or 608.files, with
    608.htm among `names`. The page counts; its frames and adverts do not."""
    match = SAVED_PARTS.fullmatch(folder)
    return match is not None and any(match[1] + suffix in names for suffix in SAVED)


def wanted(names: Iterable[str]) -> list[str]:
    """Those of the names in an archive (with / between folders) that may hold pages, in a fixed order."""
    pages = {name for name in names if may_hold_pages(name)}
    return sorted(
        name for name in pages if not any(is_of_a_page(str(folder), pages) for folder in PurePosixPath(name).parents)
    )


def moment(text: str, otherwise: datetime) -> datetime:
    """The moment that `text` tells in ISO 8601, in UTC where it names no zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return otherwise
    return found if found.tzinfo else found.replace(tzinfo=UTC)
