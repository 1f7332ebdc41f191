"""When what the pages show last changed, so that a client that keeps them need not be sent them again."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask, Response, g, request
from sqlalchemy.engine import make_url

from archive.settings import Settings

OWN = Path(__file__).parent
# HTTP speaks of whole seconds: in the second of a change, another one may follow.
SETTLED = timedelta(seconds=2)
# What is no page of the archive: files, which have their own time, and what those ask who watch the server.
NO_PAGES = ("static", "metrics", "feeds.health", "feeds.ready")


def register_freshness(app: Flask, settings: Settings) -> None:
    """Give each page of `app` its Last-Modified: the latest change of store, index and of the pages' own code.

    Only with SQLite: of another database nothing tells when it last changed, and the ETag has to do.
    """
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        return
    store = [Path(url.database), Path(f"{url.database}-wal")]
    written = _latest(path for path in OWN.rglob("*") if path.suffix in (".py", ".html", ".xml", ".mo"))

    def look() -> None:
        # Before the answer is made: what changes meanwhile counts as a later change.
        changed = datetime.fromtimestamp(max(written, _latest([*store, *settings.index.glob("*")])), UTC)
        g.changed = changed if changed < datetime.now(UTC) - SETTLED else None

    def say(response: Response) -> Response:
        is_page = request.method in ("GET", "HEAD") and request.endpoint not in NO_PAGES
        if is_page and response.status_code == 200 and g.get("changed"):
            response.last_modified = g.changed
        return response

    app.before_request(look)
    app.after_request(say)


def _latest(files: Iterable[Path]) -> float:
    """The latest time of modification among those of `files` that are there."""
    times = [0.0]
    for path in files:
        try:
            times.append(path.stat().st_mtime)
        except FileNotFoundError:
            continue
    return max(times)
