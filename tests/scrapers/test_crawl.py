"""Whole crawls over real HTTP into a real archive."""

import os
import resource
import signal
import time
from contextlib import ExitStack

from warcio.archiveiterator import ArchiveIterator

from archive.errors import StoreUnavailable
from archive.settings import Settings
from archive.store import open_store
from scrapers.base import Scraper
from scrapers.crawl import crawl_sites
from scrapers.spider import Plan
from tests.scrapers import saved
from tests.scrapers.running import begin, in_own_process, local, run, settings_for
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


def test_a_killed_crawl_goes_on_and_the_next_one_asks_only_for_what_has_changed(tmp_path):
    pages = {f"/{n}.html": sample(name, wait=0.1, headers={"ETag": f'"{n}"'}) for n, name in enumerate(NAMES)}
    with serving(Site({"/": a_list(*pages), **pages})) as site:
        process, _ = begin(crawl_sites, [local(site)], Plan(), settings_for(tmp_path, [site.host]))
        while len(site.paths()) < 5:
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        process.close()
        assert len(notices_in(tmp_path)) < len(NAMES)

        resumed = run([local(site)], tmp_path)[site.host]
        assert resumed.problem == ""
        assert list(notices_in(tmp_path).values()) == [1] * len(NAMES), "a page was lost or doubled"
        # Killed between its capture and the store, a page has a second record, which the archive does not count.
        assert len(set(captured(tmp_path))) == len(NAMES)
        kept = len(captured(tmp_path))

        site.asked.clear()
        site.pages["/1.html"] = sample("shili-gonggao-2024-20.article.html", headers={"ETag": '"changed"'})
        del site.pages["/2.html"]
        later = run([local(site)], tmp_path)[site.host]
    assert (later.new, later.changed, later.unchanged, later.vanished) == (0, 1, len(NAMES) - 2, 1)
    assert {one.path: one.headers.get("If-None-Match") for one in site.asked}["/0.html"] == '"0"'
    assert len(captured(tmp_path)) == kept + 1
    assert len(notices_in(tmp_path)) == len(NAMES) + 1, "what has vanished from the web stays in the archive"


def with_little_room(scraper: Scraper, settings: Settings) -> str:
    """What a crawl says where no file may grow beyond 150 KB, as on a disk that fills."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))
    try:
        crawl_sites([scraper], Plan(), settings)
    except StoreUnavailable as error:
        return str(error)
    return "nothing"


def test_a_disk_that_fills_ends_the_crawl_with_a_clear_word_and_loses_nothing(tmp_path):
    pages = {f"/{n}.html": sample(name) for n, name in enumerate(NAMES[:8])}
    with serving(Site({"/": a_list(*pages), **pages})) as site:
        run([local(site)], tmp_path, Plan(limit=2))
        said = in_own_process(with_little_room, local(site), settings_for(tmp_path, [site.host]))
        assert "disk" in said
        before = set(notices_in(tmp_path))
        assert len(before) < 8
        resumed = run([local(site)], tmp_path)[site.host]
    assert resumed.problem == ""
    assert before <= set(notices_in(tmp_path))
    assert list(notices_in(tmp_path).values()) == [1] * 8, "a page was lost or doubled"
