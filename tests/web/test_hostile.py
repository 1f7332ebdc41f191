"""Whatever a page carried, it comes out as text."""

import csv
import io
import json
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from lxml import etree

from tests.web.invented import XSS

PAGES = ("/", "/browse", "/series", "/stats", "/search?per_page=50", "/search?per_page=50&q=alert", "/search/list")


def ids(client: FlaskClient) -> list[str]:
    return [item["id"] for item in client.get("/api/v1/notices?per_page=50").json["items"]]  # type: ignore[index]


def assert_inert(html: str) -> None:
    soup = BeautifulSoup(html, "html.parser")
    for script in soup.find_all("script"):
        assert script.get("type") == "application/ld+json" or str(script["src"]).startswith("/static/")
    for element in soup.find_all(True):
        assert element.name not in ("iframe", "object", "embed", "base")
        assert not [name for name in element.attrs if name.startswith("on") or name == "style"], element
        for name in ("href", "src", "action"):
            assert str(element.get(name, "/")).startswith(("/", "#", "http://", "https://")), element


def test_no_page_runs_or_links_what_a_notice_says(client: FlaskClient) -> None:
    paths = [*PAGES, *(f"/notices/{notice_id}" for notice_id in ids(client))]
    for path in paths:
        response = client.get(path)
        assert response.status_code == 200
        assert_inert(response.text)
        assert "示例关于49" not in response.text


@pytest.mark.parametrize("text", XSS)
def test_what_a_reader_types_comes_back_as_text(client: FlaskClient, text: str) -> None:
    for path, argument in (("/search", "q"), ("/search", "topic"), ("/search", "number"), ("/search", "from"),
                           ("/search", "lang"), ("/search", "in_force_on"), ("/topics/发票", "page"),
                           ("/notices/shilishuihan-2009-12", "q")):  # fmt: skip
        assert_inert(client.get(path, query_string={argument: text}).text)
    for place in ("/notices/", "/topics/", "/series/2010/"):
        assert_inert(client.get(place + text.replace("/", "")).text)


def test_a_topic_named_by_a_hostile_page_is_shown_as_text(client: FlaskClient) -> None:
    shown = [client.get(f"/topics/{quote(text)}") for text in XSS if "/" not in text]
    assert {response.status_code for response in shown} == {200}
    for response in shown:
        assert_inert(response.text)


def test_hostile_text_is_shown_and_not_lost(client: FlaskClient) -> None:
    shown = {item["title"] for item in client.get("/api/v1/notices?per_page=50").json["items"]}  # type: ignore[index]
    assert {f"示例关于{text}的通知" for text in XSS} <= shown


def test_json_ld_cannot_leave_its_script(client: FlaskClient) -> None:
    for notice_id in ids(client):
        html = client.get(f"/notices/{notice_id}").text
        [block] = BeautifulSoup(html, "html.parser").find_all("script", type="application/ld+json")
        assert "<" not in str(block.string)
        assert json.loads(str(block.string))["@type"] == "Legislation"


def test_atom_stays_well_formed(client: FlaskClient) -> None:
    feed = etree.fromstring(client.get("/search.atom?per_page=50").data)
    names = {etree.QName(element).localname for element in feed.iter()}
    assert names <= {"feed", "title", "id", "link", "updated", "generator", "entry", "author", "name", "category",
                     "summary", "published"}  # fmt: skip


def test_a_spreadsheet_runs_no_formula(client: FlaskClient) -> None:
    for row in csv.reader(io.StringIO(client.get("/search.csv").text.removeprefix("\ufeff"))):
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_every_answer_carries_the_headers_that_keep_a_page_harmless(client: FlaskClient) -> None:
    for path in ("/", "/nowhere", "/api/v1/nowhere", "/static/app.js", "/search.atom", "/api/v1/openapi.json"):
        with client.get(path) as response:
            headers = response.headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


def test_no_client_learns_in_which_folder_of_the_server_a_page_lay(client: FlaskClient) -> None:
    paths = ["/search.csv", "/search.jsonl", "/api/v1/notices?per_page=50"]
    for path in [*paths, *(f"{place}/{one}" for one in ids(client) for place in ("/notices", "/api/v1/notices"))]:
        assert "/srv/pages/" not in client.get(path).text, path
