"""Golden pages beside their expected notices: if one fails, pages of its family reach the archive wrong, or never."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive.clean.changes import apply, undo
from archive.extract import extract
from archive.models import Capture, Page, RawNotice
from archive.page import read_page

GOLDEN = Path(__file__).parent / "golden"
EXPECTED = sorted(GOLDEN.glob("*.json"))


def read(expected: Path) -> tuple[Page, dict[str, Any]]:
    page = next(path for path in expected.parent.glob(f"{expected.stem}.*") if path.suffix in (".html", ".txt"))
    capture = Capture(page.name, datetime(2026, 1, 1, tzinfo=UTC), page.read_bytes())
    return read_page(capture), json.loads(expected.read_text(encoding="utf-8"))


def plain(notice: RawNotice, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of a notice that the expectation names, in its form."""
    values = {name: getattr(notice, name) for name in fields}
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, str) and "\n" in value:
        return value.split("\n")
    return value if value is None or isinstance(value, list) else str(value)


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda path: path.stem)
def test_page_gives_exactly_its_notices(expected: Path) -> None:
    page, wanted = read(expected)
    extraction = extract(page)
    if "rejection" in wanted:
        assert extraction.rejection is not None, wanted["about"]
        assert extraction.rejection.code == wanted["rejection"], wanted["about"]
        assert extraction.notices == ()
        return
    assert extraction.rejection is None, wanted["about"]
    given = [plain(notice, fields) for notice, fields in zip(extraction.notices, wanted["notices"], strict=True)]
    assert given == wanted["notices"], wanted["about"]


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda path: path.stem)
def test_changes_prove_every_difference_from_the_captured_page(expected: Path) -> None:
    page, _ = read(expected)
    for notice in extract(page).notices:
        assert apply(page.text, notice.changes) == notice.body
        assert undo(notice.body, notice.changes) == page.text
