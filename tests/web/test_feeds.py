"""What programs and spreadsheets fetch is complete and well-formed."""

import csv
import io
import json
from pathlib import Path

import pytest
from docx import Document
from flask.testing import FlaskClient
from gunicorn.http.wsgi import FileWrapper
from lxml import etree

from tests.web.invented import add, build, notice, take_up
from web import create_app

ATOM = "{http://www.w3.org/2005/Atom}"


def test_a_search_can_be_subscribed_to(client: FlaskClient) -> None:
    feed = etree.fromstring(client.get("/search.atom?q=发票").data)
    assert {entry.findtext(ATOM + "title") for entry in feed.iter(ATOM + "entry")} == {
        "示例财政部 示例税务总局关于发票抽奖的通知（示例税发〔2007〕33号）",
        "示例税务总局关于发票管理的通知（示例税发〔2007〕31号）",
        "示例税务总局关于纳税服务的通知（示例税发〔2005〕7号）",
    }
    assert all(entry.findtext(ATOM + "updated") for entry in feed.iter(ATOM + "entry"))


def test_a_search_is_called_by_all_that_it_asks_for(client: FlaskClient) -> None:
    """In a feed reader, or among bookmarks, the searches for two topics would have one name."""
    for path in ("/search.atom", "/search", "/search/list"):
        text = client.get(f"{path}?topic=发票&from=2007&to=2007").text
        title = text.partition("<title>")[2].partition("</title>")[0]
        assert "主题 发票 · 成文日期 2007年1月1日 – 2007年12月31日" in title


def test_the_whole_result_is_exported_beyond_the_first_page(client: FlaskClient) -> None:
    total = client.get("/api/v1/notices?q=示例").json["total"]  # type: ignore[index]
    assert total > 10
    rows = list(csv.DictReader(io.StringIO(client.get("/search.csv?q=示例&per_page=2").text.removeprefix("\ufeff"))))
    lines = [json.loads(line) for line in client.get("/search.jsonl?q=示例&per_page=2").text.rstrip("\n").split("\n")]
    assert len(rows) == len(lines) == total
    assert {row["id"] for row in rows} == {line["id"] for line in lines}
    assert all(line["body"] for line in lines)


def test_an_export_that_cannot_be_says_so(client: FlaskClient) -> None:
    assert client.get("/search.csv?from=x").status_code == 400


def test_a_notice_as_plain_text(client: FlaskClient) -> None:
    text = client.get("/notices/shilishuihan-2009-12.txt").text
    assert text.startswith("示例税务总局关于做好纳税服务热线工作的通知\n示例税函〔2009〕12号\n")
    assert "\n一、关于热线人员\n" in text


def test_a_notice_as_a_word_document(client: FlaskClient) -> None:
    response = client.get("/notices/shilishuihan-2009-12.docx")
    document = Document(io.BytesIO(response.data))
    said = [(paragraph.style.name, paragraph.text) for paragraph in document.paragraphs if paragraph.style]
    assert ("Shuiwen title", "示例税务总局关于做好纳税服务热线工作的通知") in said
    assert ("Shuiwen heading", "一、关于热线人员") in said
    assert ("Shuiwen signature", "2009年6月19日") in said
    assert "http://localhost/notices/shilishuihan-2009-12" in said[-1][1]


def test_browsers_and_crawlers_find_their_files(client: FlaskClient) -> None:
    assert "?q={searchTerms}" in client.get("/opensearch.xml").text
    assert "Sitemap: http://localhost/sitemap.xml" in client.get("/robots.txt").text
    locations = etree.fromstring(client.get("/sitemap.xml").data)
    assert "http://localhost/notices/shilishuihan-2009-12" in "".join(locations.itertext())
    with client.get("/favicon.ico", follow_redirects=True) as icon:
        assert icon.mimetype == "image/svg+xml"
    assert client.get("/readyz").status_code == 200


def test_a_repealed_notice_comes_again_in_the_feed_of_its_search(tmp_path: Path) -> None:
    settings = build(tmp_path / "home")
    app = create_app(settings)
    client = app.test_client()

    def entries() -> list[tuple[str, str]]:
        feed = etree.fromstring(client.get("/search.atom?q=纳税服务&per_page=3").data)
        return [(e.findtext(ATOM + "id"), e.findtext(ATOM + "title")) for e in feed.iter(ATOM + "entry")]

    before = entries()
    add(
        settings,
        notice(
            "示例税发〔2012〕9号",
            "示例税务总局关于废止部分文件的通知",
            "各省税务局：\n《示例税务总局关于纳税服务的通知》（示例税发〔2005〕7号）自2012年3月1日起全文废止。",
            issued_on="2012-03-01",
        ),
    )
    take_up(settings)
    [again] = [one for one in entries() if one[1].endswith("（示例税发〔2005〕7号）")]
    assert again[1].startswith("[全文废止] ")
    assert again not in before
    assert again[0].partition("#")[0] in {old.partition("#")[0] for old, _ in before}
    app.extensions["library"].store.close()


def test_a_sitemap_beyond_its_limit_is_told_in_parts(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [loc.text for loc in etree.fromstring(client.get("/sitemap.xml").data).iter("{*}loc")]
    monkeypatch.setattr("web.feeds.SITEMAP_LIMIT", 5)
    parts = [str(loc.text) for loc in etree.fromstring(client.get("/sitemap.xml").data).iter("{*}loc")]
    found = [loc.text for part in parts for loc in etree.fromstring(client.get(part).data).iter("{*}loc")]
    assert found == whole
    assert len(parts) == 3
    assert {client.get(f"/sitemap-{part}.xml").status_code for part in (0, 4)} == {404}


def test_style_and_script_pass_through_the_servers_own_file_wrapper(client: FlaskClient) -> None:
    wrapper = {"wsgi.file_wrapper": FileWrapper}
    with client.get("/static/style.css", environ_overrides=wrapper) as style:
        assert (style.status_code, style.mimetype) == (200, "text/css")
