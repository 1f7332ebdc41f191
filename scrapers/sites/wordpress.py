"""Sites on WordPress with plain addresses, such as the mobile site that the seed page comes from: ?p=… and ?cat=…"""

from scrapers.base import Site

SITES = (
    Site(
        name="od191",
        hosts=("m.od191.com",),
        start=("http://m.od191.com/",),
        notice=r"^(?:index\.php)?\?p=\d+$",
        lists=r"^(?:index\.php)?\?(?:cat=\d+(?:&paged=\d+)?|paged=\d+)$|^feed/?$",
    ),
)
