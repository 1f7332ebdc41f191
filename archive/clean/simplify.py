"""Traditional characters back to the simplified ones that notices are issued in."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import Any

import opencc

from archive.clean.changes import Edit, Repaired, splice
from archive.lexicon import FOLDER, read_toml

# Changes this close together make one, so that a page of traditional text is not told in thousands of them.
NEAR = 2
# A line with more stretches than this is one change.
MOST_STRETCHES = 2000
HAN = "".join(map(chr, range(0x3400, 0xA000)))


@dataclass(frozen=True, slots=True)
class Leftovers:
    """data/lexicon/simplify.toml: `changes` t2s leaves, found by `pattern`; `both` change in traditional lines only."""

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
    return _finished(_converter("t2s").convert(text))


def _finished(converted: str) -> str:
    """What t2s made of a text, without what it leaves."""
    left = leftovers()
    return left.pattern.sub(lambda match: left.changes.get(match[0], match[0]), converted)


@lru_cache(maxsize=50_000)
def simplified_char(char: str) -> str:
    """A character, with nothing around it, as `simplified` makes it."""
    return simplified(char)


@cache
def _scripts() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Runs of characters that are traditional only, and of those that are simplified only."""
    one_a_line = "\n".join(HAN)
    changed = {
        config: "".join(
            old for old, new in zip(HAN, _converter(config).convert(one_a_line)[::2], strict=True) if old != new
        )
        for config in ("t2s", "s2t")
    }
    traditional = "".join(char for char in changed["t2s"] if char not in leftovers().both)
    return re.compile(f"[{traditional}]+"), re.compile(f"[{changed['s2t']}]+")


def _count(pattern: re.Pattern[str], text: str) -> int:
    return len(text) - len(pattern.sub("", text))


def foreign_to(page: str) -> Callable[[str], bool]:
    """Whether a character is of the script that `page` is not in: simplified in traditional text, or the reverse.

    On a page in both scripts, or in neither, no character is foreign.
    """
    traditional, modern = (_count(pattern, page) for pattern in _scripts())
    if max(traditional, modern) <= 10 * min(traditional, modern):
        return lambda _: False
    foreign = _scripts()[traditional > modern]
    return lambda char: foreign.fullmatch(char) is not None


def to_simplified(text: str) -> Repaired:
    """Turn traditional characters into simplified ones.

    Some characters are in simplified use as well (乾县, 显著): they change only in lines that are mostly traditional,
    so a text that is simplified already stays as it is.
    """
    converted = _converter("t2s").convert(text)
    if converted == text:
        return Repaired(text)
    return splice(text, _edits(text.split("\n"), converted.split("\n")), "simplify")


def _edits(lines: list[str], as_converted: list[str]) -> Iterator[Edit]:
    page_lean = cache(partial(_lean, "\n".join(lines)))
    start = 0
    for line, converted in zip(lines, as_converted, strict=True):
        if converted != line:
            plain = _finished(converted)
            certain = plain == converted and leftovers().both.isdisjoint(line)
            after = plain if certain or (_lean(line) or page_lean()) > 0 else _keep_both(line, converted)
            stretches = list(_differences(line, after))
            if len(stretches) > MOST_STRETCHES:
                stretches = [(0, len(line))]
            for first, last in stretches:
                yield Edit(start + first, start + last, after[first:last], "traditional characters")
        start += len(line) + 1


def _lean(text: str) -> int:
    """How many more characters are traditional only than are simplified only."""
    traditional, modern = _scripts()
    return _count(traditional, text) - _count(modern, text)


def _keep_both(line: str, converted: str) -> str:
    both = leftovers().both
    return "".join(old if old in both else new for old, new in zip(line, converted, strict=True))


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
