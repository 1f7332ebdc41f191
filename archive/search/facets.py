"""Facets: how often each topic, authority, kind, validity and year occurs among the notices found."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from archive.models import FacetCount
from archive.search.facts import VALIDITIES
from archive.search.matching import TABLES
from archive.search.segment import Segment
from archive.search.subset import Subset

FACETS = (*TABLES, "validity", "year")

Counts = Mapping[str, Counter[str]]


def count(segment: Segment, found: Subset) -> Counts:
    """The counts of each facet over the notices of a segment that were found."""
    docs = found.docs
    counts = {facet: _named(segment, name, found) for facet, name in TABLES.items()}
    validities = np.bincount(segment.arrays["validities"][docs], minlength=len(VALIDITIES))
    counts["validity"] = _counter([validity.value for validity in VALIDITIES], validities)
    years = np.bincount(segment.arrays["years"][docs], minlength=1)
    years[0] = 0
    counts["year"] = Counter({str(year): often for year, often in _counted(years)})
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


def _named(segment: Segment, name: str, found: Subset) -> Counter[str]:
    values, table = segment.valued(name), segment.tables[name]
    counts = np.bincount(values.rest[found.mask[values.rest_docs]], minlength=len(table) + 1)
    for column in values.columns:
        counts += np.bincount(column[found.docs], minlength=len(table) + 1)
    return _counter(table, counts[1:])


def _counter(table: list[str], counts: NDArray[np.intp]) -> Counter[str]:
    return Counter({table[at]: often for at, often in _counted(counts)})


def _counted(counts: NDArray[np.intp]) -> Iterator[tuple[int, int]]:
    """The places that have a count, and their counts."""
    (places,) = counts.nonzero()
    return zip(places.tolist(), counts[places].tolist(), strict=True)
