"""What the store knows of captures, and of the lines that recur on the pages of a site."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import BigInteger, bindparam, func, select

from archive.database import BATCH, chunks
from archive.models import CaptureRef
from archive.rows import ref_of
from archive.schema import Record, captures, site_lines
from archive.store import Store

_ON_SITE = select(site_lines.c.line, site_lines.c.pages).where(
    site_lines.c.site == bindparam("site"),
    site_lines.c.line.in_(bindparam("lines", type_=BigInteger(), expanding=True)),
)


@dataclass(frozen=True, slots=True)
class StoredCapture:
    """A capture as the store knows it; `rejection` is the code of its rejection, empty where it carries notices."""

    key: int
    ref: CaptureRef
    site: str
    rejection: str
    reason: str


def all_captures(store: Store) -> Iterator[StoredCapture]:
    """Every capture in the order of arrival, a batch at a time."""
    last = 0
    while True:
        page = select(captures).where(captures.c.id > last).order_by(captures.c.id).limit(BATCH)
        with store.engine.connect() as connection:
            rows = connection.execute(page).all()
        yield from map(_stored, rows)
        if len(rows) < BATCH:
            return
        last = rows[-1].id


def captures_of(store: Store, digests: Iterable[str]) -> list[StoredCapture]:
    """The captures whose SHA-256 is one of `digests`."""
    with store.engine.connect() as connection:
        return [
            _stored(row)
            for chunk in chunks(digests)
            for row in connection.execute(select(captures).where(captures.c.sha256.in_(chunk)))
        ]


def pages_of(store: Store, sites: Collection[str]) -> Counter[str]:
    """How many different pages of each of `sites` are known."""
    counts: Counter[str] = Counter()
    with store.engine.connect() as connection:
        for chunk in chunks(sites):
            pages = select(captures.c.site, captures.c.sha256).where(captures.c.site.in_(chunk)).distinct().subquery()
            counted = select(pages.c.site, func.count()).group_by(pages.c.site)
            counts.update(dict(connection.execute(counted).all()))
    return counts


def line_counts(store: Store, site: str, lines: Iterable[int]) -> Counter[int]:
    """On how many pages of `site` each of `lines` (hashes) stands."""
    counts: Counter[int] = Counter()
    with store.engine.connect() as connection:
        for chunk in chunks(lines):
            counts.update(dict(connection.execute(_ON_SITE, {"site": site, "lines": chunk}).all()))
    return counts


def lines_on(store: Store, site: str, fewest: int) -> frozenset[int]:
    """The lines (hashes) that stand on at least `fewest` pages of `site`."""
    query = select(site_lines.c.line).where(site_lines.c.site == site, site_lines.c.pages >= fewest)
    with store.engine.connect() as connection:
        return frozenset(connection.scalars(query))


def _stored(row: Record) -> StoredCapture:
    return StoredCapture(row.id, ref_of(row), row.site, row.rejection, row.reason)
