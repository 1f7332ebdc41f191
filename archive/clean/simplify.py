"""Traditional characters back to simplified ones."""

from collections.abc import Iterator
from functools import cache

import opencc

from archive.clean.changes import Edit, Repaired, splice


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("tw2s")


def to_simplified(text: str) -> Repaired:
    """Turn traditional characters into simplified ones; text that is simplified already stays."""
    return splice(text, _edits(text, _converter().convert(text)), "simplify")


def _edits(old: str, new: str) -> Iterator[Edit]:
    if len(old) != len(new):
        raise ValueError("conversion changed the length")
    start = None
    for at, (a, b) in enumerate(zip(old, new, strict=True)):
        if a != b and start is None:
            start = at
        elif a == b and start is not None:
            yield Edit(start, at, new[start:at], "traditional characters")
            start = None
    if start is not None:
        yield Edit(start, len(old), new[start:], "traditional characters")
