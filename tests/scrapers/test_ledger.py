"""The crawler's memory: what it forgets is lost or fetched for ever."""

from datetime import date

import pytest

from archive.errors import StoreUnavailable
from archive.settings import Settings
from scrapers.base import Link, Links
from scrapers.crawl import ledger_path, status_lines
from scrapers.ledger import MAX_TRIES, Address, Kind, Ledger, State
from scrapers.report import SiteReport

URL = "https://a.example/1.html"


@pytest.fixture
def ledger(tmp_path):
    memory = Ledger(tmp_path / "crawl.sqlite3")
    yield memory
    memory.close()


def test_an_address_waits_until_its_page_is_kept(ledger, tmp_path):
    address = Address(URL, Kind.NOTICE, listed_on=date(2020, 1, 1))
    assert ledger.add("a", [address, address]) == [address]
    again = Ledger(tmp_path / "crawl.sqlite3")
    assert list(again.waiting("a")) == [address]
    again.close()
    ledger.done("a", URL, Links(), '"etag"', "")
    assert list(ledger.waiting("a")) == []
    assert [(one.url, one.etag, one.state) for one in ledger.notices("a")] == [(URL, '"etag"', State.DONE)]


def test_sites_do_not_mix(ledger):
    ledger.add("a", [Address(URL, Kind.NOTICE)])
    assert ledger.add("b", [Address(URL, Kind.NOTICE)])
    ledger.gone("a", URL)
    assert [address.url for address in ledger.waiting("b")] == [URL]


def test_a_page_that_never_comes_is_given_up(ledger):
    ledger.add("a", [Address(URL, Kind.NOTICE)])
    for _ in range(MAX_TRIES):
        assert list(ledger.waiting("a"))
        ledger.failed("a", URL)
    assert list(ledger.waiting("a")) == []


def test_the_links_of_an_unchanged_list_are_remembered(ledger):
    links = Links((Link("https://a.example/2"),), (Link(URL, "关于", date(2020, 1, 1)),))
    ledger.add("a", [Address("https://a.example/", Kind.LIST)])
    ledger.done("a", "https://a.example/", links, "", "")
    assert ledger.links("a", "https://a.example/") == links
    assert ledger.links("a", "https://a.example/unknown") == Links()


def test_how_the_last_run_ended_is_remembered(ledger):
    report = SiteReport("a", pages=3, new=1, problem="blocked", failures=("1 × blocked",))
    assert ledger.last_runs() == {}
    ledger.end_run(report)
    assert ledger.last_runs()["a"][1] == report


def test_a_memory_that_cannot_be_opened_is_told(tmp_path):
    (tmp_path / "crawl.sqlite3").write_bytes(b"not a database" * 100)
    with pytest.raises(StoreUnavailable, match=r"crawl\.sqlite3 cannot be opened"):
        Ledger(tmp_path / "crawl.sqlite3")


def test_the_list_of_sites_says_how_each_last_run_ended(tmp_path):
    settings = Settings(home=tmp_path)
    assert all(line.endswith("not crawled yet") for line in status_lines(settings))
    assert not any(tmp_path.iterdir()), "looking stores nothing"
    memory = Ledger(ledger_path(settings))
    memory.end_run(SiteReport("esnai", found=3, new=2, failed=1, problem="blocked: the site answered 403"))
    memory.end_run(SiteReport("www.shili.example", found=1, new=1))
    memory.close()
    lines = {line.split()[0]: line for line in status_lines(settings)}
    assert lines["esnai"].endswith("found 3, new 2, failed 1; blocked: the site answered 403")
    assert lines["www.shili.example"].endswith("found 1, new 1, failed 0"), "a site crawled by its address is one too"
