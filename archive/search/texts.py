"""The texts of notices, folded, small and yet searched as bytes; and where the originals differ.

A text is kept as UTF-8 of a text in which every character stands for another: the 128 most frequent take one byte, the
next 1,920 two, the rest three. That is 1.6 bytes a character where UTF-16 takes 2 and UTF-8 3. Like UTF-8 it can be
searched without decoding: no character's bytes occur within those of others.
"""

import re
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from archive.search.arrays import Array

BOUNDARY = 0xFFFF  # between title and body; folding keeps it out of texts
UNITS = 1 << 16
SHORT = 0x800  # code points that UTF-8 writes in two bytes or one
HALF_PAIRS = slice(0xD800, 0xE000)  # stay what they are, so that whole pairs stay pairs
LATIN = string.digits + string.ascii_lowercase

Units = NDArray[np.uint16]


class Alphabet:
    """Which UTF-16 code unit stands for which: `frequent` are those that get the short codes, in their order."""

    def __init__(self, frequent: Units) -> None:
        self.frequent = frequent
        self._units = np.arange(UNITS, dtype=np.uint16)  # by code
        codes = np.arange(UNITS)
        given = np.zeros(UNITS, np.bool_)
        given[frequent] = True
        self._units[: len(frequent)] = frequent
        # The units whose codes were taken get the codes that were left, and as many are left as were taken.
        left = frequent[frequent >= len(frequent)]
        self._units[left] = codes[: len(frequent)][~given[: len(frequent)]]
        self._codes = np.empty(UNITS, np.uint16)
        self._codes[self._units] = codes

    @classmethod
    def of(cls, texts: Iterable[Units]) -> "Alphabet":
        """The alphabet that fits these texts best."""
        counts = np.bincount(np.concatenate([np.empty(0, np.uint16), *texts]), minlength=UNITS)
        counts[HALF_PAIRS] = 0
        order = np.argsort(-counts, kind="stable")[: min(SHORT, np.count_nonzero(counts))]
        return cls(order.astype(np.uint16))

    def encode(self, units: Units) -> bytes:
        """The bytes of a text."""
        text = self._codes[units].tobytes().decode("utf-16-le", "surrogatepass")
        return text.encode("utf-8", "surrogatepass")

    def decode(self, data: bytes) -> Units:
        """The text of bytes."""
        coded = data.decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass")
        return self._units.take(np.frombuffer(coded, np.uint16))  # twice as fast as with brackets


@dataclass(frozen=True, slots=True)
class Text:
    """A title or body as it was given, and folded: character for character as long."""

    original: str
    folded: str


class Texts:
    """The titles and bodies of a segment."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._data = arrays["texts"].data
        self._starts = arrays["texts.starts"]
        self._middles = arrays["texts.middles"]
        self._title_ends = arrays["title_ends"]
        self._places = self._starts.data, self._middles.data  # to look at few of them
        self._unfolded = {name: arrays[f"unfolded{name}"] for name in ("", ".starts", ".units")}
        self.alphabet = Alphabet(arrays["texts.alphabet"])
        self._boundary = self.alphabet.encode(np.array([BOUNDARY], np.uint16))
        self._latin = frozenset(self.alphabet.encode(units_of(char)) for char in LATIN)

    def folded(self, doc: int, field: str) -> str:
        """The folded title or body."""
        return text_of(self.alphabet.decode(self._bytes(doc, field)))

    def both(self, doc: int) -> tuple[Text, Text]:
        """The title and the body."""
        units = self.units(doc)
        end = int(self._title_ends[doc])
        title, body = text_of(units[:end]), text_of(units[end + 1 :])
        at, originals = self.unfolded(doc)
        if not len(at):
            return Text(title, title), Text(body, body)
        units[at] = originals
        return Text(text_of(units[:end]), title), Text(text_of(units[end + 1 :]), body)

    def units(self, doc: int) -> Units:
        """The folded title, the boundary and the folded body."""
        return self.alphabet.decode(self._bytes(doc, ""))

    def unfolded(self, doc: int) -> tuple[NDArray[np.uint32], Units]:
        """Where title, boundary and body differ from their fold, and what stands there."""
        part = slice(self._unfolded[".starts"][doc], self._unfolded[".starts"][doc + 1])
        return self._unfolded[""][part], self._unfolded[".units"][part]

    def reading(
        self, docs: NDArray[np.integer], text: str, field: str, *, starts: bool = False, ends: bool = False
    ) -> Iterator[bool]:
        """Whether each of the notices has the folded text in the title, the body, or for no field in either.

        `starts` and `ends` ask that no Latin letter or digit goes on before or behind.
        """
        wanted = self.alphabet.encode(units_of(text))
        spans = zip(*self._spans(docs, field), strict=True)
        if starts or ends:
            return (self._set_apart(bytes(self._data[start:end]), wanted, starts, ends) for start, end in spans)
        search = re.compile(re.escape(wanted)).search  # where the texts lie: twice as fast as copying each out of them
        return (search(self._data, start, end) is not None for start, end in spans)

    def _set_apart(self, data: bytes, wanted: bytes, starts: bool, ends: bool) -> bool:
        at = data.find(wanted)
        while at >= 0:
            end = at + len(wanted)
            before, behind = data[_character(data, at - 1) : at] if at else b"", data[end : _character_end(data, end)]
            if not (starts and before in self._latin) and not (ends and behind in self._latin):
                return True
            at = data.find(wanted, at + 1)
        return False

    def _bytes(self, doc: int, field: str) -> bytes:
        starts, middles = self._places
        start, middle, end = starts[doc], middles[doc], starts[doc + 1]
        if field == "title":
            end = start + middle
        elif field == "body":
            start += middle + len(self._boundary)
        return bytes(self._data[start:end])

    def _spans(self, docs: NDArray[np.integer], field: str) -> tuple[list[int], list[int]]:
        """Where the titles, bodies or for no field both begin, and where they end."""
        starts, ends = self._starts[docs].astype(np.int64), self._starts[docs + 1].astype(np.int64)
        if field == "title":
            ends = starts + self._middles[docs]
        elif field == "body":
            starts += self._middles[docs] + len(self._boundary)
        return starts.tolist(), ends.tolist()


def pack_texts(
    alphabet: Alphabet, texts: Iterable[Units], unfolded: Iterable[tuple[Array, Units]]
) -> Iterator[tuple[str, Array]]:
    """The arrays of texts (title, boundary and body each) and of where the originals differ from them.

    Beside them `title_ends` are needed, the lengths of the titles.
    """
    boundary = alphabet.encode(np.array([BOUNDARY], np.uint16))
    data = [alphabet.encode(units) for units in texts]
    yield "texts.alphabet", alphabet.frequent
    yield "texts.middles", np.array([encoded.find(boundary) for encoded in data], np.uint32)
    yield "texts.starts", starts_of(data)
    yield "texts", np.frombuffer(b"".join(data), np.uint8)
    differences = list(unfolded)
    yield "unfolded.starts", starts_of([at for at, _ in differences])
    yield "unfolded", np.concatenate([np.empty(0, np.uint32), *(at for at, _ in differences)])
    yield "unfolded.units", np.concatenate([np.empty(0, np.uint16), *(units for _, units in differences)])


def _character(data: bytes, at: int) -> int:
    """Where the character begins that has the byte there."""
    while at > 0 and data[at] & 0xC0 == 0x80:
        at -= 1
    return at


def _character_end(data: bytes, at: int) -> int:
    """Where the character ends that begins there."""
    at += 1
    while at < len(data) and data[at] & 0xC0 == 0x80:
        at += 1
    return at


def units_of(text: str) -> Units:
    """A text in UTF-16."""
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)


def text_of(units: Units) -> str:
    """The text of UTF-16."""
    return units.tobytes().decode("utf-16-le", "surrogatepass")


def starts_of(parts: Sequence[bytes] | Sequence[Array]) -> NDArray[np.uint32]:
    """Where each of several stretches begins, and the last ends."""
    return np.cumsum([0, *map(len, parts)]).astype(np.uint32)
