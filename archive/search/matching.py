"""Which notices of a segment meet a condition: exactly, for what pairs of characters cannot decide is read."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from archive.models import Validity
from archive.numbers import parse_partial
from archive.search.facts import VALIDITIES
from archive.search.fold import fold
from archive.search.nodes import Dates, Filter, InForce, Number, Years
from archive.search.plan import All, Any, Condition, Has, Is, Without
from archive.search.postings import Mask
from archive.search.segment import Segment, gram_keys
from archive.search.texts import Units, units_of

TABLES = {"topic": "topics", "authority": "authorities", "kind": "kinds"}
DATES = {"issued": "issued_on", "published": "published_on", "effective": "effective_on"}
FEW = 32  # candidates are read rather than narrowed down further


def matching(segment: Segment, condition: Condition) -> Mask:
    """A mask of the notices that meet `condition`."""
    match condition:
        case All():
            mask = matching(segment, condition.parts[0])
            for part in condition.parts[1:]:
                if not mask.any():
                    break
                mask = mask & matching(segment, part)
            return mask
        case Any():
            mask = matching(segment, condition.parts[0])
            for part in condition.parts[1:]:
                mask = mask | matching(segment, part)
            return mask
        case Without():
            return ~matching(segment, condition.part)
        case Has():
            return having(segment, condition)
        case Is():
            return _with_value(segment, condition.name, lambda value: value == condition.value)
        case Filter():
            wanted = fold(condition.value)
            return _with_value(segment, condition.name, lambda value: wanted in fold(value))
        case Number():
            return _numbered(segment, condition)
        case Years():
            years = segment.arrays["years"]
            return (years >= max(condition.first, 1)) & (years <= condition.last)
        case Dates():
            days = segment.arrays[DATES[condition.kind]]
            first, last = condition.span.first, condition.span.last
            mask = days >= (first.toordinal() if first else 1)
            return mask & (days <= last.toordinal()) if last else mask
        case InForce():
            return _in_force(segment, condition)


def having(segment: Segment, has: Has) -> Mask:
    """The notices whose title, body or either contains the text."""
    units = units_of(has.text)
    name = "title_grams" if has.field == "title" else "grams"
    candidates = _with_grams(segment, name, units)
    if len(units) <= 2 and has.field != "body" and not has.starts and not has.ends:
        return candidates
    known = _with_word(segment, has)
    if known is not None:
        candidates &= ~known
    unsure = np.flatnonzero(candidates)
    mask = np.zeros(segment.count, np.bool_) if known is None else known
    mask[unsure] = list(_reading(segment, unsure, has))
    return mask


def reading_each(segment: Segment, has: Has, most: int) -> Iterator[int]:
    """The notices that contain the text, the last first, as far as `most` candidates hold any."""
    name = "title_grams" if has.field == "title" else "grams"
    candidates = np.flatnonzero(_with_grams(segment, name, units_of(has.text)))[: -most - 1 : -1]
    there = _reading(segment, candidates, has)
    return (doc for doc, found in zip(candidates.tolist(), there, strict=True) if found)


def _reading(segment: Segment, docs: NDArray[np.intp], has: Has) -> Iterator[bool]:
    """Whether the text is really in each of the notices."""
    return segment.texts.reading(docs.tolist(), has.text, has.field, starts=has.starts, ends=has.ends)


def _with_grams(segment: Segment, name: str, units: Units) -> Mask:
    """The notices that have every two neighbouring characters of the text, and few that lack the text itself."""
    grams = segment.grams[name]
    if len(units) == 1:
        return grams.union(*segment.grams_from(name, int(units[0])))
    places = [segment.gram(name, key) for key in gram_keys(units)]
    terms = [place for place in dict.fromkeys(places) if place is not None]
    if len(terms) < len(set(places)):
        return np.zeros(segment.count, np.bool_)
    terms.sort(key=grams.size)
    mask = grams.mask(terms[0])
    for term in terms[1:]:
        if np.count_nonzero(mask) <= FEW:
            break
        mask &= grams.mask(term)
    return mask


def _with_word(segment: Segment, has: Has) -> Mask | None:
    """The notices that are known to contain the text because it is one of their words; None where none can be known."""
    place = segment.word(has.text) if has.field == "" else None
    return None if place is None else segment.words.mask(place)


def _with_value(segment: Segment, name: str, wanted: Callable[[str], bool]) -> Mask:
    if name == "validity":
        return np.isin(segment.arrays["validities"], [at for at, value in enumerate(VALIDITIES) if wanted(value)])
    table = segment.tables[TABLES[name]]
    return segment.named(TABLES[name], [at for at, value in enumerate(table) if wanted(value)])


def _in_force(segment: Segment, condition: InForce) -> Mask:
    """The notices that had begun by the day and had not ceased; `undated` takes in those of which that is not known."""
    begins, ceased = segment.arrays["begins_on"], segment.arrays["ceased_on"]
    day = condition.day.toordinal()
    mask: Mask = (begins <= day) & ((ceased == 0) | (ceased > day))
    if not condition.undated:
        repealed = segment.arrays["validities"] == VALIDITIES.index(Validity.REPEALED)
        mask &= (begins > 0) & ((ceased > 0) | ~repealed)
    return mask


def _numbered(segment: Segment, condition: Number) -> Mask:
    """The notices whose number has every part that is given."""
    part = parse_partial(condition.text)
    mask = np.zeros(segment.count, np.bool_)
    arrays = segment.arrays
    docs = np.flatnonzero(arrays["numbers.serials"] == part.serial) if part.serial else np.arange(segment.count)
    if part.year:
        docs = docs[arrays["numbers.years"][docs] == part.year]
    if part.office:
        offices = segment.tables["offices"]
        place = offices.index(part.office) if part.office in offices else len(offices)
        numbered = arrays["offices.docs"]  # ascending; every number has an office
        docs = docs[arrays["numbers.serials"][docs] > 0]
        docs = docs[arrays["offices.values"][np.searchsorted(numbered, docs.astype(numbered.dtype))] == place]
    mask[docs] = True
    return mask
