"""docin.com (豆丁) and other document sharing sites: the text of a document inside a reader, adverts around it."""

from scrapers.base import Site

SITES = (
    Site(
        name="docin",
        hosts=("www.docin.com",),
        start=("https://www.docin.com/search.do?nkey=%E7%A8%8E%E5%8A%A1%E5%85%AC%E5%91%8A",),
        notice=r"^p-\d+\.html$",
        lists=r"^search\.do\?(?:currentPage=\d+&)?nkey=[^&]+(?:&page=\d+)?$",
    ),
)
