"""Whether the archive is whole: the database sound, every capture readable, the index in step with the store."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from archive.captured import all_captures
from archive.captures import CaptureStore
from archive.errors import ArchiveError, StoreUnavailable
from archive.progress import track
from archive.schema import captures, notices, readings
from archive.search import Engine, stale_warning
from archive.store import Store
from archive.words import lexicon_fingerprint

MOST_LOST = 10  # lost captures that are named


@dataclass(frozen=True, slots=True)
class Checked:
    """One check: what was looked at, and what is wrong with it (empty: nothing) with the remedy."""

    what: str
    problem: str = ""
    remedy: str = ""


def check(store: Store, kept: CaptureStore, engine: Engine) -> Iterator[Checked]:
    """Look at all of the archive, and change nothing."""
    yield _database(store)
    yield _readings(store)
    yield from _captures(store, kept)
    yield _index(store, engine)


def _database(store: Store) -> Checked:
    what = "store: the database is sound"
    if store.engine.dialect.name != "sqlite":
        return Checked(what)
    with store.engine.connect() as connection:
        problems = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check(3)") if row[0] != "ok"]
        problems += [
            f"a row of {row[0]} points to none of {row[2]}"
            for row in connection.exec_driver_sql("PRAGMA foreign_key_check")
        ]
    return Checked(what, "; ".join(problems[:3]), "Restore the store from a copy.") if problems else Checked(what)


def _readings(store: Store) -> Checked:
    with store.engine.connect() as connection:
        total = connection.scalar(select(func.count()).select_from(notices))
        unread = connection.scalar(select(func.count()).where(notices.c.reading_id.not_in(select(readings.c.id))))
        unput = connection.scalar(
            select(func.count(readings.c.notice_id.distinct())).where(readings.c.notice_id.not_in(select(notices.c.id)))
        )
    what = f"store: {total} notices, each with what it was read from"
    if unread or unput:
        problem = f"{unread} notices without a reading, {unput} readings without their notice"
        return Checked(what, problem, "Run: python -m archive reparse")
    return Checked(what)


def _captures(store: Store, kept: CaptureStore) -> Iterator[Checked]:
    with store.engine.connect() as connection:
        total = connection.scalar(select(func.count()).select_from(captures)) or 0
    lost: list[StoreUnavailable] = []
    for one in track(all_captures(store), "captures", total):
        try:
            kept.read(one.ref)
        except StoreUnavailable as error:
            lost.append(error)
    what = f"captures: {total}, each readable and with its SHA-256"
    if not lost:
        yield Checked(what)
    for loss in lost[:MOST_LOST]:
        yield Checked(what, loss.message, loss.remedy)
    if len(lost) > MOST_LOST:
        yield Checked(what, f"{len(lost) - MOST_LOST} more cannot be read", lost[-1].remedy)


def _index(store: Store, engine: Engine) -> Checked:
    what = "index: in step with the store"
    try:
        status = engine.status()
    except ArchiveError as error:
        return Checked(what, error.message, error.remedy)
    if status is None:
        return Checked(what, "there is no index", "Run: python -m archive reindex")
    if stale_warning(status, store.revision()):
        problem = f"it reflects revision {status.revision}, and the store is at {store.revision()}"
        return Checked(what, problem, "Run: python -m archive reindex --changed")
    if status.lexicon != lexicon_fingerprint():
        return Checked(what, "it was built with another lexicon", "Run: python -m archive reindex")
    if status.count != store.count():
        problem = f"it holds {status.count} notices, and the store {store.count()}"
        return Checked(what, problem, "Run: python -m archive reindex")
    return Checked(what)
