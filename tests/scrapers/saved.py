"""Saved sites: a folder each with a `site.toml` that says which page stands at which address."""

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path

from archive.settings import CHECKOUT
from scrapers.base import Scraper
from scrapers.sites import find_site

SITES = Path(__file__).parent / "sites"
SAMPLES = CHECKOUT / "data" / "samples"
TRUTH = CHECKOUT / "tests" / "samples" / "truth.jsonl"
MEDIA_TYPES = {".json": "application/json", ".xml": "application/xml"}


@dataclass(frozen=True)
class SavedSite:
    """A site as saved: its scraper, its pages by path and query, and the titles of the notices they carry."""

    scraper: Scraper
    pages: dict[str, bytes]
    media_types: dict[str, str]
    notices: dict[str, str]


def load(name: str) -> SavedSite:
    """The site saved in the folder `name`."""
    told = tomllib.loads((SITES / name / "site.toml").read_text(encoding="utf-8"))
    files = {address: _file(SITES / name, page) for address, page in told["pages"].items()}
    titles = {
        row["file"]: row["title"]
        for row in map(json.loads, TRUTH.read_text(encoding="utf-8").splitlines())
        if row["number"] is not None
    }
    return SavedSite(
        scraper=find_site(told["scraper"]),
        pages={address: file.read_bytes() for address, file in files.items()},
        media_types={address: MEDIA_TYPES.get(file.suffix, "text/html") for address, file in files.items()},
        notices={address: titles[file.name] for address, file in files.items() if file.parent == SAMPLES},
    )


def names() -> list[str]:
    """The folders there are."""
    return sorted(path.parent.name for path in SITES.glob("*/site.toml"))


def _file(folder: Path, page: str) -> Path:
    return SAMPLES / page.removeprefix("samples/") if page.startswith("samples/") else folder / page
