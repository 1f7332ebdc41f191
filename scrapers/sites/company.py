"""Web sites of tax agents and accountants, the seed's family: notices among company news, chained by 上一篇/下一篇."""

from scrapers.base import Site

SITES = (
    Site(
        name="tianyang",
        hosts=("www.tianyangtax.net",),
        start=("http://www.tianyangtax.net/",),
        notice=r"^(?:law|zcfg|fagui|policy|news|article)\w*/(?:\w+/)?\d+(?:\.s?html?)?$"
        r"|^(?:show|view|news|article|detail)\w*\.(?:asp|aspx|php|jsp)\?(?:\w+=\w+&)?\w*id=\d+",
        lists=r"^(?:law|zcfg|fagui|policy|news|article)\w*/(?:(?:list|index|page)[\w-]*(?:\.s?html?)?)?$"
        r"|^list\w*\.(?:asp|aspx|php|jsp)\?",
    ),
)
