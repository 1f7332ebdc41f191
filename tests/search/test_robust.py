"""Whatever is typed, the engine answers: an error page for an odd query would hide the archive behind it."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.errors import BadInput
from archive.models import DateKind, Query, Results, Sort
from archive.search import Engine, open_engine
from archive.search.plan import MAX_GRAMS, MAX_WORDS, Planner
from archive.words import tokenizer
from tests.search.corpus import make_notices

NOTICES = make_notices(60, seed=11)
PIECES = st.sampled_from(
    ["增值税", "增殖税", "zzs", "608号", "国税函〔2008〕608号", "AND", "OR", "NOT", "-", "(", ")", '"', "“", "”",
     "标题:", "有效于:", "日期:", "年份:", "文号:", "2008", "..", "*", "\\", " ", "：", "\n", "\u200b", "\ud800",
     "\udc00", "\0", "\uffff", "é", "＂", "12366", "😀", "&nbsp;", "个税", "房土两税", "9" * 30, "%", "_", "'"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=20).map("".join))
LONG = {
    "brackets": "(" * 10_000,
    "closing brackets": ")" * 10_000,
    "brackets with words": "(税" * 10_000,
    "quotes": '"' * 10_000,
    "one text": "增值税专用发票管理" * 1_000,
    "characters": " ".join("增值税专用发票管理") * 500,
    "clauses": " OR ".join(["增值税"] * 1_000),
    "denials": "-税 " * 5_000,
    "fields": "标题:" * 5_000,
    "prefixes": "税* " * 5_000,
    "numbers": "国税函〔2008〕608号 " * 1_000,
    "digits": "9" * 10_000,
    "halves": "\ud800" * 10_000,
    "emoji": "😀" * 10_000,
    "pinyin": "zengzhishui " * 1_000,
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    engine = open_engine(tmp_path_factory.mktemp("index"))
    with engine.rebuilding(NOTICES, 1):
        pass
    return engine


def check(results: Results) -> None:
    assert results.total >= len(results.hits)
    assert all(one.encode("utf-8", "surrogatepass") for one in results.reading)


@given(TEXTS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_raises_and_what_is_suggested_can_be_asked(engine: Engine, text: str) -> None:
    results = engine.search(Query(text))
    check(results)
    check(engine.search(Query(results.suggestion)))
    engine.suggest(text)


@pytest.mark.parametrize("name", LONG)
def test_long_texts_are_answered(engine: Engine, name: str) -> None:
    check(engine.search(Query(LONG[name])))
    engine.suggest(LONG[name])


@pytest.mark.parametrize("name", LONG)
def test_what_is_looked_for_is_bounded(name: str) -> None:
    """Each word and pair costs: a text pasted whole may not cost a thousand times a query."""
    plan = Planner(tokenizer()).plan(Query(LONG[name]))
    assert len(plan.words) <= MAX_WORDS
    assert len(plan.grams) <= MAX_GRAMS
    assert len(plan.marks) <= 4 * MAX_WORDS


@given(
    st.builds(
        Query,
        text=TEXTS,
        number=st.one_of(st.just(""), TEXTS),
        from_date=st.none() | st.dates(),
        to_date=st.none() | st.dates(),
        date_kind=st.sampled_from(DateKind),
        topic=st.one_of(st.just(""), st.text(max_size=5)),
        authority=st.one_of(st.just(""), st.text(max_size=5)),
        validity=st.one_of(st.just(""), st.text(max_size=5)),
        in_force_on=st.sampled_from([None, date.min, date.max, date(2008, 1, 1)]),
        sort=st.sampled_from(Sort),
        page=st.integers(-1, 10_000),
        per_page=st.integers(-1, 101),
    )
)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_query_raises_anything_but_what_names_its_remedy(engine: Engine, query: Query) -> None:
    with suppress(BadInput):
        check(engine.search(query))
