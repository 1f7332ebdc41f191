"""Search: the engine that an archive's index folder holds."""

from pathlib import Path

from archive.search.engine import Engine, IndexStatus, Suggestion, stale_warning
from archive.search.linear import LinearEngine

__all__ = ["Engine", "IndexStatus", "Suggestion", "open_engine", "stale_warning"]


def open_engine(folder: Path) -> Engine:
    """The engine whose index lies in `folder`, which need not exist yet; opening reads nothing."""
    return LinearEngine(folder)
