"""The command line as users type it: what it prints, its exit codes, and one clear line for whatever goes wrong."""

import csv
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.cli import main
from archive.settings import SETTINGS
from tests.conftest import CHECKOUT, run_archive
from tests.ingest.pages import body, page

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


def test_ingest_says_what_became_of_each_page(run: Run, pages: Path) -> None:
    lines = run("ingest", str(pages)).stdout.splitlines()
    assert lines[0].startswith(f"archived   {pages}/7.html  示例税函〔2009〕7号 关于第7项业务")
    assert lines[2].startswith(f"rejected   {pages}/list.html  ")
    assert lines[3] == "3 pages: 2 archived, 1 rejected"
    assert run("ingest", str(pages)).stdout.splitlines()[3] == "3 pages: 1 rejected, 2 unchanged"


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
        (["search", "--from", "yesterday"], "yesterday", "2008-06-19"),
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


def test_reading_an_archive_that_is_not_there_makes_none(run: Run, home: Path) -> None:
    """A mistyped --home would look like an archive that lost everything."""
    for arguments in (["stats"], ["show", "608号"], ["search", "x"], ["export"], ["check"], ["reindex"], ["reparse"]):
        result = run(*arguments, code=1)
        assert f"there is no archive in {home}" in result.stderr
    assert not home.exists()


def test_show_gives_the_notice_and_what_was_captured(archived: Run, pages: Path) -> None:
    text = archived("show", "示例税函[2009]7号").stdout
    assert body(7) in text
    assert "文号：示例税函〔2009〕7号" in text
    assert archived("show", "示例税函", "〔2009〕", "7号", "--original").stdout_bytes == (pages / "7.html").read_bytes()
    changes = archived("show", "示例税函〔2009〕7号", "--changes").stdout
    assert "line 1, offset 0" in changes
    assert "→" in changes


def test_json_is_what_the_api_returns(archived: Run, home: Path) -> None:
    """A program moves from command line to API and finds other fields."""
    from archive.settings import Settings
    from web import create_app

    client = create_app(Settings(home=home)).test_client()
    notice = json.loads(archived("show", "示例税函〔2009〕7号", "--json").stdout)
    assert notice == client.get(f"/api/v1/notices/{notice['id']}").get_json()
    results = json.loads(archived("search", "增值税", "--limit", "1", "--json").stdout)
    assert results == client.get("/api/v1/notices?q=增值税&per_page=1").get_json()
    assert (results["total"], len(results["items"])) == (2, 1)


def test_search_finds_by_words_number_and_date(archived: Run) -> None:
    for arguments, total in (
        (["增值税"], 2),
        (['"第7项业务"'], 1),
        (["--number", "7号"], 1),
        (["增值税", "--from", "2009-03-05", "--to", "2009"], 2),
        (["增值税", "--to", "2008"], 0),
        (["示例税函〔2009〕8号"], 1),
        (["增值税", "--on", "2009-03-05"], 2),
        (["增值税", "--on", "2009-03-04"], 0),
        (["增值税 有效于:2009-03"], 2),
    ):
        assert archived("search", *arguments).stdout.startswith(f"{total} 篇"), arguments


def test_search_says_what_was_perhaps_meant(archived: Run) -> None:
    assert "您是不是要找：增值税\n" in archived("search", "增殖税").stdout
    assert "您是不是要找：示例税函〔2009〕8号\n" in archived("search", "示例税函〔2008〕8号").stdout
    assert "您是不是要找" not in archived("search", "增值税").stdout


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


def test_reindex_takes_removed_notices_out(archived: Run, home: Path) -> None:
    with sqlite3.connect(home / "store.sqlite3") as connection:
        connection.execute("UPDATE captures SET sha256 = 'gone' WHERE source LIKE '%7.html'")
    connection.close()
    assert "its capture is lost" in archived("reparse").stdout
    assert archived("search", "增值税").stdout.startswith("2 篇")


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


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_read_only_home_is_named(archived: Run, home: Path, pages: Path) -> None:
    for path in (home, *home.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    (pages / "9.html").write_text(page(9), encoding="utf-8")
    lines = archived("ingest", str(pages / "9.html"), code=1).stderr.splitlines()
    assert "writable" in lines[1]
    for path in (home, *home.rglob("*")):
        path.chmod(0o755)


def test_home_that_cannot_be_made_is_named(pages: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run_archive("ingest", str(pages), home=tmp_path / "file" / "home")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 2)
    assert "cannot be made" in done.stderr


def test_export_to_a_table_cannot_run_formulas(run: Run, tmp_path: Path) -> None:
    """A hostile title would run a program in the accountant's spreadsheet."""
    line = {"title": '=HYPERLINK("http://evil.test")', "body": "@SUM(1)\n第二行", "topics": ["-1", "b"]}
    (tmp_path / "in.jsonl").write_text(json.dumps(line), encoding="utf-8")
    run("import", str(tmp_path / "in.jsonl"))
    text = run("export", "--format", "csv").stdout
    (row,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert row["title"] == '\'=HYPERLINK("http://evil.test")'
    assert row["body"] == "'@SUM(1)\n第二行"
    assert row["topics"] == "'-1; b"


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


def test_check_finds_what_is_broken(archived: Run, home: Path) -> None:
    assert archived("check").stdout.count("ok ") == 4
    for file in (home / "captures").iterdir():
        content = bytearray(file.read_bytes())
        content[-40] ^= 0xFF
        file.write_bytes(bytes(content))
    result = archived("check", code=1)
    assert "failed  captures: 3" in result.stdout
    assert "Restore that file from a copy" in result.stdout
    with sqlite3.connect(home / "store.sqlite3") as connection:
        connection.execute("DELETE FROM readings")
    connection.close()
    assert "2 notices without a reading" in archived("check", code=1).stdout


def test_cite_looks_up_every_citation_in_a_text(archived: Run, tmp_path: Path) -> None:
    """The accountant pastes a letter and wants to know which of its notices still hold."""
    (tmp_path / "letter.txt").write_text("根据示例税函〔2009〕7号和国税发〔2001〕1号\x1b的规定", encoding="utf-8")
    first, second = archived("cite", str(tmp_path / "letter.txt")).stdout.splitlines()
    assert first.split("\t") == [
        "示例税函〔2009〕7号",
        "based_on",
        "未知",
        "关于第7项业务征收增值税有关问题的通知",
        "shilishuihan-2009-7",
    ]
    assert second.endswith("未收录")
    cited = json.loads(archived("cite", str(tmp_path / "letter.txt"), "--json").stdout)
    assert [(one["number"], one["id"]) for one in cited] == [
        ("示例税函〔2009〕7号", "shilishuihan-2009-7"),
        ("国税发〔2001〕1号", None),
    ]


def test_evaluate_prints_the_table(run: Run, pages: Path, tmp_path: Path) -> None:
    truth = {"file": "7.html", "kind": "test", "number": "示例税函〔2009〕7号", "paragraphs": body(7).split("\n")}
    (tmp_path / "truth.jsonl").write_text(json.dumps(truth), encoding="utf-8")
    assert "exact" in run("evaluate", str(tmp_path / "truth.jsonl"), str(pages)).stdout


def test_crawl_needs_a_contact_and_a_site_that_is_known(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARCHIVE_CONTACT", raising=False)
    name = run("sites").stdout.split()[0]
    assert "ARCHIVE_CONTACT" in run("crawl", name, code=1).stderr
    assert "there is no site called 'nowhere'" in run("crawl", "nowhere", code=1).stderr


def test_stats_count_the_archive(archived: Run) -> None:
    stats = json.loads(archived("stats", "--json").stdout)
    assert (stats["notices"], stats["captures"], stats["citations"], stats["resolved"]) == (2, 3, 1, 1)
    assert "notices" in archived("stats").stdout


def test_help_lists_every_setting(run: Run) -> None:
    text = run("--help").stdout
    for setting in SETTINGS:
        assert setting.variable in text


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


def test_show_says_what_replaced_a_notice_and_what_its_copies_disagree_on(archived: Run, pages: Path) -> None:
    """The reader would rely on a dead notice, on an older text of it, or on one re-poster's date."""
    first = page(7)
    note = "（2009年3月7日发布 根据2018年6月15日《示例税务总局关于修改部分文件的公告》修正）"
    opening = first.index("<p>", first.index("各省"))
    revised = first[:opening] + f"<p>{note}</p>" + first[opening:].replace("第7项业务", "第7项业务（含跨境）")
    (pages / "revised.html").write_text(revised, encoding="utf-8")
    (pages / "wrong date.html").write_text(first.replace("二○○九年三月五日", "二○一四年十二月一日"), encoding="utf-8")
    repealing = page(9, "示例税函〔2009〕7号同时废止。").replace("二○○九年三月五日", "二○○九年六月五日")
    (pages / "9.html").write_text(repealing, encoding="utf-8")
    archived("ingest", str(pages))
    text = archived("show", "示例税函〔2009〕7号").stdout
    assert "时效性：全文废止（废止：示例税函〔2009〕9号" in text
    assert "取代：示例税函〔2009〕7号 → 示例税函〔2009〕9号" in text
    assert "版本：根据2018年6月15日" in text
    assert "旧版：初次发布" in text
    assert f"异说：成文日期 2014-12-01（来源 {pages}/wrong date.html）" in text
    assert "2009-03-08时效性：未知" in archived("show", "示例税函〔2009〕7号", "--on", "2009-03-08").stdout
