"""Shortened numbers: readers follow 608号文 to the notice it stands for, and to no other."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.numbers import find_numbers, find_references


def references(text: str) -> list[tuple[str, str]]:
    return [(text[f.start : f.end], str(f.number)) for f in find_references(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("根据国税函〔2008〕608号，……608号文规定", [("608号文", "国税函〔2008〕608号")]),
        ("财税〔2016〕36号（以下简称36号文件）。上述36号文件附件1", [("36号文件", "财税〔2016〕36号")] * 2),
        ("国税发〔2003〕21号、22号和第23号", [("22号", "国税发〔2003〕22号"), ("第23号", "国税发〔2003〕23号")]),
        ("财税〔2009〕5号、〔2010〕6号", [("〔2010〕6号", "财税〔2010〕6号")]),
        ("国家税务总局公告2012年第54号、第55号", [("第55号", "国家税务总局公告2012年第55号")]),
        ("国家税务总局公告2012年第54号、2013年第5号", [("2013年第5号", "国家税务总局公告2013年第5号")]),
        ("国家税务总局公告2012年第54号发布。54号公告明确", [("54号公告", "国家税务总局公告2012年第54号")]),
        ("国务院令第512号。第512号令", [("第512号令", "国务院令第512号")]),
        ("财税〔2009〕59号和国税函〔2009〕59号，国税函59号", [("国税函59号", "国税函〔2009〕59号")]),
        ("财税〔2009〕59号、国税函〔2010〕59号。2009年59号文", [("2009年59号文", "财税〔2009〕59号")]),
        ("国税函〔2008〕1号和财税〔2009〕1号，该1号文件", [("1号文件", "财税〔2009〕1号")]),
    ],
)
def test_a_shortened_number_is_completed_by_what_stands_before_it(text: str, expected: list[tuple[str, str]]) -> None:
    assert references(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "608号文件规定",
        "36号文先于财税〔2016〕36号",
        "财税〔2016〕36号，中关村36号楼",
        "财税〔2016〕36号、38号楼",
        "财税〔2016〕36号。36号公告",
        "国税函〔2008〕608号。609号文",
        "国税函〔2008〕608号于2008年6月19日印发",
    ],
)
def test_what_nothing_before_it_completes_is_left_alone(text: str) -> None:
    assert references(text) == []


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("国税函〔〕2008、和第1号文件公告令该上述 。年"), max_size=60))
def test_references_never_overlap_whole_numbers_or_each_other(text: str) -> None:
    found = find_numbers(text)
    spans = sorted((f.start, f.end) for f in (*found, *find_references(text, found)))
    assert all(end <= start for (_, end), (start, _) in zip(spans, spans[1:], strict=False))
    assert {f.number.serial for f in find_references(text, found)} <= set(range(1, 100_000))
