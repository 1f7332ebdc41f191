"""From a capture to what it tells: pure functions that run in worker processes, and the pool that runs them."""

import copyreg
import hashlib
import json
import pickle
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from typing import Any

from archive.errors import ArchiveError, BadInput
from archive.export import notice_from_dict
from archive.extract import extract, page_lines
from archive.merge import TEXT_ID, Imported, Outcome, Told, understand
from archive.models import Capture, Citation, RawNotice
from archive.page import read_page
from archive.workers import end_with_parent

FEWEST_PAGES = 5
UNREADABLE = "unreadable"
FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Parsed:
    """A capture after reading: its page (pickled, since it only passes through) and the hashes of its lines.

    `code` and `reason` say why there is no page.
    """

    page: bytes = b""
    lines: frozenset[int] = frozenset()
    code: str = ""
    reason: str = ""


def _by_fields(value: Any) -> tuple[type, tuple[Any, ...]]:
    return type(value), tuple(getattr(value, name) for name in value.__slots__)


# What a notice has many of goes to other processes so; a dataclass with slots pickles itself at half the speed.
copyreg.pickle(Citation, _by_fields)


def pool(processes: int) -> Executor:
    """Worker processes for the functions below. One worker needs no process of its own."""
    if processes == 1:
        return ThreadPoolExecutor(1)
    context = get_context("forkserver")  # not fork: progress bars and database drivers have threads
    context.set_forkserver_preload([__name__, "archive.preload"])
    return ProcessPoolExecutor(processes, context, end_with_parent)


def parse(capture: Capture) -> Parsed:
    """Read the page of `capture`."""
    try:
        page = read_page(capture)
        return Parsed(pickle.dumps(page), frozenset(map(line_hash, page_lines(page))))
    except BadInput as error:
        return Parsed(code=UNREADABLE, reason=error.message)
    except ArchiveError:
        raise  # a mistake in the lexicon, not in the page
    except Exception as error:  # noqa: BLE001 - an unforeseen page may not cost the thousands around it
        return Parsed(code=FAILED, reason=_unforeseen(error))


def read(parsed: Parsed, recurring: frozenset[int]) -> Outcome:
    """Take the notices from a page, given the lines that recur on its site."""
    if parsed.code:
        return Outcome(code=parsed.code, reason=parsed.reason)
    try:
        return _read(parsed, recurring)
    except ArchiveError:
        raise
    except Exception as error:  # noqa: BLE001 - as in `parse`
        return Outcome(code=FAILED, reason=_unforeseen(error))


def parse_and_read(capture: Capture, recurring: frozenset[int]) -> Outcome:
    """Both steps in one, where the lines that recur are known beforehand."""
    return read(parse(capture), recurring)


def _read(parsed: Parsed, recurring: frozenset[int]) -> Outcome:
    page = pickle.loads(parsed.page)  # noqa: S301 - it comes from `parse` in this run, never from disk
    lines = page_lines(page) if recurring else ()
    found = extract(page, frozenset(line for line in lines if line_hash(line) in recurring))
    if found.rejection:
        return Outcome(code=found.rejection.code, reason=found.rejection.reason)
    return Outcome(tuple(map(understand, found.notices)))


def _unforeseen(error: Exception) -> str:
    return f"{type(error).__name__} while reading it: {error}"[:500]


def read_line(line: bytes, max_bytes: int) -> list[tuple[Told, Imported]] | str:
    """The editions of the notice in a line of an imported file, the latest first, or what is wrong with the line.

    Citations are found anew, since their places are not in the file; topics are kept where the file gives some.
    """
    if len(line) > max_bytes:
        return f"this line is longer than {max_bytes:,} bytes (ARCHIVE_MAX_PAGE_BYTES)."
    try:
        notice = notice_from_dict(json.loads(line.decode("utf-8-sig")))
    except BadInput as error:
        return error.message
    except UnicodeDecodeError as error:
        return f"this line is not UTF-8: byte {error.start + 1} is {line[error.start]:#04x}."
    except (ValueError, RecursionError) as error:
        return f"this line is not JSON: {error}."
    raw = RawNotice(
        title=notice.title,
        body=notice.body,
        number=notice.number,
        authorities=notice.authorities,
        kind=notice.kind,
        issued_on=notice.issued_on,
        published_on=notice.published_on,
        effective_on=notice.effective_on,
        expires_on=notice.expires_on,
        validity=notice.stated,
        recipients=notice.recipients,
        contacts=notice.contacts,
        attachments=notice.attachments,
        evidence=notice.evidence,
    )
    given_id = notice.id if TEXT_ID.fullmatch(notice.id) else ""
    told = understand(raw, given_id, notice.topics)
    if notice.id and notice.id != told.notice_id:
        return f"`id` is {notice.id!r}, but the number or text of this notice makes it {told.notice_id!r}."
    earlier = [
        (understand(replace(raw, title=v.title or raw.title, body=v.body), given_id), Imported(v.source, v.note))
        for v in notice.versions
    ]
    latest = Imported(notice.source, notice.edition, notice.captures, notice.damage, notice.conflicts)
    return [(told, latest), *earlier]


def line_hash(line: str) -> int:
    """A line in 64 bits: signed, as databases keep them, and the same in every process."""
    return int.from_bytes(hashlib.blake2b(line.encode("utf-8", "replace"), digest_size=8).digest(), "big", signed=True)


def fewest(pages: int) -> int:
    """On how many of the `pages` of a site a line must stand to be its boilerplate: most, and not too few to tell."""
    return max(FEWEST_PAGES, pages // 2 + 1)
