"""shui5.cn (税屋): articles on DedeCMS; the number stands before the title."""

from scrapers.base import Site

SITES = (
    Site(
        name="shui5",
        hosts=("www.shui5.cn",),
        start=("https://www.shui5.cn/article/SuiShouFaGui/", "https://www.shui5.cn/article/DiFangCaiShuiFaGui/"),
        notice=r"^article/[0-9a-f]{2}/\d+\.html$",
        lists=r"^article/[A-Za-z]+/(?:\d+_\d+\.html|list_\d+_\d+\.html)?$",
    ),
)
