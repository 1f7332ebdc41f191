"""Whole crawls over real HTTP into a real archive."""

import os
import signal
import time
from contextlib import ExitStack
from datetime import date

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.store import open_store
from scrapers.crawl import crawl_sites
from scrapers.spider import Plan
from tests.scrapers import saved
from tests.scrapers.running import begin, local, run, settings_for
from tests.scrapers.server import Reply, Site, serving

LIST = "<html><meta charset=utf-8><title>政策</title><ul>{}</ul></html>"
ITEM = '<li><a href="{}">示例税务总局关于示例事项的公告</a> <span>{}</span></li>'
NAMES = sorted(path.name for path in saved.SAMPLES.glob("*.government.html"))


def a_list(*pages: str, day: str = "2020-01-01", further: str = "") -> Reply:
    return Reply((LIST.format("".join(ITEM.format(at, day) for at in pages)) + further).encode())


def sample(name: str, **given) -> Reply:
    return Reply((saved.SAMPLES / name).read_bytes(), **given)


def notices_in(home) -> dict[str, int]:
    """The titles in the archive, with the number of captures each was taken from."""
    store = open_store(settings_for(home).database_url)
    try:
        return {notice.title: len(notice.captures) for notice in store.notices()}
    finally:
        store.close()


def captured(home) -> list[str]:
    """The addresses of all records in the WARC files."""
    found = []
    for path in settings_for(home).captures.glob("*.warc.gz"):
        with path.open("rb") as file:
            found += [one.rec_headers.get_header("WARC-Target-URI") for one in ArchiveIterator(file)]
    return [address for address in found if address]


@pytest.fixture
def site():
    """A small site: a list and four notices, each with a validator."""
    pages = {f"/{n}.html": sample(name, headers={"ETag": f'"{n}"'}) for n, name in enumerate(NAMES[:4])}
    with serving(Site({"/": a_list(*pages), **pages})) as served:
        yield served


def test_every_family_of_sites_ends_up_in_the_archive(tmp_path):
    sites = [saved.load(name) for name in saved.names()]
    with ExitStack() as servers:
        scrapers = []
        for one in sites:
            pages = {at: Reply(body, media_type=one.media_types[at]) for at, body in one.pages.items()}
            scrapers.append(local(servers.enter_context(serving(Site(pages))), one.scraper))
        reports = run(scrapers, tmp_path)
    assert {name: report.problem for name, report in reports.items()} == dict.fromkeys(reports, "")
    assert len(reports) == len(sites)
    wanted = {title for one in sites for title in one.notices.values()}
    assert set(notices_in(tmp_path)) == wanted


def test_a_run_has_its_limit_and_the_next_one_asks_only_for_what_is_new_or_changed(site, tmp_path):
    first = run([local(site)], tmp_path, Plan(limit=3))[site.host]
    assert (first.pages, first.new, first.problem) == (3, 2, "")
    second = run([local(site)], tmp_path)[site.host]
    assert (second.new, second.unchanged) == (2, 2)
    assert len(captured(tmp_path)) == 4
    site.asked.clear()
    site.pages["/1.html"] = sample(NAMES[5], headers={"ETag": '"changed"'})
    del site.pages["/2.html"]
    third = run([local(site)], tmp_path)[site.host]
    assert (third.new, third.changed, third.unchanged, third.vanished) == (0, 1, 2, 1)
    assert len(captured(tmp_path)) == 5
    assert len(notices_in(tmp_path)) == 5, "what has vanished from the web stays in the archive"
    assert {one.path: one.headers.get("If-None-Match") for one in site.asked}["/0.html"] == '"0"'


def test_a_crawl_that_is_killed_goes_on_without_losing_or_doubling_a_page(tmp_path):
    pages = {f"/{n}.html": sample(name, wait=0.1, headers={"ETag": f'"{n}"'}) for n, name in enumerate(NAMES)}
    with serving(Site({"/": a_list(*pages), **pages})) as site:
        process, _ = begin(crawl_sites, [local(site)], Plan(), settings_for(tmp_path, [site.host]))
        while len(site.paths()) < 5:
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        process.close()
        assert len(notices_in(tmp_path)) < len(NAMES)
        report = run([local(site)], tmp_path)[site.host]
    assert report.problem == ""
    assert list(notices_in(tmp_path).values()) == [1] * len(NAMES)
    assert len(set(captured(tmp_path))) == len(NAMES)


def test_since_leaves_old_pages_alone(site, tmp_path):
    items = ITEM.format("/0.html", "2019-12-31") + ITEM.format("/1.html", "2020-01-01")
    site.pages["/"] = Reply(LIST.format(items).encode())
    report = run([local(site)], tmp_path, Plan(since=date(2020, 1, 1)))[site.host]
    assert report.new == 1
    assert "/0.html" not in site.paths()
