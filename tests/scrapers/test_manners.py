"""Politeness and the guard, where a whole crawl over loopback addresses cannot show them."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from scrapy import Request
from scrapy.http import Response
from twisted.internet.error import DNSLookupError

from archive.errors import BadInput
from archive.settings import Settings
from scrapers.crawl import crawl
from scrapers.ledger import Ledger
from scrapers.manners import Guard, PublicResolver, Refused, retry_after
from scrapers.sites import find_site
from scrapers.spider import Plan

PRIVATE = ["http://127.0.0.1/", "http://[::1]:9200/", "http://169.254.169.254/latest/", "ftp://a/b"]


@pytest.mark.parametrize("url", PRIVATE)
def test_a_page_cannot_send_us_into_the_private_network(url):
    with pytest.raises(Refused):
        Guard(["127.0.0.1", "[::1]:9200", "169.254.169.254", "a"], []).process_request(Request(url))


def test_a_page_cannot_send_us_to_another_site():
    with pytest.raises(Refused, match="another one"):
        Guard(["a.example"], []).process_request(Request("http://b.example/"))


def test_private_hosts_are_crawled_where_that_is_allowed():
    Guard(["127.0.0.1"], ["127.0.0.1"]).process_request(Request("http://127.0.0.1/"))


def test_a_public_name_that_leads_to_a_private_address_is_refused():
    """The resolver's answer is the address that is connected to, so a changing answer cannot get past it."""

    class Reactor:
        """A reactor that is never run: the resolver only keeps it."""

    resolver = PublicResolver(Reactor(), 0, 1.0, allowed=["intranet.example"])
    with pytest.raises(DNSLookupError, match=r"rebind\.example leads to 10\.0\.0\.1"):
        resolver._check("10.0.0.1", "rebind.example")
    assert resolver._check("10.0.0.1", "intranet.example") == "10.0.0.1"
    assert resolver._check("8.8.8.8", "public.example") == "8.8.8.8"


def answer(value: str) -> Response:
    return Response("http://a.example/", status=503, headers={"Retry-After": value} if value else {})


def test_retry_after_is_read_as_seconds_and_as_a_date():
    assert retry_after(answer("120")) == 120
    in_a_minute = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    assert 55 < retry_after(answer(in_a_minute)) <= 60
    yesterday = format_datetime(datetime.now(UTC) - timedelta(days=1), usegmt=True)
    assert [retry_after(answer(value)) for value in (yesterday, "soon", "-5", "")] == [0, 0, 0, 0]


def test_nobody_crawls_without_saying_whom_to_write_to():
    with pytest.raises(BadInput) as told:
        crawl([find_site("esnai")], Plan(), Ledger(None), pytest.fail, Settings())
    assert "ARCHIVE_CONTACT" in told.value.remedy
