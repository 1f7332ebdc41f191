"""law-lib.com (法律图书馆): plain old pages in GBK, lists by year, the text in <br> lines."""

from scrapers.base import Site

SITES = (
    Site(
        name="lawlib",
        hosts=("www.law-lib.com",),
        start=("http://www.law-lib.com/law/bbdw-zs.htm",),
        notice=r"^(?:law|lawhtml)/(?:\d{4}/\d+\.htm|law_view1?\.asp\?id=\d+)$",
        lists=r"^law/(?:bbdw-\w+\.htm|lawml\w*\.asp\?.*pages=\d+.*|(?:\d{4}/)?index\d*\.htm)$",
    ),
)
