"""Dates as notices write them: a wrong one puts a notice in the wrong year, or in force when it is not."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.metadata.dates import ZEROS, FoundDate, date_line, effective_on, expires_on, read_date, sentence_with

DIGITS = "零一二三四五六七八九"
ISSUED = date(2007, 5, 6)


def chinese(number: int) -> str:
    """A day or month in Chinese numerals."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else DIGITS[tens] + "十") + (
        "" if tens and not ones else DIGITS[ones]
    )


@given(st.dates(date(1949, 10, 1), date(2099, 12, 31)), st.sampled_from(ZEROS))
def test_every_day_is_read_in_chinese_numerals_with_any_zero(day: date, zero: str) -> None:
    year = "".join(DIGITS[int(digit)] for digit in str(day.year)).replace("零", zero)
    assert date_line(f"{year}年{chinese(day.month)}月{chinese(day.day)}日") == day


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2008 年 6 月 19 日", date(2008, 6, 19)),
        ("（2008年6月19日）", date(2008, 6, 19)),
        ("一九九四年元月三十日", date(1994, 1, 30)),
        ("二〇〇八年十月廿一日", date(2008, 10, 21)),
        ("二 ○ ○ 八 年 六 月 十 九 日", date(2008, 6, 19)),
        ("二○○九年二月十三日印发", date(2009, 2, 13)),
        ("2008.6.19", date(2008, 6, 19)),
        ("2008-06-19 10:20", None),
        ("二〇一一年二月三十日", None),
        ("自2008年1月1日起施行", None),
        ("20XX年X月X日", None),
    ],
)
def test_a_line_is_a_date_only_if_it_says_nothing_else(text: str, expected: date | None) -> None:
    assert date_line(text) == expected


def test_time_stamps_of_pages_are_read() -> None:
    assert read_date("20130520091233") == date(2013, 5, 20)
    assert read_date("2013-05-20T09:12:33+08:00") == date(2013, 5, 20)


@pytest.mark.parametrize(
    ("body", "effective", "expires"),
    [
        ("本公告自2008年1月1日起施行。", date(2008, 1, 1), None),
        ("本准则自2008年1月1日起在上市公司范围内施行。", date(2008, 1, 1), None),
        ("本公告施行时间为2010年7月1日。", date(2010, 7, 1), None),
        ("本通知自2010年1月1日（税款所属期）起执行。", date(2010, 1, 1), None),
        ("本办法自2009年1月1日起施行，试行期两年。", date(2009, 1, 1), date(2010, 12, 31)),
        ("本通知自2009年1月1日起执行，至2015年6月30日止有效。", date(2009, 1, 1), date(2015, 6, 30)),
        ("本办法自发布之日起30日后施行。", date(2007, 6, 5), None),
        ("本办法自发布之日起施行，有效期5年。", ISSUED, date(2012, 5, 5)),
        ("本通知自2009年1月1日起至2010年12月31日止执行。", date(2009, 1, 1), date(2010, 12, 31)),
        ("执行期限为2009年1月1日至2010年12月31日。", date(2009, 1, 1), date(2010, 12, 31)),
        ("本规定自2008年1月1日起施行，有效期至2012年12月31日。", date(2008, 1, 1), date(2012, 12, 31)),
        ("《甲办法》自2001年1月1日起施行。\n本通知自2008年3月1日起执行。", date(2008, 3, 1), None),
        ("原规定自2009年1月1日起停止执行。", None, None),
        ("企业于2009年1月1日取得的收入。", None, None),
        ("旧版票证使用期限延长至2011年9月21日。", None, None),
        ("本规定自2008年1月1日起施行。\n证书有效期3年。", date(2008, 1, 1), None),
        ("本通知执行期限延长至2011年12月31日。", None, date(2011, 12, 31)),
    ],
)
def test_the_text_says_from_when_to_when_it_holds(body: str, effective: date | None, expires: date | None) -> None:
    start = effective_on(body, ISSUED)
    end = expires_on(body, start.value if start else None)
    assert (start and start.value, end and end.value) == (effective, expires)


@pytest.mark.parametrize(
    ("body", "effective", "expires"),
    [
        (
            "本办法由省局解释。本办法自发布之日起30日后施行，有效期5年。",
            "本办法自发布之日起30日后施行，有效期5年。",
            "本办法自发布之日起30日后施行，有效期5年。",
        ),
        (
            "一、范围\n本通知自2009年1月1日起执行；执行至2010年12月31日\n特此通知",
            "本通知自2009年1月1日起执行；",
            "执行至2010年12月31日",
        ),
        ("凡" + "税" * 300 + "，本通知自2009年1月1日起施行。", "本通知自2009年1月1日起施行。", None),
    ],
)
def test_the_sentence_that_gives_a_date_can_be_shown(body: str, effective: str, expires: str | None) -> None:
    start = effective_on(body, ISSUED)
    assert start
    assert sentence_with(body, start) == effective
    end = expires_on(body, start.value)
    assert (end and sentence_with(body, end)) == expires


@given(st.text("税。；，\n ", max_size=400), st.text("税。；，\n ", max_size=400))
def test_a_sentence_shown_is_short_and_holds_its_date(before: str, after: str) -> None:
    day = "2009年1月1日"
    body = before + day + after
    sentence = sentence_with(body, FoundDate(date(2009, 1, 1), len(before), len(before) + len(day)))
    assert len(sentence) <= 200
    assert day in sentence
    assert sentence in body
