"""Pages into the archive: capture, clean, store. One writer; the cleaning runs in worker processes."""

from collections import Counter, defaultdict, deque
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

    While one batch is written, the workers read the next, and have the pages of a third to go on with.
    """
    on_their_way: set[Identity] = set()
    begun = _ahead(_begin(batch, on_their_way, to) for batch in _batches(pages))
    for batch in _ahead(_read(batch, to) for batch in begun):
        yield from _finish(batch, to)
        on_their_way.difference_update(batch.begun.new)


def _ahead(items: Iterable[T]) -> Iterator[T]:
    """`items`, each made while the one before it has still to be given."""
    waiting: deque[T] = deque()
    for item in items:
        waiting.append(item)
        if len(waiting) > 1:
            yield waiting.popleft()
    yield from waiting


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
class _Begun:
    """Pages on their way: `new` ones are in the captures, and workers parse them.

    A page is `known` where it was read before; one on which the program itself failed then is tried again. `counted`
    are the pages (site and SHA-256) whose lines were counted then, or will be before those of this batch.
    """

    pages: Sequence[Capture | Unread]
    known: Mapping[Identity, StoredCapture]
    new: Mapping[Identity, CaptureRef]
    sites: Sequence[str]
    counted: set[tuple[str, str]]
    parsed: Iterator[Parsed]


@dataclass(frozen=True, slots=True)
class _Batch:
    """Pages that workers read, and on how many of the new ones of each site a line stands."""

    begun: _Begun
    lines: Mapping[str, Counter[int]]
    outcomes: Iterator[Outcome]


def _begin(pages: Sequence[Capture | Unread], on_their_way: set[Identity], to: Workshop) -> _Begun:
    """Keep those of `pages` that are new, and let workers parse them; they join those that are `on_their_way`."""
    captured = {_identity(page): page for page in pages if isinstance(page, Capture)}
    stored = {(one.ref.sha256, one.ref.source): one for one in captures_of(to.store, (key for key, _ in captured))}
    known = {identity: one for identity, one in stored.items() if one.rejection != pipeline.FAILED}
    new = {key: page for key, page in captured.items() if key not in known and key not in on_their_way}
    counted = {(one.site, one.ref.sha256) for one in stored.values()}
    counted |= {(site_of(source), digest) for digest, source in on_their_way}
    on_their_way.update(new)
    refs = _kept(new, stored, to.captures)
    parsed = to.pool.map(pipeline.parse, new.values(), chunksize=CHUNK)
    return _Begun(pages, known, refs, [site_of(source) for _, source in new], counted, parsed)


def _read(begun: _Begun, to: Workshop) -> _Batch:
    """Learn which lines recur, and let workers take the notices from the pages."""
    parsed = list(begun.parsed)
    digests = ((site, digest) for site, (digest, _) in zip(begun.sites, begun.new, strict=True))
    lines = count_lines(parsed, digests, begun.counted)
    learned = _learned(Counter(begun.sites), lines, to.store)
    recurring = [learned[site] for site in begun.sites]
    return _Batch(begun, lines, to.pool.map(pipeline.read, parsed, recurring, chunksize=CHUNK))


def _kept(
    new: Mapping[Identity, Capture], stored: Mapping[Identity, StoredCapture], captures: CaptureStore
) -> dict[Identity, CaptureRef]:
    """Where each of the `new` pages lies: written now, unless a reading that failed on a mistake of ours wrote it."""
    unwritten = [page for identity, page in new.items() if identity not in stored]
    written = iter(captures.add_all(unwritten) if unwritten else ())
    return {identity: stored[identity].ref if identity in stored else next(written) for identity in new}


def _finish(batch: _Batch, to: Workshop) -> Iterator[Report]:
    begun, outcomes = batch.begun, list(batch.outcomes)
    fates = _write(batch, outcomes, to.store) if outcomes else {}
    new = dict(zip(begun.new, outcomes, strict=True))
    for page in begun.pages:
        if isinstance(page, Unread):
            yield Report(REJECTED, page.source, reason=page.reason)
        elif outcome := new.pop(_identity(page), None):  # once: the same page a second time changes nothing
            yield report_on(page.source, outcome, fates)
        else:
            yield _report_known(page.source, begun.known.get(_identity(page)))


def _write(batch: _Batch, outcomes: Sequence[Outcome], store: Store) -> Mapping[str, Fate]:
    with writing(store) as transaction:
        for site, counts in batch.lines.items():
            transaction.count_lines(site, counts)
        keys = transaction.add_captures(list(zip(batch.begun.new.values(), batch.begun.sites, strict=True)))
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


def _learned(
    fresh_pages: Mapping[str, int], fresh_lines: Mapping[str, Counter[int]], store: Store
) -> dict[str, frozenset[int]]:
    """The lines that stand on most pages of each site, with so many new ones, on which so many of `fresh_lines` are."""
    known = pages_of(store, fresh_pages)
    learned: dict[str, frozenset[int]] = {}
    for site, pages in fresh_pages.items():
        fresh = fresh_lines.get(site, Counter())
        fewest = pipeline.fewest(known[site] + pages)
        counts = line_counts(store, site, fresh) + fresh if known[site] + pages >= fewest else fresh
        learned[site] = frozenset(line for line, on in counts.items() if on >= fewest)
    return learned


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
