"""Any other site: what a link is called says what is behind it."""

import re
from dataclasses import dataclass
from typing import Self

from archive.errors import BadInput
from scrapers.addresses import canonical, host_of
from scrapers.base import Link, Links, Scraper, WebPage

# A notice's number, or its title: an official kind of document at the end of words long enough to be one.
NUMBER = re.compile(
    r"[〔\[［(（【﹝]\s?(?:19|20)\d\d\s?[〕\]］)）】﹞]\s?(?:第\s?)?\d{1,5}\s?[号號]|公告\s?(?:19|20)\d\d\s?年第"
)
TITLE = re.compile(r"关于.{4,}(?:通知|公告|批复|复函|决定|意见|办法|规定|通告|通报|函|令)\s*(?:[(（].{0,40})?$")
CHAIN = re.compile(r"上一[篇条页]|下一[篇条]|前一篇|后一篇|相关法规")
PAGING = re.compile(r"^\s*(?:下一?页|后一?页|尾页|更多|>>?|»|next|\d{1,4})\s*$", re.IGNORECASE)
SECTION = re.compile(r"^\s*[^\s，。]{0,6}(?:法规|政策|公告|文件|通知|税收|财税)[^\s，。]{0,6}\s*$")


@dataclass(frozen=True)
class Generic(Scraper):
    """A site of which only the address is known."""

    @classmethod
    def at(cls, url: str) -> Self:
        """The scraper for the site at `url`; raises BadInput if that is no web address."""
        address = canonical(url)
        if not address:
            raise BadInput(f"{url} is not a web address.", "Give one that begins with http:// or https://.")
        return cls(host_of(address), (host_of(address),), (address,))

    def links(self, page: WebPage) -> Links:
        """Links called like a notice or by its number, and those to further pages and sections of the same host."""
        own = [link for link in page.links if host_of(link.url) in self.hosts]
        notices = tuple(link for link in own if _is_notice(link))
        follow = (link for link in own if PAGING.search(link.text) or SECTION.search(link.text))
        return Links(tuple(link for link in follow if link not in notices), notices)


def _is_notice(link: Link) -> bool:
    return bool(NUMBER.search(link.text) or TITLE.search(link.text) or CHAIN.search(link.text))
