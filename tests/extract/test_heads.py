"""Where a notice begins, what stands at its head and its foot, and what only looks like one."""

from datetime import UTC, date, datetime

import pytest

from archive.extract import Code, extract
from archive.models import Capture
from archive.page import read_page
from tests.extract.short import TEXT, TITLE, read, shown


@pytest.mark.parametrize(
    "line", ["（2009年5月6日　示例省国家税务局　示例国税发〔2009〕1号）", "（示例国税发〔2009〕1号　2009年5月6日发布）"]
)
def test_number_and_date_may_stand_in_one_line_below_the_title(line: str) -> None:
    notice = read(shown(TITLE, line, *TEXT))
    assert (str(notice.number), notice.issued_on) == ("示例国税发〔2009〕1号", date(2009, 5, 6))
    assert notice.body.split("\n") == TEXT


def test_an_old_forum_puts_its_own_lines_between_title_and_number() -> None:
    lines = ["税友论坛 → 法规专区 → " + TITLE, "第 4 个阅读者\t发表主题", "税海一叶", "门派：无门无派", TITLE]
    notice = read(shown(*lines, "示例国税发〔2009〕1号", *TEXT))
    assert (notice.title, str(notice.number)) == (TITLE, "示例国税发〔2009〕1号")
    assert notice.body.split("\n") == TEXT


def test_a_notice_without_number_below_one_of_another_authority_is_its_own() -> None:
    rule = ["例子市税务局定额管理办法", "第一条 为加强管理，制定本办法。", "第二条 定额由税务所核定。", "例子市税务局"]
    lines = [TITLE, "示例国税发〔2009〕1号", *TEXT, "示例省国家税务局", "2009年5月6日"]
    html = shown(*lines, *rule, "1995年5月26日")
    found = extract(read_page(Capture("p.html", datetime(2026, 1, 1, tzinfo=UTC), html.encode()))).notices
    assert [notice.title for notice in found] == [TITLE, rule[0]]


def test_a_reading_in_doubt_in_a_title_is_told_above_the_body() -> None:
    title = "示例省国家税务局关于彩票发行费ä¸用于公益金的部分征税问题的通知"
    notice = read(shown(title, "示例国税发〔2009〕1号", *TEXT))
    (place,) = notice.damage
    assert place.at < 0
    assert notice.title[place.at + len(notice.title) + 1 :].startswith(place.text)


def test_a_centred_title_on_two_lines_has_its_authority() -> None:
    authority, _, rest = TITLE.partition("关于")
    below = shown("示例国税发〔2009〕1号", *TEXT)
    assert read(f"<p align=center>{authority}</p><p align=center>关于{rest}</p>{below}").title == TITLE
    assert read(f"<p>{authority}</p><p>关于{rest}</p>{below}").title == f"关于{rest}"


@pytest.mark.parametrize(
    ("line", "validity"),
    [
        ("【全文废止】", "repealed"),
        ("注：全文失效。参见：某某令", "repealed"),
        ("条款失效", "partly_repealed"),
        ("全文有效", "in_force"),
    ],
)
def test_a_line_of_its_own_tells_the_validity(line: str, validity: str) -> None:
    assert read(shown(TITLE, "示例国税发〔2009〕1号", line, *TEXT)).validity == validity


def test_a_number_that_begins_with_its_year_in_brackets_is_no_numbered_part() -> None:
    html = "".join(f"<p>{line}</p>" for line in (TITLE, "(88)国税地字第015号", *TEXT))
    assert str(read(html).number) == "国税地字〔1988〕15号"


@pytest.mark.parametrize(
    "table",
    [
        "<tr><td>政策名称<td>文 号<td>发文机构<td>收录时间<tr><td>{0}<td>{1}<td>示例省国税局<td>2012-07-01",
        "<dl><dt>政策名称<dd>{0}<dt>文 号<dd>{1}<dt>签发日期<dd>2009-01-05<dt>收录时间<dd>2012.07.01</dl>",
    ],
)
def test_labels_above_their_values_are_read(table: str) -> None:
    text = "".join(f"<p>{line}</p>" for line in TEXT)
    notice = read(f"<table>{table.format(TITLE, '示例国税发〔2009〕1号')}</table>{text}")
    assert (notice.title, str(notice.number), notice.published_on) == (TITLE, "示例国税发〔2009〕1号", date(2012, 7, 1))
    assert notice.body.split("\n") == TEXT


def test_a_title_line_wrapped_behind_its_number_is_read() -> None:
    lines = (f"示例国税发〔2009〕1号 – {TITLE[:-4]}", TITLE[-4:], "发布日期：2012-07-01", TITLE, *TEXT)
    page = read_page(Capture("p.txt", datetime(2026, 1, 1, tzinfo=UTC), "\n".join(lines).encode()))
    assert [(str(each.number), each.title) for each in extract(page).notices] == [("示例国税发〔2009〕1号", TITLE)]


def test_a_title_that_only_a_label_states_is_the_notices_and_not_that_of_what_it_issues() -> None:
    issued = ["示例检查规程", "第一条 为规范示例检查，制定本规程。", "第二条 本规程由示例省国家税务局负责解释。"]
    title = "示例省国家税务局关于印发《示例检查规程》的通知"
    lines = (
        f"标题: {title} [打印本页]",
        "**示例国税发〔2009〕1号**",
        TEXT[0],
        "现将《示例检查规程》印发给你们。",
        *issued,
    )
    notice = read("".join(f"<p>{line}</p>" for line in lines))
    assert (notice.title, str(notice.number)) == (title, "示例国税发〔2009〕1号")
    assert notice.body.split("\n") == [TEXT[0], "现将《示例检查规程》印发给你们。", *issued]


def test_a_number_below_the_signature_is_the_notices() -> None:
    lines = (TITLE, *TEXT, "示例省国家税务局", "2009年1月5日", "（发文字号：示例国税发〔2009〕1号）")
    assert str(read("".join(f"<p>{line}</p>" for line in lines)).number) == "示例国税发〔2009〕1号"


def test_a_notice_that_forwards_another_and_the_other_are_two() -> None:
    other = f"转发{TITLE}"
    first = ["各县税务局：", f"现将《{TITLE}》转发给你们，请遵照执行。"]
    lines = [f"示例市税务局{other}", "示例市税发〔2009〕9号", *first, "示例市税务局", "2009年2月2日"]
    lines += [TITLE, "示例国税发〔2009〕1号", *TEXT, "示例省国家税务局", "2009年1月5日"]
    page = read_page(Capture("p.html", datetime(2026, 1, 1, tzinfo=UTC), "\n".join(lines).encode()))
    assert [notice.body.split("\n") for notice in extract(page).notices] == [first, TEXT]


def test_words_with_which_a_page_passes_a_notice_on_are_none_of_it() -> None:
    """The title above them is the page's; number and text stand below the title that follows."""
    greeting = ["各位会员：现将最新政策转发给大家，请认真学习。", "（某某会计师事务所培训部）"]
    lines = [TITLE, *greeting, TITLE, "示例国税发〔2009〕1号", *TEXT, "示例省国家税务局", "2009年1月5日"]
    page = read_page(Capture("p.html", datetime(2026, 1, 1, tzinfo=UTC), shown(*lines).encode()))
    (notice,) = extract(page).notices
    assert (str(notice.number), notice.body.split("\n")) == ("示例国税发〔2009〕1号", TEXT)


def test_two_notices_of_one_title_are_told_by_their_numbers() -> None:
    foot = ("示例省国家税务局", "2009年1月5日")
    lines = [line for n in (1, 2) for line in (TITLE, f"示例国税发〔2009〕{n}号", *TEXT, *foot)]
    page = read_page(Capture("p.html", datetime(2026, 1, 1, tzinfo=UTC), shown(*lines).encode()))
    assert [str(notice.number)[-3:] for notice in extract(page).notices] == ["〕1号", "〕2号"]


def test_an_order_is_of_all_that_its_number_names() -> None:
    title = TITLE.removeprefix("示例省国家税务局")
    notice = read(shown(title, "财政部 国家税务总局令第50号", *TEXT, "国家税务总局", "2009年1月5日"))
    assert notice.authorities == ("财政部", "国家税务总局")


def test_numbered_headings_of_several_notices_are_their_titles() -> None:
    contents = "".join(f"<li><a href='#{n}'>{TITLE[:-2] + kind}</a></li>" for n, kind in enumerate(("通知", "批复")))
    foot = ("示例省国家税务局", "2009年1月5日")
    notices = [
        f"<h2>{n}、{TITLE[:-2] + kind}</h2>{shown(f'示例国税发〔2009〕{n}号', *TEXT, *foot)}"
        for n, kind in ((1, "通知"), (2, "批复"))
    ]
    page = read_page(Capture("p.html", datetime(2026, 1, 1, tzinfo=UTC), (contents + "".join(notices)).encode()))
    found = extract(page).notices
    assert [(notice.title, str(notice.number)) for notice in found] == [
        (TITLE, "示例国税发〔2009〕1号"),
        (TITLE[:-2] + "批复", "示例国税发〔2009〕2号"),
    ]


def test_fields_copied_from_a_table_are_read() -> None:
    rows = [f"法规名称\t{TITLE}", "文件字号\t示例国税发〔2009〕1号", "颁布日期\t2009-01-05", "发布日期\t2009-03-06"]
    page = read_page(Capture("p.txt", datetime(2026, 1, 1, tzinfo=UTC), "\n".join([*rows, *TEXT]).encode()))
    (notice,) = extract(page).notices
    assert (str(notice.number), notice.title, notice.body.split("\n")) == ("示例国税发〔2009〕1号", TITLE, TEXT)
    assert (notice.issued_on, notice.published_on) == (date(2009, 1, 5), date(2009, 3, 6))


def test_the_words_behind_each_date_are_kept() -> None:
    html = (
        "<meta name=pubdate content='2008-07-01'><h1>国家税务总局关于某项政策的公告</h1>"
        "<p>国家税务总局公告2012年第54号</p>"
        "<p>现将有关事项公告如下：</p><p>一、纳税人应当按照规定办理。</p>"
        "<p>二、本公告自2008年8月1日起施行，有效期2年。联系人：张三，联系电话：010-63417425。</p>"
        "<p align=right>国家税务总局</p><p align=right>二○○八年六月十九日</p>"
    )
    (notice,) = extract(read_page(Capture("page.html", datetime(2026, 1, 1, tzinfo=UTC), html.encode()))).notices
    effect = "二、本公告自2008年8月1日起施行，有效期2年。"
    assert {each.field: each.text for each in notice.evidence} == {
        "issued_on": "国家税务总局 二○○八年六月十九日",
        "published_on": "pubdate: 2008-07-01",
        "effective_on": effect,
        "expires_on": effect,
    }
    assert notice.expires_on == date(2010, 7, 31)
    assert notice.contacts == ("联系人：张三", "联系电话：010-63417425")
    assert notice.contacts[1] in notice.body


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([TITLE, "国税发〔20□□〕□号", *TEXT], Code.MASKED_NUMBER),
        ([TITLE, "国税发〔二〇××〕×号", *TEXT], Code.MASKED_NUMBER),
        ([TITLE, "国税函[YYYY]NNN号", *TEXT], Code.MASKED_NUMBER),
        ([TITLE, "国税发〔 20XX ]××号", *TEXT], Code.MASKED_NUMBER),
        ([TITLE, "示例国税发〔2009〕1号", "某某传奇最新章节由网友上传，大家全部免费阅读。"], Code.FRAGMENT),
        ([TITLE, "示例国税发〔2009〕1号", "正文见附件。"], Code.FRAGMENT),
        ([TITLE, "国税发〔\u3000\u3000〕\u3000号", *TEXT], Code.MASKED_NUMBER),
        ([TITLE, "示例国税发〔2009〕1号", TEXT[0]], Code.FRAGMENT),
        ([TITLE, "示例国税发〔2009〕1号", "用户名：", "密码："], Code.FRAGMENT),
        (["示例省税务局办公楼物业服务采购项目中标公告", *TEXT, "示例招标公司", "2009年1月5日"], Code.ADVERT),
    ],
)
def test_what_has_the_head_of_a_notice_and_not_its_text_is_rejected(lines: list[str], code: Code) -> None:
    page = read_page(Capture("p.txt", datetime(2026, 1, 1, tzinfo=UTC), "\n".join(lines).encode()))
    rejection = extract(page).rejection
    assert rejection is not None
    assert rejection.code is code
