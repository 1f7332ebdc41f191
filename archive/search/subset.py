"""Some notices of a segment: as a list or as a mask, whichever costs less."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Docs = NDArray[np.intp]
Mask = NDArray[np.bool_]
At = Docs | slice

FEWER = 8  # times as few must be in it as are looked up, for looking its own up among those to cost less
ALL = slice(None)


class Subset:
    """Some of the notices 0 to before `size`. Its list and its mask are made from one another when first asked for.

    Few notices are combined and scored faster by the list, many by the mask. Neither is ever changed.
    """

    __slots__ = ("_docs", "_mask", "_places", "_total", "size")

    def __init__(self, size: int, docs: Docs | None = None, mask: Mask | None = None) -> None:
        """The notices of a list, ascending, or of a mask; none without either."""
        self.size = size
        self._docs = np.empty(0, np.intp) if docs is None and mask is None else docs
        self._mask = mask
        self._total: int | None = None
        self._places: Docs | None = None

    @classmethod
    def union(cls, size: int, parts: Iterable["Subset"]) -> "Subset":
        """The notices that any of the parts has."""
        parts = [part for part in parts if part]
        if len(parts) < 2:
            return parts[0] if parts else cls(size)
        mask = np.zeros(size, np.bool_)
        for part in parts:
            if part._docs is None:
                mask |= part.mask
            else:
                mask[part._docs] = True
        return cls(size, mask=mask)

    @property
    def docs(self) -> Docs:
        """The numbers of the notices, ascending."""
        if self._docs is None:
            (self._docs,) = self.mask.nonzero()
        return self._docs

    @property
    def mask(self) -> Mask:
        """Which of all notices they are."""
        if self._mask is None:
            mask = np.zeros(self.size, np.bool_)
            mask[self.docs] = True
            self._mask = mask
        return self._mask

    def __len__(self) -> int:
        if self._total is None:
            self._total = int(np.count_nonzero(self.mask)) if self._docs is None else len(self._docs)
        return self._total

    def __contains__(self, doc: int) -> bool:
        return bool(self.mask[doc])

    def __and__(self, other: "Subset") -> "Subset":
        few, many = (self, other) if len(self) <= len(other) else (other, self)
        if len(many) == self.size:
            return few
        if few._docs is None and many._docs is None:
            return Subset(self.size, mask=few.mask & many.mask)
        listed, masked = (few, many) if few._docs is not None else (many, few)
        return Subset(self.size, docs=listed.docs[masked.mask[listed.docs]])

    def __or__(self, other: "Subset") -> "Subset":
        return Subset.union(self.size, (self, other))

    def __sub__(self, other: "Subset") -> "Subset":
        if not other:
            return self
        if self._docs is None:
            return Subset(self.size, mask=self.mask & ~other.mask)
        return Subset(self.size, docs=self.docs[~other.mask[self.docs]])

    def shared(self, docs: Docs) -> tuple[At, At]:
        """Those of some ascending numbers that are in it: where they stand in its own list, and among the given."""
        if docs is self._docs:
            return ALL, ALL
        if FEWER * len(self) <= len(docs):
            at = docs.searchsorted(self.docs)
            (own,) = (docs.take(at, mode="clip") == self.docs).nonzero()
            return (ALL, at) if len(own) == len(self) else (own, at[own])
        if self._places is None:
            self._places = np.empty(self.size, np.intp)
            self._places[self.docs] = np.arange(len(self))
        inside = self.mask[docs]
        given = ALL if inside.all() else np.flatnonzero(inside)
        return self._places[docs[given]], given
