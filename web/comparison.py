"""The captured text beside the repaired one: which stretch became which, by which changes, in rows to print."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

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
        return not any(piece.repaired for piece in self.pieces) and any(piece.captured for piece in self.pieces)

    @property
    def changes(self) -> tuple[Change, ...]:
        return tuple(change for piece in self.pieces for change in piece.changes)

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

    Changes that overlap earlier ones share a piece. A run of changes in ascending order costs one pass over the pieces.
    """
    passed: list[Piece] = []
    ahead = [Piece(captured, captured)] if captured else []  # the next piece is the last
    at = 0  # offset of the next piece in the text as repaired so far
    for change in changes:
        while at > change.at or (passed and not passed[-1].repaired):
            piece = passed.pop()
            ahead.append(piece)
            at -= len(piece.repaired)
        while ahead and at + len(ahead[-1].repaired) <= change.at:
            piece = ahead.pop()
            passed.append(piece)
            at += len(piece.repaired)
        if ahead and at < change.at and not ahead[-1].changes:
            before, after = _split(ahead.pop(), change.at - at)
            passed.append(before)
            ahead.append(after)
            at = change.at
        start, end = change.at - at, change.at - at + len(change.before)
        taken: list[Piece] = []
        length = 0
        while ahead and (length < end or not taken and start):
            piece = ahead.pop()
            if length + len(piece.repaired) > end and not piece.changes:
                piece, rest = _split(piece, end - length)
                ahead.append(rest)
            taken.append(piece)
            length += len(piece.repaired)
        text = "".join(piece.repaired for piece in taken)
        earlier = tuple(one for piece in taken for one in piece.changes)
        repaired = text[:start] + change.after + text[end:]
        passed.append(Piece("".join(piece.captured for piece in taken), repaired, (*earlier, change)))
        at += len(repaired)
    return passed + ahead[::-1]


def _split(piece: Piece, at: int) -> tuple[Piece, Piece]:
    """Cut a piece that no change has touched."""
    return Piece(piece.captured[:at], piece.captured[:at]), Piece(piece.captured[at:], piece.captured[at:])


def rows(pieces: list[Piece]) -> Iterator[Row]:
    """Gather pieces into rows: one a line that was kept, and one a line that was removed as a whole."""
    row: list[Piece] = []
    for index, piece in enumerate(pieces):
        if piece.changes and not piece.repaired and "\n" in piece.captured:
            lines = piece.captured.split("\n")
            if not lines[0] and _line_ends(pieces, index + 1):
                yield Row(tuple(row))
                row, lines = [], lines[1:]
            elif any(one.repaired for one in row):  # lines that were joined
                row.append(piece)
                continue
            for line in lines[:-1]:
                yield Row((*row, Piece(line, "", piece.changes)))
                row = []
            row += [Piece(lines[-1], "", piece.changes)] if lines[-1] else []
        elif piece.changes:
            row.append(piece)
        else:
            *whole, rest = piece.captured.split("\n")
            for line in whole:
                yield Row((*row, Piece(line, line)))
                row = []
            row += [Piece(rest, rest)] if rest else []
    if row:
        yield Row(tuple(row))


def _line_ends(pieces: list[Piece], index: int) -> bool:
    """Whether the repaired text ends its line before the piece at `index`."""
    following = next((piece.repaired for piece in pieces[index:] if piece.repaired), "\n")
    return following.startswith("\n")
