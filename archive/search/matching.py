"""Which notices of a segment meet a condition: exactly, for what pairs of characters cannot decide is read."""

from collections.abc import Callable, Iterator
from dataclasses import replace

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


def matching(segment: Segment, condition: Condition, within: Mask | None = None) -> Mask:
    """A mask of the notices that meet `condition`, of those `within`, of all where that is None."""
    if not isinstance(condition, All | Any | Without | Has):
        mask = _column(segment, condition)
        return mask if within is None else within & mask
    if within is None:
        within = np.ones(segment.count, np.bool_)
    match condition:
        case All():
            for part in sorted(condition.parts, key=lambda part: _most(segment, part)):
                within = matching(segment, part, within)
                if not within.any():
                    break
            return within
        case Any():
            mask = np.zeros(segment.count, np.bool_)
            for part in condition.parts:
                mask |= matching(segment, part, within & ~mask)
            return mask
        case Without():
            return within & ~matching(segment, condition.part, within)
        case Has():
            return having(segment, condition, within)


def _most(segment: Segment, condition: Condition) -> int:
    """How many notices meet a condition at most, roughly; those that cost little to look up come before others."""
    match condition:
        case Has():
            name, units = _grams(condition), units_of(condition.text)
            places = [segment.gram(name, key) for key in gram_keys(units)]
            sizes = [0 if place is None else segment.grams[name].size(place) for place in places]
            return min(sizes, default=segment.count)
        case All():
            return min(_most(segment, part) for part in condition.parts)
        case Any():
            return sum(_most(segment, part) for part in condition.parts)
        case Without():
            return segment.count
        case _:
            return 0


def _column(segment: Segment, condition: Is | Filter | Number | Years | Dates | InForce) -> Mask:
    """The notices that meet a condition on what is known of them beside their text."""
    match condition:
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


def having(segment: Segment, has: Has, within: Mask) -> Mask:
    """The notices `within` whose title, body or either contains the text."""
    if has.whole:
        place = segment.word(has.text)
        within = np.zeros(segment.count, np.bool_) if place is None else within & segment.words.mask(place)
        return having(segment, replace(has, whole=False), within) if has.field else within
    units = units_of(has.text)
    if np.count_nonzero(within) <= FEW:
        return _read(segment, within, has)
    candidates = within & _with_grams(segment, _grams(has), units)
    if len(units) <= 2 and has.field != "body" and not has.starts and not has.ends:
        return candidates
    known = _with_word(segment, has)
    if known is None:
        return _read(segment, candidates, has)
    return (within & known) | _read(segment, candidates & ~known, has)


def reading_each(segment: Segment, has: Has, most: int) -> Iterator[int]:
    """The notices that contain the text, the last first, as far as `most` candidates hold any."""
    candidates = np.flatnonzero(_with_grams(segment, _grams(has), units_of(has.text)))[: -most - 1 : -1]
    there = _reading(segment, candidates, has)
    return (doc for doc, found in zip(candidates.tolist(), there, strict=True) if found)


def _read(segment: Segment, candidates: Mask, has: Has) -> Mask:
    """The candidates that really contain the text."""
    docs = np.flatnonzero(candidates)
    mask = np.zeros(segment.count, np.bool_)
    mask[docs[list(_reading(segment, docs, has))]] = True
    return mask


def _grams(has: Has) -> str:
    return "title_grams" if has.field == "title" else "grams"


def _reading(segment: Segment, docs: NDArray[np.intp], has: Has) -> Iterator[bool]:
    """Whether the text is really in each of the notices."""
    return segment.texts.reading(docs, has.text, has.field, starts=has.starts, ends=has.ends)


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
