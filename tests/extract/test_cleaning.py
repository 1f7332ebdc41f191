"""Spam, frame and paragraphs: a lost true sentence is the worst that can happen, a line too many the next."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.clean.boilerplate import closes_notice, comparable, frame_part
from archive.clean.changes import apply, undo
from archive.clean.paragraphs import join_broken, part_glued, trim
from archive.clean.spam import (
    insertions,
    is_inserted,
    is_lone_advert,
    is_possible_advert,
    is_spam,
    remove_phrases,
    spam_phrases,
)

SENTENCES = [
    "上一篇文件已经失效的，下一篇文件应当注明废止依据。",
    "彩票发行费中用于彩票公益金的部分，应当专款专用，并接受财政部门监督。",
    "纳税人不得虚开、代开增值税专用发票，违者依法处罚。",
    "网络游戏公司出租棋牌游戏服务器取得的收入，按照租赁服务缴纳增值税。",
    "一、代开发票的范围",
    "荣誉市民称号的，é©(shì)用本条例",
    "小额贷款公司的税收处理",
    "桑拿、按摩",
    "版权所有人转让著作权免征增值税。",
    "相关文章的稿酬按规定征税。",
    "打印、复印业务",
    "举报电话：12366",
    "请登录国家税务总局网站下载软件。",
    "关于我们的纳税人识别号，由主管税务机关编制。",
    "领购发票应当提供经办人身份证明，咨询电话13800000000。",
    "一、纳税人遗失发票的，可以拨打热线查询办理网点。",
    "第一百零四条 国际航行船舶未经许可进出口岸的，由海事管理机构处三千元以上三万元以下的罚款。",
]
SPAM = [
    "重庆幸运农场走势图",
    "办理各类发票加QQ",
    "国产精品91热在线观看,亚洲另类日韩精品无码",
    "澳门赌场在线开户，首存送彩金，请点击 www.example.com。",
    "代开各类发票 13800000000 微信同号",
    "代理开具住宿费发票请致电13800000000",
    "开票加薇xpiao88",
    "澳丨门丨新丨葡丨京",
    "十0博0体0育",
    "www.bet88.example.com",
    "出售各地税局真票",
]
FRAME = [
    "上一篇：关于某某事项的公告",
    "打印本页 | 收藏本页 | 关闭",
    "相关阅读",
    "Copyright © 2006 All Rights Reserved.",
    "分享到：",
    "上一页 1 2 [3] 下一页 尾页",
    "--- 第 2 页 ---",
    "未经允许不得转载：财税之家 » 关于某事的公告",
    "本页面更新时间：2015年3月4日",
    "附：相关法规链接",
    "转藏到我的图书馆 微信 分享：",
    "您是本帖的第 810 个阅读者",
    "门派：无门无派",
    "【字体：大 中 小】",
    "查看完整版本: 关于某事的公告",
    "页: [1]",
    "（续上页）",
    "------分隔线----------------------------",
    "Copyright © 2006 示例网",
    "【税屋提示】本文已被最新政策替代，请谨慎参考。",
]


@pytest.mark.parametrize("text", SENTENCES)
def test_true_sentences_are_neither_spam_nor_frame(text: str) -> None:
    assert not is_spam(text)
    assert not closes_notice(text)
    assert not frame_part(text)


@pytest.mark.parametrize("text", SPAM)
def test_adverts_are_spam(text: str) -> None:
    assert is_spam(text)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("各地应当坐镇指挥，按期办理。开票加薇xpiao88", ["开票加薇xpiao88"]),
        ("税务机关（出售各地税局真票）出具的证明，应当（含本数）保存。", ["（出售各地税局真票）"]),
        ("逾期未换证的，按照规定处理。电子税务局登录方式", []),
        ("增值税纳税人（代开发票的除外）应当按期申报。国家税务总局公告", []),
    ],
)
def test_adverts_set_into_a_paragraph_are_found(line: str, found: list[str]) -> None:
    assert list(insertions(line)) == found


@pytest.mark.parametrize("text", FRAME)
def test_what_wraps_a_notice_is_known(text: str) -> None:
    assert frame_part(text)


def test_a_phrase_is_removed_from_a_sentence_only_if_the_page_advertises_it() -> None:
    phrases = spam_phrases(["真钱棋牌游戏大厅,税务局", "黄大仙救世报"])
    assert phrases == {"真钱棋牌游戏大厅", "黄大仙救世报"}
    assert remove_phrases("应当真钱棋牌游戏大厅缴纳。", phrases).text == "应当缴纳。"
    assert remove_phrases("应当缴纳。", frozenset()).text == "应当缴纳。"


def test_counters_do_not_make_lines_of_a_site_differ() -> None:
    assert comparable("点击：3764 次") == comparable("点击: 12 次".replace(": ", "："))


def test_a_glued_notice_is_parted_and_inner_items_of_a_sentence_are_not() -> None:
    glued = (
        "国家税务总局关于示例问题的通知国税发〔2009〕90号各省国家税务局：现通知如下：一、甲项应当征税。二、乙项按下列规定处理，"
        + ("并且应当单独核算。" * 8)
        + "国家税务总局二〇〇九年五月六日"
    )
    lines = part_glued(glued).text.split("\n")
    assert lines[:5] == [
        "国家税务总局关于示例问题的通知",
        "国税发〔2009〕90号",
        "各省国家税务局：",
        "现通知如下：",
        "一、甲项应当征税。",
    ]
    assert lines[-2:] == ["国家税务总局", "二〇〇九年五月六日"]
    others = "\n".join(["下列项目免税：（一）甲；（二）乙；（三）丙。" * 6] * 5)
    assert part_glued(others).text == others


def test_each_of_several_glued_notices_is_parted_and_a_long_paragraph_with_items_is_not() -> None:
    notice = "示例省税务局关于示例{0}问题的通知示例税发〔2009〕{0}号各市税务局：现通知如下："
    notice += "一、甲项应当征税。二、乙项应当单独核算。"
    glued = "\n".join(notice.format(n) + "并且应当按期申报。" * 12 + "示例省税务局二〇〇九年五月六日" for n in (1, 2))
    assert part_glued(glued).text.count("\n") == 2 * 7 + 1
    paragraph = (
        "预案应当包括：（一）分工；（二）报警；（三）疏散；（四）通信联络措施。" + "幼儿园的预案应当包含保护措施。" * 6
    )
    page = "\n".join([paragraph, *["应当定期组织演练，并且做好记录。"] * 20])
    assert part_glued(page).text == page


def test_numbers_that_count_from_one_part_a_glued_notice_and_a_list_in_a_sentence_does_not() -> None:
    glued = "现补充通知如下：1.收购单位必须使用统一监制的收购凭证。2、收购凭证应当逐项填写，" + "字迹不得涂改，" * 10
    glued += "不得汇总填开。3.税率为1.5%的，其进项税额不得抵扣。"
    assert [line[:2] for line in part_glued(glued).text.split("\n")] == ["现补", "1.", "2、", "3."]
    sentence = "减按下列税率征收。2.中药材；3.鲜活产品；4.国务院规定的其他项目，" + "应当单独核算，" * 12
    assert part_glued(sentence).text == sentence


def test_paragraphs_glued_with_their_indents_are_parted_and_a_form_is_not() -> None:
    parts = ["各省税务局：", "现将有关事项通知如下。", "一、关于征收范围问题", "企业应当留存资料。", "示例省税务局"]
    assert part_glued("　　".join(parts)).text.replace("　", "").split("\n") == parts
    form = "单位名称：　　　　填表日期：　　　　联系电话：　　　　"
    assert part_glued(form).text == form


def test_the_bodies_of_several_notices_are_parted_each() -> None:
    body = "各省税务局：第六条主管部门应当编制规划。第八条纳税人应当" + "按期申报，" * 25 + "并单独核算。"
    page = "\n".join(["示例一", body, "示例二", body, "示例三", body, *["应当定期组织演练，并且做好记录。" * 8] * 4])
    assert part_glued(page).text.split("\n")[5:8] == [
        "各省税务局：",
        "第六条主管部门应当编制规划。",
        body[body.index("第八") :],
    ]


def test_a_short_notice_glued_into_one_line_is_parted() -> None:
    glued = "为规范管理，现将有关事项公告如下：一、手续费收入应当缴纳消费税。二、代开发票时应当先征收税款。"
    glued += "特此公告。示例省税务局2020年5月8日"
    assert part_glued(glued).text.split("\n")[-3:] == ["特此公告。", "示例省税务局", "2020年5月8日"]


def test_the_closing_words_of_a_glued_notice_are_a_paragraph() -> None:
    glued = (
        "现将有关事项公告如下：一、"
        + "企业应当按期申报，" * 12
        + "并单独核算。特此公告。示例省税务局二〇〇九年五月六日"
    )
    assert "特此公告。" in part_glued(glued).text.split("\n")


def test_a_title_quoted_in_a_glued_title_does_not_end_it() -> None:
    title = "国家税务总局关于贯彻《关于示例问题的规定》的通知"
    glued = f"{title}国税发〔2009〕90号各省国家税务局：" + "应当按照规定征收增值税，并单独核算。" * 8
    assert part_glued(glued).text.split("\n")[0] == title


def test_lines_broken_at_the_column_are_joined_and_headings_are_not() -> None:
    wrapped = (
        "　　凡需要临时使用发票的单位和个人可以凭\n购销商品提供服务的书面证明直接向经营地税\n务机关申请。\n"
        "二、征税\n　　代开发票应当缴纳税款的税务机关应当先征"
    )
    assert join_broken(wrapped).text.split("\n")[1:] == ["二、征税", "　　代开发票应当缴纳税款的税务机关应当先征"]


@pytest.mark.parametrize(
    ("broken", "joined"),
    [
        ("你会请示收悉。经研究，同意你会更名，请按照社\n会团体登记管理的有关规定办理变更手续。", 1),
        ("　　第\n五条国家加强对烟草专卖品的科学研究。\n" + "　　本办法自发布之日起施行。\n" * 3, 4),
        ("现将示例工作的有关文件转发给你们，请认真贯彻\n各省、自治区、直辖市税务局：", 2),
        ("一、关于企业所得税若干税务事项，衔接问题的处理\n应当按照新税法的规定执行。", 2),
        (
            "　　甲项收入的，应当依照医疗器械监督管理条例\n第八十六条的规定处罚。\n"
            + "　　本办法自发布之日起施行。\n" * 3,
            4,
        ),
        (
            "　　应当明确配套养老服务设施\n规划设计要求、开发强度等内容；\n在审查设计方案前，应当征求意见\n。\n"
            + "　　本办法自发布之日起施行。\n" * 5,
            6,
        ),
        ("　　负责人、公证员（电话01\n0）、基层法律服务工作者等", 1),
    ],
)
def test_a_sentence_that_ends_in_the_next_line_is_joined(broken: str, joined: int) -> None:
    assert len(join_broken(broken).text.split("\n")) == joined + broken.endswith("\n")


@given(st.text("一二、。；：（）第条国税发〔2009〕1号 \u3000\n\t关于的通知，a", max_size=300))
def test_repairs_of_paragraphs_can_be_replayed_and_undone(text: str) -> None:
    for repair in (part_glued, join_broken, trim):
        repaired = repair(text)
        assert apply(text, repaired.changes) == repaired.text
        assert undo(repaired.text, repaired.changes) == text


@given(st.text("一二、。；： \u3000\n", max_size=200))
def test_trimming_twice_is_trimming_once(text: str) -> None:
    once = trim(text).text
    assert trim(once).text == once


@pytest.mark.parametrize(
    "text", ["开云登录入口", "星空娱乐官网，米兰体育官网app", "PG电子麻将胡了试玩", "麻豆传媒在线看"]
)
def test_a_lone_line_of_unknown_names_is_an_advert(text: str) -> None:
    assert is_lone_advert(text)


@pytest.mark.parametrize(
    "text",
    [
        "电子税务局登录方式",
        "软件下载",
        "微信缴税流程",
        "文化体育业",
        "娱乐业",
        "体育场馆设施",
        "在线办税",
        "彩票公益金",
        "棋牌室营业税",
    ],
)
def test_a_heading_between_paragraphs_is_no_advert(text: str) -> None:
    assert not is_lone_advert(text)


@pytest.mark.parametrize("text", ["办证刻章联系", "天天中彩票下载", "【无抵押小额贷款当天放款】", "代开住宿费发票"])
def test_a_line_of_spam_words_that_the_text_beside_it_lacks_may_be_an_advert(text: str) -> None:
    assert is_possible_advert(text, "纳税人应当按期申报，发票的领购按照规定办理。")
    assert not is_possible_advert(text, f"{text}，由主管税务机关处理。")


@pytest.mark.parametrize("text", ["彩票发行", "一、代开发票的范围", "小额贷款公司的税收处理", "下载注册的收入。"])
def test_a_heading_that_its_paragraph_takes_up_is_none(text: str) -> None:
    assert not is_possible_advert(text, "彩票发行费应当专款专用；小额贷款公司的税收按下列规定处理。")


@pytest.mark.parametrize(
    ("link", "line", "expected"),
    [
        ("凤凰娱乐平台注册送彩金", "为进一步贯彻凤凰娱乐平台注册送彩金落实税法，", True),
        ("夏日清凉影院合集", "本通知自发布之日起执行。夏日清凉影院合集", True),
        ("麻豆传媒在线看", "现明确如下：麻豆传媒在线看", True),
        ("登录电子税务局", "纳税人可以登录电子税务局办理。", False),
        ("免费下载", "纳税人可以免费下载使用。", False),
        ("http://www.example.com", "网址：http://www.example.com", False),
        ("发票管理办法", "根据发票管理办法的规定，", False),
        ("会计准则", "企业执行会计准则的，", False),
    ],
)
def test_a_link_is_an_insertion_only_if_the_sentence_does_not_need_it(link: str, line: str, expected: bool) -> None:
    assert is_inserted(link, line) is expected
