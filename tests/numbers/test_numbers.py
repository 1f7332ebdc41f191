"""Reading one document number: what is typed into the search box and stands in ids and addresses."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import InvalidNumber
from archive.lexicon import offices
from archive.numbers import DocumentNumber, PartialNumber, find_numbers, near_misses, parse_number, parse_partial

YEARS = st.integers(1949, 2099)
SERIALS = st.integers(1, 99999)
HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=8)
CODES = st.sampled_from(sorted(offices().codes))
LOCAL = st.builds(str.__add__, st.sampled_from(sorted(offices().regions)), st.sampled_from(sorted(offices().stems)))
NAMES = st.sampled_from(sorted({*offices().authorities.values()} - {"主席"}))
ANNOUNCED = st.builds(str.__add__, NAMES, st.sampled_from(["公告", "通告"]))
NUMBERS = st.one_of(
    st.builds(DocumentNumber, st.one_of(CODES, LOCAL, ANNOUNCED), YEARS, SERIALS),
    st.builds(DocumentNumber, st.builds(str.__add__, NAMES, st.just("令")), st.just(0), SERIALS),
)
FEW = settings(max_examples=150, deadline=None)


@FEW
@given(NUMBERS)
def test_the_canonical_form_is_read_back(number: DocumentNumber) -> None:
    assert parse_number(str(number)) == number


@FEW
@given(st.one_of(NUMBERS, st.builds(DocumentNumber, HAN, YEARS, SERIALS)))
def test_an_id_leads_back_to_its_number_and_stays_in_ascii(number: DocumentNumber) -> None:
    assert parse_number(number.slug) == number
    assert number.slug.isascii()
    assert number.slug == number.slug.lower().replace(" ", "")


@FEW
@given(st.text(max_size=60), NUMBERS, st.text(max_size=60))
def test_spans_hold_the_number_whatever_surrounds_it(before: str, number: DocumentNumber, after: str) -> None:
    text = f"{before}，{number}。{after}"
    found = find_numbers(text)
    assert number in [f.number for f in found]
    for one in found:
        assert parse_number(text[one.start : one.end]) == one.number


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("国税函发财令公告第〔〕[]（）()20080一二〇年号文 、X×gsh-_《》"), max_size=30))
def test_any_text_is_a_number_or_refused_with_a_reason(text: str) -> None:
    for parse in (parse_number, parse_partial):
        try:
            parse(text)
        except InvalidNumber as error:
            assert error.message  # noqa: PT017 (either outcome is right)
            assert error.remedy  # noqa: PT017


@settings(max_examples=300, deadline=None)
@given(
    st.text(st.characters(), max_size=40),
    st.sampled_from(["", "号", "608号", "国税函", "〔2008〕", "公告第", " 2008 "]),
)
def test_no_text_whatever_ends_in_another_error(text: str, part: str) -> None:
    """Half a surrogate in an address would be an internal error of the server."""
    for parse in (parse_number, parse_partial):
        for given_text in (text + part, part + text):
            with contextlib.suppress(InvalidNumber):
                parse(given_text)
    near_misses(text + part)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("国家金融监督管理总局公告2024年第3号", "国家金融监督管理总局公告2024年第3号"),
        ("国家铁路总局公告2013年第2号", "国家铁路总局公告2013年第2号"),
        ("国家煤矿安监总局令第8号", "国家煤矿安监总局令第8号"),
        ("广东省国资委公告2020年第1号", "广东省国资委公告2020年第1号"),
        ("原国家工商总局公告2015年第1号", "国家工商行政管理总局公告2015年第1号"),
        ("中国银保监会令2020年第3号", "中国银行保险监督管理委员会令2020年第3号"),
        ("国家税务总局新疆维吾尔自治区税务局公告2020年第1号", "国家税务总局新疆维吾尔自治区税务局公告2020年第1号"),
        ("国家规定的税务总局公告2019年第5号", "国家税务总局公告2019年第5号"),
        ("我省按照总局公告2014年第2号执行", "国家税务总局公告2014年第2号"),
        ("全国贯彻总局公告2014年第2号", "国家税务总局公告2014年第2号"),
        ("按国家财政部令第65号", "财政部令第65号"),
    ],
)
def test_an_issuer_that_no_table_knows_is_not_read_as_a_shorter_one(text: str, expected: str) -> None:
    """国家铁路总局 is not 总局, short for the State Taxation Administration: a link would lead to its notice."""
    assert [str(found.number) for found in find_numbers(text)] == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "国税函〔2008〕608号",
        "国税函[2008]608",
        "國稅函﹝2008﹞608號",
        "Guoshuihan [2008] 608",
        "guoshuihan-2008-608",
        "guo shui han 2008 608",
        "GUO SHUI HAN 2008 No. 608",
        "国税函 2008 608",
        "国税函2008-608号",
        "  《国税函〔2008〕608号》 ",
        "国税函〔2008〕608号文件",
        "国税函2008年608号",
        "2008年国税函608号",
        "2008年 国税函 第608号",
        "（2008）国税函608号",
        "國稅函608號2008年",
        "国税函 608号 2008年",
        "国税函608号（2008年）",
    ],
)
def test_every_spelling_of_a_number_is_the_same_number(text: str) -> None:
    assert parse_number(text) == DocumentNumber("国税函", 2008, 608)


@pytest.mark.parametrize(
    ("text", "reason", "remedy"),
    [
        ("国税函〔20XX〕608号", "masked", "Write it as"),
        ("国税函〔2008〕×号", "masked", "Write it as"),
        ("国税函〔1890〕12号", "year 1890", "Write it as"),
        ("国税函〔2008〕0号", "begin at 1", "Write it as"),
        ("国税函608号", "no year", "Write it as"),
        ("国税函〔2008〕", "no serial", "Write it as"),
        ("608号", "no office", "Write it as"),
        ("GSH 2008 608", "initials", "Did you mean 国税函〔2008〕608号?"),
        ("国税涵 2008 608", "other words", "Did you mean 国税函〔2008〕608号?"),
        ("国税函〔2008608号", "year", "Did you mean 国税函〔2008〕608号?"),
        ("国税函〔2008〕1号和国税函〔2008〕2号", "several", "Did you mean 国税函〔2008〕1号 or 国税函〔2008〕2号?"),
        ("", "empty", "Write it as"),
        ("国" * 10_000, "too long", "Write it as"),
    ],
)
def test_what_is_no_number_is_refused_with_the_reason_and_a_way_on(text: str, reason: str, remedy: str) -> None:
    with pytest.raises(InvalidNumber) as refused:
        parse_number(text)
    assert reason in refused.value.message
    assert refused.value.remedy.startswith(remedy)


@pytest.mark.parametrize(
    ("text", "office", "year", "serial"),
    [
        ("608号", "", 0, 608),
        ("国税函608号", "国税函", 0, 608),
        ("国税函608", "国税函", 0, 608),
        ("国税函〔2008〕", "国税函", 2008, 0),
        ("国税函2008", "国税函", 2008, 0),
        ("國稅函", "国税函", 0, 0),
        ("guoshuihan", "国税函", 0, 0),
        ("guoshuihan 608", "国税函", 0, 608),
        ("〔2008〕608号", "", 2008, 608),
        ("2012年第54号公告", "", 2012, 54),
        ("54号公告", "", 0, 54),
        ("公告2012年第54号", "", 2012, 54),
        ("国家税务总局公告2012年", "国家税务总局公告", 2012, 0),
        ("财政部令65", "财政部令", 0, 65),
        ("2008年国税函", "国税函", 2008, 0),
        ("2012年国家税务总局公告第54号", "国家税务总局公告", 2012, 54),
        ("国家税务总局2008年608号文", "国家税务总局", 2008, 608),
        ("国税函〔2008〕608号", "国税函", 2008, 608),
    ],
)
def test_part_of_a_number_is_enough_to_search_by(text: str, office: str, year: int, serial: int) -> None:
    assert parse_partial(text) == PartialNumber(office, year, serial)


@pytest.mark.parametrize(
    "text", ["增值税", "关于做好工作的通知", "2008", "608", "VAT", "国税函〔20XX〕", "国税函〔2008〕0号"]
)
def test_words_are_not_taken_for_part_of_a_number(text: str) -> None:
    with pytest.raises(InvalidNumber):
        parse_partial(text)


@pytest.mark.parametrize(
    "text",
    [
        "2008年增值税608号",
        "2008年国税发和国税函608号",
        "2008年至2010年国税函608号",
        "2008年国税函2009年608号",
        "2008年公告",
    ],
)
def test_a_year_apart_belongs_to_no_number_that_is_not_plain(text: str) -> None:
    """The reader is led to another notice than he asked for."""
    with pytest.raises(InvalidNumber):
        parse_partial(text)


@pytest.mark.parametrize(("text", "first"), [("CWZ 1998 1", "财外字"), ("CWZ 2015 1", "财文资")])
def test_of_several_offices_those_of_the_year_are_meant_first(text: str, first: str) -> None:
    meant = [number.office for number in near_misses(text)]
    assert len(meant) == 3
    assert meant[0] == first


def test_joint_announcements_are_one_number_however_their_authorities_are_set_apart() -> None:
    spellings = [
        "财政部 税务总局公告2019年第13号",
        "财政部、国家税务总局公告2019年第13号",
        "财政部税务总局公告2019年第13号",
    ]
    assert {parse_number(text) for text in spellings} == {DocumentNumber("财政部 税务总局公告", 2019, 13)}


@pytest.mark.parametrize("text", ["国家税务总局公告\n2012年第54号", "国家税务总局\n公告\n2012年第54号"])
def test_the_heading_of_an_announcement_may_stand_on_several_lines(text: str) -> None:
    assert [(str(f.number), f.start, f.end) for f in find_numbers(text)] == [
        ("国家税务总局公告2012年第54号", 0, len(text))
    ]


def test_the_line_before_a_number_is_not_its_office() -> None:
    assert find_numbers("示例市财政局\n〔2008〕12号") == []
    assert [str(f.number) for f in find_numbers("财政部\n国家税务总局公告2012年第54号")] == [
        "国家税务总局公告2012年第54号"
    ]


@pytest.mark.parametrize("text", ["è‹财税〔2015〕979号", "\ufffd国税发〔2009〕1号", "依照?地税发〔2009〕1号"])
def test_a_code_with_half_a_character_in_front_is_not_read_without_it(text: str) -> None:
    assert find_numbers(text) == []
    assert len(find_numbers(f"“{text[1:].lstrip('‹照?')}”")) == 1


def test_an_order_is_the_same_with_and_without_its_year() -> None:
    assert (
        parse_number("国务院令〔1993〕第134号") == parse_number("国务院第134号令") == DocumentNumber("国务院令", 0, 134)
    )


def test_numbers_sort_by_office_year_and_serial() -> None:
    texts = ["国税函〔2008〕608号", "国税函〔2008〕79号", "国税函〔2007〕900号", "国税发〔2009〕2号"]
    ordered = sorted(parse_number(text) for text in texts)
    assert [str(number) for number in ordered] == [texts[2], texts[1], texts[0], texts[3]]


def test_near_misses_name_only_whole_numbers() -> None:
    assert near_misses("国税函20XX 608") == ()
    assert near_misses("增值税") == ()


@pytest.mark.parametrize(
    "piece", ["〔2008〕", "国税函〔2008", "第", "公告2012年", "1", "号", "财政部、", "一二三", "gsh ", "令", "年第1号"]
)
def test_a_hostile_page_costs_no_more_than_its_length(piece: str) -> None:
    """Nothing is asserted about time; a search that looks at every pair of places would take minutes here."""
    assert len(find_numbers(piece * (200_000 // len(piece)))) <= 200_000
