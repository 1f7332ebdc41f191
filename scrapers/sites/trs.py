"""Government sites on TRS WCM: a notice's address carries its date, and a script writes the links to further pages."""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urljoin

from archive.metadata.dates import read_date
from scrapers.addresses import canonical, is_page
from scrapers.base import Link, Links, Site, WebPage

# createPageHTML(12, 0, "index", "html"): 12 pages, this is the first; the others are index_1.html to index_11.html.
PAGES = re.compile(
    r"""createPageHTML\(\s*['"]?(\d{1,4})['"]?\s*,\s*['"]?\d{1,4}['"]?\s*,\s*['"](\w{1,50})['"]\s*,\s*['"](\w{1,10})"""
)
DAY_IN_ADDRESS = re.compile(r"/t(\d{4})(\d\d)(\d\d)_\d+\.")
MAX_PAGES = 500


@dataclass(frozen=True)
class Trs(Site):
    """A TRS site: static lists with scripted paging, or the JSON that newer ones answer (`results` or `data`)."""

    notice: str = r"(?:^|/)(?:t\d{8}_\d+|c\d+/content|content_\d+)\.s?html?$|/c\d+/c\d+/content\.html$"
    lists: str = r"(?:^|/)(?:index(?:_\d+)?\.s?html?)?$|/list\.html$"

    def links(self, page: WebPage) -> Links:
        """The list's links, the pages its script would link to, and the dates that addresses carry."""
        if page.capture.media_type.startswith("application/json"):
            return self.sort(_from_json(page))
        links = self.sort(page.links)
        notices = tuple(replace(link, listed_on=_day_in(link.url) or link.listed_on) for link in links.notices)
        return Links((*links.follow, *_further(page)), notices)


def _further(page: WebPage) -> list[Link]:
    match = PAGES.search(page.text)
    if not match:
        return []
    count, stem, suffix = int(match[1]), match[2], match[3]
    return [Link(canonical(f"{stem}_{n}.{suffix}", page.url)) for n in range(1, min(count, MAX_PAGES))]


def _from_json(page: WebPage) -> list[Link]:
    """Entries with an address anywhere in the answer; they hold `url` or `link`, `title`, and a time as text."""
    links = []
    for entry in _entries(page.json):
        url = canonical(urljoin(page.url, str(entry.get("url") or entry.get("link") or "")))
        if url and is_page(url):
            when = next((str(entry[key]) for key in entry if "time" in key.lower() or "date" in key.lower()), "")
            links.append(Link(url, str(entry.get("title", "")), read_date(when)))
    return links


def _entries(value: Any, depth: int = 6) -> list[dict[str, Any]]:
    if isinstance(value, dict) and ("url" in value or "link" in value) and "title" in value:
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [entry for one in inner for entry in _entries(one, depth - 1)] if depth else []


def _day_in(url: str) -> date | None:
    match = DAY_IN_ADDRESS.search(url)
    return read_date("-".join(match.groups())) if match else None


SITES = (
    Trs("chinatax", ("www.chinatax.gov.cn",), ("https://www.chinatax.gov.cn/chinatax/n810341/n810825/index.html",)),
    Trs("chinatax-law", ("fgk.chinatax.gov.cn",), ("https://fgk.chinatax.gov.cn/zcfgk/c100006/list.html",)),
    Trs("beijing", ("beijing.chinatax.gov.cn",), ("https://beijing.chinatax.gov.cn/bjswj/c104176/list.html",)),
    Trs("guangdong", ("guangdong.chinatax.gov.cn",), ("https://guangdong.chinatax.gov.cn/gdsw/zjfg/zjfg.shtml",)),
    Trs("mof", ("szs.mof.gov.cn",), ("https://szs.mof.gov.cn/zhengcefabu/index.htm",)),
)
