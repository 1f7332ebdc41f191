"""A server under which something breaks: readers get a page of the house, programs a problem, the keeper the reason."""

import json
import shutil
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.settings import Settings
from tests.web.invented import build, take_up
from tests.web.test_serving import get, server

ID = "shilishuihan-2009-12"


def tear_store(settings: Settings) -> None:
    (settings.home / "store.sqlite3").write_bytes(b"torn" * 100_000)


def tear_reading(settings: Settings) -> None:
    with sqlite3.connect(settings.home / "store.sqlite3") as connection:
        connection.execute("UPDATE readings SET raw = ?", [b"torn"])
    connection.close()


def remove_index(settings: Settings) -> None:
    shutil.rmtree(settings.index)


@pytest.mark.parametrize(
    ("harm", "page", "operation", "status", "told", "logged"),
    [
        (tear_store, f"/notices/{ID}", f"/notices/{ID}", 503, "档案暂时不能读取", "store.sqlite3 cannot be used"),
        (tear_reading, f"/notices/{ID}", f"/notices/{ID}/changes", 500, "服务器出错了", "Traceback"),
        (remove_index, "/search?q=1", "/notices?q=1", 503, "检索索引暂时不能用", "no search index"),
    ],
)
def test_what_breaks_under_a_server_is_told_in_the_house_and_logged(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    harm: Callable[[Settings], None],
    page: str,
    operation: str,
    status: int,
    told: str,
    logged: str,
) -> None:
    settings = build(tmp_path / "home")
    with server(settings, signal.SIGTERM, web_workers="2", access_log=str(tmp_path / "log")) as address:
        harm(settings)
        shown, problem = get(address, page), get(address, "/api/v1" + operation)
        assert get(address, "/healthz")[0] == 200
    assert (shown[0], problem[0]) == (status, status)
    assert told in shown[1]
    assert 'name="q"' in shown[1]
    assert json.loads(problem[1])["status"] == status
    for text in (shown[1], problem[1]):
        assert "Traceback" not in text
        assert str(tmp_path) not in text
    assert logged in capfd.readouterr().err
    lines = [json.loads(line) for line in (tmp_path / "log").read_text(encoding="utf-8").splitlines()]
    assert [line["status"] for line in lines] == [status, status, 200]


def test_an_index_that_was_removed_is_taken_up_again_once_it_is_built(tmp_path: Path) -> None:
    settings = build(tmp_path / "home")
    with server(settings, signal.SIGTERM, web_workers="2") as address:
        remove_index(settings)
        assert get(address, "/search?q=1")[0] == 503
        take_up(settings)
        assert {get(address, "/search?q=1")[0] for _ in range(6)} == {200}


def test_who_asks_too_often_is_told_in_the_house(settings: Settings) -> None:
    with server(settings, signal.SIGTERM, rate_limit="1 per hour") as address:
        assert get(address, "/")[0] == 200
        shown, problem = get(address, "/"), get(address, "/api/v1/topics")
    assert (shown[0], json.loads(problem[1])["status"]) == (429, 429)
    assert "太频繁" in shown[1]
    assert 'name="q"' in shown[1]
