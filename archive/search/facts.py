"""What an index knows of notices beside their texts: columns of numbers, names in tables, ids and records."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from archive.models import Notice, Validity
from archive.search.arrays import Array
from archive.search.record import notice_to_json
from archive.search.texts import starts_of

if TYPE_CHECKING:
    from archive.search.segment import Segment

VALIDITIES = tuple(Validity)
DATES = ("issued_on", "published_on", "effective_on", "ceased_on")
NAMED = ("topics", "authorities", "kinds", "offices")
COLUMNS = ("years", "numbers.years", "numbers.serials", "validities", "begins_on", *DATES)


@dataclass(frozen=True, slots=True)
class Facts:
    """Of some notices: an entry for each in every column and list."""

    columns: Mapping[str, Array]
    names: Mapping[str, list[tuple[str, ...]]]  # topics and so on
    ids: list[bytes]
    records: list[bytes]

    @classmethod
    def of(cls, notices: Sequence[Notice]) -> "Facts":
        """The facts of notices as the store has them."""
        numbers = [n.number for n in notices]
        columns: dict[str, Array] = {
            "years": np.array([_year(n) for n in notices], np.uint16),
            "numbers.years": np.array([n.year if n else 0 for n in numbers], np.uint16),
            "numbers.serials": np.array([min(n.serial, 2**32 - 1) if n else 0 for n in numbers], np.uint32),
            "validities": np.array([VALIDITIES.index(n.validity) for n in notices], np.uint8),
            "begins_on": np.array([_ordinal(_begins_on(n)) for n in notices], np.uint32),
            **{name: np.array([_ordinal(getattr(n, name)) for n in notices], np.uint32) for name in DATES},
        }
        names: dict[str, list[tuple[str, ...]]] = {
            "topics": [n.topics for n in notices],
            "authorities": [n.authorities for n in notices],
            "kinds": [(n.kind,) if n.kind else () for n in notices],
            "offices": [(n.office,) if n else () for n in numbers],
        }
        ids = [n.id.encode("utf-8", "surrogatepass") for n in notices]
        return cls(columns, names, ids, [notice_to_json(n) for n in notices])

    @classmethod
    def stored(cls, segment: "Segment", docs: Array) -> "Facts":
        """The facts of some notices of a segment."""
        wanted = docs.tolist()
        names: dict[str, list[tuple[str, ...]]] = {}
        for name in NAMED:
            table, of = segment.tables[name], [()] * segment.count
            own, values = segment.arrays[f"{name}.docs"].tolist(), segment.arrays[f"{name}.values"].tolist()
            for doc, value in zip(own, values, strict=True):
                of[doc] = (*of[doc], table[value])
            names[name] = [of[doc] for doc in wanted]
        columns = {name: segment.arrays[name][docs] for name in COLUMNS}
        return cls(columns, names, [segment.ids[doc] for doc in wanted], [segment.records[doc] for doc in wanted])

    def taken(self, places: Sequence[int]) -> "Facts":
        """Those of the notices at these places, in this order."""
        return Facts(
            {name: column[places] for name, column in self.columns.items()},
            {name: [values[at] for at in places] for name, values in self.names.items()},
            [self.ids[at] for at in places],
            [self.records[at] for at in places],
        )

    @property
    def tables(self) -> dict[str, list[str]]:
        """The names that occur, ascending."""
        return {name: sorted({value for own in values for value in own}) for name, values in self.names.items()}

    def arrays(self) -> Iterator[tuple[str, Array]]:
        """The facts as a segment keeps them, beside `tables`."""
        yield from self.columns.items()
        for name, table in self.tables.items():
            yield from _named(name, self.names[name], table)
        yield from blobs("ids", self.ids)
        yield "order", np.argsort(np.argsort(np.array(self.ids, object), kind="stable")).astype(np.uint32)
        yield from blobs("records", self.records)


def joined(parts: Sequence[Facts]) -> Facts:
    """The facts of all parts one after the other."""
    return Facts(
        {name: np.concatenate([part.columns[name] for part in parts]) for name in COLUMNS},
        {name: [value for part in parts for value in part.names[name]] for name in NAMED},
        [id_ for part in parts for id_ in part.ids],
        [record for part in parts for record in part.records],
    )


def blobs(name: str, parts: Sequence[bytes]) -> Iterator[tuple[str, Array]]:
    """The arrays of byte strings end to end."""
    yield name, np.frombuffer(b"".join(parts), np.uint8)
    yield f"{name}.starts", starts_of(parts)


def _named(name: str, values: Sequence[tuple[str, ...]], table: Sequence[str]) -> Iterator[tuple[str, Array]]:
    """Which notice has which of the names: a pair (notice, place in the table) each, notices ascending."""
    place = {value: at for at, value in enumerate(table)}
    pairs = [(doc, place[value]) for doc, own in enumerate(values) for value in dict.fromkeys(own)]
    docs, places = np.array(pairs, np.uint32).reshape(-1, 2).T
    yield f"{name}.docs", docs
    yield f"{name}.values", places


def _year(notice: Notice) -> int:
    """The year of the issue date, else of the number; 0 where neither is known."""
    if notice.issued_on:
        return notice.issued_on.year
    return notice.number.year if notice.number else 0


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else 0


def _begins_on(notice: Notice) -> date | None:
    """The first day on which a notice is in force, as far as its dates tell."""
    return notice.effective_on or notice.issued_on or notice.published_on
