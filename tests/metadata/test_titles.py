"""Titles: what is taken for one is what people see in every list, so adverts and headlines must not pass for it."""

import pytest

from archive.metadata.titles import bare_number, is_official, kind_of, number_line, read_title_line

TITLE = "国家税务总局关于某某问题的通知"


@pytest.mark.parametrize(
    ("line", "title", "number"),
    [
        ("国税函〔2008〕608号 – 关于做好资源使用工作的通知", "关于做好资源使用工作的通知", "国税函〔2008〕608号"),
        (f"{TITLE}（国税发〔2005〕5号）", TITLE, "国税发〔2005〕5号"),
        (f"{TITLE}_国税发[2005]5号-示例财税之家", TITLE, "国税发〔2005〕5号"),
        (f"花千骨23:国税发〔2009〕90号 {TITLE}", TITLE, "国税发〔2009〕90号"),
        (f"花千骨23：{TITLE}", TITLE, None),
        (f"彩票走势图 {TITLE}", TITLE, None),
        (f"示例论坛 › 法规 › {TITLE}", TITLE, None),
        (f"{TITLE}[全文废止]", TITLE, None),
        (f"短视频安装-{TITLE}", TITLE, None),
        (f"会计人家园>税收政策>{TITLE}", TITLE, None),
        (f"税友论坛 → 法规专区 → {TITLE}", TITLE, None),
        ("关于印发《准则——应用指南》的通知——某站", "关于印发《准则——应用指南》的通知", None),
        (f"[转载] {TITLE}(2010-5-6)", TITLE, None),
        (f"【法规】{TITLE}.doc", TITLE, None),
        ("财政部 国家税务总局关于某事的通知", "财政部 国家税务总局关于某事的通知", None),
        ("国家税务总局关于国税发〔2005〕5号文件的批复", "国家税务总局关于国税发〔2005〕5号文件的批复", None),
        ("国税发[2023]175号 – 示例货物退税管理办法（试行）", "示例货物退税管理办法（试行）", "国税发〔2023〕175号"),
        ("关于转发国税函〔2008〕608号的通知", "关于转发国税函〔2008〕608号的通知", None),
    ],
)
def test_a_title_is_freed_from_what_stands_around_it(line: str, title: str, number: str | None) -> None:
    read = read_title_line(line)
    assert read is not None
    assert (read.title, read.number and str(read.number)) == (title, number)


@pytest.mark.parametrize(
    "text",
    [
        "增值税热点问题解答，划重点啦",
        f"{TITLE}的解读",
        "国家税务总局公告2012年第54号",
        "纳税人违反前款规定",
        "1.关于同意延长使用期限的函",
        "附件：关于某事的通知",
        "根据国家税务总局关于某事的通知",
        "关于某事的通知。",
        "税务总局出台关于某事的公告",
        "税收 局 总局 纳税人 通知",
        "财政部关于贯彻《示例市选举办法",
    ],
)
def test_headlines_items_and_sentences_are_no_titles(text: str) -> None:
    assert not is_official(text)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        (TITLE, "通知"),
        ("关于某事的复函", "函"),
        ("示例县发票管理办法（试行）", "办法"),
        ("财政部令", "令"),
        ("某事", ""),
    ],
)
def test_the_kind_is_the_last_word_of_the_title(title: str, kind: str) -> None:
    assert kind_of(title) == kind


def test_numbers_alone_on_a_line() -> None:
    assert str(number_line("（国税发〔2005〕5号）")) == "国税发〔2005〕5号"
    assert str(number_line("花千骨23:国税发〔2005〕5号")) == "国税发〔2005〕5号"
    assert number_line("根据国税发〔2005〕5号文件") is None
    assert str(bare_number("2012年第54号", "国家税务总局公告")) == "国家税务总局公告2012年第54号"
    assert bare_number("第一条", "财政部令") is None
