"""Pages into the archive: capture, clean, store. One writer; the cleaning runs in worker processes."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TypeVar

from archive import pipeline
from archive.captured import StoredCapture, captures_of, line_counts, pages_of
from archive.captures import CaptureStore
from archive.errors import ArchiveError
from archive.merge import Outcome
from archive.models import Capture, CaptureRef
from archive.pipeline import Parsed
from archive.settings import Settings
from archive.sources import check_paths, pages_in, site_of
from archive.sources.bookmarks import Bookmarks
from archive.sources.finds import Unread
from archive.store import Store, open_store
from archive.writer import Fate, writing

T = TypeVar("T")
Identity = tuple[str, str]  # SHA-256 and source: the same capture twice is one capture

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
    bookmarks: Path


@contextmanager
def workshop(settings: Settings) -> Iterator[Workshop]:
    """The archive at `settings`, opened for work; raises ArchiveError where it cannot be used."""
    store = open_store(settings.database_url)
    try:
        with pipeline.pool(settings.processes) as pool:
            yield Workshop(store, CaptureStore(settings.captures), pool, settings.max_page_bytes, settings.bookmarks)
    except BrokenProcessPool as error:
        raise ArchiveError(
            "a worker process was killed, most likely for want of memory.",
            "Run this again with fewer workers: what was archived before is kept. ARCHIVE_WORKERS=1 needs least.",
        ) from error
    finally:
        store.close()


def ingest_paths(paths: Sequence[Path], to: Workshop) -> Iterator[Report]:
    """Archive the pages at `paths`, as `archive.sources` finds them; raises BadInput if one of these is not there.

    Where this was interrupted inside of a WARC or WET file, it goes on near there.
    """
    check_paths(paths)
    bookmarks = Bookmarks(to.bookmarks, partial(_holds, to.store))
    pages = chain.from_iterable(pages_in(path, to.max_bytes, bookmarks) for path in paths)
    return _keeping(bookmarks, ingest(pages, to))


def _holds(store: Store, identity: Identity) -> bool:
    return any((one.ref.sha256, one.ref.source) == identity for one in captures_of(store, [identity[0]]))


def _keeping(bookmarks: Bookmarks, reports: Iterable[Report]) -> Iterator[Report]:
    try:
        for report in reports:
            bookmarks.keep()
            yield report
    finally:
        bookmarks.save()


def ingest(pages: Iterable[Capture | Unread], to: Workshop) -> Iterator[Report]:
    """Archive `pages`; reports come in their order, each after what it says is on disk.

    While one batch is written, the workers already read the next.
    """
    before: _Batch | None = None
    for pages_of_batch in _batches(pages):
        batch = _begin(pages_of_batch, to)
        if before:
            yield from _finish(before, to)
        before = batch
    if before:
        yield from _finish(before, to)


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


@dataclass(frozen=True, slots=True)
class _Batch:
    """Pages on their way: `new` ones are in the captures, and workers are reading them.

    A page is `known` where it was read before; one on which the program itself failed then is tried again.
    """

    pages: Sequence[Capture | Unread]
    known: Mapping[Identity, StoredCapture]
    new: Mapping[Identity, CaptureRef]
    sites: Sequence[str]
    lines: Mapping[str, Counter[int]]
    outcomes: Iterator[Outcome]


def _begin(pages: Sequence[Capture | Unread], to: Workshop) -> _Batch:
    captured = {_identity(page): page for page in pages if isinstance(page, Capture)}
    stored = {(one.ref.sha256, one.ref.source): one for one in captures_of(to.store, (key for key, _ in captured))}
    known = {identity: one for identity, one in stored.items() if one.rejection != pipeline.FAILED}
    new = {identity: page for identity, page in captured.items() if identity not in known}
    refs = _kept(new, stored, to.captures)
    sites = [site_of(source) for _, source in new]
    parsed = list(to.pool.map(pipeline.parse, new.values(), chunksize=CHUNK))
    digests = ((site, digest) for site, (digest, _) in zip(sites, new, strict=True))
    lines = count_lines(parsed, digests, {(one.site, one.ref.sha256) for one in stored.values()})
    learned = {site: _learned(site, lines.get(site, Counter()), sites.count(site), to.store) for site in set(sites)}
    outcomes = to.pool.map(pipeline.read, parsed, [learned[site] for site in sites], chunksize=CHUNK)
    return _Batch(pages, known, refs, sites, lines, outcomes)


def _kept(
    new: Mapping[Identity, Capture], stored: Mapping[Identity, StoredCapture], captures: CaptureStore
) -> dict[Identity, CaptureRef]:
    """Where each of the `new` pages lies: written now, unless a reading that failed on a mistake of ours wrote it."""
    unwritten = [page for identity, page in new.items() if identity not in stored]
    written = iter(captures.add_all(unwritten) if unwritten else ())
    return {identity: stored[identity].ref if identity in stored else next(written) for identity in new}


def _finish(batch: _Batch, to: Workshop) -> Iterator[Report]:
    outcomes = list(batch.outcomes)
    fates = _write(batch, outcomes, to.store) if outcomes else {}
    new = dict(zip(batch.new, outcomes, strict=True))
    for page in batch.pages:
        if isinstance(page, Unread):
            yield Report(REJECTED, page.source, reason=page.reason)
        elif outcome := new.pop(_identity(page), None):  # once: the same page a second time changes nothing
            yield report_on(page.source, outcome, fates)
        else:
            yield _report_known(page.source, batch.known.get(_identity(page)))


def _write(batch: _Batch, outcomes: Sequence[Outcome], store: Store) -> Mapping[str, Fate]:
    with writing(store) as transaction:
        for site, counts in batch.lines.items():
            transaction.count_lines(site, counts)
        keys = transaction.add_captures(list(zip(batch.new.values(), batch.sites, strict=True)))
        transaction.put_outcomes(list(zip(keys, outcomes, strict=True)))
    return transaction.fates


def _identity(capture: Capture) -> Identity:
    return capture.sha256, capture.source


def _report_known(source: str, stored: StoredCapture | None) -> Report:
    if stored and stored.rejection:
        return Report(REJECTED, source, reason=stored.reason)
    return Report(Fate.UNCHANGED, source)


def count_lines(
    parsed: Iterable[Parsed], pages: Iterable[tuple[str, str]], seen: set[tuple[str, str]]
) -> dict[str, Counter[int]]:
    """On how many of the `pages` (site and SHA-256) of each site a line stands; those `seen` before count no more."""
    counts: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for page, (site, digest) in zip(parsed, pages, strict=True):
        if (site, digest) not in seen:
            seen.add((site, digest))
            counts[site].update(page.lines)
    return counts


def _learned(site: str, fresh: Counter[int], pages: int, store: Store) -> frozenset[int]:
    """The lines that stand on most pages of `site`, with `pages` new ones whose lines are `fresh`."""
    counts = line_counts(store, site, fresh) + fresh
    fewest = pipeline.fewest(pages_of(store, site) + pages)
    return frozenset(line for line, count in counts.items() if count >= fewest)


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
