"""The search index from the store: all of it, or what changed since it was built."""

from dataclasses import dataclass
from time import perf_counter

from archive.errors import IndexUnavailable
from archive.progress import track
from archive.search import Engine
from archive.store import Store
from archive.words import lexicon_fingerprint


@dataclass(frozen=True, slots=True)
class Reindexed:
    """What a run did: notices put into the index and taken out, the revision it reflects, and how long it took."""

    put: int
    removed: int
    revision: int
    seconds: float
    is_new: bool


def reindex(store: Store, engine: Engine) -> Reindexed:
    """Build a new index from all notices; searches go on meanwhile, and it takes over when it is whole."""
    begun = perf_counter()
    # Read before the notices: what changes meanwhile has a later revision, and the next update takes it in.
    revision = store.revision()
    count = store.count()
    with engine.rebuilding(track(store.notices(), "notices", count), revision):
        pass
    return Reindexed(count, 0, revision, perf_counter() - begun, is_new=True)


def reindex_changed(store: Store, engine: Engine) -> Reindexed:
    """Bring the index up to the store; builds a new one where there is none that can be used."""
    begun = perf_counter()
    revision = store.revision()
    try:
        status = engine.status()
        # An index ahead of the store belongs to another one, such as a store restored from an older copy; one from
        # another lexicon cuts words where queries no longer do.
        if status is None or status.revision > revision or status.lexicon != lexicon_fingerprint():
            return reindex(store, engine)
        ids, deleted = store.changed_ids(status.revision)
        if ids or deleted:
            engine.update(track(store.by_id(ids), "notices", len(ids)), deleted, revision)
    except IndexUnavailable:
        return reindex(store, engine)
    return Reindexed(len(ids), len(deleted), revision, perf_counter() - begun, is_new=False)
