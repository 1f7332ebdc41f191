"""The captured text beside the repaired one: which stretch became which, by which changes, in rows to print."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from archive.models import Change


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text as captured and as repaired, and the changes between them; none: it was left as it was."""

    captured: str
    repaired: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Explained:
    """Changes of one row made for one reason: how many, and the first few as (before, after)."""

    step: str
    reason: str
    count: int
    examples: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A captured line, or several that were joined, beside the paragraph that came of it (nothing: it was removed)."""

    pieces: tuple[Piece, ...]

    @property
    def removed(self) -> bool:
        return not any(piece.repaired for piece in self.pieces)

    @property
    def changes(self) -> tuple[Change, ...]:
        return tuple(dict.fromkeys(change for piece in self.pieces for change in piece.changes))

    @property
    def removal(self) -> Change:
        """The change that removed a removed row: the one that took most with it."""
        return max(self.changes, key=lambda change: len(change.before))

    def explained(self, examples: int = 6) -> tuple[Explained, ...]:
        """The row's changes gathered by step and reason, in the order of their first appearance."""
        found: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for change in self.changes:
            found.setdefault((change.step, change.reason), []).append((change.before, change.after))
        return tuple(
            Explained(step, reason, len(pairs), tuple(dict.fromkeys(pairs))[:examples])
            for (step, reason), pairs in found.items()
        )


def align(captured: str, changes: Iterable[Change]) -> list[Piece]:
    """Cut a captured text into pieces such that their repaired sides joined are the text after `changes`.

    A change that overlaps earlier ones shares a piece with them. Changes in ascending order cost one pass together.
    """
    aligned = _Alignment(captured)
    for change in changes:
        for start, before, after in _differing(change):
            aligned.make(start, before, after, change)
    return aligned.pieces


def _differing(change: Change) -> Iterator[tuple[int, str, str]]:
    """The parts of a change that differ, as (offset, before, after): more than one where the lengths are equal."""
    if len(change.before) != len(change.after):
        yield change.at, change.before, change.after
        return
    for same, run in groupby(range(len(change.before)), key=lambda at: change.before[at] == change.after[at]):
        if not same:
            places = list(run)
            part = slice(places[0], places[-1] + 1)
            yield change.at + places[0], change.before[part], change.after[part]


class _Alignment:
    """The pieces before a cursor and those after it, the nearest last; the cursor only moves as far as it must."""

    def __init__(self, captured: str) -> None:
        self._passed: list[Piece] = []
        self._ahead = [Piece(captured, captured)] if captured else []
        self._at = 0

    @property
    def pieces(self) -> list[Piece]:
        return self._passed + self._ahead[::-1]

    def make(self, at: int, before: str, after: str, change: Change) -> None:
        """Put `after` in place of `before`, which stands at `at`."""
        self._move_to(at)
        start = at - self._at
        taken = self._take(start + len(before))
        text = "".join(piece.repaired for piece in taken)
        if not after and start == 0 and len(text) == len(before):
            # What a deletion covers keeps its own pieces, so that every removed line still shows its own reason.
            self._passed += [_without(piece, change) for piece in taken]
            return
        made = text[:start] + after + text[start + len(before) :]
        earlier = tuple(one for piece in taken for one in piece.changes)
        self._passed.append(Piece("".join(piece.captured for piece in taken), made, (*earlier, change)))
        self._at += len(made)

    def _move_to(self, at: int) -> None:
        """Put the cursor at `at`, or before the changed piece around it."""
        while self._at > at:
            self._ahead.append(self._passed.pop())
            self._at -= len(self._ahead[-1].repaired)
        while self._ahead and self._at + len(self._ahead[-1].repaired) <= at:
            self._passed.append(self._ahead.pop())
            self._at += len(self._passed[-1].repaired)
        if self._ahead and self._at < at and not self._ahead[-1].changes:
            piece = self._ahead.pop()
            self._ahead.append(_untouched(piece.captured[at - self._at :]))
            self._passed.append(_untouched(piece.captured[: at - self._at]))
            self._at = at

    def _take(self, length: int) -> list[Piece]:
        """Take pieces from the cursor on until they hold `length` characters; an untouched last one is cut there."""
        taken: list[Piece] = []
        held = 0
        while self._ahead and held < length:
            piece = self._ahead.pop()
            if held + len(piece.repaired) > length and not piece.changes:
                self._ahead.append(_untouched(piece.captured[length - held :]))
                piece = _untouched(piece.captured[: length - held])
            taken.append(piece)
            held += len(piece.repaired)
        return taken


def _untouched(text: str) -> Piece:
    return Piece(text, text)


def _without(piece: Piece, change: Change) -> Piece:
    return Piece(piece.captured, "", (*piece.changes, change)) if piece.repaired else piece


def rows(pieces: list[Piece]) -> Iterator[Row]:
    """Gather pieces into rows: one a line that was kept, one a line that was removed; blank lines are left out."""
    return (row for row in _rows(pieces) if not row.removed or "".join(p.captured for p in row.pieces).strip())


def _rows(pieces: list[Piece]) -> Iterator[Row]:
    row: list[Piece] = []
    for piece, line_ends in zip(pieces, _line_ends(pieces), strict=True):
        removed = bool(piece.changes) and not piece.repaired
        joins = removed and not line_ends and any(one.repaired for one in row)
        if (piece.changes and not removed) or joins:
            row.append(piece)
            continue
        first, *others = piece.captured.split("\n")
        row += [replace(piece, captured=first, repaired=piece.repaired and first)] if first else []
        for line in others:
            yield Row(tuple(row))
            row = [replace(piece, captured=line, repaired=piece.repaired and line)] if line else []
    yield Row(tuple(row))


def _line_ends(pieces: list[Piece]) -> list[bool]:
    """For each piece, whether the repaired text behind it begins a new line or ends."""
    ends = []
    following = True
    for piece in reversed(pieces):
        ends.append(following)
        if piece.repaired:
            following = piece.repaired.startswith("\n")
    return ends[::-1]
