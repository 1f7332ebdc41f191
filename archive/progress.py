"""Progress of long work: a bar on a terminal, plain lines elsewhere."""

import sys
from collections.abc import Iterable, Iterator
from time import monotonic
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

T = TypeVar("T")

SECONDS_BETWEEN_LINES = 10.0


def track(items: Iterable[T], what: str, total: int | None = None) -> Iterator[T]:
    """Yield `items` while showing on standard error how far they are; `total` is their number where it is known."""
    console = Console(stderr=True)
    if console.is_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, transient=True) as progress:
            yield from progress.track(items, total=total, description=what)
    else:
        yield from _track_by_lines(items, what, total)


def _track_by_lines(items: Iterable[T], what: str, total: int | None) -> Iterator[T]:
    said = monotonic()
    for done, item in enumerate(items, 1):
        yield item
        if monotonic() - said >= SECONDS_BETWEEN_LINES:
            said = monotonic()
            print(f"{what}: {done}" + (f" of {total}" if total is not None else ""), file=sys.stderr, flush=True)
