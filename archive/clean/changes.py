"""Repairs on record: edits become changes, which replay forwards to the repair and backwards to the captured text."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from archive.models import Change

# No page that people read has more places of one kind to repair; one made to keep us busy may.
MOST = 150_000
# How the reason of a change ends that took a reading which is likelier than others, but not clearly.
LIKELIEST = ", the likeliest reading"


@dataclass(frozen=True, slots=True)
class Repaired:
    """A text after a repair, and the changes that made it."""

    text: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to become of text[start:end], and why."""

    start: int
    end: int
    after: str
    reason: str


def splice(text: str, edits: Iterable[Edit], step: str) -> Repaired:
    """`text` with all `edits` made; they must be in order and may not overlap (ValueError)."""
    parts: list[str] = []
    changes: list[Change] = []
    done = 0
    length = 0
    for edit in edits:
        if not done <= edit.start <= edit.end <= len(text):
            raise ValueError(f"edit at {edit.start}:{edit.end} overlaps the one before it or leaves the text")
        parts += text[done : edit.start], edit.after
        length += edit.start - done
        changes.append(Change(step, length, text[edit.start : edit.end], edit.after, edit.reason))
        length += len(edit.after)
        done = edit.end
    if not changes:
        return Repaired(text)
    parts.append(text[done:])
    return Repaired("".join(parts), tuple(changes))


def replace_each(
    pattern: re.Pattern[str], text: str, replace: Callable[[re.Match[str]], str | None], step: str, reason: str
) -> Repaired:
    """`text` with each match of `pattern` replaced by what `replace` makes of it; None leaves the match alone."""
    return splice(text, _edits(pattern, text, replace, reason), step)


def _edits(
    pattern: re.Pattern[str], text: str, replace: Callable[[re.Match[str]], str | None], reason: str
) -> Iterator[Edit]:
    for match in islice(pattern.finditer(text), MOST):
        after = replace(match)
        if after is not None and after != match[0]:
            yield Edit(match.start(), match.end(), after, reason)


def apply(text: str, changes: Sequence[Change]) -> str:
    """`text` after all `changes`, in order; raises ValueError if one does not fit the text."""
    for run in runs(changes):
        grown = 0
        swaps = []
        for change in run:
            swaps.append((change.at - grown, change.before, change.after))
            grown += len(change.after) - len(change.before)
        text = _swap(text, swaps)
    return text


def undo(text: str, changes: Sequence[Change]) -> str:
    """The text as it was before `changes`, undone in reverse order; raises ValueError if one does not fit the text."""
    for run in reversed(list(runs(changes))):
        text = _swap(text, [(change.at, change.after, change.before) for change in run])
    return text


def runs(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """Group the changes that go through the text from left to right, so that each group costs one pass."""
    run: list[Change] = []
    for change in changes:
        if run and change.at < run[-1].at + len(run[-1].after):
            yield run
            run = []
        run.append(change)
    if run:
        yield run


def places_in_doubt(changes: Sequence[Change]) -> list[tuple[int, int]]:
    """Where in the final text, from and to, stands what was read as `LIKELIEST`; what went later is left out."""
    places: list[tuple[int, int]] = []
    for run in runs(changes):
        written = [(change.at, change.at + len(change.after)) for change in run if change.reason.endswith(LIKELIEST)]
        places = sorted([*_moved(places, run), *written])
    return places


def _moved(places: Sequence[tuple[int, int]], run: Sequence[Change]) -> Iterator[tuple[int, int]]:
    """Where places of a text, in order, stand after a run of changes; those that it removes are left out."""
    done = grown = 0
    for first, last in places:
        while done < len(run) and run[done].at - grown + len(run[done].before) <= first:
            grown += len(run[done].after) - len(run[done].before)
            done += 1
        begin, end, inside, gone = first + grown, last, grown, False
        for change in takewhile(lambda change: change.at - inside < end, islice(run, done, None)):  # noqa: B023
            start = change.at - inside
            gone = gone or (not change.after and start <= first and last <= start + len(change.before))
            begin, end = min(begin, change.at), max(end, start + len(change.before))
            inside += len(change.after) - len(change.before)
        if not gone:
            yield begin, end + inside


def _swap(text: str, swaps: list[tuple[int, str, str]]) -> str:
    parts: list[str] = []
    done = 0
    for start, old, new in swaps:
        if start < done or not text.startswith(old, start):
            raise ValueError(f"the text at {start} is not {old!r}: these changes belong to another text")
        parts += text[done:start], new
        done = start + len(old)
    parts.append(text[done:])
    return "".join(parts)
