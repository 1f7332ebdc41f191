"""From bytes to lines: what a reader sees becomes text, what is hidden never does, and bombs are refused."""

from datetime import UTC, datetime

import pytest

from archive.errors import BadInput
from archive.models import Capture, Page
from archive.page import MAX_BYTES, read_page


def read(content: str | bytes, media_type: str = "text/html") -> Page:
    data = content.encode() if isinstance(content, str) else content
    return read_page(Capture("page.html", datetime(2026, 1, 1, tzinfo=UTC), data, media_type))


def texts(html: str) -> list[str]:
    return [block.text for block in read(html).blocks if block.text]


def test_every_paragraph_break_cell_and_item_is_a_line() -> None:
    html = "<h1>题</h1><p>一<br>二</p><ul><li>三<li>四</ul><table><tr><td>甲</td><td><p>乙</p></td></tr></table>五"
    assert texts(html) == ["题", "一", "二", "三", "四", "甲\t乙", "五"]


def test_a_layout_table_is_lines_and_not_rows() -> None:
    html = "<table><tr><td><a href=1>增值税</a><br><a href=2>消费税</a></td><td><h2>题</h2><p>文</p></td></tr></table>"
    assert texts(html) == ["增值税", "消费税", "题", "文"]


def test_source_line_feeds_inside_a_chinese_sentence_are_no_spaces() -> None:
    assert texts("<p>应当按照\n  规定执行。 GB/T\n4754</p>") == ["应当按照规定执行。 GB/T 4754"]


@pytest.mark.parametrize(
    "hidden",
    [
        "<span style='display:none'>赌</span>",
        "<span style='visibility: hidden'>赌</span>",
        "<span style='font-size:0'>赌</span>",
        "<font style='font-size:1px'>赌</font>",
        "<span style='opacity:0.0'>赌</span>",
        "<span style='filter:alpha(opacity=0);opacity:0.01'>赌</span>",
        "<span style='color:transparent'>赌</span>",
        "<span style='color:rgba(0,0,0,0)'>赌</span>",
        "<marquee width=1 height=1>赌</marquee>",
        "<span style='position:absolute;left:-9999px'>赌</span>",
        "<span style='text-indent:-999em'>赌</span>",
        "<span style='height:0;overflow:hidden'>赌</span>",
        "<span style='color:#ffffff'>赌</span>",
        "<span style='color:red;background:#f00'>赌</span>",
        "<font color=white>赌</font>",
        "<span hidden>赌</span>",
        "<span aria-hidden=true>赌</span>",
        "<span class=jammer>赌</span>",
        "<span class='x off'>赌</span>",
        "<span id=Off>赌</span>",
        "<span style='clip-path:inset(100%)'>赌</span>",
        "<span style='position:absolute;clip:rect(1px, 1px, 1px, 1px)'>赌</span>",
        "<span style='transform:translateX(-9999px)'>赌</span>",
        "<span style='content-visibility:hidden'>赌</span>",
        "<span style='mso-hide:all'>赌</span>",
        "<span style='text-indent:-99em'>赌</span>",
        "<span class=gone>赌</span>",
        "<span data-k=1>赌</span>",
        "<i class=z9>赌</i>",
        "<noscript>赌</noscript>",
        "<template>赌</template>",
        "<!-- 赌 -->",
    ],
)
def test_text_kept_from_view_is_listed_and_never_read(hidden: str) -> None:
    style = (
        "/* .on */ .off, #off {display:none} @media print {p {display:none}} @media screen{.gone{display:none}}"
        "[data-k]{display:none} div > p.text i.z9{display:none} ul .text{display:none} .text:hover{display:none}"
    )
    page = read(f"<style>{style}</style><div><p class=text>正{hidden}文</p></div>")
    assert page.text == "正文"
    assert page.hidden == ("赌",)


def test_what_a_script_shows_is_seen() -> None:
    article = "<div id=js_content style='visibility: hidden'>正文</div>"
    html = f"<body style='opacity:0'><em id=publish_time>2008-06-19</em>{article}"
    assert read(html).text.split("\n") == ["2008-06-19", "正文"]
    assert read(html).meta["time"] == "2008-06-19"


def test_the_entries_of_a_feed_are_read_as_a_page() -> None:
    feed = (
        "<?xml version='1.0' encoding='gbk'?><rss><channel><title>法规</title><item><title>甲 &amp; 乙的通知</title>"
        "<pubDate>Wed, 20 Dec 2017 08:00:00 +0800</pubDate><description><![CDATA[<p>正文</p>]]></description></item>"
        "<item><title>丙</title><pubDate>昨天</pubDate><description>&lt;p&gt;文</description></item></channel></rss>"
    )
    lines = ["甲 & 乙的通知", "发布时间：2017-12-20", "正文", "丙", "发布时间：昨天", "文"]
    assert [block.text for block in read(feed.encode("gbk")).blocks] == lines
    assert texts("<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>题</title><content>文") == [
        "题",
        "发布时间：",
        "文",
    ]


def test_white_text_on_a_dark_heading_is_seen() -> None:
    assert texts("<table><tr><td bgcolor=#003366><font color=#ffffff>税收法规</font></td></tr></table>") == ["税收法规"]


def test_scripts_and_styles_leave_nothing() -> None:
    assert read("<script>var a='国税函〔1999〕1号'</script><p>文</p>").hidden == ()


def test_the_page_tells_its_title_tags_links_and_alignment() -> None:
    page = read("<title>题 </title><meta name=PubDate content=2013-05-20><p align=right><a href=x>国家</a>税务</p>")
    assert page.meta == {"title": "题", "pubdate": "2013-05-20"}
    assert (page.blocks[0].align, page.blocks[0].link_share) == ("right", 0.5)


def test_empty_lines_below_every_line_part_nothing() -> None:
    lines = ["标题", "　　第一段没有", "写完。", "　　第二段。", "　　第三段。"]
    assert [block.text for block in read("\n\n".join(lines), "text/plain").blocks] == lines


def test_plain_text_keeps_its_indents_and_one_empty_line() -> None:
    assert read("甲\r\n\r\n\n\u3000\u3000乙  \n", "text/plain").text == "甲\n\n\u3000\u3000乙\n"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \n\0",
        b"%PDF-1.4 ...",
        bytes(range(32)) * 100,
        b"<p>a</p>" * (MAX_BYTES // 8 + 1),
        b"<div>" * 100_000 + b"a",
        b"<p>" + "国".encode() * 1_000_000,
        b"<b>" * 400_000,
        b"<p></p>",
        b"<p>a<p " + b" ".join(b"a%d" % n for n in range(20_000)) + b">a",
        b"<p>a<p " + b"/".join(b"a%d='>\"'" % n for n in range(20_000)) + b">a",
    ],
    ids=["empty", "blank", "pdf", "binary", "large", "nested", "one line", "tags", "no text", "names", "attributes"],
)
def test_what_is_no_page_is_refused_with_a_reason(content: bytes) -> None:
    with pytest.raises(BadInput):
        read(content)


def test_what_a_style_shows_as_a_block_is_a_line() -> None:
    assert texts("<div><span style='display:block'>一</span><span style='display:block'>二</span>三</div>") == [
        "一",
        "二",
        "三",
    ]


def test_the_texts_of_links_to_other_hosts_are_told() -> None:
    html = (
        "<link rel=canonical href='https://law.test/1'><p>甲<a href='https://law.test/2'>乙</a>"
        "<a href=/3>丙</a><a href='//spam.test/'>丁</a></p>"
    )
    assert [block.foreign for block in read(html).blocks] == [("丁",)]


def test_dates_stated_for_machines_are_read() -> None:
    script = '<script type="application/ld+json">{"datePublished": "2008-06-19T10:00:00+08:00"}</script>'
    assert read(f"{script}<p>文</p>").meta["datepublished"].startswith("2008-06-19")
    assert read("<p>文 <time datetime=2008-06-19>昨天</time></p>").meta["time"] == "2008-06-19"
    assert "time" not in read("<p><time datetime=2008-06-19>甲</time><time datetime=2009-01-01>乙</time></p>").meta


@pytest.mark.parametrize(
    "shown",
    [
        '<div style="font-size:0"><div style="font-size:14px">文件</div></div>',
        '<div class="tab-pane hide" style="display:block">文件</div>',
        '<div style="visibility:hidden"><p style="visibility:visible">文件</p></div>',
    ],
)
def test_what_has_a_style_of_its_own_is_seen_inside_what_is_not(shown: str) -> None:
    assert [block.text for block in read(shown).blocks] == ["文件"]


@pytest.mark.parametrize("cut", ["<", "</p", "<p style='color: red", "<!-- "])
def test_a_page_cut_off_inside_a_tag_does_not_show_it(cut: str) -> None:
    assert [block.text for block in read(f"<p>文件</p><p>二○○○年六月七日{cut}").blocks] == ["文件", "二○○○年六月七日"]


def test_nul_bytes_among_text_are_not_read() -> None:
    assert [block.text for block in read("<p>文\0件</p>".encode() + b"\0" * 300).blocks] == ["文件"]


@pytest.mark.parametrize("content", ["<p>文件</p>" * 70_000, "文件\n" * 100_000])
def test_more_lines_than_can_be_read_in_time_are_refused(content: str) -> None:
    with pytest.raises(BadInput, match="lines, more than 10,000"):
        read(content, "text/plain")
