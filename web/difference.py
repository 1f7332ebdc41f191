"""Two notices side by side: which paragraphs correspond, and what differs within them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

# A stretch of text, and whether the other side lacks it.
Run = tuple[str, bool]

# Paragraphs that share this part of their pairs of characters are two versions of one.
ALIKE = 0.5
# What one comparison may cost: pairs of paragraphs looked at, and products of lengths compared letter by letter.
MOST_PAIRS = 20_000
MOST_LETTERS = 4_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of the left notice beside its counterpart in the right one; empty where there is none."""

    left: tuple[Run, ...] = ()
    right: tuple[Run, ...] = ()

    @property
    def same(self) -> bool:
        return self.left == self.right


def compare(left: str, right: str) -> tuple[Line, ...]:
    """The paragraphs of two bodies in rows, in the order of both. Bounded: long changed parts are marked as a whole."""
    return tuple(_Comparison(left.split("\n"), right.split("\n")).lines())


class _Comparison:
    def __init__(self, left: list[str], right: list[str]) -> None:
        self._left = [line for line in left if line.strip()]
        self._right = [line for line in right if line.strip()]
        self._letters = MOST_LETTERS

    def lines(self) -> Iterator[Line]:
        matcher = SequenceMatcher(None, self._left, self._right, autojunk=False)
        for kind, left_start, left_end, right_start, right_end in matcher.get_opcodes():
            left, right = self._left[left_start:left_end], self._right[right_start:right_end]
            if kind == "equal":
                yield from (Line(((line, False),), ((line, False),)) for line in left)
            else:
                yield from self._changed(left, right)

    def _changed(self, left: Sequence[str], right: Sequence[str]) -> Iterator[Line]:
        """Each line beside the next one of the other side that is a version of it, in the order of both."""
        if len(left) * len(right) > MOST_PAIRS:
            yield from (Line(left=((line, True),)) for line in left)
            yield from (Line(right=((line, True),)) for line in right)
            return
        parts = [_pairs(line) for line in right]
        passed = 0
        for line in left:
            own = _pairs(line)
            found = next((at for at in range(passed, len(right)) if _alike(own, parts[at])), None)
            if found is None:
                yield Line(left=((line, True),))
                continue
            yield from (Line(right=((one, True),)) for one in right[passed:found])
            yield self._within(line, right[found])
            passed = found + 1
        yield from (Line(right=((one, True),)) for one in right[passed:])

    def _within(self, left: str, right: str) -> Line:
        cost = len(left) * len(right)
        if cost > self._letters:
            return Line(((left, True),), ((right, True),))
        self._letters -= cost
        opcodes = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
        return Line(
            tuple((left[a:b], kind != "equal") for kind, a, b, _, _ in opcodes if b > a),
            tuple((right[c:d], kind != "equal") for kind, _, _, c, d in opcodes if d > c),
        )


def _pairs(line: str) -> Counter[tuple[str, str]]:
    return Counter(pairwise(f" {line} "))


def _alike(one: Counter[tuple[str, str]], other: Counter[tuple[str, str]]) -> bool:
    """Dice's coefficient of their pairs of characters."""
    return 2 * (one & other).total() >= ALIKE * (one.total() + other.total())
