"""Segmentation must never hide a hit: any part of any text is found, and nothing else."""

import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.models import Notice, Query
from archive.search import Engine, open_engine
from archive.search.fold import fold, strip_edges
from tests.search.corpus import make_notices
from tests.search.linear import LinearEngine

NOTICES = make_notices(110, seed=2)
FOLDED = {n.id: (fold(n.title), fold(n.body)) for n in NOTICES}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """An index of several segments with deleted notices in them."""
    engine = open_engine(tmp_path_factory.mktemp("index"))
    others = make_notices(30, seed=3)
    with engine.rebuilding([*NOTICES[:80], *others], 1):
        pass
    engine.update(NOTICES[80:], [n.id for n in others], 2)
    return engine


@pytest.fixture(scope="module")
def linear() -> Engine:
    engine = LinearEngine(Path("unused"))
    with engine.rebuilding(NOTICES, 1):
        pass
    return engine


CHARACTERS = "0015abＡ５%％.．,，年条-/ "
NUMBERED = "0015a５%.,年-"
WAYS = (
    "{}",
    "标题:{}",
    "正文:{}",
    "{}*",
    "标题:{}*",
    '"{}"',
    "NOT {}",
    "年 {}",
    "年 -{}",
    "({} OR 条) 年",
    "{} 年份:2000..",
)


def crowded(count: int) -> list[Notice]:
    """Notices in which numbers, letters and what stands beside them meet in every order."""
    dice = random.Random(6)  # noqa: S311
    notices = make_notices(count, seed=7)
    return [
        replace(
            notice,
            title="".join(dice.choices(CHARACTERS, k=dice.randint(1, 6))),
            body="".join(dice.choices(CHARACTERS, k=dice.randint(0, 16))),
        )
        for notice in notices
    ]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Engine, Engine]:
    """An index of two segments of crowded notices, and what reads them all."""
    notices = crowded(400)
    engine, linear = open_engine(tmp_path_factory.mktemp("crowded")), LinearEngine(Path("unused"))
    with engine.rebuilding(notices[:300], 1), linear.rebuilding(notices, 1):
        pass
    engine.update(notices[300:], [], 2)
    return engine, linear


def substrings(count: int) -> list[str]:
    """Random parts of titles and bodies, 1 to 12 characters long."""
    dice = random.Random(4)  # noqa: S311
    parts = []
    while len(parts) < count:
        notice = dice.choice(NOTICES)
        text = dice.choice((notice.title, notice.body))
        start, size = dice.randrange(len(text)), dice.randint(1, 12)
        if text[start : start + size].strip():
            parts.append(text[start : start + size])
    return parts


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def found(engine: Engine, text: str) -> set[str]:
    first = engine.search(Query(text, per_page=100))
    rest = [engine.search(Query(text, page=page, per_page=100)) for page in range(2, first.total // 100 + 2)]
    return {hit.notice.id for results in [first, *rest] for hit in results.hits}


def test_any_part_of_a_text_finds_exactly_the_notices_that_have_it(engine: Engine) -> None:
    everything = set(FOLDED)
    for part in substrings(80):
        needle = strip_edges(fold(part))
        in_title = {id_ for id_, (title, _) in FOLDED.items() if needle in title}
        in_body = {id_ for id_, (_, body) in FOLDED.items() if needle in body}
        assert found(engine, quoted(part)) == in_title | in_body, part
        assert found(engine, f"标题:{quoted(part)}") == in_title, part
        assert found(engine, f"正文:{quoted(part)}") == in_body, part
        assert found(engine, f"NOT {quoted(part)}") == everything - in_title - in_body, part


def test_every_query_finds_what_reading_every_notice_finds(engine: Engine, linear: Engine) -> None:
    """Words, phrases and operators mixed at random: the same results, totals and facets as without an index."""
    dice = random.Random(5)  # noqa: S311
    parts = substrings(300)
    for _ in range(80):
        leaves = [dice.choice((quoted(p), p, f"标题:{quoted(p)}", f"-{quoted(p)}")) for p in dice.sample(parts, 3)]
        text = (
            f"({leaves[0]} OR {leaves[1]}) {leaves[2]} {dice.choice(('', '年份:2000..', '时效:有效', '主题:增值税'))}"
        )
        query = Query(text, topic=dice.choice(("", "契税")), per_page=100)
        ours, theirs = engine.search(query), linear.search(query)
        assert ours.total == theirs.total, text
        assert ours.facets == theirs.facets, text
        assert {h.notice.id for h in ours.hits} == {h.notice.id for h in theirs.hits} or ours.total > 100, text


def test_parts_in_traditional_characters_and_full_width_find_the_same(engine: Engine) -> None:
    assert found(engine, '"１５日內申報"') == found(engine, '"15日内申报"') != set()
    assert found(engine, '"gb/t 4754"') == found(engine, '"ＧＢ／Ｔ　４７５４"') != set()


@settings(max_examples=200, deadline=None)
@given(st.text(NUMBERED, min_size=1, max_size=5), st.sampled_from(WAYS), st.sampled_from(("", "契税")))
def test_a_number_is_found_wherever_it_stands_apart(
    both: tuple[Engine, Engine], number: str, way: str, topic: str
) -> None:
    """Whoever asks for 10 wants 第10条, 10% and 10.5, and neither 2010 nor 10a; the index tells them apart unread."""
    engine, linear = both
    query = Query(way.format(number), topic=topic, per_page=100)
    ours, theirs = engine.search(query), linear.search(query)
    assert ours.total == theirs.total
    assert ours.facets == theirs.facets
    assert {h.notice.id for h in ours.hits} == {h.notice.id for h in theirs.hits} or ours.total > 100
