"""How often a client may ask: counted by all processes of a server together, in a file that lasts as long as it."""

import os
import sqlite3
import threading
from pathlib import Path
from time import time

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import parse_many
from limits.storage import Storage

from archive.errors import BadInput
from web.freshness import NO_PAGES

BUSY_SECONDS = 5.0

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS counts (key TEXT PRIMARY KEY, count INTEGER NOT NULL, expires REAL NOT NULL)",
    "CREATE INDEX IF NOT EXISTS ix_counts_expires ON counts (expires)",
)
COUNT = """INSERT INTO counts VALUES (?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET count = count + excluded.count RETURNING count"""


def register_limit(app: Flask, rate: str, shared: Path | None) -> None:
    """Let each client make requests to `app` at `rate`, counted in the folder `shared` where there is one.

    Raises BadInput for a rate that is none.
    """
    try:
        parse_many(rate)
    except ValueError as error:
        raise BadInput(
            f"ARCHIVE_RATE_LIMIT={rate!r} is not a rate.", "Write it as 60 per minute, or unset it."
        ) from error
    storage = f"{SharedCounts.STORAGE_SCHEME[0]}://{shared / 'counts.sqlite3'}" if shared else "memory://"
    limiter = Limiter(get_remote_address, app=app, application_limits=[rate], storage_uri=storage, headers_enabled=True)
    # Who watches the server asks often, and style sheets cost nothing.
    limiter.request_filter(lambda: request.endpoint in NO_PAGES)


class SharedCounts(Storage):
    """Counts in an SQLite file, for several processes of one machine: `limits` itself knows only servers for that."""

    STORAGE_SCHEME = ["shuiwen-counts"]

    def __init__(self, uri: str, wrap_exceptions: bool = False, **_options: float | str | bool) -> None:
        super().__init__(uri, wrap_exceptions)
        self._path = uri.partition("://")[2]
        self._own = threading.local()
        with self._connection() as connection:
            for statement in SCHEMA:
                connection.execute(statement)

    def _connection(self) -> sqlite3.Connection:
        """That of this thread of this process."""
        if getattr(self._own, "pid", 0) != os.getpid():
            connection = sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)
            connection.execute("PRAGMA journal_mode = MEMORY")
            connection.execute("PRAGMA synchronous = OFF")  # a count need not outlast its server
            self._own.connection, self._own.pid = connection, os.getpid()
        own: sqlite3.Connection = self._own.connection
        return own

    @property
    def base_exceptions(self) -> type[Exception]:
        return sqlite3.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        connection, now = self._connection(), time()
        connection.execute("DELETE FROM counts WHERE expires <= ?", [now])
        return int(connection.execute(COUNT, [key, amount, now + expiry]).fetchone()[0])

    def get(self, key: str) -> int:
        return int(self._row(key)[0])

    def get_expiry(self, key: str) -> float:
        return float(self._row(key)[1])

    def _row(self, key: str) -> tuple[int, float]:
        found = self._connection().execute(
            "SELECT count, expires FROM counts WHERE key = ? AND expires > ?", [key, time()]
        )
        row: tuple[int, float] = found.fetchone() or (0, time())
        return row

    def check(self) -> bool:
        return bool(self._connection().execute("SELECT 1").fetchone())

    def reset(self) -> int | None:
        return self._connection().execute("DELETE FROM counts").rowcount

    def clear(self, key: str) -> None:
        self._connection().execute("DELETE FROM counts WHERE key = ?", [key])
