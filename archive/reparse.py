"""Today's cleaning over the captures of yesterday, without the network."""

from collections.abc import Iterable, Iterator, Mapping

from archive import pipeline
from archive.captured import StoredCapture, all_captures, lines_on, pages_of
from archive.captures import CaptureStore
from archive.errors import StoreUnavailable
from archive.ingest import BATCH, CHUNK, REJECTED, Report, Workshop, count_lines, in_batches, report_on
from archive.models import Capture
from archive.writer import writing


def reparse(to: Workshop) -> Iterator[Report]:
    """Clean all captures again and report on each; the outcome does not depend on the order in which they came.

    The first pass learns which lines recur on each site, the second takes out the notices. A capture whose bytes are
    lost keeps what was read from it. Imported notices stay.
    """
    with writing(to.store) as transaction:
        transaction.forget_lines()
    seen: set[tuple[str, str]] = set()
    for batch in in_batches(all_captures(to.store), BATCH):
        _learn(batch, seen, to)
    learned: dict[str, frozenset[int]] = {}
    for batch in in_batches(all_captures(to.store), BATCH):
        unknown = {one.site for one in batch} - learned.keys()
        pages = pages_of(to.store, unknown)
        learned |= {site: lines_on(to.store, site, pipeline.fewest(pages[site])) for site in unknown}
        yield from _read_again(batch, learned, to)


def _learn(batch: list[StoredCapture], seen: set[tuple[str, str]], to: Workshop) -> None:
    found = dict(_found(batch, to.captures))
    parsed = to.pool.map(pipeline.parse, found.values(), chunksize=CHUNK)
    counts = count_lines(parsed, [(one.site, one.ref.sha256) for one in found], seen)
    with writing(to.store) as transaction:
        for site, lines in counts.items():
            transaction.count_lines(site, lines)


def _read_again(batch: list[StoredCapture], learned: Mapping[str, frozenset[int]], to: Workshop) -> Iterator[Report]:
    found = dict(_found(batch, to.captures))
    recurring = [learned[one.site] for one in found]
    outcomes = list(to.pool.map(pipeline.parse_and_read, found.values(), recurring, chunksize=CHUNK))
    by_key = dict(zip((one.key for one in found), outcomes, strict=True))
    with writing(to.store) as transaction:
        transaction.put_outcomes(list(by_key.items()))
    for one in batch:
        if one.key in by_key:
            yield report_on(one.ref.source, by_key[one.key], transaction.fates)
        else:
            yield Report(REJECTED, one.ref.source, reason="its capture is lost; what was read from it is kept")


def _found(batch: Iterable[StoredCapture], captures: CaptureStore) -> Iterator[tuple[StoredCapture, Capture]]:
    for one in batch:
        try:
            yield one, captures.read(one.ref)
        except StoreUnavailable:
            continue  # `check` names it
