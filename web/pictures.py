"""The picture of notices a year: geometry for an SVG, so that templates only draw."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from web.facets import FacetLink
from web.language import gettext as _

# In the units of the drawing, which is as wide as its place on a wide screen.
WIDE, NARROW = 560, 288
HEIGHT, FLOOR = 112, 18
GAP = 0.12  # between a bar and the edge of its column
# Notices that a bar of full height stands for at least: one notice a year is no skyline.
FULL = 2
# Below a bar narrower than a year's four digits (larger on a phone) only every fifth or tenth year is named.
LABEL_WIDTH = 44


@dataclass(frozen=True, slots=True)
class Bar:
    """One year and what to say of it, the outlines of the column to click and of the bar in it, the middle of both.

    A year without notices has no `url`; `label` says whether its number is drawn.
    """

    year: int
    name: str
    url: str
    slot: str
    bar: str
    middle: float
    label: bool


def year_bars(years_found: Iterable[FacetLink], whole: int) -> tuple[Bar, ...]:
    """A bar for each year from the first to the last of those found, over a drawing `whole` units wide."""
    found = {int(link.value): link for link in years_found}
    if len(found) < 2:
        return ()
    years = range(min(found), max(found) + 1)
    width, highest = whole / len(years), max(FULL, *(link.count for link in found.values()))
    step = next(step for step in (1, 2, 5, 10, 20, 50, 1000) if step * width >= LABEL_WIDTH)
    name = _("%(year)s 年：%(count)s 件")
    bars = []
    for place, (year, slot) in enumerate(zip(years, _slots(len(years), width), strict=True)):
        link = found.get(year)
        count, url = (link.count, link.url) if link else (0, "")
        height = max(2.0, count / highest * (HEIGHT - FLOOR - 4)) if count else 0.0
        bar = _outline((place + GAP) * width, HEIGHT - FLOOR - height, (1 - 2 * GAP) * width, height)
        middle = round((place + 0.5) * width, 1)
        bars.append(Bar(year, name % {"year": year, "count": count}, url, slot, bar, middle, year % step == 0))
    return tuple(bars)


@lru_cache(maxsize=256)
def _slots(count: int, width: float) -> tuple[str, ...]:
    """The outlines of so many columns side by side."""
    return tuple(_outline(place * width, 0, width, HEIGHT - FLOOR) for place in range(count))


def _outline(x: float, y: float, width: float, height: float) -> str:
    """A rectangle as the data of an SVG path."""
    return f"M{x:.1f} {y:.1f}h{width:.1f}v{height:.1f}h-{width:.1f}z"
