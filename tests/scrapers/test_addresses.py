"""Addresses: one page under two spellings is fetched and counted twice; a private one gives our network away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.addresses import canonical, is_page, is_public


@pytest.mark.parametrize(
    ("given_url", "expected"),
    [
        ("HTTP://WWW.Shili.Example:80/a/../b.html#top", "http://www.shili.example/b.html"),
        ("https://shili.example:443/?b=2&a=1", "https://shili.example/?a=1&b=2"),
        ("https://shili.example/a?utm_source=x&id=3&PHPSESSID=9", "https://shili.example/a?id=3"),
        ("https://shili.example/a.jsp;jsessionid=77A?id=3", "https://shili.example/a.jsp?id=3"),
        ("/b.html", "https://base.example/b.html"),
        ("?page=2", "https://base.example/list/?page=2"),
        ("https://shili.example:8443/", "https://shili.example:8443/"),
        ("javascript:void(0)", ""),
        ("mailto:a@shili.example", ""),
        ("file:///etc/passwd", ""),
        ("https://user:secret@shili.example/", ""),
        ("http://[::1", ""),
        ("http://shili.example:99999/", ""),
    ],
)
def test_one_page_has_one_spelling(given_url, expected):
    assert canonical(given_url, "https://base.example/list/") == expected


@given(st.text(max_size=60))
def test_no_link_text_can_break_the_crawl_and_spelling_twice_changes_nothing(text):
    once = canonical(text, "https://base.example/list/")
    assert canonical(once) == once if once else True


@pytest.mark.parametrize(
    "url",
    [
        "https://shili.example/a.jpg",
        "https://shili.example/report.PDF",
        "https://shili.example/" + "x" * 500,
        "https://shili.example/a/b/a/b/a/b/a/b/",
        "https://shili.example/?a=1&b=1&c=1&d=1&e=1&f=1&g=1",
    ],
)
def test_downloads_and_the_mouths_of_endless_spaces_are_not_asked_for(url):
    assert not is_page(url)


PRIVATE = """
    127.0.0.1 10.1.2.3 192.168.0.1 172.16.9.9 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255
    ::1 fe80::1%eth0 fc00::1 ::ffff:127.0.0.1 64:ff9b::7f00:1 2002:7f00:1::
"""


@pytest.mark.parametrize("address", PRIVATE.split())
def test_private_addresses_are_known_in_every_disguise(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8"])
def test_public_addresses_are_let_through(address):
    assert is_public(address)
