"""Facets: how often each topic, authority, kind, validity and year occurs among the notices found."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from archive.models import FacetCount
from archive.search.invert import VALIDITIES
from archive.search.matching import TABLES
from archive.search.postings import Mask
from archive.search.segment import Segment

FACETS = (*TABLES, "validity", "year")

Counts = Mapping[str, Counter[str]]


def count(segment: Segment, found: Mask) -> Counts:
    """The counts of each facet over the notices of a segment that were found."""
    arrays = segment.arrays
    counts = {
        facet: _counter(segment.tables[name], arrays[f"{name}.values"][found[arrays[f"{name}.docs"]]])
        for facet, name in TABLES.items()
    }
    counts["validity"] = _counter([validity.value for validity in VALIDITIES], arrays["validities"][found])
    years = np.bincount(arrays["years"][found], minlength=1)
    counts["year"] = Counter({str(year): int(years[year]) for year in np.flatnonzero(years) if year})
    return counts


def facets(segments: Sequence[Counts]) -> Mapping[str, tuple[FacetCount, ...]]:
    """The counts over all segments, the most frequent value first."""
    totals: dict[str, Counter[str]] = {facet: Counter() for facet in FACETS}
    for counts in segments:
        for facet, total in totals.items():
            total.update(counts[facet])
    return {
        facet: tuple(FacetCount(value, n) for value, n in sorted(total.items(), key=lambda pair: (-pair[1], pair[0])))
        for facet, total in totals.items()
    }


def _counter(table: list[str], values: "np.ndarray[tuple[int], np.dtype[np.integer]]") -> Counter[str]:
    counts = np.bincount(values, minlength=len(table))
    return Counter({table[at]: int(counts[at]) for at in np.flatnonzero(counts)})
