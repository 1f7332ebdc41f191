"""Snippets: what the user reads to choose a result."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.search.fold import fold
from archive.search.plan import Has
from archive.search.snippet import mark, snippet


def shown(text: str, *needles: str, width: int = 40) -> str:
    """The snippet as text with the matches in brackets."""
    parts = snippet(text, fold(text), [Has(needle) for needle in needles], width)
    return "".join(f"[{part}]" if marked else part for part, marked in parts)


def test_the_window_shows_most_of_what_was_asked_for() -> None:
    text = "增值税。" + "无关的文字。" * 30 + "在此增值税与发票同时出现。" + "无关的文字。" * 30
    assert "[增值税]与[发票]" in shown(text, "增值税", "发票")


def test_without_a_match_the_text_is_shown_from_its_beginning() -> None:
    assert shown("第一句。第二句。") == "第一句。第二句。"


def test_matches_are_marked_as_the_original_has_them() -> None:
    assert shown("申報ＧＢ／Ｔ標準", "gb/t标准") == "申報[ＧＢ／Ｔ標準]"


def test_paragraphs_become_one_line() -> None:
    assert shown("甲\n乙", "乙") == "甲 [乙]"


def test_an_entity_left_in_the_text_is_not_cut() -> None:
    for width in range(5, 25):
        assert (
            not shown("一二三四五六七八九十&nbsp;十一十二十三十四", width=width)
            .rstrip("…")
            .endswith(("&", "&n", "&nbsp"))
        )


@pytest.mark.parametrize("field", ["title", "body"])
def test_a_match_is_marked_only_in_its_field(field: str) -> None:
    has = [Has("税", field)]
    assert any(marked for _, marked in mark("税法", "税法", has)) == (field == "title")
    assert any(marked for _, marked in snippet("税法", "税法", has)) == (field == "body")


@given(
    st.text(st.sampled_from("税務局&;n甲\n。😀"), max_size=300),
    st.text(st.sampled_from("税务局甲"), min_size=1, max_size=2),
)
def test_a_snippet_is_a_part_of_the_text(text: str, needle: str) -> None:
    parts = snippet(text, fold(text), [Has(needle)], 30)
    plain = "".join(part for part, _ in parts).removeprefix("…").removesuffix("…")
    assert plain in text.replace("\n", " ")
    assert all(needle in fold(part) for part, marked in parts if marked and len(part) >= len(needle))
    assert any(marked for _, marked in parts) == (needle in fold(text))
