"""What was perhaps meant: a slip of the hand costs the user one click, not the notice."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.models import Query, Results
from archive.numbers import DocumentNumber
from archive.search import Engine, open_engine
from archive.search.nearly import edits, near_terms
from archive.search.pinyin import initials, spelled
from tests.search.corpus import make_notices

NOTICES = make_notices(150, seed=8)
TITLE = "关于明确海洋石油开采企业补缴税款滞纳金问题的批复"
TITLED = replace(NOTICES[0], id="titled", title=TITLE, number=DocumentNumber("国税函", 2008, 608))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """An index of two segments."""
    engine = open_engine(tmp_path_factory.mktemp("index"))
    with engine.rebuilding(NOTICES, 1):
        pass
    engine.update([TITLED], [], 2)
    return engine


def asked(engine: Engine, text: str) -> Results:
    return engine.search(Query(text, per_page=100))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("增殖税", "增值税"),
        ("企业所的税", "企业所得税"),
        ("企业得税", "企业所得税"),
        ("印华税", "印花税"),
        ("印税花", "印花税"),
        ("zengzhishui", "增值税"),
        ("zzs", "增值税"),
        ("增殖税 征收率", "增值税 征收率"),
        ("zengzhishui zhengshoulv", "增值税 征收率"),
        ("标题:增殖税", "标题:增值税"),
        ('"增殖税"', '"增值税"'),
        ("国税函〔2008〕680号", "国税函〔2008〕608号"),
        ("国税函〔2009〕608号", "国税函〔2008〕608号"),
        ("国税发〔2008〕608号", "国税函〔2008〕608号"),
        ("国税涵〔2008〕608号", "国税函〔2008〕608号"),
    ],
)
def test_a_slip_is_put_right(engine: Engine, typed: str, meant: str) -> None:
    results = asked(engine, typed)
    assert results.suggestion == meant
    assert asked(engine, meant).total >= 1
    assert asked(engine, meant).suggestion == ""


@pytest.mark.parametrize(
    "typed",
    [
        "关于明确海洋石油开彩企业补缴税款滞纳金问题的批复",
        "关于明确海洋石油开采企业补缴税款滞纳金问题批复",
        "关于明确海洋石由开采企业补缴税款滞纳金问题的的批复",
        "關於明確海洋石油開採企業補繳稅款滯納金問題之批復",
    ],
)
def test_a_title_with_a_character_or_two_wrong_is_found_first(engine: Engine, typed: str) -> None:
    results = asked(engine, typed)
    assert results.hits[0].notice.id == TITLED.id
    assert results.suggestion == TITLE
    assert asked(engine, results.suggestion).hits[0].notice.id == TITLED.id


@pytest.mark.parametrize(
    "typed",
    ["", "增值税", "增值税 印花税", "国税函〔2008〕608号", "608号", "火星移民", "-增值税", "有效于:2010", TITLE],
)
def test_what_is_right_or_like_nothing_is_left_alone(engine: Engine, typed: str) -> None:
    assert asked(engine, typed).suggestion == ""


def test_what_filters_leave_nothing_of_is_not_suggested(engine: Engine) -> None:
    assert engine.search(Query("增殖税", topic="没有的主题")).suggestion == ""


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("增值税", "增值税", 0),
        ("增殖税", "增值税", 1),
        ("值税", "增值税", 1),
        ("值增税", "增值税", 1),
        ("甲乙丙", "丁戊己", 3),
    ],
)
def test_edits_are_characters_changed_added_dropped_or_swapped(one: str, other: str, apart: int) -> None:
    assert min(edits(one, other, 2), 3) == edits(other, one, 3) == apart


@given(st.text("甲乙丙", max_size=12), st.text("甲乙丙", max_size=3), st.integers(0, 12))
def test_texts_with_something_put_in_are_at_most_that_far_apart(text: str, more: str, at: int) -> None:
    assert edits(text, text[:at] + more + text[at:], 3) <= len(more)


def test_near_terms_are_the_lexicons() -> None:
    assert "增值税" in near_terms("曾值税")
    assert near_terms("税") == []


def test_pinyin_is_as_people_type_it() -> None:
    assert (initials("增值税abc"), spelled("增值税12"), spelled("女")) == ("zzsabc", "zengzhishui12", "nv")


def test_an_empty_index_has_nothing_to_suggest(tmp_path: Path) -> None:
    engine = open_engine(tmp_path)
    with engine.rebuilding([], 1):
        pass
    for text in ("增殖税", "zzs", "国税函〔2008〕680号", "关于明确海洋石油开采企业问题的批复"):
        assert asked(engine, text).suggestion == ""
        assert engine.suggest(text) == ()
