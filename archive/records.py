"""What browsing asks of the notices beside themselves: the series their numbers form, and when each last changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import func, select

from archive.database import chunks
from archive.schema import notices
from archive.store import Store


@dataclass(frozen=True, slots=True)
class SeriesYear:
    """The numbers of one office in one year: how many notices are held, and the highest serial among them."""

    year: int
    held: int
    last: int

    @property
    def missing(self) -> int:
        return max(0, self.last - self.held)


@dataclass(frozen=True, slots=True)
class Series:
    """All numbers of one office, the latest year first."""

    office: str
    years: tuple[SeriesYear, ...]

    @property
    def held(self) -> int:
        return sum(one.held for one in self.years)


def all_series(store: Store) -> tuple[Series, ...]:
    """Every series, those with most notices first. Numbers without a year, those of orders, form none."""
    counted = (
        select(notices.c.office, notices.c.year, func.count(), func.max(notices.c.serial))
        .where(notices.c.office != "", notices.c.year > 0)
        .group_by(notices.c.office, notices.c.year)
        .order_by(notices.c.office, notices.c.year.desc())
    )
    with store.engine.connect() as connection:
        rows = connection.execute(counted).all()
    found = (
        Series(office, tuple(SeriesYear(*row[1:]) for row in of_office))
        for office, of_office in groupby(rows, key=lambda row: str(row[0]))
    )
    return tuple(sorted(found, key=lambda one: (-one.held, one.office)))


def revisions(store: Store, ids: Iterable[str]) -> dict[str, int]:
    """The revision of the archive in which each of the notices `ids` last changed."""
    with store.engine.connect() as connection:
        return {
            row.id: row.revision
            for chunk in chunks(ids)
            for row in connection.execute(select(notices.c.id, notices.c.revision).where(notices.c.id.in_(chunk)))
        }
