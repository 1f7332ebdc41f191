"""How many damaged sentences come out exactly: a change that makes the repairs worse is refused."""

import random
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.clean import clean_text
from archive.clean.changes import places_in_doubt
from archive.clean.damage import find_damage
from tests.clean.damages import as_windows_1252, lose_a_lead_byte, push_a_note_between, to_traditional
from tests.clean.sentences import sentences

FLOORS: dict[str, dict[str, float]] = tomllib.loads((Path(__file__).parent / "floors.toml").read_text("utf-8"))
SENTENCES = sentences(80, seed=2008)
# A floor may lie this much below what is reached: a sentence or two may change sides.
SLACK = 0.02

DAMAGES: dict[str, Callable[[str, random.Random], str | None]] = {
    "cut_at_a_mark": lose_a_lead_byte,
    "note_inside_a_character": push_a_note_between,
    "utf8_as_windows_1252": lambda text, _: as_windows_1252(text.encode()),
    "utf8_as_windows_1252_with_signs": lambda text, _: text.encode().decode("cp1252", "replace"),
    "gbk_as_windows_1252": lambda text, _: as_windows_1252(text.encode("gbk")),
    "traditional_gbk_as_windows_1252": lambda text, _: as_windows_1252(to_traditional(text).encode("gbk")),
    "big5_as_windows_1252": lambda text, _: as_windows_1252(to_traditional(text).replace("爲", "為").encode("big5")),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_as_many_sentences_come_out_exactly_as_ever(name: str) -> None:
    chance = random.Random(1)  # noqa: S311 (damage, not secrets)
    tried = exact = silent = 0
    for sentence in SENTENCES:
        damaged = DAMAGES[name](sentence, chance)
        if damaged is None:
            continue
        repaired = clean_text(damaged)
        told = find_damage(repaired.text) or places_in_doubt(repaired.changes)
        tried += 1
        exact += repaired.text == sentence
        silent += repaired.text != sentence and not told
    reached = exact / tried
    floor = FLOORS[name]
    assert reached >= floor["exact"], f"only {reached:.3f} of {tried} sentences come out exactly"
    assert reached <= floor["exact"] + SLACK, f"{reached:.3f} come out exactly: raise the floor"
    assert silent <= floor["silent"], f"{silent} of {tried} sentences are wrong and nothing tells"
    assert silent >= floor["silent"] - SLACK * tried, f"{silent} are wrong and nothing tells: lower that number"
