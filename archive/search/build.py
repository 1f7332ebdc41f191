"""Building: notices inverted in runs, in this process or several, and grouped into segments."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from multiprocessing import get_context

from archive.models import Notice
from archive.search.invert import Part, invert
from archive.search.postings import MAX_DOCS

RUN = 2048  # notices inverted at a time: large enough to sort well, small enough to hold many


def inverted(notices: Iterable[Notice], processes: int) -> Iterator[Part]:
    """The notices inverted in runs, in their order, by as many processes; a single run stays in this one."""
    runs = _runs(notices)
    first = list(islice(runs, 2))
    if processes == 1 or len(first) < 2:
        yield from map(invert, chain(first, runs))
        return
    pending: list[Future[Part]] = []
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as executor:
        for run in chain(first, runs):
            if len(pending) > 2 * processes:
                yield pending.pop(0).result()
            pending.append(executor.submit(invert, run))
        for future in pending:
            yield future.result()


def by_segment(parts: Iterable[Part]) -> Iterator[list[Part]]:
    """The parts in groups that fit a segment."""
    group: list[Part] = []
    for part in parts:
        if sum(p.count for p in group) + part.count > MAX_DOCS:
            yield group
            group = []
        group.append(part)
    if group:
        yield group


def _runs(notices: Iterable[Notice]) -> Iterator[Sequence[Notice]]:
    source = iter(notices)
    while run := list(islice(source, RUN)):
        yield run
