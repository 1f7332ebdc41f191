"""The word lists: a mistake in one must stop the program at its line, not change results quietly."""

from pathlib import Path

import pytest

from archive.errors import LexiconError
from archive.lexicon import Office, offices, read_offices, read_words


def test_the_table_of_offices_is_as_large_as_promised_and_names_its_authorities() -> None:
    codes = offices().codes
    assert len(codes) >= 150
    assert codes["国税函"] == Office("国税函", ("国家税务总局",), 1995, 2013)
    assert codes["财税"].authorities == ("财政部", "国家税务总局")
    assert codes["法释"].last_year is None


def test_every_authority_of_a_code_is_a_full_name() -> None:
    short = {alias for alias, name in offices().authorities.items() if name != alias}
    assert not {name for office in offices().codes.values() for name in office.authorities} & short


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('[codes]\n"甲" = { by = ["乙"] }\n"丙" = { }\n', 3, "needs by"),
        ('[codes]\n"甲" = { by = ["乙"], years = "2013-1993" }\n', 2, "years"),
        ('[codes]\n"甲" = { by = ["乙"], years = 1993 }\n', 2, "years"),
        ('[codes]\n"甲" = { by = ["乙"], year = "1993-" }\n', 2, "must be"),
        ('[codes]\n"甲" = { by = ["乙"] }\n"甲" = { by = ["乙"] }\n', 3, "overwrite"),
        ('[codes]\n"甲" = \n', 2, "Invalid value"),
        ('[offices]\n"甲" = { by = ["乙"] }\n', 1, "unknown section"),
        ("[regions]\n京 = 1\n", 2, ""),
        ('[regions]\n"京" = 1\n', 2, "text in quotes"),
        ("[words]\nbefore = [1]\n", 2, "list of words"),
    ],
)
def test_a_mistake_is_named_by_file_and_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    path = tmp_path / "offices.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LexiconError) as refused:
        read_offices(path)
    assert f"{path}, line {line}" in refused.value.message
    assert says in refused.value.message


def test_a_file_that_is_missing_or_not_utf8_is_named(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="none.toml"):
        read_offices(tmp_path / "none.toml")
    path = tmp_path / "offices.toml"
    path.write_bytes('[codes]\n"甲" = '.encode() + b"\xff")
    with pytest.raises(LexiconError, match="line 2: not UTF-8"):
        read_offices(path)


def test_words_are_one_a_line_without_comments_and_never_twice(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("# taxes\n增值税\n\n消费税  # since 1994\n", encoding="utf-8")
    assert read_words(path) == ("增值税", "消费税")
    path.write_text("增值税\n消费税\n增值税\n", encoding="utf-8")
    with pytest.raises(LexiconError, match="line 3: '增值税' stands already on line 1"):
        read_words(path)
