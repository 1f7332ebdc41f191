"""Crawling: the one place that touches the network, through Scrapy, one connection and a delay a host."""

import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any

from rich.console import Console
from scrapy.crawler import Crawler, CrawlerProcess
from scrapy.signals import spider_error
from twisted.python.failure import Failure

from archive.errors import BadInput
from archive.ingest import Report, ingest, workshop
from archive.models import Capture
from archive.settings import Settings
from scrapers.addresses import host_of
from scrapers.base import Scraper, WebPage
from scrapers.ledger import Ledger
from scrapers.manners import HOSTS, PRIVATE_HOSTS
from scrapers.report import SiteReport, Tally
from scrapers.sites import all_sites
from scrapers.spider import NoticeSpider, Plan

SECONDS_BETWEEN_LINES = 10.0


def crawl(
    scrapers: Sequence[Scraper], plan: Plan, ledger: Ledger, keep: Callable[[Capture], Report], settings: Settings
) -> list[SiteReport]:
    """Walk the sites of `scrapers` side by side and hand each page that may carry a notice to `keep`.

    What each brought comes back, and is put on record in the ledger. Raises BadInput without a contact for site
    owners, and whatever `keep` raises (the run ends there, and the next one goes on). Once a process only: Scrapy's
    event loop cannot be started again.
    """
    if not settings.contact:
        raise BadInput(
            "a crawler must say whom to write to, and there is no contact.",
            "Set ARCHIVE_CONTACT to your e-mail address or web page.",
        )
    process = CrawlerProcess(scrapy_settings(settings))
    logging.getLogger("scrapy").setLevel(logging.CRITICAL)  # what goes wrong is in the report
    logging.getLogger("twisted").setLevel(logging.CRITICAL)
    said = Speaker()
    crawlers = [process.create_crawler(NoticeSpider) for _ in scrapers]
    for crawler, scraper in zip(crawlers, scrapers, strict=True):
        crawler.settings.set(HOSTS, scraper.hosts)
        crawler.signals.connect(_count_crash, signal=spider_error)
        process.crawl(crawler, scraper=scraper, plan=plan, ledger=ledger, keep=keep, said=said)
    process.start()
    said.end()
    spiders = [spider for spider in map(_spider, crawlers) if spider]
    return _settle(spiders, ledger)


def crawl_sites(scrapers: Sequence[Scraper], plan: Plan, settings: Settings) -> list[SiteReport]:
    """Crawl into the archive at `settings`; what was archived before an error stays, and the next run goes on."""
    # Pages come one at a time, so worker processes would have nothing to share.
    with workshop(replace(settings, workers=1)) as to, closing(Ledger(ledger_path(settings))) as ledger:
        return crawl(scrapers, plan, ledger, lambda capture: next(ingest([capture], to)), settings)


def rehearse(scrapers: Sequence[Scraper], plan: Plan, settings: Settings) -> tuple[list[SiteReport], list[Report]]:
    """A crawl that stores nothing: the reports on the sites, and on each page what would have been archived."""
    pages: list[Report] = []
    by_host = {host: scraper for scraper in scrapers for host in scraper.hosts}

    def look(capture: Capture) -> Report:
        try:
            notices = by_host[host_of(capture.source)].parse(WebPage(capture))
            found, reason = tuple((str(notice.number or ""), notice.title) for notice in notices), "no notice found"
        except BadInput as error:
            found, reason = (), error.message
        report = Report("archived", capture.source, found) if found else Report("rejected", capture.source, (), reason)
        pages.append(report)
        return report

    with closing(Ledger(None)) as ledger:
        return crawl(scrapers, plan, ledger, look, settings), pages


def ledger_path(settings: Settings) -> Path:
    """Where the crawler's memory lies."""
    return settings.home / "crawl.sqlite3"


def status_lines(settings: Settings) -> Iterator[str]:
    """Every site we know or have crawled by its address, a line each: its hosts, and how its last run ended."""
    path = ledger_path(settings)
    with closing(Ledger(path if path.exists() else None)) as ledger:
        runs = ledger.last_runs()
    hosts = {host: (host,) for host in runs} | {name: site.hosts for name, site in all_sites().items()}
    for name in hosts:
        how = "not crawled yet"
        if name in runs:
            ended_at, report = runs[name]
            how = f"{ended_at:%Y-%m-%d %H:%M} UTC  {report.summary()}"
        yield f"{name:14} {', '.join(hosts[name]):32} {how}"


def _settle(spiders: Iterable[NoticeSpider], ledger: Ledger) -> list[SiteReport]:
    reports = []
    for spider in spiders:
        if spider.fatal:
            raise spider.fatal
        report = spider.tally.report(spider.scraper.name)
        ledger.end_run(report)
        reports.append(report)
    return reports


def _spider(crawler: Crawler) -> NoticeSpider | None:
    return crawler.spider if isinstance(crawler.spider, NoticeSpider) else None


def _count_crash(failure: Failure, spider: NoticeSpider) -> None:
    """A mistake in a scraper's own code costs one page, and is told."""
    spider.tally.fail(f"mistake in the scraper: {failure.value!r}", at_start=False)


def scrapy_settings(settings: Settings) -> dict[str, Any]:
    """Scrapy's settings from ours."""
    return {
        "USER_AGENT": f"Shuiwen/1.0 (archive of tax notices; +{settings.contact})",
        "ROBOTSTXT_OBEY": True,
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": settings.crawl_delay,
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": settings.crawl_delay,
        "DOWNLOAD_TIMEOUT": settings.crawl_timeout,
        "DOWNLOAD_MAXSIZE": settings.max_page_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "RETRY_TIMES": 2,
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",  # the spider asks for nothing twice
        "REDIRECT_MAX_TIMES": 5,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,  # what stands between us and a site could write notices of its own
        "HTTPERROR_ALLOW_ALL": True,  # the spider looks at every answer
        "COOKIES_ENABLED": False,
        "HTTPPROXY_ENABLED": False,  # a proxy would resolve names for us, behind the guard's back
        "TELNETCONSOLE_ENABLED": False,
        "LOG_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        "DEFAULT_REQUEST_HEADERS": {"Accept": "text/html,*/*;q=0.5", "Accept-Language": "zh-CN,zh;q=0.9"},
        "TWISTED_DNS_RESOLVER": "scrapers.manners.PublicResolver",
        PRIVATE_HOSTS: [host.strip() for host in settings.private_hosts.split(",") if host.strip()],
        "DOWNLOADER_MIDDLEWARES": {
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
            "scrapers.manners.Guard": 50,
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "scrapers.manners.Robots": 100,
            "scrapers.manners.Patience": 555,
        },
    }


class Speaker:
    """Says how far a crawl is: a line that rewrites itself on a terminal, a line every ten seconds elsewhere."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._began = self._spoke = monotonic()

    def __call__(self, site: str, tally: Tally) -> None:
        now = monotonic()
        terminal = self._console.is_terminal
        if now - self._spoke < (0.2 if terminal else SECONDS_BETWEEN_LINES):
            return
        self._spoke = now
        count, rate = tally.counts, tally.counts["pages"] / max(now - self._began, 0.001)
        line = (
            f"{site}: {count['pages']} pages, {count['new'] + count['changed']} notices, "
            f"{rate:.1f} pages/s, {count['failed']} errors"
        )
        print(f"\r{line}\x1b[K" if terminal else line, end="" if terminal else "\n", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Take the line away."""
        if self._console.is_terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
