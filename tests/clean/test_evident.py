"""What neighbours leave no doubt of is settled at once; anything else is left to be solved, or to be told as damage."""

from archive.clean.evident import GAP, settle


def test_what_only_one_character_fits_is_settled() -> None:
    assert settle(f"¶国家税{GAP}总局¶", [("务", "刁", "偈")]) == ["务"]


def test_two_side_by_side_are_settled_together() -> None:
    assert settle(f"¶主管税{GAP}{GAP}关应当¶", [("务", "刁"), ("机", "杭")]) == ["务", "机"]


def test_one_that_is_settled_helps_the_next() -> None:
    assert settle(f"¶主管税{GAP}机{GAP}应当¶", [("务", "刁"), ("关", "兌")]) == ["务", "关"]


def test_what_two_words_fit_is_left() -> None:
    assert settle(f"¶由{GAP}路建设¶", [("道", "铁")]) == [""]


def test_three_in_a_row_are_left() -> None:
    assert settle(f"¶国{GAP}{GAP}{GAP}局¶", [("家", "宍"), ("税", "稃"), ("总", "怭")]) == ["", "", ""]
