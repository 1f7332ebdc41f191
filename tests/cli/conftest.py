"""An archive of three pages, and a way to run commands over it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.cli import main
from tests.ingest.pages import page

Run = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def run(home: Path) -> Run:
    """Run a command over the archive in `home`; a traceback fails the test."""

    def invoke(*arguments: str, code: int = 0) -> Result:
        result = CliRunner(env={"ARCHIVE_WORKERS": "1"}).invoke(main, ["--home", str(home), *arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert result.exit_code == code, result.output
        return result

    return invoke


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "7.html").write_text(page(7), encoding="utf-8")
    (folder / "8.html").write_text(page(8, "依照示例税函〔2009〕7号的规定办理。"), encoding="utf-8")
    (folder / "list.html").write_text(
        "<title>首页</title><ul><li><a href=1>一</a><li><a href=2>二</a></ul>", encoding="utf-8"
    )
    return folder


@pytest.fixture
def archived(run: Run, pages: Path) -> Run:
    """`run`, over an archive of `pages` with its index."""
    run("ingest", str(pages))
    run("reindex")
    return run
