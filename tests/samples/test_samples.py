"""The samples feed the demonstration and many tests: they must be reproducible, and every one must come out."""

import filecmp
import hashlib
import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from archive.extract import extract
from archive.models import Capture, RawNotice
from archive.page import read_page
from archive.settings import CHECKOUT

SAMPLES = CHECKOUT / "data" / "samples"
TRUTH = Path(__file__).parent / "truth.jsonl"
SEED_SHA256 = "3af29d5d6e3585e86a9543d1d24f5bb64cc22960bc2ac303f78583efec8178b4"

# Pages on which bytes are gone that nothing tells: such places stay as they are or are read as likeliest, and are told.
LEFT_DAMAGED = {"shili-gonggao-2010-5.portal.html"}


def expected() -> dict[str, list[dict]]:
    pages: dict[str, list[dict]] = {}
    for line in TRUTH.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        pages.setdefault(row["file"], []).append(row)
    return pages


def fold(text: str) -> str:
    """Full width and half width, blanks and the shape of brackets are no difference between two copies of a notice."""
    text = unicodedata.normalize("NFKC", text).translate(str.maketrans("〔〕【】", "[][]"))
    return re.sub(r"\s", "", text)


def folded(lines: Iterable[str]) -> list[str]:
    return [fold(line) for line in lines]


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def test_a_second_run_of_the_script_changes_nothing(tmp_path):
    """Otherwise every `make samples` dirties the checkout, and truth and pages drift apart."""
    script = CHECKOUT / "data" / "make_samples.py"
    subprocess.run(
        [sys.executable, script, "--samples", tmp_path / "samples", "--truth", tmp_path / "truth.jsonl"], check=True
    )
    written = sorted(path.name for path in (tmp_path / "samples").iterdir())
    assert written == sorted(path.name for path in SAMPLES.iterdir() if path.name != "608.txt")
    assert filecmp.cmpfiles(SAMPLES, tmp_path / "samples", written, shallow=False) == (written, [], [])
    assert filecmp.cmp(TRUTH, tmp_path / "truth.jsonl", shallow=False)


def test_the_page_it_began_with_is_kept_byte_for_byte():
    assert hashlib.sha256((SAMPLES / "608.txt").read_bytes()).hexdigest() == SEED_SHA256


def test_no_sample_can_be_taken_for_a_real_notice():
    for row in (row for rows in expected().values() for row in rows if row["number"]):
        assert row["number"].startswith("示例"), row["file"]


@pytest.mark.parametrize(("file", "rows"), expected().items())
def test_every_sample_comes_out_as_the_notice_it_carries(file, rows):
    content = (SAMPLES / file).read_bytes()
    media_type = "text/plain" if file.endswith(".txt") else "text/html"
    extraction = extract(read_page(Capture(file, datetime(2026, 1, 1, tzinfo=UTC), content, media_type)))
    wanted = [row for row in rows if row["number"] is not None]
    assert [fold(str(notice.number or "")) for notice in extraction.notices] == folded(row["number"] for row in wanted)
    assert bool(extraction.rejection) == (not wanted)
    for notice, row in zip(extraction.notices, wanted, strict=True):
        assert bool(notice.damage) == (file in LEFT_DAMAGED)
        check(notice, row)


def check(notice: RawNotice, row: dict) -> None:
    paragraphs = list(zip(notice.body.split("\n"), row["paragraphs"], strict=True))
    told = {notice.body.count("\n", 0, damage.at): damage.reason for damage in notice.damage}
    wrong = {paragraphs.index(pair) for pair in paragraphs if fold(pair[0]) != fold(pair[1])}
    assert wrong <= told.keys()
    assert {told[line] for line in told.keys() - wrong} <= {"reading in doubt"}, "told, and nothing is wrong"
    assert fold(notice.title) == fold(row["title"])
    assert list(notice.authorities) == row["issuer"].split()
    assert notice.issued_on == day(row["issued_on"])
    assert notice.published_on == day(row["published_on"])
    assert notice.effective_on == day(row["effective_on"])
