"""Opening the database behind the store: connections, migrations, and database errors in words with a remedy."""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import ClauseElement, Connection, Engine, create_engine, event, inspect, select, text
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import NullPool
from sqlalchemy.sql.compiler import SQLCompiler

from archive.errors import StoreUnavailable
from archive.schema import REVISION

V = TypeVar("V")

BATCH = 500  # rows read at a time, and values in one IN (...)
BUSY_SECONDS = 10
# Memory for pages while writing: new rows touch every part of the indexes, far more than the 2 MB SQLite keeps.
WRITING_KIB = 64_000
# Connections with this option begin by taking SQLite's one write lock, so that reading before writing is safe.
WRITES = {"begins_to_write": True}

# What SQLite says, and what to do about it; the first that fits counts.
REMEDIES = (
    ("locked", "Another command is writing to it: wait until it is done, then run this again."),
    ("readonly", "Make the file and its folder writable, or choose another folder with --home."),
    ("unable to open", "Make the file and its folder readable and writable, or choose another folder with --home."),
    ("not a database", "Move the file away and restore a copy of it, or choose another folder with --home."),
    ("malformed", "Move the file away and restore a copy of it, or choose another folder with --home."),
    ("disk I/O error", "Look at the disk: it may be full or failing. What was stored before is kept."),
    ("disk is full", "Make room on the disk; nothing that was stored before is lost."),
    ("", "Check ARCHIVE_DATABASE and the folder given by --home."),
)


def open_database(url: str) -> Engine:
    """The database at `url`, brought to today's shape; raises StoreUnavailable where that cannot be.

    One of SQLite that this process may only read is read as it is.
    """
    try:
        engine = create_engine(url, **_options(make_url(url)))
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise StoreUnavailable(
            f"ARCHIVE_DATABASE is no URL of a database that can be opened here: {error}.",
            "Correct it, or unset it to use SQLite in the home folder.",
        ) from error
    event.listen(engine, "handle_error", _explain)
    if engine.dialect.name == "sqlite":
        _make_folder(engine.url)
        event.listen(engine, "connect", _prepare_sqlite)
        if not isinstance(engine.pool, NullPool):
            event.listen(engine, "connect", _prepare_writing)
        event.listen(engine, "begin", _begin_sqlite)
    _migrate(engine)
    return engine


def _make_folder(url: URL) -> None:
    folder = Path(url.database or "").parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(
            f"the folder {folder} cannot be made: {error.strerror}.", "Choose another folder with --home."
        ) from error


def _options(url: URL) -> dict[str, Any]:
    """How to connect to `url`: each time anew to a file of SQLite that may only be read, as others may write to it."""
    if url.get_backend_name() != "sqlite":
        return {}
    path = Path(url.database or "")
    if path.is_file() and not all(os.access(part, os.W_OK) for part in (path, path.parent)):
        return {"creator": partial(_only_reading, path), "poolclass": NullPool}
    return {"connect_args": {"timeout": BUSY_SECONDS}}


def _only_reading(path: Path) -> sqlite3.Connection:
    """A connection that needs to write nothing, not even beside the file, as WAL does: https://sqlite.org/wal.html#readonly."""
    mode = "mode=ro" if Path(f"{path}-shm").exists() else "immutable=1"
    address = f"{path.absolute().as_uri()}?{mode}"
    return sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, check_same_thread=False)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite, DDL included


def _prepare_writing(connection: Any, _record: object) -> None:
    for pragma in ("journal_mode = WAL", "foreign_keys = ON", "synchronous = NORMAL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("begins_to_write", False)
    if writes:
        connection.exec_driver_sql(f"PRAGMA cache_size = -{WRITING_KIB}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _explain(context: ExceptionContext) -> None:
    """Turn what the database says into StoreUnavailable; mistakes of ours (constraints, SQL) stay what they are."""
    original = context.original_exception
    if type(original).__name__ not in ("OperationalError", "DatabaseError"):
        return
    url = (context.engine.url if context.engine else make_url("sqlite://")).render_as_string()
    remedy = next(remedy for words, remedy in REMEDIES if words in str(original))
    raise StoreUnavailable(f"the store {url} cannot be used: {original}.", remedy) from original


def _migrate(engine: Engine) -> None:
    with engine.connect() as connection:
        if _revision(connection) == REVISION:
            return
    from alembic import command  # only when needed: importing it takes longer than most commands
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", "archive:migrations")
    with engine.connect().execution_options(**WRITES) as connection, connection.begin():
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise StoreUnavailable(
                f"the store {engine.url.render_as_string()} was made by another version of Shuiwen: {error}.",
                "Use the newest version, or choose another folder with --home.",
            ) from error


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return str(connection.scalar(select(text("version_num")).select_from(text("alembic_version"))))


def execute_plainly(connection: Connection, statement: ClauseElement, rows: Sequence[Mapping[str, Any]]) -> None:
    """Execute `statement` for each of `rows`, whose values are such that the driver takes them as they are.

    What SQLAlchemy does for the values of a short row takes as long as what SQLite does with it.
    """
    compiled = statement.compile(dialect=connection.dialect)
    names = compiled.positiontup if isinstance(compiled, SQLCompiler) else None
    if rows:
        connection.exec_driver_sql(str(compiled), list(map(itemgetter(*names), rows)) if names else list(rows))


def chunks(values: Iterable[V]) -> Iterator[list[V]]:
    """`values` in lists short enough for one statement."""
    ordered = list(values)
    return (ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH))
