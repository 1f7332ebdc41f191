"""Crawls in processes of their own, since Scrapy's event loop runs once a process and a test may want to kill it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from queue import Queue
from typing import TypeVar

from archive.settings import Settings
from scrapers.base import Scraper
from scrapers.crawl import crawl_sites
from scrapers.report import SiteReport
from scrapers.sites.generic import Generic
from scrapers.spider import Plan
from tests.scrapers.server import Site

T = TypeVar("T")
SECONDS = 40


def settings_for(home: Path, hosts: Sequence[str] = ()) -> Settings:
    """Settings of a crawl over loopback `hosts` that neither waits nor gives up late."""
    return Settings(
        home=home,
        contact="mailto:tests@shili.example",
        crawl_delay=0,
        crawl_timeout=2,
        max_page_bytes=1_000_000,
        private_hosts=",".join(host.partition(":")[0] for host in hosts),
    )


def local(site: Site, scraper: Scraper | None = None) -> Scraper:
    """`scraper`, or the generic one, for the site that a test serves."""
    if scraper is None:
        return Generic.at(site.address + "/")
    starts = tuple(site.address + "/" + url.split("/", 3)[-1] for url in scraper.start)
    return replace(scraper, hosts=(site.host,), start=starts)


def begin(work: Callable[..., object], *given: object) -> tuple[BaseProcess, "Queue[object]"]:
    """`work(*given)` on its way in a process of its own, and the queue that what it returns will come through."""
    context = get_context("spawn")
    answer = context.Queue()
    process = context.Process(target=_answer, args=(answer, work, *given), daemon=True)
    process.start()
    return process, answer


def in_own_process(work: Callable[..., T], *given: object) -> T:
    """What `work(*given)` returns; fails where it ends without a result or takes longer than SECONDS."""
    process, answer = begin(work, *given)
    try:
        return answer.get(timeout=SECONDS)
    finally:
        process.kill()
        process.join()
        process.close()


def run(scrapers: Sequence[Scraper], home: Path, plan: Plan | None = None) -> dict[str, SiteReport]:
    """Crawl to the end; the reports by site."""
    settings = settings_for(home, [host for scraper in scrapers for host in scraper.hosts])
    return {report.site: report for report in in_own_process(crawl_sites, scrapers, plan or Plan(), settings)}


def _answer(answer: "Queue[object]", work: Callable[..., object], *given: object) -> None:
    answer.put(work(*given))
