"""law.esnai.com: a database of laws; a notice stands under a table of fields."""

from scrapers.base import Site

SITES = (
    Site(
        name="esnai",
        hosts=("law.esnai.com",),
        start=("https://law.esnai.com/list?kind=tax",),
        notice=r"^m?view/\d+/?$",
        lists=r"^list\?(?:kind=\w+&)?(?:page=\d+)?(?:&kind=\w+)?$",
    ),
)
