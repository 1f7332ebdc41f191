"""Folding: what is compared as the same, always in the same place."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.search.fold import fold, fold_units, strip_edges


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("國稅函﹝2008﹞608號", "国税函〔2008〕608号"),
        ("ＡＢｃ１２", "abc12"),
        ("甲,乙;丙:(丁)", "甲，乙；丙：（丁）"),
        ("一\n二\u3000三\xa0四", "一 二 三 四"),
        ("二○○八", "二〇〇八"),
        ("乾坤", "干坤"),  # one character for one: never by the characters around it
    ],
)
def test_fold(text: str, expected: str) -> None:
    assert fold(text) == expected


@given(st.text())
@settings(deadline=None)
def test_a_fold_is_as_long_as_the_text_and_folds_to_itself(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@given(st.text(), st.text())
@settings(deadline=None)
def test_a_fold_does_not_depend_on_what_stands_beside(left: str, right: str) -> None:
    assert fold(left + right) == fold(left) + fold(right)


def test_arrays_fold_as_texts_do() -> None:
    units = fold_units()
    assert all(chr(units[code]) == fold(chr(code)) for code in range(0x10000))


@pytest.mark.parametrize(("text", "expected"), [("，增值税。", "增值税"), (" a ", "a"), ("，。", "，。"), ("", "")])
def test_punctuation_and_spaces_at_the_edges_are_ignored(text: str, expected: str) -> None:
    assert strip_edges(text) == expected
