"""What is handed to others: a selection of the notices, and a WARC file of the pages that carry them."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import Result
from warcio.archiveiterator import ArchiveIterator

from tests.cli.conftest import Run


def ids(result: Result) -> list[str]:
    return [json.loads(line)["id"] for line in result.stdout.splitlines()]


@pytest.mark.parametrize(
    ("selection", "wanted"),
    [((), 2), (("--number", "8号"), 1), (("依照",), 1), (("--from", "2010"), 0), (("增值税",), 2)],
)
def test_an_export_is_of_what_a_search_with_the_same_options_finds(
    archived: Run,
    selection: tuple[str, ...],
    wanted: int,
) -> None:
    found = [item["id"] for item in json.loads(archived("search", "--json", *selection).stdout)["items"]]
    assert sorted(ids(archived("export", *selection))) == sorted(found)
    assert len(found) == wanted
    assert archived("export", "--format", "csv", *selection).stdout.count("示例税函") >= wanted


def test_all_of_it_needs_no_index(run: Run, pages: Path) -> None:
    run("ingest", str(pages))
    assert len(ids(run("export"))) == 2
    assert "reindex" in run("export", "增值税", code=1).output


def test_a_warc_of_a_selection_can_be_read_by_others(archived: Run, pages: Path) -> None:
    written = archived("export", "--format", "warc", "--number", "7号").stdout_bytes
    about, record = (
        (one.rec_type, one.rec_headers.get_header("WARC-Target-URI"), one.content_stream().read())
        for one in ArchiveIterator(BytesIO(written), check_digests="raise")
    )
    assert about[0] == "warcinfo"
    assert record == ("resource", f"file://{pages}/7.html", (pages / "7.html").read_bytes())


def test_an_archive_made_of_an_exported_warc_has_the_same_notices(archived: Run, tmp_path: Path) -> None:
    """Otherwise a hand-over loses what only the pages know."""
    (tmp_path / "pages.warc.gz").write_bytes(archived("export", "--format", "warc").stdout_bytes)
    archived("--home", str(tmp_path / "other"), "ingest", str(tmp_path / "pages.warc.gz"))
    assert archived("--home", str(tmp_path / "other"), "export").stdout == archived("export").stdout
