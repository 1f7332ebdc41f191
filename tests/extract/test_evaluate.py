"""The score table: if it were wrong, nobody would see the reading of pages get worse."""

import json
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from archive.errors import BadInput
from archive.evaluate import EVERY, Expected, Score, evaluate, read_truth, score, score_table
from archive.models import RawNotice
from archive.numbers import parse_number

SHARED = Path(__file__).resolve().parents[3] / "shared"
FLOORS = json.loads(Path(__file__).with_name("floors.json").read_text(encoding="utf-8"))
EXPECTED = Expected(
    "a.html",
    "clean",
    "国税函〔2008〕608号",
    "关于某事的通知",
    date(2008, 6, 19),
    None,
    ("财政部", "国家税务总局"),
    ("各局：", "应当执行。"),
    ("赌球",),
)
RIGHT = RawNotice(
    "关于某事的 通知",
    "各局:\n应当执行。",
    parse_number("国税函〔2008〕608号"),
    ("国家税务总局", "财政部"),
    issued_on=date(2008, 6, 19),
)


def all_of(expected: Expected, *notices: RawNotice) -> Score:
    return score([expected], {expected.file: notices})[-1]


def test_a_right_notice_has_full_marks_whatever_its_widths_and_spaces() -> None:
    got = all_of(EXPECTED, RIGHT)
    assert (got.archived, got.exact, got.paragraphs, got.leaky, got.spam) == (1, 1, 1, 0, 0)
    assert (got.number, got.title, got.issued_on, got.published_on, got.authorities) == (1, 1, 1, 1, 1)


def test_a_leaked_advert_a_lost_paragraph_and_a_missing_notice_cost_their_columns() -> None:
    leaky = RawNotice(RIGHT.title, "各局：\n赌球网址", RIGHT.number)
    got = all_of(EXPECTED, leaky)
    assert (got.exact, got.paragraphs, got.leaky, got.spam, got.issued_on) == (0, 0.5, 1, 1, 0)
    missing = all_of(EXPECTED)
    assert (missing.archived, missing.exact, missing.paragraphs, missing.number) == (0, 0, 0, 0)


def test_a_page_without_a_notice_is_right_if_nothing_is_archived() -> None:
    nothing = Expected("r.html", "reject")
    assert all_of(nothing).exact == 1
    assert all_of(nothing, RIGHT).exact == 0


def test_the_notice_of_a_page_with_several_is_found_by_its_number() -> None:
    other = RawNotice("关于别事的通知", "别的。", parse_number("国税函〔2008〕609号"))
    assert all_of(EXPECTED, other, RIGHT).exact == 1


def test_a_broken_line_of_the_truth_is_named(tmp_path: Path) -> None:
    truth = tmp_path / "truth.jsonl"
    truth.write_text('{"file": "a.html", "kind": "x"}\n{"kind": "x"}\n', encoding="utf-8")
    with pytest.raises(BadInput, match="line 2"):
        list(read_truth(truth))


def test_the_table_has_a_line_a_kind() -> None:
    lines = score_table(score([EXPECTED, Expected("r.html", "reject")], {})).splitlines()
    assert [line.split()[0] for line in lines] == ["kind", "clean", "reject", EVERY]


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_pages_are_read_no_worse_than_before(name: str) -> None:
    """floors.json may only be raised: a lower share means that some family of pages is read worse."""
    truth = SHARED / FLOORS[name]["truth"]
    if not truth.exists():
        pytest.skip("the shared development pages are not here")
    total = evaluate(truth, SHARED / FLOORS[name]["pages"])[-1]
    for column in (field.name for field in fields(Score) if field.name in FLOORS[name]["at_least"]):
        assert getattr(total, column) >= FLOORS[name]["at_least"][column], column
    assert (total.leaky, total.spam) <= (FLOORS[name]["leaky_at_most"], 0)
