"""A page reads the same in whatever encoding its bytes are, and whatever it says of them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.clean.encoding import decode
from tests.clean.damages import to_traditional
from tests.clean.sentences import sentences

TEXT = "<html><head><meta charset=gb2312></head>\n" + "\n".join(f"<p>{sentence}</p>" for sentence in sentences(8))
TRADITIONAL = to_traditional(TEXT).replace("爲", "為")


@pytest.mark.parametrize("declared", ["", "gb2312", "utf-8", "big5", "iso-8859-1", "no-such-thing"])
@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "gbk", "gb18030", "big5", "utf-16", "utf-16-le", "utf-16-be", "utf-32"],
)
def test_the_bytes_decide_not_what_is_said_of_them(encoding: str, declared: str) -> None:
    text = TRADITIONAL if encoding == "big5" else TEXT
    assert decode(text.encode(encoding), declared).text == text


def test_characters_beyond_gbk_on_a_page_that_says_gb2312() -> None:
    text = TEXT + "<p>\U00020bb7野家有限公司朱镕基㐂</p>"
    assert decode(text.encode("gb18030"), "gb2312").text == text


@pytest.mark.parametrize(("page", "pasted"), [("utf-8", "gbk"), ("gbk", "utf-8")])
def test_a_paragraph_pasted_in_another_encoding_is_read_as_such(page: str, pasted: str) -> None:
    content = TEXT.encode(page) + "<p>财政部和国家税务总局联合发布</p>".encode(pasted)
    assert decode(content).text == TEXT + "<p>财政部和国家税务总局联合发布</p>"


@pytest.mark.parametrize(("page", "pasted"), [("utf-8", "gbk"), ("gbk", "utf-8")])
def test_so_it_is_behind_the_indent_of_the_page(page: str, pasted: str) -> None:
    content = TEXT.encode(page) + "\u3000\u3000".encode(page) + "三、税款按月入库，不得摊派。".encode(pasted)
    assert decode(content).text == TEXT + "\u3000\u3000三、税款按月入库，不得摊派。"


def test_a_character_without_one_of_its_bytes_is_not_taken_for_another_encoding() -> None:
    assert decode((TEXT + "小企业").encode().replace("小".encode(), b"\xe5\xb0")).text == TEXT + "\ufffd企业"


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
@pytest.mark.parametrize("cut", [1, 2])
def test_a_truncated_page_keeps_all_but_its_last_character(encoding: str, cut: int) -> None:
    content = "国家税务总局关于纳税申报的通知".encode(encoding)[:-cut]
    assert decode(content).text.startswith("国家税务总局关于纳税申报的通")


def test_the_blank_of_old_editors_is_one() -> None:
    content = (TEXT + "　　现将").encode("gbk").replace("　".encode("gbk"), b"\xa3\xa0")
    assert decode(content).text == TEXT + "　　现将"


def test_stray_zeros_do_not_make_it_utf16() -> None:
    assert decode(TEXT.replace("<p>", "<p>\0").encode()).encoding == "utf-8"


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_no_bytes_are_refused(content: bytes) -> None:
    assert isinstance(decode(content).text, str)
