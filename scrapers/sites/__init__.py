"""The sites we know how to read, one module a site or family of sites; `_template.py` says how to add one."""

import pkgutil
from dataclasses import replace
from importlib import import_module

from archive.errors import BadInput
from scrapers.base import Scraper
from scrapers.sites.generic import Generic


def all_sites() -> dict[str, Scraper]:
    """Every site of every module here, by name; raises ValueError where two share a name."""
    sites: dict[str, Scraper] = {}
    for module in pkgutil.iter_modules(__path__):
        if module.name.startswith("_"):
            continue
        for site in getattr(import_module(f"{__name__}.{module.name}"), "SITES", ()):
            if site.name in sites:
                raise ValueError(f"two sites are called {site.name}")
            sites[site.name] = site
    return dict(sorted(sites.items()))


def find_site(name: str) -> Scraper:
    """The site called `name`; for a web address, the site that lives there, begun at that page,
    or else a generic one. Raises BadInput."""
    sites = all_sites()
    if name in sites:
        return sites[name]
    if "://" in name:
        generic = Generic.at(name)
        known = (site for site in sites.values() if generic.hosts[0] in site.hosts)
        return next((replace(site, start=generic.start) for site in known), generic)
    raise BadInput(f"there is no site called {name!r}.", f"Give a web address, or one of: {', '.join(sites)}.")
