"""What the crawler remembers of each site between and during runs: its queue, its validators and how runs ended.

Every step is on disk before the next one is begun, so that a crawl that is killed goes on where it was: an address
leaves the queue only after its page is in the archive.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path

from archive.errors import StoreUnavailable
from scrapers.base import Link, Links
from scrapers.report import SiteReport

MAX_TRIES = 5

SCHEMA = """
CREATE TABLE IF NOT EXISTS address (
    site TEXT NOT NULL, url TEXT NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL,
    listed_on TEXT NOT NULL DEFAULT '', barren INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0,
    etag TEXT NOT NULL DEFAULT '', modified TEXT NOT NULL DEFAULT '', links TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (site, url)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS address_state ON address (site, state);
CREATE TABLE IF NOT EXISTS run (site TEXT PRIMARY KEY, ended_at TEXT NOT NULL, report TEXT NOT NULL);
"""
RUNS = "SELECT site, ended_at, report FROM run ORDER BY site"


class Kind(StrEnum):
    """What is expected at an address."""

    LIST = "list"
    NOTICE = "notice"


class State(StrEnum):
    """How far an address has come."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Address:
    """One address of a site. `barren` counts the list pages before it, back to the last one that led to new notices."""

    url: str
    kind: Kind
    state: State = State.WAITING
    listed_on: date | None = None
    barren: int = 0
    etag: str = ""
    modified: str = ""


class Ledger:
    """The crawler's memory in one SQLite file, or for this run only where `path` is None."""

    def __init__(self, path: Path | None) -> None:
        try:
            if path:
                path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path or ":memory:", isolation_level=None, timeout=30)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.executescript(SCHEMA)
        except (sqlite3.Error, OSError) as error:
            raise StoreUnavailable(
                f"the crawler's memory {path} cannot be opened: {error}.",
                "Make its folder writable, or choose another one with --home.",
            ) from error

    def close(self) -> None:
        self._db.close()

    def add(self, site: str, addresses: Iterable[Address]) -> list[Address]:
        """Put addresses into the queue; returns those that were not known before."""
        new = []
        self._run("BEGIN IMMEDIATE")
        for address in addresses:
            listed_on = address.listed_on.isoformat() if address.listed_on else ""
            cursor = self._run(
                "INSERT OR IGNORE INTO address (site, url, kind, state, listed_on, barren) VALUES (?, ?, ?, ?, ?, ?)",
                (site, address.url, address.kind, address.state, listed_on, address.barren),
            )
            if cursor.rowcount:
                new.append(address)
        self._run("COMMIT")
        return new

    def find(self, site: str, url: str) -> Address | None:
        return next(self._addresses("site = ? AND url = ?", site, url), None)

    def waiting(self, site: str) -> Iterator[Address]:
        """The addresses of `site` that are still to be fetched, in a snapshot that later changes do not disturb."""
        return self._addresses("site = ? AND state = ?", site, State.WAITING)

    def notices(self, site: str) -> Iterator[Address]:
        """The notice pages of `site` that were fetched before."""
        return self._addresses("site = ? AND state = ? AND kind = ?", site, State.DONE, Kind.NOTICE)

    def _addresses(self, where: str, *values: str) -> Iterator[Address]:
        query = f"SELECT url, kind, state, listed_on, barren, etag, modified FROM address WHERE {where}"  # noqa: S608
        for url, kind, state, listed_on, barren, etag, modified in self._run(query, values).fetchall():
            day = date.fromisoformat(listed_on) if listed_on else None
            yield Address(url, Kind(kind), State(state), day, barren, etag, modified)

    def done(self, site: str, url: str, links: Links, etag: str, modified: str) -> None:
        """The page at `url` is in the archive. Its validators let the next run ask whether it has changed."""
        self._run(
            "UPDATE address SET state = ?, tries = 0, etag = ?, modified = ?, links = ? WHERE site = ? AND url = ?",
            (State.DONE, etag, modified, _pack(links), site, url),
        )

    def links(self, site: str, url: str) -> Links:
        """Where the page at `url` led when it was last read."""
        row = self._run("SELECT links FROM address WHERE site = ? AND url = ?", (site, url)).fetchone()
        return _unpack(row[0] if row else "")

    def failed(self, site: str, url: str) -> None:
        """The page could not be had; after MAX_TRIES runs it is given up."""
        self._run(
            "UPDATE address SET tries = tries + 1, state = CASE WHEN tries + 1 >= ? THEN ? ELSE state END"
            " WHERE site = ? AND url = ?",
            (MAX_TRIES, State.FAILED, site, url),
        )

    def gone(self, site: str, url: str) -> None:
        """The page has vanished from its site."""
        self._run("UPDATE address SET state = ? WHERE site = ? AND url = ?", (State.GONE, site, url))

    def end_run(self, report: SiteReport) -> None:
        """Put on record how a run over a site ended."""
        row = (report.site, datetime.now(UTC).isoformat(timespec="seconds"), json.dumps(asdict(report)))
        self._run("INSERT OR REPLACE INTO run VALUES (?, ?, ?)", row)

    def last_runs(self) -> dict[str, tuple[datetime, SiteReport]]:
        """When the last run over each site ended, and its report."""
        return {site: (datetime.fromisoformat(at), _report(report)) for site, at, report in self._run(RUNS).fetchall()}

    def _run(self, statement: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        try:
            return self._db.execute(statement, values)
        except sqlite3.Error as error:
            raise StoreUnavailable(
                f"the crawler's memory cannot be used: {error}.",
                "Make room on the disk; what was archived is kept, and the next run goes on.",
            ) from error


def _report(packed: str) -> SiteReport:
    values = json.loads(packed)
    return SiteReport(**values | {"failures": tuple(values["failures"])})


def _pack(links: Links) -> str:
    return json.dumps(asdict(links), default=str, ensure_ascii=False)


def _unpack(packed: str) -> Links:
    rows = json.loads(packed) if packed else {"follow": [], "notices": []}
    return Links(*(tuple(_link(row) for row in rows[part]) for part in ("follow", "notices")))


def _link(row: dict[str, str]) -> Link:
    return Link(row["url"], row["text"], date.fromisoformat(row["listed_on"]) if row["listed_on"] else None)
