"""The picture of notices a year: geometry for an SVG, so that templates only draw."""

from dataclasses import dataclass

from archive.models import Results
from web.facets import address, with_filter

# In the units of the drawing, which is as wide as its place on a wide screen.
WIDE, NARROW = 560, 288
HEIGHT, FLOOR = 112, 18
# Below a bar narrower than a year's four digits (larger on a phone) only every fifth or tenth year is named.
LABEL_WIDTH = 44


@dataclass(frozen=True, slots=True)
class Bar:
    """One year: its notices, the column to click and the bar inside it; `label` says whether its name is drawn."""

    year: int
    count: int
    url: str
    x: float
    y: float
    width: float
    height: float
    label: bool


def year_bars(results: Results, whole: int) -> tuple[Bar, ...]:
    """A bar for each year from the first to the last of the results, over a drawing `whole` units wide."""
    counts = {int(counted.value): counted.count for counted in results.facets.get("year", ())}
    if len(counts) < 2:
        return ()
    years = range(min(counts), max(counts) + 1)
    width, highest = whole / len(years), max(counts.values())
    step = next(step for step in (1, 2, 5, 10, 20, 50, 1000) if step * width >= LABEL_WIDTH)
    bars = []
    for place, year in enumerate(years):
        count = counts.get(year, 0)
        height = max(2.0, count / highest * (HEIGHT - FLOOR - 4)) if count else 0.0
        url = address(with_filter(results.query, "year", str(year))) if count else ""
        y = HEIGHT - FLOOR - height
        bars.append(Bar(year, count, url, round(place * width, 2), y, round(width, 2), height, year % step == 0))
    return tuple(bars)
