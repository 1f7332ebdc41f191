"""What a scraper is: the pure half of a crawl, from a fetched page to the addresses and the notices in it."""

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from bs4 import BeautifulSoup, Tag

from archive.errors import BadInput
from archive.extract import extract
from archive.metadata.dates import read_date
from archive.models import Capture, RawNotice
from archive.page import decode_capture, read_page
from scrapers.addresses import canonical, host_of, is_page

MAX_LINKS = 5_000
MAX_TEXT = 300  # characters of a link's text
MAX_ITEM = 300  # characters; a longer element around a link is not a list's item


@dataclass(frozen=True, slots=True)
class Link:
    """An address that a page gives, the text it is given under, and the day a list shows beside it."""

    url: str
    text: str = ""
    listed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Links:
    """Where to go from a page: `follow` are pages that lead to notices, `notices` pages that should carry one."""

    follow: tuple[Link, ...] = ()
    notices: tuple[Link, ...] = ()


class WebPage:
    """A fetched page as scrapers look at it. `page` is the same page as the rest of the archive reads it."""

    def __init__(self, capture: Capture) -> None:
        self.capture = capture
        self.url = capture.source

    @cached_property
    def text(self) -> str:
        return decode_capture(self.capture).text

    @cached_property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.text.replace("\0", ""), "lxml")

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """The page's links in their order, each address once, at most MAX_LINKS of them."""
        base = canonical(_href(self.soup.find("base", href=True)), self.url) or self.url
        found: dict[str, Link] = {}
        for anchor in self.soup.find_all(["a", "area"], href=True, limit=MAX_LINKS):
            url = canonical(_href(anchor), base)
            if url and is_page(url):
                found.setdefault(url, Link(url, _text_of(anchor), _date_beside(anchor)))
        return tuple(found.values())

    @cached_property
    def canonical_url(self) -> str:
        """The address that the page gives as its own, if it is one of the same host; otherwise the one fetched."""
        own = canonical(_href(self.soup.find("link", rel="canonical", href=True)), self.url)
        return own if own and host_of(own) == host_of(self.url) else canonical(self.url)

    @property
    def json(self) -> Any:
        """The page read as JSON; raises BadInput where it is none."""
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError) as error:
            raise BadInput(
                f"{self.url} is not JSON: {error}.", "See whether the site has changed its answers."
            ) from error

    @property
    def asks_to_log_in(self) -> bool:
        return self.soup.find("input", type="password") is not None


def _href(element: Tag | None) -> str:
    return str(element["href"]) if element else ""


def _text_of(anchor: Tag) -> str:
    text = " ".join(anchor.get_text().split())
    whole = str(anchor.get("title", "")).strip() if text.endswith(("...", "…")) or not text else text
    return whole[:MAX_TEXT]


def _date_beside(anchor: Tag) -> date | None:
    """The date in the list item, table row or paragraph around a link."""
    around = anchor.find_parent(["li", "tr", "dd", "p", "div"])
    text = around.get_text() if around else ""
    return read_date(text) if len(text) <= MAX_ITEM else None


@dataclass(frozen=True)
class Scraper(ABC):
    """A site: its name, the hosts it lives on, the pages to begin with, and how its pages are read.

    Both methods are pure: they look at a page and touch nothing else. Fetching, storing and politeness are the
    business of `scrapers.crawl`.
    """

    name: str
    hosts: tuple[str, ...]
    start: tuple[str, ...]

    @abstractmethod
    def links(self, page: WebPage) -> Links:
        """Where `page` leads; raises BadInput if the page is not what the site used to answer."""

    def parse(self, page: WebPage) -> list[RawNotice]:
        """The notices that `page` carries, by the general extractor; raises BadInput if it cannot be read."""
        return list(extract(read_page(page.capture)).notices)


@dataclass(frozen=True)
class Site(Scraper):
    """A site whose addresses tell what is behind them: `notice` and `lists` are patterns of path and query."""

    notice: str
    lists: str = r"(?!)"

    def links(self, page: WebPage) -> Links:
        return self.sort(page.links)

    def sort(self, links: Iterable[Link]) -> Links:
        """Those of `links` on the site's own hosts whose addresses match its patterns; a list is never a notice."""
        own = [link for link in links if host_of(link.url) in self.hosts]
        lists = tuple(_matching(self.lists, own))
        return Links(lists, tuple(link for link in _matching(self.notice, own) if link not in lists))


def _matching(pattern: str, links: Iterable[Link]) -> Iterator[Link]:
    wanted = re.compile(pattern)
    return (link for link in links if wanted.search(link.url.split("/", 3)[-1]))
