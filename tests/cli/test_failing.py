"""The command line when something is wrong: one clear line and its remedy, the right exit code, and nothing lost."""

import ctypes
import json
import signal
import sqlite3
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.cli import main
from tests.cli.conftest import Run
from tests.conftest import CHECKOUT, run_archive
from tests.ingest.pages import page


def test_ingest_of_nothing_usable_exits_with_1(run: Run, pages: Path, tmp_path: Path) -> None:
    """A script would go on to index an empty archive."""
    run("ingest", str(pages / "list.html"), code=1)
    (tmp_path / "empty").mkdir()
    assert "0 pages: nothing found" in run("ingest", str(tmp_path / "empty"), code=1).stdout


BAD_FILES = {
    "empty.html": b"",
    "binary.html": bytes(range(256)) * 40,
    "picture.txt": b"\x89PNG\r\n\x1a\n" + bytes(1000),
    "document.html": b"%PDF-1.4 " + bytes(1000),
    "blank.txt": b"  \n\n ",
    "broken.zip": b"PK\x03\x04 torn",
    "broken.warc.gz": b"\x1f\x8b torn",
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_file_gets_one_line_that_names_it(archived: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(BAD_FILES[name])
    before = archived("export").stdout
    lines = archived("ingest", str(tmp_path / name), code=1).stdout.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(f"rejected   {tmp_path / name}  ")
    assert lines[0].removeprefix(f"rejected   {tmp_path / name}  ")
    assert archived("export").stdout == before


def test_errors_are_two_lines_what_and_remedy(archived: Run, tmp_path: Path) -> None:
    for arguments, message, remedy in (
        (["ingest", str(tmp_path / "nothing")], f"there is no file or folder {tmp_path / 'nothing'}.", "spelling"),
        (["import", str(tmp_path / "nothing")], "there is no file or folder", "spelling"),
        (
            ["show", "示例税函〔2009〕9号"],
            "there is no notice 示例税函〔2009〕9号",
            "Did you mean 示例税函〔2009〕8号 or 示例税函〔2009〕7号?",
        ),
        (["show", "示例税函〔2009〕"], "may be one of 2 notices", "示例税函〔2009〕7号, 示例税函〔2009〕8号"),
        (["show", "胡言乱语"], "document number", "国税函〔2008〕608号"),
        (["search", "--from", "2008-13"], "'2008-13' is no date", "Write a date as"),
        (["search", "--on", "yesterday"], "'yesterday' is no date", "Write a date as"),
        (["search", "--number", "胡言乱语"], "胡言乱语", "国税函〔2008〕608号"),
    ):
        lines = archived(*arguments, code=1).stderr.splitlines()
        assert len(lines) == 2, lines
        assert lines[0].startswith("Error: ")
        assert message in lines[0]
        assert remedy in lines[1]


def test_wrong_usage_exits_with_2(run: Run) -> None:
    for arguments in (["nonsense"], ["ingest"], ["search", "--limit", "1000"], ["show", "1", "--json", "--changes"]):
        run(*arguments, code=2)
    assert "'--from'" in run("search", "--form", "2008", code=2).stderr


def test_reading_an_archive_that_is_not_there_makes_none(run: Run, home: Path) -> None:
    """A mistyped --home would look like an archive that lost everything."""
    reading = (["stats"], ["show", "608号"], ["search", "x"], ["cite"], ["export"], ["check"], ["reindex"], ["reparse"])
    for arguments in (*reading, ["serve", "--port", "0"]):
        lines = run(*arguments, code=1).stderr.splitlines()
        assert f"there is no archive in {home}" in lines[0]
        assert "ingest PATH" in lines[1]
    assert not home.exists()


def test_search_on_a_missing_or_stale_index_says_the_remedy(run: Run, pages: Path) -> None:
    """The reader believes that there is nothing, and there is."""
    run("ingest", str(pages / "7.html"))
    assert "python -m archive reindex" in run("search", "增值税", code=1).stderr
    run("reindex")
    run("ingest", str(pages / "8.html"))
    stale = run("search", "增值税")
    assert stale.stdout.startswith("1 篇")
    assert "reindex --changed" in stale.stderr
    assert "put in 1 notice " in run("reindex", "--changed").stdout
    assert run("search", "增值税").stdout.startswith("2 篇")
    assert "already up to date" in run("reindex", "--changed").stdout


def test_corrupt_index_is_named_and_rebuilt(archived: Run, home: Path) -> None:
    for file in (home / "index").rglob("*"):
        if file.is_file():
            file.write_bytes(b"torn")
    error = archived("search", "增值税", code=1).stderr
    assert "reindex" in error.splitlines()[1]
    assert "Built a new index" in archived("reindex", "--changed").stdout
    assert archived("search", "增值税").stdout.startswith("2 篇")


def test_index_of_another_lexicon_is_rebuilt(archived: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A word added to the lexicon would be cut in queries and not in the index: it is never found."""
    monkeypatch.setattr("archive.reindex.lexicon_fingerprint", lambda: "another")
    monkeypatch.setattr("archive.checking.lexicon_fingerprint", lambda: "another")
    assert "another lexicon" in archived("check", code=1).stdout
    assert "Built a new index" in archived("reindex", "--changed").stdout


def test_locked_store_is_named_and_nothing_is_lost(
    archived: Run, home: Path, pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.database.BUSY_SECONDS", 0.1)
    (pages / "9.html").write_text(page(9), encoding="utf-8")
    holder = sqlite3.connect(home / "store.sqlite3")
    holder.execute("BEGIN IMMEDIATE")
    lines = archived("ingest", str(pages / "9.html"), code=1).stderr.splitlines()
    assert "locked" in lines[0]
    assert "wait" in lines[1]
    assert archived("search", "增值税").stdout.startswith("2 篇")
    holder.close()
    archived("ingest", str(pages / "9.html"))
    assert archived("stats", "--json").stdout.count('"notices": 3') == 1


def test_corrupt_store_is_named_and_left_alone(archived: Run, home: Path) -> None:
    (home / "store.sqlite3").write_bytes(b"no database" * 1000)
    for file in home.glob("store.sqlite3-*"):
        file.unlink()
    for command in (["stats"], ["ingest", str(home)], ["check"]):
        assert "not a database" in archived(*command, code=1).stderr
    assert (home / "store.sqlite3").read_bytes() == b"no database" * 1000


def write_no_more_than_others_may() -> None:
    """Of a child process of root: give up CAP_DAC_OVERRIDE of capabilities(7), so that modes of files bind it too."""
    drop_from_bounding_set, dac_override = 24, 1
    ctypes.CDLL(None).prctl(drop_from_bounding_set, dac_override, 0, 0, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="root may write anywhere, and only Linux lets it give that up")
@pytest.mark.usefixtures("archived")
def test_a_read_only_archive_is_read_and_named_where_it_is_to_be_written(home: Path, pages: Path) -> None:
    """Of a mounted copy, or under another user, the archive would be closed to readers too."""
    (pages / "9.html").write_text(page(9), encoding="utf-8")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "archive", "--home", str(home), *arguments]
        return subprocess.run(  # noqa: PLW1509 (no threads here)
            command, cwd=CHECKOUT, capture_output=True, text=True, preexec_fn=write_no_more_than_others_may
        )

    for path in (home, *home.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    reading = (["search", "增值税"], ["show", "示例税函〔2009〕7号"], ["export"], ["stats"], ["check"])
    done = [run(*arguments) for arguments in reading]
    written = run("ingest", str(pages / "9.html"))
    for path in (home, *home.rglob("*")):
        path.chmod(0o755)
    assert [one.stderr for one in done] == [""] * len(reading)
    assert done[0].stdout.startswith("2 篇")
    assert (written.returncode, "writable" in written.stderr) == (1, True)


def test_home_that_cannot_be_made_is_named(pages: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run_archive("ingest", str(pages), home=tmp_path / "file" / "home")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 2)
    assert "cannot be made" in done.stderr


def test_no_page_can_steer_the_terminal(run: Run, tmp_path: Path) -> None:
    """A title with escape codes would rewrite the screen, or type into the shell."""
    line = {"title": "标题\x1b]0;owned\x07", "body": "正文\x1b[2J"}
    (tmp_path / "in.jsonl").write_text(json.dumps(line), encoding="utf-8")
    text_id = "text-"
    imported = run("import", str(tmp_path / "in.jsonl")).stdout
    run("reindex")
    found = json.loads(run("export").stdout)["id"]
    assert found.startswith(text_id)
    for output in (imported, run("show", found).stdout, run("search", "正文").stdout):
        assert "\x1b" not in output


def test_bad_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHIVE_PORT", "eighty")
    result = CliRunner().invoke(main, ["stats"])
    assert (result.exit_code, "ARCHIVE_PORT" in result.stderr) == (1, True)


def test_port_in_use_is_named(archived: Run) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        lines = archived("serve", "--port", str(taken.getsockname()[1]), code=1).stderr.splitlines()
    assert "cannot be used" in lines[0]
    assert "--port" in lines[1]


def test_interrupt_ends_in_order(home: Path, pages: Path) -> None:
    """Ctrl-C in a long run would leave a traceback, or half a page."""
    for n in range(100, 500):
        (pages / f"{n}.html").write_text(page(n), encoding="utf-8")
    command = [sys.executable, "-m", "archive", "--home", str(home), "ingest", str(pages)]
    with subprocess.Popen(
        command,
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        # Tests that a shell runs in the background are started deaf to Ctrl-C, and so would be what they start.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 (no threads here)
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (130, "Interrupted. What was archived before is kept.\n")
    assert run_archive("check", home=home).stdout.count("ok ") == 3
    done = run_archive("ingest", str(pages), home=home)
    assert done.stdout.splitlines()[-1].startswith("403 pages: ")


def test_closed_pipe_ends_quietly(sample_home: Path) -> None:
    command = f"{sys.executable} -m archive --home {sample_home} export | head -c 10"
    done = subprocess.run(["bash", "-c", command], cwd=CHECKOUT, capture_output=True, check=False)
    assert done.stderr == b""
