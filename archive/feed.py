"""Feeds (RSS, Atom): what they are made of, and a page of one as the page of HTML that its entries make."""

import html
from collections.abc import Collection, Iterator
from datetime import date
from email.utils import parsedate_to_datetime
from itertools import islice

from lxml import etree

MARKS = ("<rss", "<feed", "<rdf:RDF")
HEAD = 1000  # characters in which a feed says that it is one
ENTRIES = frozenset(("item", "entry"))
DATES = ("pubDate", "published", "updated", "date")
TEXTS = ("encoded", "content", "description", "summary")  # the fullest first
MAX_ENTRIES = 1000


def is_feed(text: str) -> bool:
    """Whether a page is a feed."""
    return any(mark in text[:HEAD] for mark in MARKS)


def read_xml(content: bytes, encoding: str | None = None) -> etree._Element | None:
    """The root of XML, in `encoding` or what it says itself; None where there is none.

    Entities are not resolved and nothing is fetched. Raises etree.XMLSyntaxError if it is not XML at all.
    """
    parser = etree.XMLParser(
        encoding=encoding, resolve_entities=False, no_network=True, recover=True, load_dtd=False, huge_tree=False
    )
    return etree.fromstring(content, parser)


def entries_of(root: etree._Element, names: Collection[str], most: int) -> Iterator[etree._Element]:
    """The first elements of those local names, at most so many."""
    return islice((element for element in root.iter(etree.Element) if local_name(element) in names), most)


def local_name(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return str(etree.QName(element).localname)


def rfc822_day(text: str) -> date | None:
    """The day of a date as RSS writes it, Wed, 20 Dec 2017 08:00:00 +0800; None for any other text."""
    try:
        return parsedate_to_datetime(text).date()
    except ValueError:
        return None


def as_html(text: str) -> str:
    """The entries of a feed as one page: the title of each, its day and its text; empty if none can be read."""
    root = read_xml(text.encode("utf-8", "replace"), "utf-8")
    if root is None:
        return ""
    return "<html><body>" + "".join(map(_entry, entries_of(root, ENTRIES, MAX_ENTRIES))) + "</body></html>"


def _entry(element: etree._Element) -> str:
    given = {local_name(child): "".join(child.itertext()).strip() for child in element.iterchildren(etree.Element)}
    text = next((given[name] for name in TEXTS if given.get(name)), "")
    when = next((given[name] for name in DATES if given.get(name)), "")
    day = str(rfc822_day(when) or when)
    return f"<h1>{html.escape(given.get('title', ''))}</h1><p>发布时间：{html.escape(day)}</p><div>{text}</div>"
