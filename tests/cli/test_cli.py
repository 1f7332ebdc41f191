"""The command line as users type it: what it prints, and its exit codes."""

import csv
import io
import json
import sqlite3
from pathlib import Path

import pytest

from archive.settings import SETTINGS
from tests.cli.conftest import Run
from tests.ingest.pages import body, page


def test_ingest_says_what_became_of_each_page(run: Run, pages: Path) -> None:
    lines = run("ingest", str(pages)).stdout.splitlines()
    assert lines[0].startswith(f"archived   {pages}/7.html  示例税函〔2009〕7号 关于第7项业务")
    assert lines[2].startswith(f"rejected   {pages}/list.html  ")
    assert lines[3] == "3 pages: 2 archived, 1 rejected"
    assert run("ingest", str(pages)).stdout.splitlines()[3] == "3 pages: 1 rejected, 2 unchanged"


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


def test_a_query_may_begin_with_what_is_not_wanted(archived: Run) -> None:
    assert archived("search", "-第8项").stdout.startswith("1 篇")
    assert archived("export", "-第8项", "增值税", "--format", "csv").stdout.count("示例税函〔2009〕8号") == 0


def test_search_says_what_was_perhaps_meant(archived: Run) -> None:
    assert "您是不是要找：增值税\n" in archived("search", "增殖税").stdout
    assert "您是不是要找：示例税函〔2009〕8号\n" in archived("search", "示例税函〔2008〕8号").stdout
    assert "您是不是要找" not in archived("search", "增值税").stdout


def test_reindex_takes_removed_notices_out(archived: Run, home: Path) -> None:
    with sqlite3.connect(home / "store.sqlite3") as connection:
        connection.execute("UPDATE captures SET sha256 = 'gone' WHERE source LIKE '%7.html'")
    connection.close()
    assert "its capture is lost" in archived("reparse").stdout
    assert archived("search", "增值税").stdout.startswith("2 篇")


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
