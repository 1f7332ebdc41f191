"""Filling a damaged place from another copy: exact or not at all."""

from hypothesis import given, settings
from hypothesis import strategies as st

from archive.clean.changes import apply, undo
from archive.filling import Copy, fill, still_damaged
from archive.models import Damage

WHOLE = "根据《证书》规定,将12366作为全国税务系统短消息类服务接入代码。"
TORN = WHOLE.replace("。", "?").replace("《证书》", "?蹲C書》")


def copy(body: str, source: str = "b") -> Copy:
    damage = tuple(Damage(at, "?", "lost byte") for at, character in enumerate(body) if character == "?")
    return Copy(source, body, damage)


def test_place_is_filled_as_far_as_the_copies_differ_there() -> None:
    filled = fill(copy(f"第一段。\n{TORN}", "a"), [copy(f"{WHOLE}\n另一段。")])
    assert (filled.body, filled.damage) == (f"第一段。\n{WHOLE}", ())
    assert {change.reason for change in filled.changes} == {"from b"}


def test_difference_elsewhere_in_the_paragraph_is_left_alone() -> None:
    """A re-poster's own wording would slip into the notice."""
    paragraph = "现将有关问题通知如下,请各地税务机关认真贯彻执行,执行中有何问题请及时报告税务总局?"
    other = paragraph.replace("?", "。").replace("有关", "若干")
    assert fill(copy(paragraph), [copy(other)]).body == paragraph.replace("?", "。")


def test_copies_that_disagree_fill_nothing() -> None:
    others = [copy(WHOLE, "b"), copy(WHOLE.replace("证书", "批复"), "c")]
    assert fill(copy(TORN), others).body == TORN


def test_copy_that_is_damaged_there_itself_fills_nothing() -> None:
    assert fill(copy(TORN), [copy(TORN.replace("12366", "12366号"))]).changes == ()


def test_other_paragraph_fills_nothing() -> None:
    filled = fill(copy(TORN), [copy("完全不同的一段文字,与上文没有任何关系。")])
    assert (filled.body, len(filled.damage)) == (TORN, 2)


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["甲乙丙丁戊己庚辛壬癸", WHOLE, "第一条 纳税人应当如实申报。"]), min_size=1, max_size=4),
    st.data(),
)
def test_filled_text_replays_to_the_damaged_one(paragraphs: list[str], data: st.DataObject) -> None:
    """Every change is on record, or the comparison shows something else than the page."""
    body = "\n".join(paragraphs)
    places = data.draw(st.sets(st.integers(0, len(body) - 1).filter(lambda at: body[at] != "\n"), max_size=3))
    torn = "".join("?" if at in places else character for at, character in enumerate(body))
    one = copy(torn, "a")
    filled = fill(one, [copy(body)])
    assert apply(torn, filled.changes) == filled.body
    assert undo(filled.body, filled.changes) == torn
    assert filled.damage == still_damaged(one.damage, filled.changes)
    assert all(filled.body.startswith(place.text, place.at) for place in filled.damage)
