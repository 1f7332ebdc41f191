"""Each scraper on a saved site of its family: a pattern that no longer fits loses all notices of that site."""

from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import pytest

from archive.errors import BadInput
from archive.models import Capture
from scrapers.addresses import canonical
from scrapers.base import Links, WebPage
from scrapers.feeds import is_feed, read_feed
from scrapers.sites import all_sites, find_site
from tests.scrapers import saved


def page(url: str, content: bytes, media_type: str = "text/html") -> WebPage:
    return WebPage(Capture(url, datetime(2026, 1, 1, tzinfo=UTC), content, media_type))


def path(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def walk(site: saved.SavedSite) -> dict[str, WebPage]:
    """The pages that the scraper takes for notices, by following its links as a crawl does."""
    waiting, notices, seen = [(canonical(url), False) for url in site.scraper.start], {}, set()
    while waiting:
        url, is_notice = waiting.pop()
        if url in seen or path(url) not in site.pages:
            continue
        seen.add(url)
        found = page(url, site.pages[path(url)], site.media_types[path(url)])
        if is_notice:
            notices[path(url)] = found
        content = found.capture.content
        links = read_feed(content, url) if is_feed(content) else site.scraper.links(found)
        waiting += [(link.url, False) for link in links.follow] + [(link.url, True) for link in links.notices]
    return notices


@pytest.mark.parametrize("name", saved.names())
def test_a_scraper_finds_every_notice_of_its_site_and_nothing_else(name):
    site = saved.load(name)
    notices = walk(site)
    assert notices.keys() == site.notices.keys()
    assert {at: [notice.title for notice in site.scraper.parse(found)] for at, found in notices.items()} == {
        at: [title] for at, title in site.notices.items()
    }


def test_every_site_has_a_saved_one_or_shares_its_family_with_one():
    families = {type(saved.load(name).scraper) for name in saved.names()} | {type(find_site("esnai"))}
    tested = {saved.load(name).scraper.name for name in saved.names()}
    for name, site in all_sites().items():
        assert name in tested or type(site) in families, f"put pages of {name} into tests/scrapers/sites/{name}"


def test_dates_in_lists_let_a_nightly_run_skip_what_is_old():
    links = find_site("chinatax").links(
        page(
            "https://www.chinatax.gov.cn/chinatax/n810341/n810825/index.html",
            saved.load("chinatax").pages["/chinatax/n810341/n810825/index.html"],
        )
    )
    assert [link.listed_on for link in links.notices] == [date(2018, 6, 4), date(2011, 1, 7)]


def test_newer_government_lists_answer_in_json():
    entry = b'{"title": "a", "url": "/a/t20240105_1.html", "publishedTimeStr": "2024-01-05 10:00"}'
    answer = b'{"results": {"data": {"list": [' + entry + b"]}}}"
    links = find_site("mof").links(page("https://szs.mof.gov.cn/list", answer, "application/json"))
    assert [(link.url, link.listed_on) for link in links.notices] == [
        ("https://szs.mof.gov.cn/a/t20240105_1.html", date(2024, 1, 5))
    ]


def test_an_answer_of_another_shape_is_told_and_not_taken_for_an_empty_one():
    site = find_site("gov")
    for answer in (
        b'{"code": 500}',
        b"<html>verify you are human</html>",
        b'{"searchVO": {"catMap": {"x": {"listVO": [1]}}}}',
    ):
        with pytest.raises(BadInput):
            site.links(page(site.start[0], answer, "application/json"))


def test_an_address_on_a_known_site_is_read_by_its_scraper():
    site = find_site("https://law.esnai.com/view/3")
    assert (site.name, site.start) == ("esnai", ("https://law.esnai.com/view/3",))
    assert find_site("https://www.shili.example/a").name == "www.shili.example"


def test_an_unknown_site_is_told_with_those_that_are_known():
    with pytest.raises(BadInput, match="no site called 'esnia'") as told:
        find_site("esnia")
    assert "esnai" in told.value.remedy
    with pytest.raises(BadInput, match="not a web address"):
        find_site("ftp://host/")


RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><link>https://f.example/</link>
<item><title>t1</title><link>https://f.example/1.html?utm_source=rss</link>
<pubDate>Thu, 15 Jan 2009 08:00:00 +0800</pubDate></item>
<item><title>no link</title></item></channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>t1</title><link rel="self" href="/x"/>
<link href="/1.html"/><updated>2009-01-15T08:00:00Z</updated></entry></feed>"""
SITEMAP = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://f.example/1.html</loc><lastmod>2009-01-15</lastmod></url></urlset>"""
INDEX = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>/more.xml</loc></sitemap></sitemapindex>"""
BOMB = b'<!DOCTYPE rss [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><rss><channel><item><link>https://f.example/&b;</link></item></channel></rss>'


@pytest.mark.parametrize("content", [RSS, ATOM, SITEMAP], ids=["rss", "atom", "sitemap"])
def test_feeds_and_sitemaps_give_addresses_and_dates(content):
    assert is_feed(content)
    (link,) = read_feed(content, "https://f.example/feed").notices
    assert (link.url, link.listed_on) == ("https://f.example/1.html", date(2009, 1, 15))


def test_a_sitemap_index_is_followed():
    assert [link.url for link in read_feed(INDEX, "https://f.example/s.xml").follow] == ["https://f.example/more.xml"]


def test_a_feed_cannot_make_us_expand_entities_or_fail_on_rubbish():
    assert all("aaaa" not in link.url for link in read_feed(BOMB, "https://f.example/").notices)
    with pytest.raises(BadInput):
        read_feed(b"", "https://f.example/")
    assert read_feed(b"<rss><channel>", "https://f.example/") == Links()
