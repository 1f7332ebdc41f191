"""Pages into the archive: capture, clean, store. One writer; the cleaning runs in worker processes."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TypeVar

from archive import pipeline
from archive.captures import CaptureStore
from archive.errors import ArchiveError
from archive.models import Capture
from archive.pipeline import Outcome, Parsed
from archive.settings import Settings
from archive.sources import Unread, check_paths, pages_in, site_of
from archive.store import Store, StoredCapture, open_store
from archive.writer import Fate, Writing, writing

T = TypeVar("T")

BATCH = 64  # pages a transaction
BATCH_BYTES = 32_000_000
CHUNK = 4  # pages handed to a worker at a time

REJECTED, DAMAGED = "rejected", "damaged"


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a page: archived, updated, unchanged, damaged (archived, with places left unrepaired) or rejected.

    `notices` are the number (or "") and title of each notice found; `reason` says why it was rejected or is damaged.
    """

    fate: str
    source: str
    notices: tuple[tuple[str, str], ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Workshop:
    """What archiving needs: the store, the captures, and workers."""

    store: Store
    captures: CaptureStore
    pool: Executor
    max_bytes: int


@contextmanager
def workshop(settings: Settings) -> Iterator[Workshop]:
    """The archive at `settings`, opened for work; raises ArchiveError where it cannot be used."""
    store = open_store(settings.database_url)
    try:
        with pipeline.pool(settings.processes) as pool:
            yield Workshop(store, CaptureStore(settings.captures), pool, settings.max_page_bytes)
    except BrokenProcessPool as error:
        raise ArchiveError(
            "a worker process was killed, most likely for want of memory.",
            "Run this again with fewer workers: what was archived before is kept. ARCHIVE_WORKERS=1 needs least.",
        ) from error
    finally:
        store.close()


def ingest_paths(paths: Sequence[Path], to: Workshop) -> Iterator[Report]:
    """Archive the pages in files, folders, zip and WARC files; raises BadInput if one of `paths` is not there."""
    check_paths(paths)
    return ingest(chain.from_iterable(pages_in(path, to.max_bytes) for path in paths), to)


def ingest(pages: Iterable[Capture | Unread], to: Workshop) -> Iterator[Report]:
    """Archive `pages`; reports come in their order, each after what it says is on disk."""
    for batch in _batches(pages):
        yield from _ingest_batch(batch, to)


def in_batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """`items` in lists of at most `size`."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _batches(pages: Iterable[Capture | Unread]) -> Iterator[list[Capture | Unread]]:
    batch: list[Capture | Unread] = []
    size = 0
    for page in pages:
        batch.append(page)
        size += len(page.content) if isinstance(page, Capture) else 0
        if len(batch) == BATCH or size > BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _ingest_batch(batch: Sequence[Capture | Unread], to: Workshop) -> Iterator[Report]:
    digests = {page: page.sha256 for page in batch if isinstance(page, Capture)}
    stored = to.store.captures_of(digests.values())
    known = {(one.ref.sha256, one.ref.source): one for one in stored}
    new = {(digest, page.source): page for page, digest in digests.items() if (digest, page.source) not in known}
    reports = _archive(list(new.values()), {(one.site, one.ref.sha256) for one in stored}, to) if new else {}
    for page in batch:
        if isinstance(page, Unread):
            yield Report(REJECTED, page.source, reason=page.reason)
            continue
        identity = (digests[page], page.source)
        if identity in reports:
            yield reports.pop(identity)  # once: the same page a second time changes nothing
        else:
            yield _report_known(page.source, known.get(identity))


def _report_known(source: str, stored: StoredCapture | None) -> Report:
    if stored and stored.rejection:
        return Report(REJECTED, source, reason=stored.reason)
    return Report(Fate.UNCHANGED, source)


def _archive(new: list[Capture], seen: set[tuple[str, str]], to: Workshop) -> dict[tuple[str, str], Report]:
    """Write `new` captures, then what they tell; `seen` are the site and SHA-256 of pages whose lines are counted."""
    refs = to.captures.add_all(new)
    sites = [site_of(capture.source) for capture in new]
    parsed = list(to.pool.map(pipeline.parse, new, chunksize=CHUNK))
    lines = count_lines(parsed, [(site, ref.sha256) for site, ref in zip(sites, refs, strict=True)], seen)
    learned = {site: _learned(site, lines[site], sites.count(site), to.store) for site in set(sites)}
    outcomes = list(to.pool.map(pipeline.read, parsed, [learned[site] for site in sites], chunksize=CHUNK))
    with writing(to.store) as transaction:
        for site, counts in lines.items():
            transaction.count_lines(site, counts)
        keys = transaction.add_captures(zip(refs, sites, strict=True))
        for key, outcome in zip(keys, outcomes, strict=True):
            put_outcome(key, outcome, transaction)
    return {
        (ref.sha256, ref.source): report_on(ref.source, outcome, transaction.fates)
        for ref, outcome in zip(refs, outcomes, strict=True)
    }


def count_lines(
    parsed: Iterable[Parsed], pages: Iterable[tuple[str, str]], seen: set[tuple[str, str]]
) -> defaultdict[str, Counter[int]]:
    """On how many of the `pages` (site and SHA-256) of each site a line stands; those `seen` before count no more."""
    counts: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for page, (site, digest) in zip(parsed, pages, strict=True):
        if (site, digest) not in seen:
            seen.add((site, digest))
            counts[site].update(page.lines)
    return counts


def _learned(site: str, fresh: Counter[int], pages: int, store: Store) -> frozenset[int]:
    """The lines that stand on most pages of `site`, with `pages` new ones whose lines are `fresh`."""
    counts = store.line_counts(site, fresh) + fresh
    return pipeline.on_most_pages(counts, store.pages_of(site) + pages)


def put_outcome(key: int, outcome: Outcome, transaction: Writing) -> None:
    """Let `outcome` be what the capture `key` tells."""
    if outcome.told:
        transaction.put_readings(key, outcome.told)
    else:
        transaction.reject(key, outcome.code, outcome.reason)


def report_on(source: str, outcome: Outcome, fates: Mapping[str, Fate]) -> Report:
    """The report on a page, given what the transaction did to the notices."""
    if not outcome.told:
        return Report(REJECTED, source, reason=outcome.reason)
    notices = tuple((str(told.raw.number or ""), told.raw.title) for told in outcome.told)
    found = {fates[told.notice_id] for told in outcome.told}
    fate = next(fate for fate in (Fate.ARCHIVED, Fate.UPDATED, Fate.UNCHANGED) if fate in found)
    damage = sum(len(told.raw.damage) for told in outcome.told)
    if damage and fate is not Fate.UNCHANGED:
        places = "1 place" if damage == 1 else f"{damage} places"
        return Report(DAMAGED, source, notices, f"{places} left unrepaired")
    return Report(fate, source, notices)
