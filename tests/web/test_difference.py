"""Nothing of two compared notices is lost, and what differs is what is marked."""

from time import perf_counter

from hypothesis import given
from hypothesis import strategies as st

from web.difference import Run, compare

bodies = st.lists(st.text("税务发票应当申报，。一二", max_size=12), max_size=8).map("\n".join)


def text(runs: tuple[Run, ...]) -> str:
    return "".join(part for part, _ in runs)


@given(bodies, bodies)
def test_both_texts_are_shown_whole_and_in_order(left: str, right: str) -> None:
    lines = compare(left, right)
    assert [t for line in lines if (t := text(line.left))] == [line for line in left.split("\n") if line.strip()]
    assert [t for line in lines if (t := text(line.right))] == [line for line in right.split("\n") if line.strip()]


@given(bodies)
def test_a_text_does_not_differ_from_itself(body: str) -> None:
    assert all(line.same for line in compare(body, body))


def test_a_changed_word_is_marked_within_its_paragraph() -> None:
    [first, second] = compare("各省税务局：\n税率为百分之十七。", "各省税务局：\n税率为百分之十三。")
    assert first.same
    assert [part for part, differs in second.left if differs] == ["七"]
    assert [part for part, differs in second.right if differs] == ["三"]


def test_an_inserted_paragraph_does_not_shift_the_others() -> None:
    lines = compare("一、应当申报纳税。\n二、按月缴纳税款。", "一、应当申报纳税了。\n新增的一条。\n二、按季缴纳税款。")
    assert [(text(line.left)[:2], text(line.right)[:2]) for line in lines] == [
        ("一、", "一、"),
        ("", "新增"),
        ("二、", "二、"),
    ]


def test_a_hostile_pair_of_texts_costs_little() -> None:
    started = perf_counter()
    compare("税" * 100_000, "税" * 99_999 + "务")
    compare("\n".join(f"税{n}" for n in range(20_000)), "\n".join(f"务{n}" for n in range(20_000)))
    assert perf_counter() - started < 10
