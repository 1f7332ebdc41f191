"""What pages state about a notice: read as facts, and never as text of the notice."""

from datetime import date

import pytest

from archive.metadata.attachments import distinct, read_attachments
from archive.metadata.fields import (
    is_field_line,
    page_date,
    read_fields,
    read_meta,
    read_pairs,
    stated_dates,
    tagged_dates,
    undated,
)
from archive.models import Validity


def test_a_line_of_labels_gives_its_facts() -> None:
    line = "发文字号：国税函[2008]608号 发文日期：2008-6-19 时效性：部分条款失效 阅读人次：12"
    fields = read_fields(read_pairs(line))
    assert str(fields.number) == "国税函〔2008〕608号"
    assert fields.validity is Validity.PARTLY_REPEALED
    dates = stated_dates([(line, read_pairs(line)), ("发布日期：", [("published_on", "2009-1-1")])])
    assert {field: (day.value, day.text) for field, day in dates.items()} == {
        "issued_on": (date(2008, 6, 19), line),
        "published_on": (date(2009, 1, 1), "发布日期：2009-1-1"),
    }


def test_the_heads_of_columns_are_no_labels_of_one_notice() -> None:
    cells = ("序号", "文件名称", "文号", "发文日期")
    assert not is_field_line("\t".join(cells), cells)
    assert is_field_line("文号\t国税函[2008]608号", ("文号", "国税函[2008]608号"))


def test_a_label_may_touch_the_number_before_it() -> None:
    assert read_pairs("示例总局公告2013年第61号发布：2015-01-09") == [("published_on", "2015-01-09")]


def test_cells_beside_label_cells_are_values() -> None:
    cells = ("发文机关", "财政部 国家税务总局", "文　号", "财税[2010]9901号")
    fields = read_fields(read_pairs("\t".join(cells), cells))
    assert fields.authorities == ("财政部", "国家税务总局")
    assert str(fields.number) == "财税〔2010〕9901号"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("发布日期:2015-07-03", True),
        ("文　号：", True),
        ("现将有关问题通知如下：", False),
        ("各省、自治区国家税务局：", False),
        ("纳税人识别号：由主管税务机关编制。", False),
    ],
)
def test_only_labels_make_a_line_of_fields(text: str, expected: bool) -> None:
    assert is_field_line(text) is expected


def test_tags_of_government_sites_are_read_and_other_titles_are_not() -> None:
    meta = {"pubdate": "2013-05-20 09:12", "title": "赌球网址大全", "articletitle": "关于某事的通知"}
    published = tagged_dates(meta)["published_on"]
    assert read_meta(meta).title == "关于某事的通知"
    assert (published.value, published.text) == (date(2013, 5, 20), "pubdate: 2013-05-20 09:12")


def test_a_date_with_a_time_of_day_needs_no_label() -> None:
    assert undated("2007-11-02 15:30:12 admin") == date(2007, 11, 2)
    assert undated("2007年11月2日") is None


def test_a_file_is_named_once_whatever_its_link_adds() -> None:
    linked = ("附件1.税务登记表.docx（32.5KB）", "2.说明.pdf", "附件：名单.xls", "另表")
    assert distinct(("税务登记表", "说明", "名单", *linked)) == ("税务登记表", "说明", "名单", "另表")


def test_attachments_are_named_and_their_text_is_not() -> None:
    paragraphs = ["附件：1.甲申请表", "2.乙登记簿", "第一条　为了规范管理，制定本办法。", "3.其他"]
    assert read_attachments(paragraphs) == ("甲申请表", "乙登记簿")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2018-12-06 某某财税 阅读 5", date(2018, 12, 6)),
        ("2003-04-25 来源：财政部网站 我有话说(12人参与)", date(2003, 4, 25)),
        ("[ 2000/1/4 ]", date(2000, 1, 4)),
        ("2009年1月23日 阅读(123)", date(2009, 1, 23)),
        ("[ 2009年1月23日 ]", date(2009, 1, 23)),
        ("2009年1月23日", None),
        ("(2008-6-19)", None),
        ("2008-6-19 国税函〔2008〕608号", None),
        ("今天是 2026-11-24 星期二", None),
        ("2008-1-1 以前的收入，按原规定办理。", None),
    ],
)
def test_a_date_is_the_pages_only_if_it_is_not_the_notices(text: str, expected: date | None) -> None:
    assert page_date(text) == expected
