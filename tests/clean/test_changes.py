"""Every repair can be replayed and taken back: without this nobody could check what was done to a notice."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.clean import STEPS, clean_text
from archive.clean.changes import LIKELIEST, Edit, apply, places_in_doubt, replace_each, splice, undo
from archive.models import Change

texts = st.text(st.sampled_from("國(guó)?税ab,。》\n \u200bå·¹ú說了1於"), max_size=40)


@given(texts)
@settings(max_examples=300, deadline=None)
def test_changes_lead_from_the_captured_text_to_the_repaired_one_and_back(text: str) -> None:
    repaired = clean_text(text)
    assert apply(text, repaired.changes) == repaired.text
    assert undo(repaired.text, repaired.changes) == text


@given(texts)
@settings(max_examples=200, deadline=None)
def test_a_repair_neither_adds_nor_removes_lines(text: str) -> None:
    for step in STEPS:
        assert step(text).text.count("\n") == text.count("\n"), step.__name__


def test_a_change_says_where_it_was_made() -> None:
    repaired = splice("abcdef", [Edit(1, 2, "XY", "longer"), Edit(4, 6, "", "gone")], "step")
    assert repaired.text == "aXYcd"
    assert repaired.changes == (Change("step", 1, "b", "XY", "longer"), Change("step", 5, "ef", "", "gone"))


@given(texts, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 3), st.text("甲乙", max_size=2)), max_size=6))
def test_what_was_written_in_doubt_is_found_whatever_is_done_beside_it(
    text: str, later: list[tuple[int, int, str]]
) -> None:
    changes = splice("前" + text, [Edit(0, 1, "疑", LIKELIEST)], "first").changes
    done = "疑" + text
    for before, (at, length, after) in enumerate(later):  # each puts one character in front of it, and edits behind it
        first = min(before + 1 + at, len(done))
        repaired = splice(
            done, [Edit(0, 0, "首", "later"), Edit(first, min(first + length, len(done)), after, "later")], "s"
        )
        done, changes = repaired.text, (*changes, *repaired.changes)
    ((start, end),) = places_in_doubt(changes)
    assert done[start:end] == "疑"


def test_what_was_written_in_doubt_may_be_rewritten_or_go() -> None:
    doubtful = Change("s", 2, "x", "對", f"wrong encoding{LIKELIEST}")
    assert places_in_doubt((doubtful, Change("s", 2, "對", "对", "simplified"))) == [(2, 3)]
    assert places_in_doubt((doubtful, Change("s", 0, "甲乙對", "", "boilerplate"))) == []


def test_edits_may_not_overlap() -> None:
    with pytest.raises(ValueError, match="overlaps"):
        splice("abcdef", [Edit(1, 3, "", ""), Edit(2, 4, "", "")], "step")


def test_a_replacement_that_changes_nothing_is_no_change() -> None:
    assert (
        replace_each(re.compile("."), "ab", lambda match: match[0] if match[0] == "a" else None, "s", "r").changes == ()
    )


@pytest.mark.parametrize("go", [apply, undo])
def test_changes_of_another_text_are_refused(go: object) -> None:
    with pytest.raises(ValueError, match="another text"):
        go("另一段文字", (Change("s", 2, "甲", "乙", ""),))  # type: ignore[operator]
