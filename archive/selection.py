"""What an export is of: all notices or those a search finds, and the captured pages that carry them."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from archive.captured import captures_of
from archive.captures import CaptureStore, begin_warc, write_capture
from archive.ingest import in_batches
from archive.models import Capture, Notice, Query
from archive.search import Engine, all_results
from archive.store import Store

BATCH = 100  # notices whose captures are looked up at a time


def selected(store: Store, engine: Engine, query: Query) -> Iterator[Notice]:
    """The notices that `query` finds, in its order a hundred at a time; raises what `Engine.search` raises."""
    for results in all_results(engine.search, query):
        yield from store.by_id([hit.notice.id for hit in results.hits])


def captures_with(notices: Iterable[Notice], store: Store, captures: CaptureStore) -> Iterator[Capture]:
    """The captures that carry `notices`, each once; raises StoreUnavailable for one that is lost or damaged."""
    given: set[tuple[str, str]] = set()
    for batch in in_batches(notices, BATCH):
        wanted = {(one.sha256, one.source) for notice in batch for one in notice.captures} - given
        for stored in captures_of(store, {digest for digest, _ in wanted}):
            if (stored.ref.sha256, stored.ref.source) in wanted:
                yield captures.read(stored.ref)
        given |= wanted


def write_warc(file: BinaryIO, pages: Iterable[Capture]) -> None:
    """Write `pages` as a WARC file, from which `ingest` makes the same notices again."""
    begin_warc(file, "shuiwen.warc.gz")
    for page in pages:
        write_capture(file, page)
