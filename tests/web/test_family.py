"""A reader sees at a glance what replaced a notice and what it stands on."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from archive.importing import import_file
from archive.ingest import workshop
from archive.models import Relation
from archive.settings import Settings
from archive.store import Store, open_store
from web import create_app
from web.family import MOST, family, shortened


def line(year: int, words: str = "照办。", serial: int = 1) -> str:
    notice = {
        "number": f"示例税发〔{year}〕{serial}号",
        "title": f"示例税务总局关于{year}年第{serial}件事的通知",
        "body": f"各省税务局：\n{words}",
        "issued_on": f"{year}-01-01",
    }
    return json.dumps(notice, ensure_ascii=False) + "\n"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """2001 was replaced by 2003, that by 2005, that by 2007; 30 notices of 2010 mention that one."""
    home = tmp_path_factory.mktemp("family") / "home"
    home.mkdir()
    lines = [line(2001), *(line(year, f"示例税发〔{year - 2}〕1号同时废止。") for year in (2003, 2005, 2007))]
    lines += [line(2010, "示例税发〔2007〕1号另有说明。", serial) for serial in range(1, 31)]
    (home / "notices.jsonl").write_text("".join(lines), encoding="utf-8")
    with workshop(Settings(home=home, workers=1)) as shop:
        list(import_file(home / "notices.jsonl", shop))
    opened = open_store(Settings(home=home).database_url)
    yield opened
    opened.close()


@pytest.fixture
def busy(store: Store) -> Iterator[FlaskClient]:
    """A client of the app over that store."""
    app = create_app(Settings(home=Path(str(store.engine.url.database)).parent))
    yield app.test_client()
    app.extensions["library"].store.close()


def drawn(store: Store, notice_id: str) -> tuple[list[str], set[tuple[str, Relation, str]], int]:
    notice = store.notice(notice_id)
    assert notice
    picture = family(store, notice, store.citing(notice.id), store.count_citing(notice.id))
    assert picture
    ties = {(tie.citing.id[-6:], tie.relation, tie.cited.id[-6:]) for tie in picture.ties}
    return [member.notice.id[-6:] for member in picture.members], ties, picture.left_out


def test_the_succession_is_drawn_from_the_first_to_the_last(store: Store) -> None:
    members, ties, _ = drawn(store, "shilishuifa-2001-1")
    assert members == ["2001-1", "2003-1", "2005-1", "2007-1"]
    assert ties == {(f"{year}-1", Relation.REPEALS, f"{year - 2}-1") for year in (2003, 2005, 2007)}


def test_what_does_not_fit_is_counted_and_the_succession_is_kept(store: Store) -> None:
    members, _, left_out = drawn(store, "shilishuifa-2007-1")
    assert members[:4] == ["2001-1", "2003-1", "2005-1", "2007-1"]
    assert len(members) == MOST
    assert left_out == 34 - MOST


def test_a_page_lists_the_first_of_many_citing_notices_and_leads_to_all(store: Store, busy: FlaskClient) -> None:
    page = BeautifulSoup(busy.get("/notices/shilishuifa-2007-1").text, "lxml")
    [section] = [one for one in page.select(".beside section") if "被引用" in one.h2.get_text()]  # type: ignore[union-attr]
    assert len(section.select("li")) == 20
    everything = BeautifulSoup(busy.get(str(section.select("p a")[0]["href"])).text, "lxml")
    assert len(everything.select("main li")) == len(store.citing("shilishuifa-2007-1")) == 30


def test_a_notice_that_stands_alone_has_no_picture(client: FlaskClient) -> None:
    assert not BeautifulSoup(client.get("/notices/shilishuifa-2007-31").text, "lxml").select(".family")


def test_the_picture_links_and_is_told_in_words(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/notices/shilishuihan-2009-12").text, "lxml")
    picture = page.select_one(".family")
    assert picture
    assert [link["href"] for link in picture.select("svg a")] == ["/notices/shilishuifa-2005-7"]
    said = " ".join(picture.select_one("details li").get_text(" ").split())  # type: ignore[union-attr]
    assert said == "示例税函〔2009〕12号 依据 示例税发〔2005〕7号"
    cited = page.select_one(".text a")
    assert cited
    assert "示例税务总局关于纳税服务的通知" in str(cited["title"])


def test_a_long_label_is_cut_where_it_would_leave_its_place() -> None:
    assert shortened("国税函〔2008〕608号", 16) == "国税函〔2008〕608号"
    assert shortened("税" * 20, 16) == "税" * 15 + "…"
