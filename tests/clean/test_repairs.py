"""Properties of the repairs: each undoes the damage it is for, repeats without effect and leaves sound text alone."""

import random
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.clean import STEPS, clean_text
from archive.clean.changes import Repaired
from archive.clean.mojibake import undo_mojibake
from tests.clean.damages import as_windows_1252, to_traditional, with_notes
from tests.clean.sentences import sentences

SENTENCES = sentences(400)
sentence = st.sampled_from(SENTENCES)
chance = st.randoms(use_true_random=False)


@given(sentence)
@settings(deadline=None)
def test_sound_text_stays(text: str) -> None:
    assert clean_text(text) == Repaired(text)


@given(sentence, chance)
@settings(deadline=None)
def test_pinyin_notes_go_and_the_characters_stay(text: str, chance: random.Random) -> None:
    assert clean_text(with_notes(text, chance)).text == text


@given(sentence)
@settings(deadline=None)
def test_traditional_text_becomes_what_it_was_made_of(text: str) -> None:
    assert clean_text(to_traditional(text)).text == text


@given(sentence, st.sets(st.integers(0, 200)))
@settings(deadline=None)
def test_unseen_characters_go(text: str, places: set[int]) -> None:
    damaged = "".join(char + "\u200b" * (at in places) for at, char in enumerate(text))
    assert clean_text(damaged).text == text


@given(sentence)
@settings(deadline=None)
def test_folded_marks_are_restored(text: str) -> None:
    text = text.replace("（", "(").replace("）", ")")
    assert clean_text(text.translate(str.maketrans("，；：", ",;:"))).text == text


@given(sentence)
@settings(deadline=None)
def test_utf8_read_as_latin1_is_read_again(text: str) -> None:
    once = text.encode().decode("latin-1")
    assert clean_text(once).text == text
    assert clean_text(once.encode().decode("latin-1")).text == text


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
@given(text=st.text(st.sampled_from("國(guó)稅shuì?蹲C書》。,於著å·¹ú囮变"), max_size=30))
@settings(max_examples=60, deadline=None)
def test_a_repair_repeated_has_no_effect(step: Callable[[str], Repaired], text: str) -> None:
    once = step(text).text
    again = step(once).text
    assert step(again).text == again


@pytest.mark.parametrize(
    "unit",
    [
        "国家税务，",
        "國稅(guó)",
        "?國",
        "?zhèn)",
        "國(guó",
        "å·",
        "¹ú¼ÒË°",
        '"国',
        "囮",
        "?⑸鐣",
        "Âå",
        "(",
        "國?\n",
        "\ufffd国",
    ],
)
def test_a_page_of_nothing_but_one_thing_takes_no_longer_than_its_length(unit: str) -> None:
    """Twice the text may not take four times as long; the pause of a busy machine is allowed for."""

    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        start = time.process_time()
        clean_text(text)
        return time.process_time() - start

    seconds(1000)
    assert seconds(20_000) < 8 * seconds(5_000) + 0.5


def test_what_is_solved_once_is_solved_wherever_it_stands_again() -> None:
    """Or the end of a long page that says the same again and again stays as it is, for the work on it is bounded."""
    sentence = (
        "（四）为了支持中小企业发展，小规模纳税人自2009年1月1日起应当如实填写申报表，并附送财务报表、完税凭证等资料。"
    )
    page = "\n".join([as_windows_1252(sentence.encode())] * 600)
    assert set(undo_mojibake(page).text.split("\n")) == {sentence}


def test_a_page_as_long_as_a_code_of_law_is_read_to_its_end() -> None:
    """Or the second half of it stays as the wrong encoding shows it."""
    assert set(undo_mojibake("\n".join(["财税〔2009〕155å·"] * 20_000)).text.split("\n")) == {"财税〔2009〕155号"}
