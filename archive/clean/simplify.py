"""Traditional characters back to the simplified ones that notices are issued in."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import opencc

from archive.clean.changes import Edit, Repaired, splice
from archive.lexicon import FOLDER, read_toml

# Changes this close together make one, so that a page of traditional text is not told in thousands of them.
NEAR = 2


@dataclass(frozen=True, slots=True)
class Leftovers:
    """data/lexicon/simplify.toml: the `changes` t2s leaves, found by `pattern`; `both` only change in traditional lines."""

    changes: Mapping[str, str]
    pattern: re.Pattern[str]
    both: frozenset[str]


@cache
def leftovers() -> Leftovers:
    """The table of what t2s leaves."""
    table: dict[str, Any] = read_toml(FOLDER / "simplify.toml")
    changes = table["characters"] | table["words"] | {"著": "着"}
    longest_first = sorted([*changes, *table["zhu"]["keep"]], key=len, reverse=True)
    return Leftovers(changes, re.compile("|".join(longest_first)), frozenset(table["both"]["characters"]))


@cache
def _converter(config: str) -> opencc.OpenCC:
    return opencc.OpenCC(config)


def simplified(text: str) -> str:
    """`text` in simplified characters, of the same length; meant for text known to be traditional."""
    left = leftovers()
    converted: str = _converter("t2s").convert(text)
    return left.pattern.sub(lambda match: left.changes.get(match[0], match[0]), converted)


def foreign_to(page: str) -> Callable[[str], bool]:
    """Whether a character is of the script that `page` is not in: simplified in traditional text, or the reverse.

    On a page in both scripts, or in neither, no character is foreign.
    """
    traditional, modern = _count_traditional(page), _count_simplified(page)
    if traditional > 10 * modern:
        return lambda char: bool(_converter("s2t").convert(char) != char)
    if modern > 10 * traditional:
        return lambda char: bool(_converter("t2s").convert(char) != char)
    return lambda _: False


def to_simplified(text: str) -> Repaired:
    """Turn traditional characters into simplified ones.

    Some characters are in simplified use as well (乾县, 显著): they change only in lines that are mostly traditional,
    so a text that is simplified already stays as it is.
    """
    if _converter("t2s").convert(text) == text:
        return Repaired(text)
    return splice(text, _edits(text), "simplify")


def _edits(text: str) -> Iterator[Edit]:
    page_is_traditional = _is_traditional(text)
    start = 0
    for line in text.split("\n"):
        converted: str = _converter("t2s").convert(line)
        if converted != line:
            if _is_traditional(line) or (page_is_traditional and not _is_simplified(line)):
                after = simplified(line)
            else:
                after = _keep_both(line, converted)
            for first, last in _differences(line, after):
                yield Edit(start + first, start + last, after[first:last], "traditional characters")
        start += len(line) + 1


def _keep_both(line: str, converted: str) -> str:
    both = leftovers().both
    return "".join(old if old in both else new for old, new in zip(line, converted, strict=True))


def _is_traditional(text: str) -> bool:
    return _count_traditional(text) > _count_simplified(text)


def _is_simplified(text: str) -> bool:
    return _count_traditional(text) < _count_simplified(text)


def _count_traditional(text: str) -> int:
    both = leftovers().both
    return sum(old != new and old not in both for old, new in zip(text, _converter("t2s").convert(text), strict=True))


def _count_simplified(text: str) -> int:
    return sum(map(str.__ne__, text, _converter("s2t").convert(text)))


def _differences(old: str, new: str) -> Iterator[tuple[int, int]]:
    """The stretches in which two texts of one length differ, those near each other as one."""
    first = last = -1
    for at, (a, b) in enumerate(zip(old, new, strict=True)):
        if a != b:
            if first < 0:
                first = at
            elif at - last > NEAR:
                yield first, last
                first = at
            last = at + 1
    if first >= 0:
        yield first, last
