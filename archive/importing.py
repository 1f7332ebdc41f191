"""Notices from files in the export format: checked line by line, stored without captures."""

from collections.abc import Iterator
from itertools import repeat
from pathlib import Path

from archive import pipeline
from archive.ingest import REJECTED, Report, Workshop, in_batches
from archive.sources import check_paths
from archive.writer import writing

BATCH = 500  # lines a transaction
CHUNK = 20  # lines handed to a worker at a time


def import_file(path: Path, to: Workshop) -> Iterator[Report]:
    """Archive the notices in the lines of `path` and report on each line; raises BadInput if there is no such file.

    A line with a mistake is rejected with its number and what is wrong, and costs no other line.
    """
    check_paths((path,))
    for batch in in_batches(_lines(path, to.max_bytes), BATCH):
        yield from _import_batch(path, batch, to)


def _lines(path: Path, max_bytes: int) -> Iterator[tuple[int, bytes]]:
    """The lines that are not empty, with their numbers; a line is cut one byte beyond the size allowed."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(max_bytes + 1):
            number += 1
            rest = line
            while len(rest) > max_bytes and not rest.endswith(b"\n"):
                rest = file.readline(max_bytes + 1)
            if line.strip():
                yield number, line


def _import_batch(path: Path, batch: list[tuple[int, bytes]], to: Workshop) -> Iterator[Report]:
    lines = [line for _, line in batch]
    found = list(to.pool.map(pipeline.read_line, lines, repeat(to.max_bytes), chunksize=CHUNK))
    with writing(to.store) as transaction:
        for line in found:
            if not isinstance(line, str):
                transaction.put_imported(line)
    for (number, _), line in zip(batch, found, strict=True):
        source = f"{path}:{number}"
        if isinstance(line, str):
            yield Report(REJECTED, source, reason=line)
        else:
            told, _ = line[0]
            yield Report(transaction.fates[told.notice_id], source, ((str(told.raw.number or ""), told.raw.title),))
