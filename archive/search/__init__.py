"""Search: the engine that an archive's index folder holds."""

from pathlib import Path

from archive.search.engine import Engine, IndexStatus, Suggestion, all_results, stale_warning, warned
from archive.search.whoosh_engine import WhooshEngine

__all__ = ["Engine", "IndexStatus", "Suggestion", "all_results", "open_engine", "stale_warning", "warned"]


def open_engine(folder: Path, processes: int = 1) -> Engine:
    """The engine whose index lies in `folder`, which need not exist yet; opening reads nothing.

    As many `processes` segment the notices of a rebuild.
    """
    return WhooshEngine(folder, processes)
