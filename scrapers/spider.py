"""The walk over one site: which page is asked for next, and what becomes of each answer."""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import scrapy
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.errors import ArchiveError, BadInput
from archive.ingest import Report
from archive.models import Capture
from scrapers.addresses import canonical, host_of
from scrapers.base import Links, Scraper, WebPage
from scrapers.failures import explain, explain_status
from scrapers.feeds import is_feed, read_feed
from scrapers.ledger import Address, Kind, Ledger, State
from scrapers.report import Tally

MAX_BARREN = 5  # list pages in a row without a new notice: an archive's end, or a trap such as a calendar
LOGIN = re.compile(r"(?:^|[/._-])(?:login|signin|passport|sso|logon)(?:[/._?-]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Plan:
    """How far a run goes: at most `limit` pages a site; with `since`, only what lists date on or after that day."""

    limit: int = 1_000
    since: date | None = None


class NoticeSpider(scrapy.Spider):
    """Walks one site. Each page goes to `keep`, which archives it, before the ledger says that it is done."""

    name = "notices"

    def __init__(
        self,
        scraper: Scraper,
        plan: Plan,
        ledger: Ledger,
        keep: Callable[[Capture], Report],
        said: Callable[[str, Tally], None],
    ) -> None:
        super().__init__()
        self.scraper, self.plan, self.ledger = scraper, plan, ledger
        self.keep, self.said = keep, said
        self.tally = Tally()
        self.fatal: ArchiveError | None = None
        self._asked: set[str] = set()

    async def start(self) -> AsyncIterator[Any]:
        """The start pages; then what an earlier run left waiting; then, without `since`, what may have changed."""
        try:
            requests = list(self._first())
        except ArchiveError as error:
            self.fatal = error
            return
        for request in requests:
            yield request

    def _first(self) -> Iterator[scrapy.Request]:
        site = self.scraper.name
        starts = [Address(canonical(url), Kind.LIST) for url in self.scraper.start]
        self.ledger.add(site, starts)
        addresses = [starts, self.ledger.waiting(site)]
        if self.plan.since is None:
            addresses.append(self.ledger.notices(site))
        for group in addresses:
            for address in group:
                yield from self._ask(address)

    def _ask(self, address: Address) -> Iterator[scrapy.Request]:
        """The request for `address`, once a run, while the limit lasts; conditional where we have the page already."""
        if address.url in self._asked or len(self._asked) >= self.plan.limit:
            return
        self._asked.add(address.url)
        known = self.ledger.find(self.scraper.name, address.url) or address
        headers = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
        yield scrapy.Request(
            address.url,
            callback=self._received,
            errback=self._lost,
            headers={name: value for name, value in headers.items() if value},
            priority=1 if address.kind is Kind.NOTICE else 0,
            cb_kwargs={"address": known},
            meta={"address": known},
        )

    def _received(self, response: Response, address: Address) -> Iterator[scrapy.Request]:
        """An answer of the site, whatever it says; an archive that cannot be written ends the run."""
        try:
            yield from self._answered(response, address)
        except ArchiveError as error:
            self.fatal = error
            raise CloseSpider("the archive cannot be written") from error

    def _answered(self, response: Response, address: Address) -> Iterator[scrapy.Request]:
        self.tally.counts["pages"] += 1
        if response.status == 304:
            yield from self._not_modified(address)
        elif response.status in (404, 410):
            self._gone(address, response.status)
        elif not 200 <= response.status < 300:
            self._fail(address, explain_status(response.status))
        else:
            yield from self._read(response, address)
        self.said(self.scraper.name, self.tally)

    def _not_modified(self, address: Address) -> Iterator[scrapy.Request]:
        if address.kind is Kind.NOTICE:
            self.tally.counts["unchanged"] += 1
        else:
            self.tally.same_lists += 1
        yield from self._go_on(address, self.ledger.links(self.scraper.name, address.url))

    def _gone(self, address: Address, status: int) -> None:
        if address.state is State.DONE and address.kind is Kind.NOTICE:
            self.tally.counts["vanished"] += 1
        else:
            self.tally.fail(f"moved: {address.url} answers {status}", at_start=self._at_start(address))
        if not self._at_start(address):
            self.ledger.gone(self.scraper.name, address.url)

    def _read(self, response: Response, address: Address) -> Iterator[scrapy.Request]:
        media_type = _header(response, "Content-Type")
        page = WebPage(Capture(canonical(response.url), datetime.now(UTC), response.body, media_type))
        try:
            links = read_feed(response.body, page.url) if is_feed(response.body) else self.scraper.links(page)
        except BadInput as error:
            if address.kind is Kind.LIST:
                self._fail(address, f"the layout has changed: {error.message}")
                return
            links = Links()
        if not (links.follow or links.notices) and (page.asks_to_log_in or LOGIN.search(response.url)):
            self._fail(address, f"{host_of(page.url)} asks to log in")
            return
        if address.kind is Kind.LIST:
            self.tally.read_lists += 1
        if self._may_carry(page, address) and not self._is_double(page, address):
            self._keep(page, address)
        yield from self._go_on(address, links)
        self.ledger.done(
            self.scraper.name, address.url, links, _header(response, "ETag"), _header(response, "Last-Modified")
        )

    def _may_carry(self, page: WebPage, address: Address) -> bool:
        """Whether the page belongs into the archive: what should be a notice, and a list that carries one as well."""
        if address.kind is Kind.NOTICE or "json" in page.capture.media_type:
            return address.kind is Kind.NOTICE
        try:
            return bool(self.scraper.parse(page))
        except BadInput:
            return False

    def _is_double(self, page: WebPage, address: Address) -> bool:
        """Whether the page, by a redirect or its own word, is that of another address we have already."""
        if page.canonical_url == address.url:
            return False
        return not self.ledger.add(self.scraper.name, [Address(page.canonical_url, Kind.NOTICE, State.DONE)])

    def _keep(self, page: WebPage, address: Address) -> None:
        report = self.keep(page.capture)
        if report.fate in ("rejected", "unchanged"):
            self.tally.counts[report.fate] += 1
        else:
            self.tally.counts["changed" if address.state is State.DONE else "new"] += 1
        if report.fate == "rejected":
            self.tally.rejections[report.reason] += 1

    def _go_on(self, address: Address, links: Links) -> Iterator[scrapy.Request]:
        """Queue what a page leads to. Lists are walked on as long as they bring something new."""
        site, since = self.scraper.name, self.plan.since
        recent = [link for link in links.notices if since is None or link.listed_on is None or link.listed_on >= since]
        self.tally.counts["found"] += len(links.notices) if address.kind is Kind.LIST else 0
        new = self.ledger.add(site, [Address(link.url, Kind.NOTICE, listed_on=link.listed_on) for link in recent])
        barren = 0 if new else address.barren + 1
        lists = [Address(link.url, Kind.LIST, barren=barren) for link in links.follow]
        fresh = self.ledger.add(site, lists) if barren <= MAX_BARREN else []
        for found in (*new, *(lists if new else fresh)):
            yield from self._ask(found)

    def _lost(self, failure: Failure) -> None:
        """No answer: the network, the site's robots.txt or our own guard said no."""
        address: Address = failure.request.meta["address"]  # type: ignore[attr-defined]
        try:
            self._fail(address, explain(failure.value, address.url))
        except ArchiveError as error:
            self.fatal = error
            raise CloseSpider("the archive cannot be written") from error
        self.said(self.scraper.name, self.tally)

    def _fail(self, address: Address, reason: str) -> None:
        self.tally.fail(reason, at_start=self._at_start(address))
        self.ledger.failed(self.scraper.name, address.url)

    def _at_start(self, address: Address) -> bool:
        return address.url in map(canonical, self.scraper.start)


def _header(response: Response, name: str) -> str:
    return (response.headers.get(name) or b"").decode("latin-1")
