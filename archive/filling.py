"""Damaged places of the best copy, filled from the same paragraph of another copy that is whole there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from archive.clean.changes import Edit, splice
from archive.models import Change, Damage

STEP = "other copy"
ALIKE = 0.8  # a paragraph is the same one when it is this much alike (difflib's ratio), and no other one is
AROUND = 12  # characters: what differs this near a damaged place belongs to it
LONGEST = 3000  # characters of a paragraph that are compared, for the time it takes
MOST = 50  # damaged places of a notice; beyond these another copy is the better notice


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of a notice: where it is from, its body, and its damaged places."""

    source: str
    body: str
    damage: tuple[Damage, ...] = ()


@dataclass(frozen=True, slots=True)
class Filled:
    """The body after filling, the changes that made it, and the places that are still damaged."""

    body: str
    changes: tuple[Change, ...] = ()
    damage: tuple[Damage, ...] = ()


def fill(copy: Copy, others: Sequence[Copy]) -> Filled:
    """`copy` with each damaged paragraph mended from `others`.

    Only what differs at a damaged place is taken over, and only from a paragraph that is plainly the same one and
    itself undamaged; where several could give it and disagree, the place stays as it is.
    """
    edits: list[Edit] = []
    for start, paragraph, damage in _damaged_paragraphs(copy):
        found = {text: source for source, text in reversed(list(_counterparts(paragraph, others)))}
        proposals = {tuple(_mended(paragraph, damage, text)): source for text, source in found.items()}
        if len(proposals) == 1:
            ((mends, source),) = proposals.items()
            edits += [Edit(start + at, start + end, after, f"from {source}") for at, end, after in mends]
    filled = splice(copy.body, edits, STEP)
    return Filled(filled.text, filled.changes, still_damaged(copy.damage, filled.changes))


def still_damaged(damage: Sequence[Damage], changes: Sequence[Change]) -> tuple[Damage, ...]:
    """The places that none of `changes` (from left to right) touched, where they stand after them."""
    left = []
    for place in damage:
        grown, touched = 0, False
        for change in changes:
            start = change.at - grown
            if start > place.at + len(place.text):
                break
            touched = touched or start + len(change.before) >= place.at
            grown += len(change.after) - len(change.before)
        if not touched:
            left.append(replace(place, at=place.at + grown))
    return tuple(left)


def _damaged_paragraphs(copy: Copy) -> Iterator[tuple[int, str, list[tuple[int, int]]]]:
    """Start and text of each paragraph with damage, and the spans of the damage in it."""
    if len(copy.damage) > MOST:
        return
    start = 0
    for paragraph in copy.body.split("\n"):
        end = start + len(paragraph)
        damage = [
            (place.at - start, place.at - start + len(place.text))
            for place in copy.damage
            if start <= place.at and place.at + len(place.text) <= end
        ]
        if damage and len(paragraph) <= LONGEST:
            yield start, paragraph, damage
        start = end + 1


def _counterparts(paragraph: str, others: Sequence[Copy]) -> Iterator[tuple[str, str]]:
    """The same paragraph in each of `others` that has it once and whole, with its source."""
    for other in others:
        whole = set(other.body.split("\n")) - {damaged for _, damaged, _ in _damaged_paragraphs(other)}
        alike = [text for text in sorted(whole) if len(text) <= LONGEST and _are_alike(paragraph, text)]
        if len(alike) == 1 and len(other.damage) <= MOST:
            yield other.source, alike[0]


def _are_alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return min(matcher.real_quick_ratio(), matcher.quick_ratio()) >= ALIKE and matcher.ratio() >= ALIKE


def _mended(paragraph: str, damage: list[tuple[int, int]], whole: str) -> Iterator[tuple[int, int, str]]:
    for name, start, end, first, last in SequenceMatcher(None, paragraph, whole, autojunk=False).get_opcodes():
        near = any(start <= to + AROUND and end >= at - AROUND for at, to in damage)
        if name != "equal" and near:
            yield start, end, whole[first:last]
