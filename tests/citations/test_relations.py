"""What a text does to the documents it names: a repeal missed keeps dead law alive, one invented kills law in force."""

from pathlib import Path

import pytest

from archive.citations import find_citations

CASES = [
    [part.replace("\\n", "\n").replace("\\t", "\t") for part in line.split("\t")]
    for line in (Path(__file__).parent / "relations.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("# ")
]


@pytest.mark.parametrize("case", CASES, ids=[case[0][:40] for case in CASES])
def test_every_mention_is_found_with_what_is_done_to_it(case: list[str]) -> None:
    text, *expected = case
    found = [f"{text[c.start : c.end]}={c.relation}" for c in find_citations(text)]
    assert found == [one for one in expected if one]
