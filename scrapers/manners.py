"""What keeps a crawl polite and safe, as plug-ins of Scrapy: whom it may ask, when it must wait, and what no means."""

import ipaddress
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response
from scrapy.resolver import CachingThreadedResolver
from scrapy.robotstxt import RobotParser
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from scrapers.addresses import host_of, is_public

# Our own keys in Scrapy's settings: the hosts of the site, and those of any site that may be private.
HOSTS = "HOSTS"
PRIVATE_HOSTS = "PRIVATE_HOSTS"
LONGEST_WAIT = 300.0  # seconds; a site that asks for more is left alone until the next run
DENY_ALL = b"User-agent: *\nDisallow: /\n"


class Refused(IgnoreRequest):
    """We do not ask for this address, and the reason."""


class PublicResolver(CachingThreadedResolver):
    """Resolves names, and refuses those that lead into a private network (server-side request forgery).

    The check stands where the connection's address is decided, so a name that changes its address between a check
    and the connection (DNS rebinding) gains nothing.
    """

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float, allowed: Sequence[str]) -> None:
        super().__init__(reactor, cache_size, timeout)
        self._allowed = frozenset(allowed)

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: ReactorBase) -> Self:
        settings = crawler.settings
        return cls(
            reactor, settings.getint("DNSCACHE_SIZE"), settings.getfloat("DNS_TIMEOUT"), settings.getlist(PRIVATE_HOSTS)
        )

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802
        """Twisted's hook: the address of `name`; fails with DNSLookupError for a private one."""
        return super().getHostByName(name, timeout).addCallback(self._check, name)

    def _check(self, address: str, name: str) -> str:
        if name not in self._allowed and not is_public(address):
            raise DNSLookupError(f"{name} leads to {address}, which is not on the public Internet")
        return address


class Guard:
    """Refuses requests for anything but web pages of the site itself on public addresses.

    Redirects and robots.txt come through here as well.
    """

    def __init__(self, hosts: Sequence[str], private: Sequence[str]) -> None:
        self._hosts, self._private = frozenset(hosts), frozenset(private)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings.getlist(HOSTS), crawler.settings.getlist(PRIVATE_HOSTS))

    def process_request(self, request: Request) -> None:
        """Raise Refused for another scheme, another site, and a host written as a private IP address."""
        parts = urlsplit(request.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Refused(f"{request.url} is not a web address")
        if host_of(request.url) not in self._hosts:
            raise Refused(f"the site leads to another one, {host_of(request.url)}")
        if parts.hostname not in self._private and _is_private_literal(parts.hostname):
            raise Refused(f"{parts.hostname} is not on the public Internet (see ARCHIVE_PRIVATE_HOSTS)")


def _is_private_literal(host: str) -> bool:
    """Whether `host` is an IP address, and not a public one. Names are judged when they are resolved."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return not is_public(host)


class Patience:
    """Waits as long as a site asks for by Retry-After (429, 503) before anything else is asked of that host."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Let the host's slot rest; give the request up where the wait is longer than LONGEST_WAIT."""
        wait = retry_after(response) if response.status in (429, 503) else 0.0
        if wait > LONGEST_WAIT:
            raise Refused(f"it answered {response.status} and asks to come back in {wait:.0f} seconds")
        slot = self._slots().get(request.meta.get("download_slot", "")) if wait else None
        if slot:
            # The slot sends its next request `delay` seconds after `lastseen`.
            slot.lastseen = max(slot.lastseen, monotonic() + wait - slot.delay)
        return response

    def _slots(self) -> dict[str, Any]:
        engine = self._crawler.engine
        return engine.downloader.slots if engine else {}


def retry_after(response: Response) -> float:
    """The seconds that a Retry-After header asks for, as a number or as a date; 0 without one."""
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if value.isdigit():
        return float(value[:9])
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return 0.0
    return max(0.0, (when.replace(tzinfo=when.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


class Robots(RobotsTxtMiddleware):
    """Obeys robots.txt as RFC 9309 says: one that is there but cannot be had now (5xx) forbids everything."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        crawler.signals.connect(self._keep_delay, signal=signals.robots_parsed)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:
            response = response.replace(body=DENY_ALL)
        elif response.status >= 300:
            response = response.replace(body=b"")
        await super()._parse_robots(response, netloc, request)

    def _keep_delay(self, robotparser: RobotParser) -> None:
        """Crawl-delay, which Scrapy leaves to its users, up to LONGEST_WAIT: never go below it again."""
        delay = robotparser.crawl_delay(self._default_useragent) or 0.0
        throttle = self.crawler.get_extension(AutoThrottle)
        if throttle and delay:
            throttle.mindelay = min(max(throttle.mindelay, delay), LONGEST_WAIT)
            throttle.maxdelay = max(throttle.maxdelay, throttle.mindelay)
