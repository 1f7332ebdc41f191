"""The comparison shows all of the captured text and all of the notice, and puts every change where it was made."""

from hypothesis import given
from hypothesis import strategies as st

from archive.models import Change
from web.comparison import Piece, Row, align, rows


def change(at: int, before: str, after: str, reason: str = "reason") -> Change:
    return Change("step", at, before, after, reason)


@st.composite
def repaired_texts(draw: st.DrawFn) -> tuple[str, str, list[Change]]:
    captured = text = draw(st.text("ab\n國", max_size=12))
    changes = []
    for _ in range(draw(st.integers(0, 8))):
        at = draw(st.integers(0, len(text)))
        before = text[at : at + draw(st.integers(0, 4))]
        after = draw(st.text("xy\n", max_size=3))
        changes.append(change(at, before, after))
        text = text[:at] + after + text[at + len(before) :]
    return captured, text, changes


@given(repaired_texts())
def test_both_sides_are_complete(repaired: tuple[str, str, list[Change]]) -> None:
    captured, text, changes = repaired
    pieces = align(captured, changes)
    assert "".join(piece.captured for piece in pieces) == captured
    assert "".join(piece.repaired for piece in pieces) == text
    assert all(piece.captured == piece.repaired for piece in pieces if not piece.changes)


@given(repaired_texts())
def test_no_text_is_lost_between_the_rows(repaired: tuple[str, str, list[Change]]) -> None:
    captured, text, changes = repaired
    pieces = [piece for row in rows(align(captured, changes)) for piece in row.pieces]
    assert "".join(piece.captured for piece in pieces).replace("\n", "") == captured.replace("\n", "")
    assert "".join(piece.repaired for piece in pieces).replace("\n", "") == text.replace("\n", "")


def lines(captured: str, *changes: Change) -> list[tuple[str, str]]:
    found = rows(align(captured, changes))
    return [("".join(p.captured for p in row.pieces), "".join(p.repaired for p in row.pieces)) for row in found]


def test_removed_lines_stand_beside_nothing_and_say_why() -> None:
    captured = "首页\n國(guó)税\n上一篇\n广告"
    changes = [
        change(4, "(guó)", "", "pinyin"),
        change(3, "國", "国"),
        change(0, "首页\n", "", "before"),
        change(2, "\n上一篇", "", "after"),
        change(2, "\n广告", "", "spam"),
    ]
    found = list(rows(align(captured, changes)))
    assert lines(captured, *changes) == [("首页", ""), ("國(guó)税", "国税"), ("上一篇", ""), ("广告", "")]
    assert [row.removal.reason for row in found if row.removed] == ["before", "after", "spam"]


def test_joined_lines_stand_beside_their_paragraph() -> None:
    assert lines("本通知\n自今日\n末", change(3, "\n", "")) == [("本通知\n自今日", "本通知自今日"), ("末", "末")]


def test_only_the_characters_that_differ_are_marked() -> None:
    pieces = align("稅務,機關", [change(0, "稅務,機關", "税务,机关")])
    assert [(piece.captured, piece.repaired) for piece in pieces] == [("稅務", "税务"), (",", ","), ("機關", "机关")]


def test_equal_reasons_are_told_once() -> None:
    a, b, other = change(0, "(a)", ""), change(5, "(b)", ""), change(9, "x", "y", "other")
    row = Row((Piece("(a)", "", (a,)), Piece("(b)", "", (b,)), Piece("x", "y", (other,))))
    assert [(one.reason, one.count) for one in row.explained()] == [("reason", 2), ("other", 1)]
    assert row.explained(examples=1)[0].examples == (("(a)", ""),)
