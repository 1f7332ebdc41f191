"""Everyday names and official terms find the same notices, and no others."""

import pytest

from archive.models import Notice, Query
from archive.search import Engine, open_engine
from archive.search.invert import is_term
from archive.words import synonyms, tokenizer

GROUPS = sorted({tuple(sorted((term, *others))) for term, others in synonyms().items()})
OTHERS = ("境外企业和境内外企业", "每一个税种", "资源税与印染", "房产税", "国家税务局")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """An index with a notice for every term, and some that only look alike."""
    texts = [*synonyms(), *OTHERS, *(other.replace(" + ", "、") for group in GROUPS for other in group if "+" in other)]
    notices = [Notice(f"n{at}", "通知", f"现将有关{text}的问题明确如下。") for at, text in enumerate(texts)]
    engine = open_engine(tmp_path_factory.mktemp("index"))
    with engine.rebuilding(notices, 1):
        pass
    return engine


def found(engine: Engine, text: str) -> set[str]:
    results = engine.search(Query(text, per_page=100))
    assert "按此检索" not in "".join(results.reading)
    return {hit.notice.id for hit in results.hits}


@pytest.mark.parametrize("term", synonyms())
def test_every_term_is_one_word_and_indexed(term: str) -> None:
    assert tokenizer().words(term) == [term]
    assert is_term(term)


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group[0])
def test_all_of_a_line_find_the_same(engine: Engine, group: tuple[str, ...]) -> None:
    terms = [term for term in group if "+" not in term]
    expected = found(engine, terms[0])
    assert len(expected) >= len(group)
    assert all(found(engine, term) == expected for term in terms)
    assert all(found(engine, f"标题:{term}") == set() for term in terms)


def test_short_terms_are_words_not_any_two_characters(engine: Engine) -> None:
    """外企 also stands in 境外企业: who asks for 外商投资企业 does not want those."""
    for term, other in (
        ("外商投资企业", "境外企业和境内外企业"),
        ("个人所得税", "每一个税种"),
        ("印花税", "资源税与印染"),
    ):
        assert found(engine, f'"{other}"')
        assert found(engine, term).isdisjoint(found(engine, f'"{other}"'))
    assert found(engine, '"外企"') > found(engine, '"境外企业"'), "a phrase is any part of the text"


def test_a_collective_name_stands_for_all_of_its_parts_only(engine: Engine) -> None:
    assert found(engine, "房土两税") == found(engine, '"房土两税"') | (
        found(engine, '"房产税"') & found(engine, '"城镇土地使用税"')
    )
    assert found(engine, "房产税").isdisjoint(found(engine, '"房土两税"'))


def test_what_else_is_looked_for_is_said(engine: Engine) -> None:
    assert engine.search(Query("个税")).reading == ("“个税”也找：个人所得税、个所税。",)
