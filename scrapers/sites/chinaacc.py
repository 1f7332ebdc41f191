"""chinaacc.com (中华会计网校) and its sister sites: /falvfagui/ with addresses of two letters and a number."""

from dataclasses import replace

from scrapers.base import Site

CHINAACC = Site(
    name="chinaacc",
    hosts=("www.chinaacc.com",),
    start=("https://www.chinaacc.com/falvfagui/",),
    notice=r"^(?:new|falvfagui)/(?:[\w-]+/)*(?:\d{4}/\d{1,2}/)?[a-z]{2}\w+\.shtml$",
    lists=r"^falvfagui/(?:[a-z]+/)?(?:page\d+\.shtml)?$",
)

SITES = (
    CHINAACC,
    replace(
        CHINAACC,
        name="chinalawedu",
        hosts=("www.chinalawedu.com",),
        start=("http://www.chinalawedu.com/falvfagui/",),
    ),
)
