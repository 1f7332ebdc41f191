"""RSS, Atom and sitemaps as lists of addresses."""

from collections.abc import Iterator
from datetime import date
from email.utils import parsedate_to_datetime

from lxml import etree

from archive.errors import BadInput
from scrapers.addresses import canonical, is_page
from scrapers.base import Link, Links, read_date

MAX_ENTRIES = 50_000  # what sitemaps.org allows in one file
ENTRIES = frozenset(("item", "entry", "url", "sitemap"))
DATES = ("pubDate", "published", "updated", "lastmod", "date")


def is_feed(content: bytes) -> bool:
    """Whether `content` is a feed or a sitemap rather than a page."""
    head = content[:1000].lstrip(b"\xef\xbb\xbf \r\n\t")
    return any(mark in head for mark in (b"<rss", b"<feed", b"<rdf:RDF", b"<urlset", b"<sitemapindex"))


def read_feed(content: bytes, base: str) -> Links:
    """The addresses in a feed or sitemap: those of other sitemaps to follow, those of pages as notices.

    Entities are not resolved and nothing is fetched; raises BadInput if it is not XML at all.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise BadInput(
            f"{base} is not a feed that can be read: {error}.", "See whether the site has moved it."
        ) from error
    if root is None:
        return Links()
    follow: list[Link] = []
    notices: list[Link] = []
    for element in _entries(root):
        link = _link(element, base)
        if link.url and is_page(link.url):
            (follow if _name(element) == "sitemap" else notices).append(link)
    return Links(tuple(follow), tuple(notices))


def _entries(root: etree._Element) -> Iterator[etree._Element]:
    count = 0
    for element in root.iter(etree.Element):
        if _name(element) in ENTRIES:
            yield element
            count += 1
            if count == MAX_ENTRIES:
                return


def _link(entry: etree._Element, base: str) -> Link:
    texts = {_name(child): (child.text or "").strip() for child in entry.iterchildren(etree.Element)}
    hrefs = [
        child.get("href", "")
        for child in entry.iterchildren(etree.Element)
        if _name(child) == "link" and child.get("rel", "alternate") == "alternate"
    ]
    url = texts.get("loc") or next(filter(None, hrefs), "") or texts.get("link", "")
    when = next((texts[name] for name in DATES if texts.get(name)), "")
    return Link(canonical(url, base) if url else "", texts.get("title", ""), _read_day(when))


def _read_day(when: str) -> date | None:
    """ISO 8601 as Atom and sitemaps write it, or RFC 822 as RSS does."""
    try:
        return read_date(when) or parsedate_to_datetime(when).date()
    except ValueError:
        return None


def _name(element: etree._Element) -> str:
    return str(etree.QName(element).localname)
