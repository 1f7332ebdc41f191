"""RSS, Atom and sitemaps as lists of addresses."""

from datetime import date

from lxml import etree

from archive import feed
from archive.errors import BadInput
from archive.metadata.dates import read_date
from scrapers.addresses import canonical, is_page
from scrapers.base import Link, Links

MAX_ENTRIES = 50_000  # what sitemaps.org allows in one file
ENTRIES = feed.ENTRIES | {"url", "sitemap"}
SITEMAPS = ("<urlset", "<sitemapindex")
DATES = ("pubDate", "published", "updated", "lastmod", "date")


def is_feed(content: bytes) -> bool:
    """Whether `content` is a feed or a sitemap rather than a page."""
    head = content[: feed.HEAD].decode("latin-1")
    return feed.is_feed(head) or any(mark in head for mark in SITEMAPS)


def read_feed(content: bytes, base: str) -> Links:
    """The addresses in a feed or sitemap: those of other sitemaps to follow, those of pages as notices.

    Raises BadInput if it is not XML at all.
    """
    try:
        root = feed.read_xml(content)
    except etree.XMLSyntaxError as error:
        raise BadInput(
            f"{base} is not a feed that can be read: {error}.", "See whether the site has moved it."
        ) from error
    if root is None:
        return Links()
    follow: list[Link] = []
    notices: list[Link] = []
    for element in feed.entries_of(root, ENTRIES, MAX_ENTRIES):
        link = _link(element, base)
        if link.url and is_page(link.url):
            (follow if feed.local_name(element) == "sitemap" else notices).append(link)
    return Links(tuple(follow), tuple(notices))


def _link(entry: etree._Element, base: str) -> Link:
    texts = {feed.local_name(child): (child.text or "").strip() for child in entry.iterchildren(etree.Element)}
    hrefs = [
        child.get("href", "")
        for child in entry.iterchildren(etree.Element)
        if feed.local_name(child) == "link" and child.get("rel", "alternate") == "alternate"
    ]
    url = texts.get("loc") or next(filter(None, hrefs), "") or texts.get("link", "")
    when = next((texts[name] for name in DATES if texts.get(name)), "")
    return Link(canonical(url, base) if url else "", texts.get("title", ""), _read_day(when))


def _read_day(when: str) -> date | None:
    """ISO 8601 as Atom and sitemaps write it, or RFC 822 as RSS does."""
    return read_date(when) or feed.rfc822_day(when)
