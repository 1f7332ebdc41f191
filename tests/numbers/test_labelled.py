"""Numbers in running text: a missed one is a citation without a link, a wrong span links the wrong words."""

import re
from collections.abc import Iterator
from pathlib import Path

from archive.numbers import find_numbers

LABELLED = Path(__file__).parent / "labelled.txt"
MARKS = re.compile(r"\{\{|\}\}")
Spans = set[tuple[str, int, int]]


def labelled_lines() -> Iterator[tuple[str, Spans]]:
    for line in LABELLED.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            continue
        marked, _, canonical = line.partition("\t")
        pieces = MARKS.split(marked)
        numbers = [number for number in canonical.split("; ") if number]
        starts = [len("".join(pieces[:at])) for at in range(1, len(pieces), 2)]
        spans = zip(numbers, starts, pieces[1::2], strict=True)
        yield "".join(pieces), {(number, start, start + len(piece)) for number, start, piece in spans}


def test_the_labelled_file_is_large_enough_to_mean_something() -> None:
    assert sum(1 for _ in labelled_lines()) >= 500


def test_numbers_are_found_with_exact_spans_and_nothing_else_is() -> None:
    right = wrong = missed = 0
    for text, expected in labelled_lines():
        found = {(str(f.number), f.start, f.end) for f in find_numbers(text)}
        right += len(found & expected)
        wrong += len(found - expected)
        missed += len(expected - found)
    assert right / (right + wrong) >= 0.99
    assert right / (right + missed) >= 0.99
