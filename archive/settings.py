"""The settings: one frozen object, one table that `--help` and the docs are printed from."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from archive.errors import BadInput

PREFIX = "ARCHIVE_"
CHECKOUT = Path(__file__).resolve().parent.parent


def _setting(default: Any, about: str) -> Any:
    return field(default=default, metadata={"help": about})


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set, each by an environment variable `ARCHIVE_<NAME>`; see `SETTINGS` for the table."""

    home: Path = _setting(CHECKOUT / "data" / "var", "folder of the archive: captures, store and index")
    database: str = _setting("", "SQLAlchemy URL of the store; empty: SQLite in the home folder")
    workers: int = _setting(0, "processes that clean pages and segment notices; 0: one a core")
    max_page_bytes: int = _setting(10_000_000, "a larger page or file is refused")
    contact: str = _setting("", "whom a site owner may write to about our crawler; `crawl` needs it")
    crawl_delay: int = _setting(2, "seconds between two requests to one host, at least")
    crawl_timeout: int = _setting(60, "seconds after which a page that has not arrived is given up")
    private_hosts: str = _setting("", "hosts on private networks that may be crawled, separated by commas")
    cors_origins: str = _setting("", "origins whose pages may call the API, separated by commas; *: all; empty: none")
    rate_limit: str = _setting("", "requests one client may make, such as `60 per minute`; empty: any number")
    access_log: str = _setting("", "file for a line of JSON about each request; -: standard error; empty: none")
    metrics: int = _setting(0, "1: `/metrics` tells Prometheus of requests and revisions; 0: there is no such page")
    proxies: int = _setting(0, "reverse proxies in front of `serve` whose word about the client is taken; 0: none")
    web_workers: int = _setting(0, "processes that answer requests; 0: one a core, at least two")
    port: int = _setting(8000, "port that `serve` listens on, at 127.0.0.1")

    @property
    def processes(self) -> int:
        return self.workers or os.cpu_count() or 1

    @property
    def web_processes(self) -> int:
        """Each answers one request at a time, and a long export must not hold up everyone.

        One more than there are cores costs turns: with 8 clients and two cores the slowest twentieth of result pages
        came a tenth later, in 8 of 9 runs (50,000 notices, 2026-11-24).
        """
        return self.web_workers or max(2, os.cpu_count() or 1)

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{self.home / 'store.sqlite3'}"

    @property
    def captures(self) -> Path:
        return self.home / "captures"

    @property
    def bookmarks(self) -> Path:
        return self.home / "bookmarks.json"

    @property
    def index(self) -> Path:
        return self.home / "index"


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table of settings, for `--help` and the docs."""

    variable: str
    default: str
    help: str


def _shown(value: object) -> str:
    return str(value.relative_to(CHECKOUT)) if isinstance(value, Path) else str(value)


SETTINGS: tuple[Setting, ...] = tuple(
    Setting(PREFIX + f.name.upper(), _shown(f.default), f.metadata["help"]) for f in fields(Settings)
)


def read_settings(environ: Mapping[str, str] = os.environ, **given: Any) -> Settings:
    """The settings from `environ`, overridden by those `given` that are not None; raises BadInput for a bad value."""
    values = {}
    for f in fields(Settings):
        text = environ.get(PREFIX + f.name.upper())
        if text is not None:
            values[f.name] = _read(f.name, type(f.default), text)
    return Settings(**values | {name: value for name, value in given.items() if value is not None})


def _read(name: str, kind: type, text: str) -> Any:
    variable = PREFIX + name.upper()
    if kind is int:
        if not text.isascii() or not text.isdigit():
            raise BadInput(
                f"{variable}={text!r} is not a whole number.", f"Set {variable} to such a number or unset it."
            )
        return int(text)
    return Path(text) if issubclass(kind, Path) else text
