"""The query language: what the user typed is understood, or read literally and said to be."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.models import DateKind
from archive.search.dates import Span
from archive.search.nodes import (
    And,
    Dates,
    Filter,
    InForce,
    Node,
    Not,
    Number,
    Or,
    Phrase,
    Prefix,
    Words,
    Years,
    render,
)
from archive.search.query import MAX_CLAUSES, parse

UNDERSTOOD: dict[str, Node | None] = {
    "": None,
    "增值税": Words("增值税"),
    "增值税 发票": And((Words("增值税"), Words("发票"))),
    "增值税 AND 发票": And((Words("增值税"), Words("发票"))),
    "增值税 OR 营业税 发票": Or((Words("增值税"), And((Words("营业税"), Words("发票"))))),
    "(增值税 OR 营业税) 发票": And((Or((Words("增值税"), Words("营业税"))), Words("发票"))),
    "增值税 -农产品": And((Words("增值税"), Not(Words("农产品")))),
    "NOT (甲 OR 乙)": Not(Or((Words("甲"), Words("乙")))),
    '"专用发票"': Phrase("专用发票"),
    "“专用发票”": Phrase("专用发票"),
    r'"他说\"好\""': Phrase('他说"好"'),
    "增值*": Prefix("增值"),
    "标题:通知": Words("通知", "title"),
    "標題:通知": Words("通知", "title"),
    "title：通知": Words("通知", "title"),
    '正文:"即征即退"': Phrase("即征即退", "body"),
    "标题:(甲 OR 乙)": Or((Words("甲", "title"), Words("乙", "title"))),
    "文号:608号": Number("608号"),
    "文号:608": Number("608号"),
    "国税函[2008]608号": Or((Number("国税函〔2008〕608号"), Phrase("国税函〔2008〕608号"))),
    "Guoshuihan [2008] 608": Or((Number("国税函〔2008〕608号"), Phrase("国税函〔2008〕608号"))),
    "发文机关:财政部": Filter("authority", "财政部"),
    "主题:增值税": Filter("topic", "增值税"),
    "时效:废止": Filter("validity", "repealed"),
    "年份:2008": Years(2008, 2008),
    "年份:2008..2010": Years(2008, 2010),
    "日期:2008-01..2009-06": Dates(DateKind.ISSUED, Span(date(2008, 1, 1), date(2009, 6, 30))),
    "施行日期:..2009": Dates(DateKind.EFFECTIVE, Span(None, date(2009, 12, 31))),
    "有效于:2010-05-01": InForce(date(2010, 5, 1)),
    "inforce:2010-02": InForce(date(2010, 2, 28)),
    "NOT 有效于：2010": Not(InForce(date(2010, 12, 31))),
    "date:2008-02-29": Dates(DateKind.ISSUED, Span(date(2008, 2, 29), date(2008, 2, 29))),
}
LITERAL = {
    "AND": Words("AND"),
    "增值税 OR": And((Words("增值税"), Words("OR"))),
    "NOT": Words("NOT"),
    "日期:去年": Words("去年"),
    "日期:2008-13": Words("2008-13"),
    "时效:好": Words("好"),
    "有效于:2008..2009": Words("2008..2009"),
    "有效于:昨天": Words("昨天"),
    '"没有右引号': Phrase("没有右引号"),
    "(甲 OR 乙": Or((Words("甲"), Words("乙"))),
    "甲) 乙": And((Words("甲"), Words("乙"))),
}


@pytest.mark.parametrize("text", UNDERSTOOD)
def test_understood(text: str) -> None:
    parsed = parse(text)
    assert parsed.node == UNDERSTOOD[text]
    assert parsed.reading == ()


@pytest.mark.parametrize("text", LITERAL)
def test_read_literally_and_said_so(text: str) -> None:
    parsed = parse(text)
    assert parsed.node == LITERAL[text]
    assert parsed.reading


def test_quotes_inside_a_sentence_are_no_phrases() -> None:
    text = '"航班"真实、"旅程"虚假是否构成诈骗'
    assert parse(text).node == Words(text)


@pytest.mark.parametrize(
    "text", ["((((" * 500, '"' * 999, "-" * 999, "甲 OR " * 300, "标题:" * 200, "(" * 40 + "甲" + ")" * 40]
)
def test_long_and_deep_queries_are_bounded(text: str) -> None:
    parsed = parse(text)
    render(parsed.node)


def test_too_many_clauses_are_dropped_and_said_so() -> None:
    parsed = parse(" OR ".join(f"词{n}" for n in range(100)))
    assert isinstance(parsed.node, Or)
    assert len(parsed.node.parts) == MAX_CLAUSES
    assert parsed.reading


PIECES = st.sampled_from(
    ["增值税", "608号", "AND", "OR", "NOT", "-", "(", ")", '"', "“", "”", "标题:", "日期:", "年份:", "2008", "..", "*",
     "\\", " ", "：", "国税函〔2008〕608号", "\n", "\u200b", "\ud800", "é", "＂", "a", "AND(", "文号:"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=25).map("".join)))
@settings(max_examples=200, deadline=None)
def test_no_query_raises(text: str) -> None:
    render(parse(text).node)


WORDS = st.sampled_from(["增值税", "农产品", "12366", "and", "〇", "é"])
FIELDS = st.sampled_from(["", "title", "body"])
LEAVES = st.one_of(
    st.builds(Words, WORDS, FIELDS),
    st.builds(Prefix, WORDS, FIELDS),
    st.builds(
        Phrase,
        st.text(min_size=1).filter(str.strip).filter(lambda t: not any("\ud800" <= c < "\ue000" for c in t)),
        FIELDS,
    ),
    st.builds(Filter, st.sampled_from(["topic", "authority", "kind"]), WORDS),
    st.builds(Years, st.just(2001), st.integers(2001, 2020)),
    st.builds(Dates, st.sampled_from(DateKind), st.builds(Span, st.dates(), st.none() | st.just(date.max))),
    st.builds(InForce, st.dates()),
    st.just(Number("608号")),
    st.just(Number("国税函 2008 608")),
)


def joined(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Parts under an operator, flat as the parser leaves them."""
    groups = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Not, parts.filter(lambda p: not isinstance(p, Not))),
        st.builds(And, groups.filter(lambda ps: not any(isinstance(p, And) for p in ps))),
        st.builds(Or, groups.filter(lambda ps: not any(isinstance(p, Or) for p in ps))),
    )


@given(st.recursive(LEAVES, joined, max_leaves=8))
@settings(max_examples=200, deadline=None)
def test_what_is_rendered_reads_back_the_same(node: Node) -> None:
    assert parse(render(node)).node == node


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2008年6月19日", date(2008, 6, 19), date(2008, 6, 19)),
        ("２００８-0６-19 ", date(2008, 6, 19), date(2008, 6, 19)),
        ("2008年6月", date(2008, 6, 1), date(2008, 6, 30)),
    ],
)
def test_nothing_but_a_day_or_a_month_asks_for_what_was_issued_then_and_says_so(
    text: str, first: date, last: date
) -> None:
    parsed = parse(text)
    assert parsed.node == Dates(DateKind.ISSUED, Span(first, last))
    assert parsed.reading


NUMBER = Or((Number("国税函〔2008〕608号"), Phrase("国税函〔2008〕608号")))
OF_AUTHORITY = And((Number("2008年608号"), Filter("authority", "国家税务总局")))


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("2008年国税函608号", NUMBER),
        ("国税函 608号 2008年", NUMBER),
        ("国家税务总局2008年608号文", OF_AUTHORITY),
        ("总局2008年608号", OF_AUTHORITY),
        ("国家税务总局608号文 发票", And((Number("608号"), Filter("authority", "国家税务总局"), Words("发票")))),
    ],
)
def test_a_number_in_an_unusual_order_is_found_and_said_so(text: str, node: Node) -> None:
    parsed = parse(text)
    assert parsed.node == node
    assert parsed.reading


@pytest.mark.parametrize("text", ["2008", "1234.5", "2008年13月", '"2008年6月19日"', "2008年6月1日起 发票"])
def test_other_figures_stay_words(text: str) -> None:
    assert not isinstance(parse(text).node, Dates)
