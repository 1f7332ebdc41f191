"""What the box offers while someone types: the notice is reached without typing all of its name."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.numbers import DocumentNumber
from archive.search import Engine, open_engine
from tests.search.corpus import make_notices

NOTICES = [replace(n, topics=("碳排放",)) for n in make_notices(120, seed=9)]
KNOWN = replace(NOTICES[0], id="known", title="关于海洋石油企业的通知", number=DocumentNumber("国税函", 2008, 608))
ANNOUNCED = replace(
    NOTICES[1], id="announced", title="《海关总署公告》", number=DocumentNumber("国家税务总局公告", 2012, 54)
)
GONE = replace(NOTICES[2], id="gone", title="关于蓝鲸的通知", number=DocumentNumber("国税发", 2001, 7))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """An index of two segments with a deleted notice."""
    engine = open_engine(tmp_path_factory.mktemp("index"))
    with engine.rebuilding([*NOTICES[3:], GONE], 1):
        pass
    engine.update([KNOWN, ANNOUNCED], [GONE.id], 2)
    return engine


def offered(engine: Engine, text: str, kind: str) -> list[str]:
    return [one.text for one in engine.suggest(text) if one.kind == kind]


@pytest.mark.parametrize(
    ("typed", "kind", "expected"),
    [
        ("zzs", "term", "增值税"),
        ("ZZS", "term", "增值税"),
        ("增值", "term", "增值税"),
        ("增值稅", "term", "增值税"),
        ("zengzh", "term", "增值税"),
        ("tpf", "term", "碳排放"),
        ("碳排", "term", "碳排放"),
        ("国税函", "number", str(KNOWN.number)),
        ("国税函[20", "number", str(KNOWN.number)),
        ("國稅函〔2008〕6", "number", str(KNOWN.number)),
        ("国税函〔2008〕608号", "number", str(KNOWN.number)),
        ("608号", "number", str(KNOWN.number)),
        ("国家税务总局公告2012年第5", "number", str(ANNOUNCED.number)),
        ("海洋石油", "title", KNOWN.title),
        ("gyhysy", "title", KNOWN.title),
        ("hysyqy", "title", KNOWN.title),
        ("海关总署", "title", ANNOUNCED.title),
    ],
)
def test_offered(engine: Engine, typed: str, kind: str, expected: str) -> None:
    assert expected in offered(engine, typed, kind)


@pytest.mark.parametrize("typed", ["国税发", "蓝鲸", "lj", "国税函〔2008〕7", "国税函〔2009", "不存在的词"])
def test_what_is_deleted_or_begins_otherwise_is_not_offered(engine: Engine, typed: str) -> None:
    texts = {one.text for one in engine.suggest(typed)}
    assert texts.isdisjoint({GONE.title, str(GONE.number), str(KNOWN.number)})


@given(st.text(max_size=60), st.integers(0, 10))
@settings(max_examples=150, deadline=None)
def test_nothing_typed_raises_and_no_more_is_offered_than_asked_for(engine: Engine, text: str, limit: int) -> None:
    assert len(engine.suggest(text, limit)) <= limit


@pytest.mark.parametrize("typed", ["\ud800", "〔", "国税函〔" + "9" * 40, "0号", "*" * 5000, "国" * 5000, "\0", "“”"])
def test_odd_texts_do_not_raise(engine: Engine, typed: str) -> None:
    engine.suggest(typed)
