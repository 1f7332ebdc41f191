"""NAME OF THE SITE: one sentence on what is particular to it.

To add a site, which takes ten minutes:

1. Copy this file to `scrapers/sites/NAME.py`, where NAME is a short word that tells the site from others.
2. Write that word for `example`, the site's host for `www.example.org`, and one or more of its list pages for the
   start page below. Hosts are written as in addresses, without `https://`.
3. Look at the addresses of a few notices, and write a pattern for `notice` that matches the part behind the host
   (`law/view/123.html`, `show.asp?id=5`) and nothing else. Do the same for list pages and their further pages
   in `lists`.
4. Run `python -m archive crawl NAME --dry-run --limit 20`. It stores nothing and prints each notice it finds.
   If a page is said to carry none, see with `python -m archive ingest PAGE.html` why it is rejected.
5. If addresses do not tell what is behind them, override `links` as `trs.py` (scripted paging) and
   `policy_library.py` (JSON) do. It gets a `WebPage` and returns `Links`; it must not fetch anything.
6. Put a list page and two notices into `tests/scrapers/sites/NAME/`, as the folders beside it do, with the notices
   that must come out. `make test` then keeps the scraper honest.
"""

from scrapers.base import Site

SITES = (
    Site(
        name="example",
        hosts=("www.example.org",),
        start=("https://www.example.org/law/index.html",),
        notice=r"^law/view/\d+\.html$",
        lists=r"^law/index(?:_\d+)?\.html$",
    ),
)
