"""What sites put around and between the lines of a notice goes, and never a sentence of it."""

from datetime import UTC, date, datetime

import pytest

from archive.extract import extract, page_lines
from archive.models import Capture, Page
from archive.page import read_page
from tests.extract.short import TEXT, TITLE, read, shown


def page(ending: str, hits: int) -> Page:
    lines = [
        TITLE,
        "示例国税发〔2009〕1号",
        *TEXT,
        "本所竭诚为您服务，期待您的光临，欢迎新老客户来访洽谈。",
        f"第{hits}位来客到此",
        ending,
    ]
    html = "".join(f"<p>{line}</p>" for line in lines)
    return read_page(Capture("p.html", datetime(2026, 1, 1, tzinfo=UTC), html.encode()))


def test_lines_on_most_pages_of_a_site_are_its_frame() -> None:
    first, second = page("", 12), page("", 3456)
    recurring = page_lines(first) & page_lines(second)
    alone, known = extract(first).notices[0], extract(first, recurring).notices[0]
    assert alone.body.split("\n")[:4] == TEXT
    assert known.body.split("\n") == TEXT


def test_pages_of_one_site_are_compared_without_their_counters() -> None:
    assert page_lines(page("", 12)) == page_lines(page("", 3456))


def test_the_end_of_a_sentence_is_no_word_of_the_page() -> None:
    broken = [
        "各市国家税务局：",
        "一、甲项收入应当缴纳增值税，申请书应当包括下列",
        "内容：",
        "（一）名称；",
        "（二）地址。",
    ]
    assert "申请书应当包括下列内容：" in read(shown(TITLE, "示例国税发〔2009〕1号", *broken)).body.replace("\n", "")


def test_a_list_of_words_that_adverts_use_stays_and_what_may_be_one_is_told() -> None:
    names = ["棋牌类游戏软件", "视频点播软件", "人血白蛋白"]
    lines = ["一、下列产品不得享受优惠。", *names, "二、本通知自2009年1月1日起执行。", "代开住宿费发票", *TEXT[2:]]
    notice = read(shown(TITLE, "示例国税发〔2009〕1号", *TEXT[:2], *lines))
    assert all(name in notice.body.split("\n") for name in names)
    told = [place.text for place in notice.damage]
    assert told == [*names[:2], "代开住宿费发票"]
    assert told == [notice.body[place.at :][: len(place.text)] for place in notice.damage]


def test_names_in_a_list_do_not_sign() -> None:
    lines = [
        *TEXT[:3],
        "二、享受政策的单位名单如下：",
        "示例钢铁股份有限公司",
        "例子银行",
        "示例省国家税务局",
        "2009年1月2日",
    ]
    notice = read(shown(TITLE, "示例国税发〔2009〕1号", *lines))
    assert notice.authorities == ("示例省国家税务局",)
    assert notice.body.split("\n")[-2:] == ["示例钢铁股份有限公司", "例子银行"]


def test_a_sentence_broken_before_words_of_adverts_stays_whole() -> None:
    lines = ["一、示例收入应当缴纳的增值税，由财政给予奖励补贴", "、贷款贴息、风险补偿", "等方式支持。"]
    body = read(shown(TITLE, "示例国税发〔2009〕1号", *TEXT[:2], *lines, *TEXT[3:])).body
    assert "由财政给予奖励补贴、贷款贴息、风险补偿等方式支持。" in body.replace("\n", "")


def test_a_date_below_its_label_is_not_that_of_the_page() -> None:
    fields = "<dl><dt>颁布日期：</dt><dd>2009-01-02</dd><dt>文件字号：</dt><dd>示例国税发〔2009〕1号</dd>"
    fields += "<dt>转发日期：</dt><dd>2010-05-06</dd></dl>"
    notice = read(shown(TITLE) + fields + shown(*TEXT))
    assert (notice.issued_on, notice.published_on) == (date(2009, 1, 2), None)


def test_the_likeliest_reading_of_what_several_fit_is_taken_and_told() -> None:
    lines = ["一、彩票发行费ä¸用于彩票公益金的部分，应当专款专用。", *TEXT[3:]]
    notice = read(shown(TITLE, "示例国税发〔2009〕1号", *TEXT[:2], *lines))
    assert "彩票发行费中用于" in notice.body
    (told,) = notice.damage
    assert (notice.body[told.at], told.text, told.reason) == ("中", "中", "reading in doubt")


def test_words_of_adverts_in_a_line_that_goes_on_below_are_text() -> None:
    lines = [
        "一、示例收入应当缴纳增值税。",
        "学校开展体育娱乐项目教学，培养学生掌握体育运动技能或者健",
        "身方法的收入免税。",
    ]
    assert "技能或者健身方法的收入免税。" in read(shown(TITLE, *TEXT[:2], *lines, TEXT[3])).body.replace("\n", "")


def test_the_tags_of_a_page_are_cleaned_as_its_text_is() -> None:
    html = f'<meta name="ArticleTitle" content="{TITLE.replace("税", "税" + chr(0x3164))}">'
    assert read(html + shown(TITLE, "示例国税发〔2009〕1号", *TEXT)).title == TITLE


def test_links_to_attached_files_below_the_signature_are_no_text() -> None:
    lines = [TITLE, "示例国税发〔2009〕1号", *TEXT, "附件：统计表", "示例省国家税务局", "2008年12月1日"]
    links = "<p><a href=1.doc>附件1.doc</a></p><p><a href=2.xls>附件：统计表.xls</a> (25KB)</p>"
    html = "".join(f"<p>{line}</p>" for line in lines) + links
    notice = read(html)
    assert notice.body.split("\n") == [*TEXT, "附件：统计表"]
    assert notice.attachments == ("统计表", "附件1.doc")


def test_a_table_between_paragraphs_that_are_boxes_is_text() -> None:
    above, below = TEXT[:3], TEXT[3:]
    boxes = ["".join(f"<div><p>{line}</p></div>" for line in part) for part in (above, below)]
    head = f"<h1>{TITLE}</h1><p>示例国税发〔2009〕1号</p>"
    notice = read(f"<td>{head}{boxes[0]}<table><tr><td>石灰石<td>2.00</tr></table>{boxes[1]}</td>")
    assert notice.body.split("\n") == [*above, "石灰石\t2.00", *below]


@pytest.mark.parametrize(
    "opening",
    [
        ["为支持养老、托育、家政等社区家庭服务业发展，现就有关税费政策公", "告如下："],
        ["为了支持养老、托育、家政等社区家庭服务", "业发展，根据有关法律的规定，现就有关税费政策公", "告如下："],
        ["广东省、福建省财政厅、国家税务局，海关总署广东分署，福州", "、拱北海关：", "现通知如下："],
    ],
)
def test_the_first_sentence_is_kept_where_its_line_is_broken(opening: list[str]) -> None:
    lines = ["示例省国家税务局", "2009年1月5日"]
    html = "".join(f"<p>{line}</p>" for line in (TITLE, "示例国税发〔2009〕1号", *opening, *TEXT[2:], *lines))
    assert read(html).body.replace("\n", "").startswith("".join(opening))


def test_a_date_with_a_label_below_the_name_is_that_of_the_signature() -> None:
    lines = (TITLE, "示例国税发〔2009〕1号", "发布时间：2012-07-01", *TEXT, "示例省国家税务局", "日期：2009年1月5日")
    notice = read("".join(f"<p>{line}</p>" for line in lines))
    assert (notice.issued_on, notice.published_on) == (date(2009, 1, 5), date(2012, 7, 1))


@pytest.mark.parametrize(
    "line",
    [
        "【字体：大 中 小】",
        "&lt;&lt; 上一页 1 [2] [3] 下一页 &gt;&gt;",
        "【相关阅读】",
        "热线：400-186-0200（点击咨询在线客服）",
        "&gt;&gt;推荐：2016年注册税务师考试辅导招生",
    ],
)
def test_lines_of_the_page_between_paragraphs_are_no_text(line: str) -> None:
    lines = [TITLE, "示例国税发〔2009〕1号", *TEXT[:2], line, *TEXT[2:]]
    page = read_page(Capture("p.html", datetime(2026, 1, 1, tzinfo=UTC), shown(*lines).encode()))
    assert extract(page).notices[0].body.split("\n") == TEXT


def test_an_advert_linked_behind_the_addressees_costs_them_nothing() -> None:
    advert = "<a href='http://s.example/'>皇冠体育投注网站</a>"
    lines = [TITLE, "示例国税发〔2009〕1号", TEXT[0] + advert, *TEXT[1:], "特此公告。" + advert]
    page = read_page(Capture("p.html", datetime(2026, 1, 1, tzinfo=UTC), shown(*lines).encode()))
    notice = extract(page).notices[0]
    assert (notice.body.split("\n"), notice.recipients) == ([*TEXT, "特此公告。"], TEXT[0].rstrip("："))


def test_known_authorities_below_a_colon_sign() -> None:
    lines = [TITLE.removeprefix("示例省国家税务局"), "财税〔2009〕1号", *TEXT[:3], "三、禁止以下活动："]
    notice = read(shown(*lines, "财政部", "国家税务总局", "2009年1月5日"))
    assert notice.authorities == ("财政部", "国家税务总局")
    assert notice.body.endswith("三、禁止以下活动：")


def test_other_line_ends_end_lines_of_a_text() -> None:
    lines = [TITLE, "示例国税发〔2009〕1号", *TEXT]
    page = read_page(Capture("p.txt", datetime(2026, 1, 1, tzinfo=UTC), "\u2028".join(lines).encode()))
    assert extract(page).notices[0].body.split("\n") == TEXT


def test_a_quotation_broken_over_two_lines_gets_its_marks() -> None:
    first = '　　本市推行全流程"一表申请、一窗领取"。申请人可以通过"一窗'
    second = '通"网上服务平台办理，各级税务机关应当按照规定受理申请。'
    lines = [TITLE, "示例国税发〔2009〕1号", *(f"　　{line}" for line in TEXT), first, second]
    page = read_page(Capture("p.txt", datetime(2026, 1, 1, tzinfo=UTC), "\n".join(lines).encode()))
    assert "“一表申请、一窗领取”。申请人可以通过“一窗通”网上" in extract(page).notices[0].body


@pytest.mark.parametrize("inner", ["<hr>", "<br>　　"])
def test_a_short_text_in_a_cell_of_a_layout_is_no_table(inner: str) -> None:
    text = inner + "<br>　　".join(TEXT)
    cell = f"<center><b>{TITLE}</b></center><center>示例国税发〔2009〕1号</center>{text}"
    html = f"<table><tr><td>栏目导航<br>公司简介</td><td>{cell}</td></tr></table>"
    (notice,) = extract(read_page(Capture("p.html", datetime(2026, 1, 1, tzinfo=UTC), html.encode()))).notices
    assert (str(notice.number), notice.body.split("\n")) == ("示例国税发〔2009〕1号", TEXT)
