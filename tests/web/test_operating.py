"""What the keeper of the server sets works, and without a setting nothing of it is there."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from archive.errors import BadInput
from archive.settings import Settings
from web import create_app

ORIGIN = "https://tax.example"


@contextmanager
def serving(settings: Settings, **changed: Any) -> Iterator[FlaskClient]:
    app = create_app(replace(settings, **changed))
    yield app.test_client()
    app.extensions["library"].store.close()
    if changed.get("access_log"):
        app.extensions["access_log"].close()


def test_other_sites_may_call_the_api_only_where_they_are_named(settings: Settings) -> None:
    with serving(settings, cors_origins=f"https://other.example, {ORIGIN}") as client:
        answer = client.get("/api/v1/topics", headers={"Origin": ORIGIN})
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert "Origin" in answer.headers["Vary"]
        asked = client.options("/api/v1/cite", headers={"Origin": ORIGIN, "Access-Control-Request-Method": "POST"})
        assert "POST" in asked.headers["Access-Control-Allow-Methods"]
        for path, origin in (("/api/v1/topics", "https://evil.example"), ("/", ORIGIN)):
            assert "Access-Control-Allow-Origin" not in client.get(path, headers={"Origin": origin}).headers


def test_an_open_api_says_so_to_all(settings: Settings) -> None:
    with serving(settings, cors_origins="*") as client:
        headers = client.get("/api/v1/topics", headers={"Origin": ORIGIN}).headers
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in headers


def test_a_client_that_asks_too_often_is_told_when_to_come_back(settings: Settings) -> None:
    with serving(settings, rate_limit="3 per hour", metrics=1) as client:
        for _ in range(3):
            assert client.get("/api/v1/topics").status_code == 200
        refused = client.get("/api/v1/stats")
        assert (refused.status_code, refused.mimetype) == (429, "application/problem+json")
        assert int(refused.headers["Retry-After"]) > 0
        assert "太频繁" in client.get("/").text
        assert {client.get(path).status_code for path in ("/healthz", "/readyz", "/metrics")} == {200}


def test_requests_are_logged_as_json(settings: Settings, tmp_path: Path) -> None:
    log = tmp_path / "access.jsonl"
    with serving(settings, access_log=str(log)) as client:
        client.get("/search?q=热线").close()
        client.get("/search.csv?q=热线").close()
        client.get("/nowhere\nforged").close()
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [(line["status"], line["method"]) for line in lines] == [(200, "GET"), (200, "GET"), (404, "GET")]
    assert lines[0]["path"] == "/search?q=热线"
    assert lines[0]["bytes"] > 0
    assert lines[0]["ms"] > 0


def test_the_word_of_a_proxy_is_taken_only_where_one_is_named(settings: Settings) -> None:
    told = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "shuiwen.example"}
    for proxies, sitemap in ((0, "http://localhost/sitemap.xml"), (1, "https://shuiwen.example/sitemap.xml")):
        with serving(settings, proxies=proxies) as client:
            assert f"Sitemap: {sitemap}" in client.get("/robots.txt", headers=told).text


def test_clients_behind_a_proxy_are_told_apart(settings: Settings) -> None:
    with serving(settings, rate_limit="1 per hour", proxies=1) as client:
        for address, status in (("192.0.2.1", 200), ("192.0.2.2", 200), ("192.0.2.1", 429)):
            assert client.get("/api/v1/topics", headers={"X-Forwarded-For": address}).status_code == status


def test_prometheus_is_told_of_requests_and_revisions(settings: Settings) -> None:
    with serving(settings, metrics=1) as client:
        client.get("/api/v1/topics")
        client.get("/nowhere")
        told = client.get("/metrics")
        assert client.get("/api").status_code == 200, "what is documented is the API alone"
        assert "/metrics" not in client.get("/api/v1/openapi.json").json["paths"]  # type: ignore[index]
    assert told.mimetype == "text/plain"
    lines = dict(line.rsplit(" ", 1) for line in told.text.splitlines() if not line.startswith("#"))
    assert lines['shuiwen_request_seconds_count{page="api.topics",status="200"}'] == "1.0"
    assert lines['shuiwen_request_seconds_count{page="",status="404"}'] == "1.0"
    assert lines["shuiwen_notices"] == "13.0"
    assert lines["shuiwen_index_revision"] == lines["shuiwen_store_revision"]


def test_nothing_of_it_is_on_by_default(client: FlaskClient) -> None:
    headers = client.get("/api/v1/topics", headers={"Origin": ORIGIN}).headers
    assert not [name for name in dict(headers) if name.startswith(("Access-Control", "X-RateLimit"))]
    assert client.get("/metrics").status_code == 404


@pytest.mark.parametrize(
    "wrong", [{"cors_origins": "tax.example"}, {"rate_limit": "often"}, {"access_log": "/nowhere/at/all.jsonl"}]
)
def test_a_setting_that_cannot_be_is_refused_at_the_start(settings: Settings, wrong: dict[str, str]) -> None:
    with pytest.raises(BadInput) as raised:
        create_app(replace(settings, **wrong))  # type: ignore[arg-type]
    assert "ARCHIVE_" in raised.value.message
