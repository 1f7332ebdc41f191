"""Opening the store: migrations, and every way in which a database can refuse."""

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from archive.database import open_database
from archive.errors import StoreUnavailable
from archive.schema import REVISION, metadata
from archive.store import Store, open_store
from tests.store.building import A, put, ref, told


def test_migrations_make_the_tables_that_the_code_uses(store: Store) -> None:
    """A store made today would lack a column that the code reads."""
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    config = Config()
    config.set_main_option("script_location", "archive:migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]


def test_opening_again_keeps_everything(store: Store) -> None:
    put(store, ref("a"), told(A, "正文"))
    again = open_store(store.engine.url.render_as_string())
    assert again.notice(A.slug) == store.notice(A.slug)
    again.close()


def test_tables_can_be_made_in_postgresql() -> None:
    """The design promises PostgreSQL by URL."""
    for table in metadata.sorted_tables:
        str(CreateTable(table).compile(dialect=postgresql.dialect()))
        for index in table.indexes:
            str(CreateIndex(index).compile(dialect=postgresql.dialect()))


def test_store_of_a_newer_version_is_left_alone(store: Store) -> None:
    """An old program would write rows that the new one cannot read."""
    with sqlite3.connect(store.engine.url.database or "") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StoreUnavailable, match="another version"):
        open_store(store.engine.url.render_as_string())


def test_what_is_no_database_is_named_and_kept(tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite3"
    file.write_bytes(b"this is no database, but somebody wants it")
    with pytest.raises(StoreUnavailable, match="not a database") as raised:
        open_database(f"sqlite:///{file}")
    assert "Move the file away" in raised.value.remedy
    assert file.read_bytes() == b"this is no database, but somebody wants it"


def test_locked_store_says_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two writers at once: the second must neither hang for ever nor lose its page silently."""
    monkeypatch.setattr("archive.database.BUSY_SECONDS", 0.1)
    impatient = open_store(store.engine.url.render_as_string())
    holder = sqlite3.connect(store.engine.url.database or "")
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="locked") as raised:
        put(impatient, ref("a"), told(A, "正文"))
    assert "wait" in raised.value.remedy
    assert impatient.count() == 0  # readers go on
    holder.close()
    put(impatient, ref("a"), told(A, "正文"))
    assert store.count() == 1
    impatient.close()


@pytest.mark.parametrize("url", ["nonsense", "nosuchdatabase://host/name", "postgresql://user@host/name"])
def test_url_that_cannot_be_opened_is_named(url: str) -> None:
    with pytest.raises(StoreUnavailable, match="ARCHIVE_DATABASE is no URL of a database"):
        open_database(url)


def test_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable, match="cannot be made"):
        open_database(f"sqlite:///{tmp_path}/file/home/store.sqlite3")
