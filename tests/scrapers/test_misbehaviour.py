"""Sites that misbehave: each is told in words, costs no more than its bounds, and harms no other site's crawl."""

import gzip
import re
from contextlib import ExitStack

import pytest

from scrapers.report import SiteReport
from tests.scrapers.running import local, run
from tests.scrapers.server import Reply, Site, serving
from tests.scrapers.test_crawl import NAMES, a_list, notices_in, sample

FORM = b"<html><form>\xe5\x8f\xa3\xe4\xbb\xa4 <input type=password></form></html>"
GBK = sample(NAMES[1]).body.decode().encode("gb18030")


def busy(times: int) -> Reply:
    return Reply(b"", 429, headers={"Retry-After": "2"}) if times == 1 else a_list("/0.html")


def tired(times: int) -> Reply:
    return Reply(b"", 503) if times == 1 else sample(NAMES[3])


def bomb() -> bytes:
    return gzip.compress(b"<p>" + b"0" * 50_000_000)


def month(_: int) -> Reply:
    """A calendar: every page leads to another."""
    return a_list("/0.html", further=f'<a href="/cal?m={len(SITES["calendar"].asked)}">下一页</a>')


def in_many_spellings() -> Site:
    """One page under five addresses."""
    page = Reply(sample(NAMES[4]).body.replace(b"<head>", b'<head><link rel="canonical" href="/0.html">'))
    here = a_list("/0.html", "/0.html?utm_source=x", "/0.html#top", "/0.html?print=1", "/old")
    old = Reply(status=301, headers={"Location": "/0.html"})
    return Site({"/": here, "/0.html": page, "/0.html?print=1": page, "/old": old})


SITES = {
    "denied": Site(
        {"/robots.txt": Reply(b"User-agent: *\nDisallow: /", media_type="text/plain"), "/": a_list("/0.html")}
    ),
    "robots broken": Site({"/robots.txt": Reply(b"", 500), "/": a_list("/0.html")}),
    "blocked": Site({}, Reply(b"no", 403)),
    "busy": Site({"/": busy, "/0.html": sample(NAMES[0])}),
    "too busy": Site({"/": Reply(b"", 503, headers={"Retry-After": "86400"})}),
    "flaky": Site({"/": a_list("/0.html"), "/0.html": tired}),
    "slow": Site({"/": Reply(b"", wait=4)}),
    "truncated": Site({"/": a_list("/0.html"), "/0.html": Reply(b"<html>", length=1000)}),
    "wrong charset": Site({"/": a_list("/0.html"), "/0.html": Reply(GBK, media_type="text/html; charset=utf-8")}),
    "bomb": Site({"/": a_list("/0.html"), "/0.html": Reply(bomb(), headers={"Content-Encoding": "gzip"})}),
    "endless": Site({"/": Reply(b"<p>" + b"0" * 10_000, endless=True)}),
    "dripping": Site({"/": Reply(b"<p>", endless=True, drip=0.1)}),
    "circle": Site(
        {"/": Reply(status=302, headers={"Location": "/a"}), "/a": Reply(status=302, headers={"Location": "/"})}
    ),
    "login": Site({"/": Reply(FORM)}),
    "redesigned": Site({"/": Reply("<html><a href='/x'>欢迎</a></html>".encode())}),
    "emptied": Site({"/": a_list(*(f"/{n}.html" for n in range(4)))}, Reply("<html><p>内容建设中</p></html>".encode())),
    "moved": Site({}),
    "elsewhere": Site({"/": Reply(status=302, headers={"Location": "http://169.254.169.254/latest/meta-data"})}),
    "not http": Site({"/": Reply(status=302, headers={"Location": "file:///etc/passwd"})}),
    "calendar": Site({"/": month, "/0.html": sample(NAMES[5])} | {f"/cal?m={n}": month for n in range(200)}),
    "spellings": in_many_spellings(),
    "binary": Site({"/": Reply(bytes(range(256)) * 100, media_type="application/octet-stream")}),
}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory) -> tuple[dict[str, SiteReport], dict[str, int]]:
    """All of them in one run: the report on each, and what the archive holds after it."""
    home = tmp_path_factory.mktemp("home")
    with ExitStack() as servers:
        hosts = {name: servers.enter_context(serving(site)).host for name, site in SITES.items()}
        reports = run([local(site) for site in SITES.values()], home)
    return {name: reports[host] for name, host in hosts.items()}, notices_in(home)


@pytest.mark.parametrize(
    ("site", "problem"),
    [
        ("denied", "robots.txt of .* forbids it"),
        ("robots broken", "robots.txt of .* forbids it"),
        ("blocked", "blocked: the site answered 403"),
        ("too busy", "asks to come back in 86400 seconds"),
        ("slow", "did not answer in time"),
        ("endless", "too large"),
        ("dripping", "did not answer in time"),
        ("circle", "redirects in a circle"),
        ("login", "asks to log in"),
        ("redesigned", "the layout has changed: none of the 1 list pages read leads to a notice"),
        ("emptied", "the layout has changed: no notice in any of 4 pages"),
        ("moved", "moved: .* answers 404"),
        ("elsewhere", "leads to another one, 169.254.169.254"),
        ("not http", "answered 302"),
        ("binary", "the layout has changed"),
    ],
)
def test_a_run_that_finds_nothing_says_why(crawled, site, problem):
    report = crawled[0][site]
    assert re.search(problem, report.problem), report
    assert report.new == 0


@pytest.mark.parametrize(("site", "failure"), [("truncated", "broke off"), ("bomb", "DOWNLOAD_MAXSIZE|too large")])
def test_a_page_that_cannot_be_had_is_named_among_the_failures(crawled, site, failure):
    report = crawled[0][site]
    assert report.failed == 1
    assert re.search(failure, report.failures[0]), report


@pytest.mark.parametrize("site", ["busy", "flaky", "wrong charset", "calendar", "spellings"])
def test_what_is_only_a_hiccup_costs_nothing(crawled, site):
    report = crawled[0][site]
    assert (report.new, report.problem) == (1, ""), report


def test_a_site_that_asks_for_time_gets_it(crawled):
    assert crawled
    first, second = (one.at for one in SITES["busy"].asked if one.path == "/")
    assert second - first >= 1.9


def test_a_calendar_without_end_is_left_soon(crawled):
    assert crawled[0]["calendar"].pages < 12


def test_we_say_who_we_are_and_read_robots_first(crawled):
    assert crawled
    for site in SITES.values():
        assert site.asked[0].path == "/robots.txt"
        assert {one.headers["User-Agent"] for one in site.asked} == {
            "Shuiwen/1.0 (archive of tax notices; +mailto:tests@shili.example)"
        }


def test_nothing_but_the_notices_is_in_the_archive_and_each_once(crawled):
    assert list(crawled[1].values()) == [1] * 5
