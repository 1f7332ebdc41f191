"""A segment opened for reading: its arrays by the names that searching uses."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from archive.models import Notice
from archive.search.arrays import Array, read_arrays
from archive.search.invert import GRAMS
from archive.search.postings import Postings
from archive.search.record import notice_from_json
from archive.search.subset import Subset
from archive.search.terms import Grams, Words
from archive.search.texts import Texts, Units

RECENT = 256  # places are kept, for a query looks for the same terms several times
MANY = 8  # a column is made where more than one notice in so many has a value for it


class Blobs(Sequence[bytes]):
    """Byte strings end to end, by their place."""

    def __init__(self, data: Array, starts: Array) -> None:
        self._data = data.data
        self._starts = starts.data  # one number of these costs a tenth of one of the array

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, at: int) -> bytes:  # type: ignore[override]  # no slices
        if not 0 <= at < len(self):
            raise IndexError(at)
        return bytes(self._data[self._starts[at] : self._starts[at + 1]])


@dataclass(frozen=True, slots=True)
class Values:
    """Topics, authorities, kinds or offices of all notices, as places in their table from 1; 0 is none.

    The first column has the first of every notice, and so on; where few notices have that many, `rest` has the others
    and `rest_docs` the notices that they belong to. Picking from columns is ten times as fast as from pairs.
    """

    count: int
    columns: tuple[Array, ...]
    rest_docs: Array
    rest: Array

    @classmethod
    def of(cls, docs: Array, values: Array, table: int, count: int) -> "Values":
        """Of pairs of notice and place in a table of that size, the notices ascending, `count` of them in all."""
        kind = np.min_scalar_type(table)
        values = (values + 1).astype(kind)
        columns = []
        while len(docs) > count // MANY:
            column = np.zeros(count, kind)
            first = np.ones(len(docs), np.bool_)
            first[1:] = docs[1:] != docs[:-1]
            column[docs[first]] = values[first]
            columns.append(column)
            docs, values = docs[~first], values[~first]
        return cls(count, tuple(columns), docs, values)

    def having(self, wanted: NDArray[np.bool_]) -> Subset:
        """Which notices have any of the places that are `wanted`."""
        mask = np.zeros(self.count, np.bool_)
        for column in self.columns:
            mask |= wanted[column]
        mask[self.rest_docs[wanted[self.rest]]] = True
        return Subset(self.count, mask=mask)


class Segment:
    """The notices of one segment file, numbered from 0. Raises OSError or ValueError where the file is not whole."""

    def __init__(self, path: Path) -> None:
        file = read_arrays(path)
        self.arrays = file.arrays
        self.tables: dict[str, list[str]] = file.facts["tables"]
        self.count: int = file.facts["count"]
        self.words = Postings(self.arrays, "words", self.count)
        self.word_terms = Words(self.arrays, "words.terms")
        self.grams = {name: Postings(self.arrays, name, self.count) for name in GRAMS}
        self.gram_terms = {name: Grams(self.arrays, f"{name}.terms") for name in GRAMS}
        self.texts = Texts(self.arrays)
        self.ids = Blobs(self.arrays["ids"], self.arrays["ids.starts"])
        self._by_id = np.empty(self.count, np.intp)
        self._by_id[self.arrays["order"]] = np.arange(self.count)
        self.records = Blobs(self.arrays["records"], self.arrays["records.starts"])
        self._values: dict[str, Values] = {}
        self._find_word = lru_cache(RECENT)(self.word_terms.find)
        self._find_gram = {name: lru_cache(RECENT)(terms.find) for name, terms in self.gram_terms.items()}

    def valued(self, name: str) -> Values:
        """The values of topics, authorities, kinds or offices; made when first asked for."""
        if name not in self._values:
            docs, values = self.arrays[f"{name}.docs"], self.arrays[f"{name}.values"]
            self._values[name] = Values.of(docs, values, len(self.tables[name]), self.count)
        return self._values[name]

    def word(self, text: str) -> int | None:
        """The place of a word among the terms."""
        return self._find_word(text.encode("utf-8", "surrogatepass"))

    def words_from(self, beginning: str) -> tuple[int, int]:
        """The places of the words that begin so: the first, and that behind the last."""
        first = beginning.encode("utf-8", "surrogatepass")
        return self.word_terms.place(first), self.word_terms.place(first + b"\xff")  # no UTF-8 has this byte

    def gram(self, name: str, key: int) -> int | None:
        """The place of two characters, as one number, among the terms of grams or title_grams."""
        return self._find_gram[name](key)

    def grams_from(self, name: str, unit: int) -> tuple[int, int]:
        """The places of the grams that begin with a character: the first, and that behind the last."""
        return self.gram_terms[name].beginning(unit)

    def folded(self, doc: int, field: str) -> str:
        """The title or body folded."""
        return self.texts.folded(doc, field)

    def title(self, doc: int) -> str:
        """The title as it was given."""
        title, _ = self.texts.both(doc)
        return title.original

    def id(self, doc: int) -> str:
        """The id of a notice."""
        return self.ids[doc].decode("utf-8", "surrogatepass")

    def find(self, id_: str) -> int | None:
        """The number of the notice with that id."""
        wanted = id_.encode("utf-8", "surrogatepass")
        at = bisect_left(self._by_id, wanted, key=self.ids.__getitem__)
        doc = int(self._by_id[at]) if at < self.count else None
        return doc if doc is not None and self.ids[doc] == wanted else None

    def notice(self, doc: int, title: str) -> Notice:
        """The notice, whose title that is, without its body."""
        return notice_from_json(self.records[doc], self.id(doc), title)

    def named(self, name: str, places: Sequence[int]) -> Subset:
        """Which notices have one of the places in the table of topics, authorities, kinds or offices."""
        wanted = np.zeros(len(self.tables[name]) + 1, np.bool_)
        wanted[np.array(places, np.intp) + 1] = True
        return self.valued(name).having(wanted)


def gram_keys(units: Units) -> list[int]:
    """Every two neighbouring characters of a text as the numbers that `Segment.gram` takes."""
    return [int(key) for key in units[:-1].astype(np.uint32) << 16 | units[1:]]
