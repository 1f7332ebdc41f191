"""The State Council's policy library (国务院政策文件库): lists are JSON answers, notices web pages with a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from archive.errors import BadInput
from archive.metadata.dates import read_date
from scrapers.addresses import canonical
from scrapers.base import Link, Links, Site, WebPage

LISTS = "https://sousuo.www.gov.cn/search-gov/data?"
QUERY = {"t": "zhengcelibrary", "childtype": "财政、金融、审计\\税务", "sort": "pubtime", "n": "20", "p": "1"}


@dataclass(frozen=True)
class PolicyLibrary(Site):
    """An answer holds `searchVO.catMap`: kinds of documents, each a `listVO` of entries.

    Of an entry we need `url`, `title` and `pubtimeStr`; `pcode`, `puborg` and `childtype` are on its page as well.
    """

    def links(self, page: WebPage) -> Links:
        """The entries' pages, and the next page of results while there are entries."""
        if host_and_path(page.url) not in map(host_and_path, self.start):
            return Links()  # a notice's page: its links lead elsewhere
        try:
            found = page.json["searchVO"]["catMap"]
            entries = [entry for kind in found.values() for entry in kind.get("listVO") or ()]
            notices = [_link(entry, page.url) for entry in entries]
        except (KeyError, TypeError, AttributeError) as error:
            raise BadInput(
                f"{page.url} no longer answers with searchVO.catMap.….listVO.",
                "Adapt scrapers/sites/policy_library.py.",
            ) from error
        further = (Link(_next(page.url)),) if entries else ()
        return Links(further, self.sort(link for link in notices if link.url).notices)


def _link(entry: Mapping[str, Any], base: str) -> Link:
    return Link(canonical(entry["url"], base), str(entry.get("title", "")), read_date(str(entry.get("pubtimeStr", ""))))


def _next(url: str) -> str:
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    number = query.get("p", "1")
    query["p"] = str(int(number) + 1 if number.isdigit() else 2)
    return canonical(parts._replace(query=urlencode(query)).geturl())


def host_and_path(url: str) -> str:
    """The address without its query."""
    return canonical(url).partition("?")[0]


SITES = (
    PolicyLibrary(
        name="gov",
        hosts=("sousuo.www.gov.cn", "www.gov.cn"),
        start=(LISTS + urlencode(QUERY),),
        notice=r"^(?:zhengce|gongbao)/.*content_\d+\.html?$",
    ),
)
