"""A page of a feed (RSS, Atom) as the page of HTML that its entries make."""

import html
from email.utils import parsedate_to_datetime
from itertools import islice

from lxml import etree

MARKS = ("<rss", "<feed", "<rdf:rdf")
HEAD = 1000  # characters in which a feed says that it is one
ENTRIES = frozenset(("item", "entry"))
DATES = ("pubdate", "published", "updated", "date")
TEXTS = ("encoded", "content", "description", "summary")  # the fullest first
MAX_ENTRIES = 1000


def is_feed(text: str) -> bool:
    """Whether a page is a feed."""
    return any(mark in text[:HEAD].lower() for mark in MARKS)


def as_html(text: str) -> str:
    """The entries of a feed as one page: the title of each, its day and its text; empty if none can be read."""
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, recover=True, strip_cdata=False
    )
    root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    if root is None:
        return ""
    found = (element for element in root.iter(etree.Element) if _name(element) in ENTRIES)
    return "<html><body>" + "".join(_entry(element) for element in islice(found, MAX_ENTRIES)) + "</body></html>"


def _entry(element: etree._Element) -> str:
    given = {_name(child): "".join(child.itertext()).strip() for child in element.iterchildren(etree.Element)}
    text = next((given[name] for name in TEXTS if given.get(name)), "")
    day = next((given[name] for name in DATES if given.get(name)), "")
    return f"<h1>{html.escape(given.get('title', ''))}</h1><p>发布时间：{html.escape(_day(day))}</p><div>{text}</div>"


def _day(text: str) -> str:
    """The day of RFC 822 (Wed, 20 Dec 2017 08:00:00 +0800) in digits; others are left as they are."""
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except ValueError:
        return text


def _name(element: etree._Element) -> str:
    return str(etree.QName(element).localname).lower()
