"""The API answers as its OpenAPI document says, and errs in one shape."""

import gzip
import os
from pathlib import Path
from time import time
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from archive.export import notice_to_dict, results_to_dict
from archive.models import Query
from tests.web.invented import build
from web import create_app

ID = "shilishuihan-2009-12"


OPERATIONS = [
    "/notices",
    "/notices/{notice_id}",
    "/notices/{notice_id}/citations",
    "/notices/{notice_id}/changes",
    "/suggest",
    "/resolve",
    "/cite",
    "/topics",
    "/stats",
]


@pytest.fixture(scope="module")
def schema(app: Flask) -> Any:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)


def test_the_document_describes_the_whole_api(schema: Any) -> None:
    assert sorted(schema) == sorted("/api/v1" + path for path in OPERATIONS)


# Not checked is that all text is accepted: no JSON Schema says what is a document number.
@pytest.mark.parametrize("path", OPERATIONS)
def test_an_operation_keeps_its_promises(schema: Any, path: str) -> None:
    [operation] = schema["/api/v1" + path].values()

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy() | operation.as_strategy(GenerationMode.NEGATIVE))
    def keeps_its_promises(case: schemathesis.Case) -> None:
        # In-process, nothing would unpack a compressed answer.
        case.call_and_validate(excluded_checks=[positive_data_acceptance], headers={"Accept-Encoding": "identity"})

    keeps_its_promises()


def get(client: FlaskClient, path: str, **arguments: str) -> Any:
    response = client.get("/api/v1" + path, query_string=arguments)
    assert response.status_code == 200, response.text
    return response.json


def test_search_returns_what_the_command_line_prints(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        results = app.extensions["library"].search(Query(text="热线"))
    assert get(client, "/notices", q="热线") == results_to_dict(results)


def test_a_notice_is_its_export_form(app: Flask, client: FlaskClient) -> None:
    assert get(client, f"/notices/{ID}") == notice_to_dict(app.extensions["library"].store.notice(ID))


def test_a_number_in_any_spelling_leads_to_its_notice(client: FlaskClient) -> None:
    response = client.get("/api/v1/notices/示例税函[2009]12")
    assert (response.status_code, response.location) == (301, f"/api/v1/notices/{ID}")
    assert get(client, "/resolve", number="示例稅函﹝2009﹞12號")["ids"] == [ID]
    assert len(get(client, "/resolve", number="示例税发〔2007〕")["ids"]) == 2


def test_citations_both_ways(client: FlaskClient) -> None:
    cites = get(client, f"/notices/{ID}/citations")["cites"]
    assert [(one["relation"], one["id"]) for one in cites] == [("based_on", "shilishuifa-2005-7")]
    cited_by = get(client, "/notices/shilishuifa-2005-7/citations")["cited_by"]
    assert [(one["relation"], one["id"]) for one in cited_by] == [("based_on", ID)]


def test_changes_lead_from_the_captured_text_to_the_body(client: FlaskClient) -> None:
    told = get(client, f"/notices/{ID}/changes")
    text = told["captured"]
    for change in told["changes"]:
        end = change["at"] + len(change["before"])
        assert text[change["at"] : end] == change["before"]
        text = text[: change["at"]] + change["after"] + text[end:]
    assert text == get(client, f"/notices/{ID}")["body"]


def test_suggestions_topics_and_figures(client: FlaskClient) -> None:
    assert any("发票管理" in item["text"] for item in get(client, "/suggest", q="示例税务总局关于发票")["items"])
    assert {"value": "发票", "count": 2} in get(client, "/topics")["items"]
    assert get(client, "/stats")["captures"] == 1


def test_a_text_is_checked_for_what_it_cites(client: FlaskClient) -> None:
    response = client.post("/api/v1/cite", json={"text": "依据示例税发〔2005〕7号办理。"})
    [item] = response.json["items"]  # type: ignore[index]
    assert (item["id"], item["start"], item["validity"]) == ("shilishuifa-2005-7", 2, "unknown")


def test_pages_of_a_result_are_linked(client: FlaskClient) -> None:
    response = client.get("/api/v1/notices?q=示例&per_page=2&page=2")
    assert '&page=3&per_page=2>; rel="next"' in response.headers["Link"]
    assert 'rel="prev"' in response.headers["Link"]


def test_a_body_that_is_no_json_is_told_what_to_check(client: FlaskClient) -> None:
    problem = client.post("/api/v1/cite", data="{bad", content_type="application/json").json
    assert problem is not None
    assert "JSON" in problem["detail"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nowhere", 404),
        ("GET", "/api/v1/notices/zzz", 404),
        ("GET", "/api/v1/notices/shilishuifa-2005-7/changes", 404),
        ("POST", "/api/v1/notices", 405),
        ("GET", "/api/v1/notices?from=x", 400),
        ("GET", "/api/v1/cite", 405),
        ("POST", "/api/v1/cite", 415),
        ("GET", "/api/v1/resolve", 400),
        ("GET", "/api/v1/resolve?number=发票", 400),
        ("GET", "/api/v1/suggest?q=x&limit=0", 400),
    ],
)
def test_every_error_has_one_shape(client: FlaskClient, method: str, path: str, status: int) -> None:
    response = client.open(path, method=method)
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    problem = response.json
    assert problem is not None
    assert set(problem) == {"type", "title", "detail", "status", "instance"}
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]


@pytest.mark.parametrize("body", [{}, [], {"text": None}, {"text": 5}, "text"])
def test_a_body_that_is_not_what_it_should_be_is_refused(client: FlaskClient, body: object) -> None:
    response = client.post("/api/v1/cite", json=body)
    assert (response.status_code, response.mimetype) == (400, "application/problem+json")


def test_a_wrong_method_is_told_the_right_one(client: FlaskClient) -> None:
    for method, path, right in (("GET", "/api/v1/cite", "POST"), ("POST", "/api/v1/notices", "GET, HEAD")):
        response = client.open(path, method=method)
        assert response.json["detail"].endswith(f": {right}.")  # type: ignore[index]


def test_a_text_that_is_too_large_is_refused_in_the_same_shape(client: FlaskClient) -> None:
    response = client.post("/api/v1/cite", json={"text": "税" * 1_000_000})
    assert (response.status_code, response.mimetype) == (413, "application/problem+json")


def test_what_has_not_changed_is_not_sent_again(client: FlaskClient) -> None:
    for path in (f"/api/v1/notices/{ID}", f"/notices/{ID}", "/search?q=热线"):
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_nothing_changed_means_nothing_is_sent_until_the_archive_changes(tmp_path: Path) -> None:
    settings = build(tmp_path / "home")
    app = create_app(settings)
    client = app.test_client()
    client.get("/")  # opens the files
    for path in (*settings.home.iterdir(), *settings.index.iterdir()):
        os.utime(path, (1_600_000_000, 1_600_000_000))
    for path in (f"/api/v1/notices/{ID}", f"/notices/{ID}", "/search?q=热线", "/search.atom", "/search.csv"):
        told = client.get(path).headers["Last-Modified"]
        assert client.get(path, headers={"If-Modified-Since": told}).status_code == 304
    os.utime(settings.home / "store.sqlite3", (time() - 3, time() - 3))
    assert client.get(f"/notices/{ID}", headers={"If-Modified-Since": told}).status_code == 200
    os.utime(settings.home / "store.sqlite3", (time() + 60, time() + 60))
    assert "Last-Modified" not in client.get("/").headers, "another change may follow in the same second"
    app.extensions["library"].store.close()


@pytest.mark.parametrize("path", ["/notices?q=示例", f"/notices/{ID}", "/notices/shilishuifa-2007-31"])
def test_no_field_is_sent_that_the_document_does_not_describe(client: FlaskClient, path: str) -> None:
    document = client.get("/api/v1/openapi.json").json
    assert document
    operation = document["paths"]["/api/v1/notices" if "?" in path else "/api/v1/notices/{notice_id}"]["get"]
    described = operation["responses"]["200"]["content"]["application/json"]["schema"]
    shapes = document["components"]["schemas"]

    def check(value: Any, shape: dict[str, Any]) -> None:
        shape = shapes[shape["$ref"].rpartition("/")[2]] if "$ref" in shape else shape
        if isinstance(value, dict) and "properties" in shape:
            assert set(value) == set(shape["properties"])
            for name, part in value.items():
                check(part, shape["properties"][name])
        elif isinstance(value, list):
            for part in value:
                check(part, shape["items"])

    check(client.get("/api/v1" + path).json, described)


def test_an_unforeseen_error_tells_no_details(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("secret path /home/x")

    monkeypatch.setattr(type(app.extensions["library"].store), "topics", lambda _: broken())
    for path in ("/", "/api/v1/topics"):
        response = client.get(path)
        assert response.status_code == 500
        assert "secret" not in response.text


def test_answers_are_compressed_for_who_takes_it(client: FlaskClient) -> None:
    plain = client.get("/search?q=热线")
    packed = client.get("/search?q=热线", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"]
    export = client.get("/search.jsonl", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(export.data) == client.get("/search.jsonl").data
    again = client.get("/search?q=热线", headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]})
    assert again.status_code == 304
