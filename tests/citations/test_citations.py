"""Citations: every link of a notice to another starts from one of these."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.citations import cited_in, find_citations
from archive.citations.places import place_of
from archive.citations.since import since
from archive.models import Relation
from archive.numbers import DocumentNumber

PIECES = st.sampled_from(
    [
        "国税发〔2003〕21号",
        "《关于甲的通知》",
        "（财税〔2009〕5号）",
        "同时废止",
        "根据",
        "、",
        "和",
        "第三条",
        "，",
        "。",
        "\n",
        "1.",
        "废止下列文件：",
    ]
    + [
        "现将",
        "转发给你们",
        "（以下简称《办法》）",
        "《办法》",
        "36号文",
        "“",
        "”",
        "※",
        "《",
        "》",
        "将",
        "修改为",
        "不",
        "附件1",
    ]
)


def test_title_and_number_side_by_side_are_one_citation() -> None:
    text = "根据《关于甲的通知》（国税函〔2008〕608号）、国税发〔2003〕21号《关于乙的通知》"
    first, second = find_citations(text)
    assert (first.number, first.title) == (DocumentNumber("国税函", 2008, 608), "关于甲的通知")
    assert (second.number, second.title) == (DocumentNumber("国税发", 2003, 21), "关于乙的通知")
    assert [text[c.start : c.end] for c in (first, second)] == ["国税函〔2008〕608号", "国税发〔2003〕21号"]


def test_an_announcement_cited_by_title_and_year_has_the_number_its_title_says() -> None:
    """《国家税务总局关于…的公告》（2012年第24号) is how most announcements cite each other."""
    text = "《国家税务总局关于甲的公告》（2012年第24号）和《关于乙的公告》（2013年第1号）同时废止。"
    first, second = find_citations(text)
    assert (first.number, first.relation) == (DocumentNumber("国家税务总局公告", 2012, 24), Relation.REPEALS)
    assert (second.number, second.title, second.relation) == (None, "关于乙的公告", Relation.REPEALS)


def test_a_short_name_stands_for_the_document_it_was_given_to() -> None:
    text = "《电信网码号资源管理办法》（信息产业部令第28号，以下简称《办法》）施行后，《办法》第三条适用。"
    first, second = find_citations(text)
    assert text[second.start : second.end] == "《办法》"
    assert (second.number, second.title) == (first.number, first.title)


def test_forms_and_licences_in_title_brackets_are_no_citations() -> None:
    assert find_citations("填报《纳税申报表》，出示《营业执照》《短消息类服务接入代码使用证书》。") == ()


def test_a_notice_does_not_cite_itself() -> None:
    body = "国税函〔2008〕608号\n本通知（国税函〔2008〕608号）与国税函〔2008〕609号一并执行。"
    assert [c.number for c in find_citations(body, DocumentNumber("国税函", 2008, 608))] == [
        DocumentNumber("国税函", 2008, 609)
    ]


def test_an_annex_of_many_rows_repeals_every_one() -> None:
    rows = [f"{n}\n国家税务总局关于第{n}类问题的批复\n1996-01-01\n国税函〔1996〕{n}号" for n in range(1, 201)]
    body = "现将失效废止的文件予以公布。\n附件1\n全文失效废止的税收规范性文件目录\n" + "\n".join(rows)
    found = find_citations(body)
    assert [c.number.serial for c in found if c.number] == list(range(1, 201))
    assert {c.relation for c in found} == {Relation.REPEALS}
    assert place_of(body, found[14].start) == "附件1第15项"


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("附件：全文废止的文件目录\n1.甲\n15. 国税发〔2001〕1号", "附件第15项"),
        ("附件2\n目录\n7\n关于甲的通知\n国税发〔2001〕1号", "附件2第7项"),
        ("第一条 甲\n第二十条　本办法自2010年起施行，国税发〔2001〕1号同时废止", "第二十条"),
        ("下列文件废止：\n1.国税发〔2000〕9号\n2.国税发〔2001〕1号", "第2项"),
        ("一、甲\n二、国税发〔2001〕1号废止", "第二点"),
        ("国税发〔2001〕1号废止", ""),
    ],
)
def test_the_place_of_a_citation_is_named_as_a_reader_would(body: str, place: str) -> None:
    assert place_of(body, body.index("国税发〔2001〕1号")) == place


@pytest.mark.parametrize(
    ("body", "day"),
    [
        ("本通知自发布之日起执行。国税发〔2001〕1号自2019年4月1日起停止执行。", date(2019, 4, 1)),
        ("本公告自2018年1月1日起施行，国税发〔2001〕1号同时废止。", date(2018, 1, 1)),
        ("自2008年1月1日起，甲废止；国税发〔2001〕1号从二○一○年一月一日起失效。", date(2010, 1, 1)),
        ("下列文件废止：\n1.国税发〔2001〕1号\n自2012年1月1日起施行。", None),
        ("国税发〔2001〕1号自发布之日起废止", None),
    ],
)
def test_the_day_from_which_a_notice_falls_is_that_of_its_sentence(body: str, day: date | None) -> None:
    """What was in force on a day would be answered by the date of the repealing notice, months off."""
    assert since(body, body.index("国税发〔2001〕1号")) == day


def test_any_pasted_text_is_looked_through() -> None:
    pasted = "請見：國稅函﹝2008﹞608號，\r\nSee Guoshuihan [2009] 3.\r\n"
    assert [str(c.number) for c in cited_in(pasted)] == ["国税函〔2008〕608号", "国税函〔2009〕3号"]


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_spans_are_in_order_inside_the_text_and_do_not_overlap(text: str) -> None:
    found = find_citations(text)
    ends = [0, *(c.end for c in found)]
    assert all(end <= c.start < c.end <= len(text) for c, end in zip(found, ends, strict=False))
    assert all(c.number or c.title for c in found)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
def test_no_text_is_too_strange(text: str) -> None:
    assert find_citations(text) == cited_in(text)


@pytest.mark.parametrize(
    "piece",
    [
        "《",
        "》《",
        "《关于的通知》",
        "国税发〔2003〕21号、",
        "※",
        "“",
        "1号文 ",
        "废止",
        "国税发〔2003〕21号\n",
        "国税发〔2003〕21号（",
        "（国税发〔2003〕21号修改）",
    ],
)
def test_a_hostile_text_costs_no_more_than_its_length(piece: str) -> None:
    """Nothing is asserted about time; comparing every pair of mentions would take minutes here."""
    assert len(find_citations(piece * (50_000 // len(piece)))) <= 100_000
