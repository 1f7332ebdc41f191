"""The repairs on known texts, in four groups: seen on pages, made up, not to be touched, and not yet repaired."""

import json
from pathlib import Path

import pytest

from archive.clean import clean_text
from archive.clean.changes import undo

CASES = Path(__file__).parent / "cases"


def cases(group: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads((CASES / f"{group}.json").read_text("utf-8"))
    return found


def named(group: str) -> object:
    return pytest.mark.parametrize("case", cases(group), ids=lambda case: case["case"])


@named("in_the_wild")
def test_damage_seen_on_pages_is_repaired(case: dict[str, str]) -> None:
    assert clean_text(case["text"]).text == case["expect"], case["why"]


@named("synthetic")
def test_damage_made_up_is_repaired(case: dict[str, str]) -> None:
    assert clean_text(case["text"]).text == case["expect"], case["why"]


@named("must_not_change")
def test_sound_text_is_left_alone(case: dict[str, str]) -> None:
    assert clean_text(case["text"]).changes == (), case["why"]


@pytest.mark.xfail(strict=True, reason="known failure")
@named("known_failures")
def test_known_failures(case: dict[str, str]) -> None:
    assert clean_text(case["text"]).text == case["expect"], case["why"]


@pytest.mark.parametrize("group", ["in_the_wild", "synthetic", "known_failures"])
def test_every_repair_can_be_undone(group: str) -> None:
    for case in cases(group):
        assert undo(clean_text(case["text"]).text, clean_text(case["text"]).changes) == case["text"]
