"""What a reader sees and where the links lead."""

import json
import re
from io import BytesIO
from types import SimpleNamespace
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.reader import link, page, titles

ID = "shilishuihan-2009-12"
NUMBER = "示例税函〔2009〕12号"
SPELLINGS = [NUMBER, "示例税函[2009]12", "示例稅函﹝2009﹞12號", "Shilishuihan [2009] 12", "shilishuihan-2009-12"]


def test_words_lead_to_a_notice_with_the_words_marked(client: FlaskClient) -> None:
    results = page(client, "/search?q=熱線人員")
    assert titles(results) == ["示例税务总局关于做好纳税服务热线工作的通知"]
    shown = page(client, link(results, "做好纳税服务"))
    assert "热线" in [mark.get_text() for mark in shown.select(".text mark")]
    assert titles(page(client, link(shown, "全部检索结果"))) == titles(results)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_number_in_the_box_goes_straight_to_its_notice(client: FlaskClient, spelling: str) -> None:
    response = client.get("/search", query_string={"q": spelling})
    assert response.status_code == 303
    assert response.location.startswith(f"/notices/{ID}?q=")
    shown = page(client, response.location)
    assert titles(page(client, link(shown, "全部检索结果"))) == ["示例税务总局关于做好纳税服务热线工作的通知"]


@pytest.mark.parametrize("spelling", SPELLINGS[:-1])
def test_any_spelling_of_a_number_is_a_permalink(client: FlaskClient, spelling: str) -> None:
    response = client.get(f"/notices/{spelling}")
    assert (response.status_code, response.location) == (301, f"/notices/{ID}")


@pytest.mark.parametrize(
    "boxes", [{"office": "示例税函", "year": "2009", "serial": "12"}, {"serial": "12号", "office": ""}]
)
def test_the_three_boxes_find_a_number_whole_or_in_part(client: FlaskClient, boxes: dict[str, str]) -> None:
    response = client.get("/search", query_string=boxes, follow_redirects=True)
    assert response.status_code == 200
    assert "做好纳税服务热线工作" in response.text


def test_a_notice_is_laid_out_with_its_facts_citations_and_captures(client: FlaskClient) -> None:
    shown = page(client, f"/notices/{ID}")
    assert [heading.get_text() for heading in shown.select(".text h2")] == ["一、关于热线人员"]
    assert shown.select_one(".text a")["href"] == "/notices/shilishuifa-2005-7"  # type: ignore[index]
    assert "示例税务总局2009年6月19日" in shown.select_one(".signature").get_text()  # type: ignore[union-attr]
    assert "http://shili.example/12.html" in shown.get_text()
    cited = page(client, "/notices/shilishuifa-2005-7")
    assert "以本文为依据" in cited.get_text()


def test_a_notice_tells_machines_what_it_is(client: FlaskClient) -> None:
    shown = page(client, f"/notices/{ID}")
    said = json.loads(shown.find("script", type="application/ld+json").string)  # type: ignore[union-attr, arg-type]
    assert said["@type"] == "Legislation"
    assert said["legislationIdentifier"] == NUMBER
    assert said["legislationDate"] == "2009-06-19"


def test_the_comparison_shows_the_captured_text_and_why_it_was_changed(client: FlaskClient) -> None:
    compared = page(client, f"/notices/{ID}/changes")
    was = "".join(cell.get_text() for cell in compared.select(".was"))
    assert "服務質(zhì)量" in was
    assert "上一篇" in was
    kept = "".join(cell.get_text() for cell in compared.select("tr:not(.removed) .is"))
    assert "服务质量" in kept
    assert "上一篇" not in kept
    assert "注音的拼音" in compared.get_text()


def test_an_imported_notice_has_nothing_to_compare(client: FlaskClient) -> None:
    assert "从文件导入" in page(client, "/notices/shilishuifa-2005-7/changes", 404).get_text()


def test_facets_narrow_and_widen_again(client: FlaskClient) -> None:
    everything = page(client, "/search?q=发票")
    narrowed = page(client, link(everything.select_one(".facets"), "示例财政部"))
    assert titles(narrowed) == ["示例财政部 示例税务总局关于发票抽奖的通知"]
    [chip] = narrowed.select("main > .chips a")
    assert titles(page(client, str(chip["href"]))) == titles(everything)


def test_dates_of_another_kind_find_other_notices(client: FlaskClient) -> None:
    issued = page(client, "/search?from=2009&to=2009")
    assert titles(issued) == ["示例税务总局关于做好纳税服务热线工作的通知"]
    assert titles(page(client, "/search?from=2009-07&to=2009-07&date=effective")) == titles(issued)
    assert titles(page(client, "/search?from=2009&to=2009&date=published")) == []


def test_sorting_and_paging_keep_the_search(client: FlaskClient) -> None:
    first = page(client, "/search?q=示例&sort=oldest&per_page=2")
    assert titles(first)[0] == "示例税务总局关于纳税服务的通知"
    second = page(client, str(first.select_one("a[rel=next]")["href"]))  # type: ignore[index]
    assert len(titles(second)) == 2
    assert not set(titles(first)) & set(titles(second))


def test_an_empty_result_offers_ways_on(client: FlaskClient) -> None:
    found = page(client, "/search?q=子虚乌有&topic=发票")
    assert unquote(link(found, "去掉全部条件")) == "/search?q=子虚乌有"


def test_the_series_shows_its_gaps(client: FlaskClient) -> None:
    series = page(client, "/series/示例税发/2007")
    assert [item.get_text() for item in series.select(".serials b")] == ["31", "33"]
    assert [item.get_text() for item in series.select(".gap > span")] == ["1–30", "32"]
    other = page(client, link(series, "2005"))
    assert [item.get_text() for item in other.select(".serials b")] == ["7"]


def test_a_series_is_reached_by_its_office_and_year(client: FlaskClient) -> None:
    assert unquote(client.get("/series?office=示例税发&year=2007").location) == "/series/示例税发/2007"
    assert client.get("/series?office=示例税发&year=x").status_code == 200


def test_the_figures_are_those_of_the_archive(client: FlaskClient) -> None:
    figures = page(client, "/stats")
    said = dict(
        zip(*([cell.get_text() for cell in figures.select(f".figures {name}")] for name in ("dt", "dd")), strict=True)
    )
    assert (said["件文件"], said["份抓取"]) == ("13", "1")
    assert titles(page(client, link(figures, "纳税服务")))


def test_two_notices_are_laid_side_by_side(client: FlaskClient) -> None:
    compared = page(client, "/compare?a=示例税发〔2007〕31号&b=示例税发[2007]33")
    marked = [cell.get_text() for cell in compared.select("del, ins")]
    assert {"专用发票应当妥善保管十年。", "抽奖发票另行规定。"} <= set(marked)
    assert "完全相同" in page(client, f"/compare?a={ID}&b={ID}").get_text()
    assert page(client, "/compare").select_one('input[name="b"]')
    assert "档案里没有" in page(client, f"/compare?a={ID}&b=zzz", 404).get_text()


def test_an_earlier_edition_is_laid_beside_the_text_of_today(client: FlaskClient) -> None:
    shown = page(client, "/notices/shilishuifa-2007-31")
    assert "根据2015年6月15日" in shown.select_one(".facts").get_text()  # type: ignore[union-attr]
    compared = page(client, link(shown, "最初发布"))
    assert [cell.get_text() for cell in compared.select(".was del")] == ["五"]
    assert page(client, "/notices/shilishuifa-2007-31/editions/2", 404)


def test_every_example_of_the_api_page_works(client: FlaskClient) -> None:
    examples = page(client, "/api").select(".example")
    commands = [line for example in examples for line in example.get_text().splitlines()]
    assert len(commands) > 8
    for command in commands:
        options = r"(?:-L |-G |--etag\S+ e.txt )*"
        pattern = f"curl {options}'http://localhost(.*?)'(?: --json '(.*)')?(?: --data-urlencode '(.*)')?"
        url, body, asked = re.fullmatch(pattern, command).groups()  # type: ignore[union-attr]
        # curl sends an address as it is, and takes brackets in it for a range.
        assert url.isascii(), command
        assert "[" not in url, command
        url += f"?{asked}" if asked else ""
        answer = client.post(url, json=json.loads(body)) if body else client.get(url, follow_redirects=True)
        # The notice of the examples is not among the invented ones.
        assert answer.status_code == (404 if "608" in url and "notices/" in url else 200), command


def test_an_english_reader_is_told_in_english_how_the_query_was_read(client: FlaskClient) -> None:
    shown = page(client, '/search?q=("个税&lang=en').select_one("main > .note")
    assert shown
    assert [sentence.get_text() for sentence in shown.select("p")] == [
        "A quote is not closed; all that follows it was looked for as one phrase.",
        "A bracket is not closed; it was read as reaching to the end.",
        'Searched for: "个税"',
    ]


def test_what_cannot_be_read_is_told_in_the_language_of_the_page_and_can_be_corrected(client: FlaskClient) -> None:
    told = page(client, "/search?number=zzz&lang=zh", 400)
    assert told.select_one("h1").get_text() == "这不是文号，也不是文号的一部分。"  # type: ignore[union-attr]
    assert told.select_one("input[type=search]")["value"] == "zzz"  # type: ignore[index]
    assert page(client, "/search?q=发票&from=abc", 400).select_one("input[type=search]")["value"] == "发票"  # type: ignore[index]


def test_the_python_of_the_api_page_works(client: FlaskClient) -> None:
    program = page(client, "/api").select_one(".python")
    assert program

    class Client:  # httpx with our test client behind it
        def __init__(self, base_url: str, follow_redirects: bool) -> None:
            assert follow_redirects
            self.root = base_url.removeprefix("http://localhost")

        def get(self, path: str, params: dict[str, str]) -> "Answer":
            return Answer(client.get(self.root + path, query_string=params))

    class Answer:
        def __init__(self, response: TestResponse) -> None:
            self.response = response

        def raise_for_status(self) -> "Answer":
            assert self.response.status_code == 200
            return self

        def json(self) -> object:
            return self.response.json

    text = program.get_text().removeprefix("import httpx\n").replace('validity="repealed"', 'validity="unknown"')
    printed: list[object] = []
    exec(  # noqa: S102
        text.replace("增值税", "示例"),
        {"httpx": SimpleNamespace(Client=Client), "print": lambda *all: printed.append(all)},
    )  # noqa: S102
    assert len(printed) == client.get("/api/v1/notices?q=示例&validity=unknown").json["total"]  # type: ignore[index]


def test_a_day_on_which_notices_were_in_force_is_asked_for_and_lifted_again(client: FlaskClient) -> None:
    before = page(client, "/search?q=示例税发&in_force_on=2006-06")
    assert titles(before) == ["示例税务总局关于纳税服务的通知"]
    assert before.select_one('input[name="in_force_on"]')["value"] == "2006-06-30"  # type: ignore[index]
    [chip] = before.select("main > .chips a")
    assert "2006年6月30日" in chip.get_text()
    assert len(titles(page(client, str(chip["href"])))) > 1
    assert client.get("/api/v1/notices?in_force_on=2006-06").json["in_force_on"] == "2006-06-30"  # type: ignore[index]
    assert "日期写成" in page(client, "/search?in_force_on=heute", 400).get_text()


def test_a_slip_of_the_pen_leads_to_what_was_meant(client: FlaskClient) -> None:
    found = page(client, "/search?q=纳税服务热现")
    meant = found.select_one(".meant a")
    assert meant
    assert "示例税务总局关于做好纳税服务热线工作的通知" in titles(page(client, str(meant["href"])))


def test_a_notice_shows_the_words_behind_its_dates_and_who_says_otherwise(client: FlaskClient) -> None:
    facts = page(client, "/notices/shilishuifa-2005-7").select_one(".facts")
    assert facts
    [evidence] = facts.select("details.evidence")
    assert evidence.get_text(" ", strip=True) == "2005年4月1日 依据 本通知自2005年4月1日起执行。"
    said = {name.get_text(): name.find_next("dd").get_text(" ", strip=True) for name in facts.select("dt")}  # type: ignore[union-attr]
    assert said["主送"] == "各省税务局"
    assert said["附件"] == "1.热线服务规范"
    assert "12366" in said["联系"]
    assert said["另有说法"] == "成文日期 2005-03-02 1 份抓取 http://shili.example/7.html"


def test_a_topic_is_told_in_the_order_of_time(client: FlaskClient) -> None:
    told = page(client, "/topics/发票")
    assert [one.get_text() for one in told.select(".timeline li > div > a")] == [
        "示例税务总局关于发票管理的通知",
        "示例财政部 示例税务总局关于发票抽奖的通知",
    ]
    assert [one.get_text() for one in told.select(".era h2")] == ["2007"]
    assert titles(page(client, link(told, "检索此主题")))
    for path in (
        "/topics/无",
        "/topics/发票?page=2",
        "/topics/发票?page=-1000000000000",
        "/topics/发票?page=99999999999",
    ):
        assert client.get(path).status_code == (200 if "-" in path else 404)


def test_all_series_are_listed_with_what_they_lack(client: FlaskClient) -> None:
    listed = page(client, "/series")
    rows = {name.get_text(): name.find_next("dd").get_text(" ", strip=True) for name in listed.select(".series dt")}  # type: ignore[union-attr]
    assert rows["示例税发 3"] == "2007 2 (−31) 2005 1 (−6)"
    assert [one.get_text() for one in page(client, link(listed, "2007")).select(".serials b")] == ["31", "33"]


def test_the_whole_result_can_be_printed_as_one_list(client: FlaskClient) -> None:
    results = page(client, "/search?q=示例&per_page=2")
    total = client.get("/api/v1/notices?q=示例").json["total"]  # type: ignore[index]
    assert len(page(client, link(results, "列表打印")).select("tbody tr")) == total > 10


def test_home_browse_help_and_api_can_be_read(client: FlaskClient) -> None:
    assert "效力不明" in page(client, "/about").get_text()
    assert "示例税务总局关于发票管理的通知" not in page(client, "/help").get_text()
    assert link(page(client, "/"), "发票").startswith("/search?topic=")
    assert unquote(link(page(client, "/browse"), "纳税服务")) == "/topics/纳税服务"
    assert "/api/v1/notices/{notice_id}/citations" in page(client, "/api").get_text()


def test_every_example_of_the_help_page_can_be_searched(client: FlaskClient) -> None:
    for example in page(client, "/help").select(".table a"):
        assert client.get(str(example["href"])).status_code in (200, 303)


def test_the_reader_keeps_the_language_they_chose(client: FlaskClient) -> None:
    assert page(client, "/").html["lang"] == "zh-CN"  # type: ignore[index]
    english = page(client, "/search?q=发票&lang=en")
    assert english.html["lang"] == "en"  # type: ignore[index]
    assert "Best match" in english.get_text()
    later = page(client, f"/notices/{ID}")
    assert later.html["lang"] == "en"  # type: ignore[index]
    assert later.select_one(".official")["lang"] == "zh-CN"  # type: ignore[index]
    assert page(client, "/?lang=zh").html["lang"] == "zh-CN"  # type: ignore[index]


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nowhere", 404, "没有这个页面"),
        ("/notices/国税函〔1900〕1号", 404, "档案里没有"),
        ("/notices/zzz", 404, "档案里没有"),
        ("/notices/示例税发〔2007〕32号", 404, "示例税发〔2007〕31号、示例税发〔2007〕33号"),
        ("/series/示例税发/1950", 404, "1950"),
        ("/search?from=gestern", 400, "from"),
        ("/search?page=9999&per_page=100", 400, "10000"),
    ],
)
def test_a_mistake_gets_a_page_of_the_house(client: FlaskClient, path: str, status: int, words: str) -> None:
    soup = page(client, path, status)
    assert words in soup.get_text()
    assert soup.select_one('input[name="q"]')


def test_a_number_that_is_not_held_leads_to_those_near_it(client: FlaskClient) -> None:
    soup = page(client, "/notices/示例税发〔2007〕32号", 404)
    assert link(soup, "示例税发〔2007〕31号") == "/notices/shilishuifa-2007-31"


TEXT = "依据示例税发〔2005〕7号和示例税发〔1999〕1号办理。"


def test_a_pasted_text_is_checked_for_what_it_cites(client: FlaskClient) -> None:
    uploads = [{"file": (BytesIO(TEXT.encode(encoding)), "text.txt")} for encoding in ("utf-8", "gbk", "utf-16")]
    for given in ({"text": TEXT}, *uploads):
        response = client.post("/cite", data=given)
        soup = BeautifulSoup(response.text, "lxml")
        assert link(soup, "示例税发〔2005〕7号") == "/notices/shilishuifa-2005-7"
        assert "示例税发〔1999〕1号 未收" in " ".join(soup.select_one(".beside").get_text().split())  # type: ignore[union-attr]


def test_a_notice_that_a_text_cites_twice_is_listed_once(client: FlaskClient) -> None:
    response = client.post("/cite", data={"text": TEXT + TEXT})
    assert len(BeautifulSoup(response.text, "lxml").select(".beside li")) == 2


def test_a_text_that_is_too_large_is_refused_in_one_line(client: FlaskClient) -> None:
    response = client.post("/cite", data={"text": "税" * 1_000_000})
    assert response.status_code == 413
    assert "太大" in response.text
