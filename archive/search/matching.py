"""Which notices of a segment meet a condition: exactly, for what pairs of characters cannot decide is read."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from archive.models import Validity
from archive.numbers import parse_partial
from archive.search.facts import VALIDITIES
from archive.search.fold import fold
from archive.search.nodes import Dates, Filter, InForce, Number, Years
from archive.search.plan import All, Any, Condition, Has, Is, Without
from archive.search.segment import Segment, gram_keys
from archive.search.subset import Docs, Mask, Subset
from archive.search.texts import Units, units_of

TABLES = {"topic": "topics", "authority": "authorities", "kind": "kinds"}
DATES = {"issued": "issued_on", "published": "published_on", "effective": "effective_on"}
FEW = 32  # candidates are read rather than narrowed down further


def matching(segment: Segment, condition: Condition, within: Subset) -> Subset:
    """The notices `within` that meet `condition`."""
    match condition:
        case All():
            for part in sorted(condition.parts, key=lambda part: _most(segment, part)):
                within = matching(segment, part, within)
                if not within:
                    break
            return within
        case Any():
            found = Subset(segment.count)
            for part in condition.parts:
                found |= matching(segment, part, within - found)
            return found
        case Without():
            return within - matching(segment, condition.part, within)
        case Has():
            return having(segment, condition, within)
        case _:
            return within & _column(segment, condition)


def _most(segment: Segment, condition: Condition) -> int:
    """How many notices meet a condition at most, roughly; those that cost little to look up come before others."""
    match condition:
        case Has() if condition.whole:
            place = segment.word(condition.text)
            return 0 if place is None else segment.words.size(place)
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


def _column(segment: Segment, condition: Is | Filter | Number | Years | Dates | InForce) -> Subset:
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
            return Subset(segment.count, mask=(years >= max(condition.first, 1)) & (years <= condition.last))
        case Dates():
            days = segment.arrays[DATES[condition.kind]]
            first, last = condition.span.first, condition.span.last
            mask = days >= (first.toordinal() if first else 1)
            return Subset(segment.count, mask=mask & (days <= last.toordinal()) if last else mask)
        case InForce():
            return Subset(segment.count, mask=_in_force(segment, condition))


def having(segment: Segment, has: Has, within: Subset) -> Subset:
    """The notices `within` whose title, body or either contains the text."""
    if has.whole:
        place = segment.word(has.text)
        within = Subset(segment.count) if place is None else within & segment.words.having(place)
        return having(segment, replace(has, whole=False), within) if has.field else within
    units = units_of(has.text)
    if len(within) <= FEW:
        return _read(segment, within, has)
    candidates = _with_grams(segment, _grams(has), units, within)
    if len(units) <= 2 and has.field != "body" and not has.starts and not has.ends:
        return candidates
    place = segment.word(has.text) if has.field == "" else None
    if place is None:
        return _read(segment, candidates, has)
    known = within & segment.words.having(place)  # contain the text, for it is one of their words
    return known | _read(segment, candidates - known, has)


def reading_each(segment: Segment, has: Has, most: int) -> Iterator[int]:
    """The notices that contain the text, the last first, as far as `most` candidates hold any."""
    everywhere = Subset(segment.count, mask=np.ones(segment.count, np.bool_))
    candidates = _with_grams(segment, _grams(has), units_of(has.text), everywhere).docs[: -most - 1 : -1]
    there = _reading(segment, candidates, has)
    return (doc for doc, found in zip(candidates.tolist(), there, strict=True) if found)


def _read(segment: Segment, candidates: Subset, has: Has) -> Subset:
    """The candidates that really contain the text."""
    docs = candidates.docs
    return Subset(segment.count, docs=docs[list(_reading(segment, docs, has))] if len(docs) else docs)


def _grams(has: Has) -> str:
    return "title_grams" if has.field == "title" else "grams"


def _reading(segment: Segment, docs: Docs, has: Has) -> Iterator[bool]:
    """Whether the text is really in each of the notices."""
    return segment.texts.reading(docs, has.text, has.field, starts=has.starts, ends=has.ends)


def _with_grams(segment: Segment, name: str, units: Units, within: Subset) -> Subset:
    """The notices `within` that have every two neighbouring characters of the text, and few that lack the text."""
    grams = segment.grams[name]
    if len(units) == 1:
        return within & grams.having_any(*segment.grams_from(name, int(units[0])))
    places = [segment.gram(name, key) for key in gram_keys(units)]
    terms = [place for place in dict.fromkeys(places) if place is not None]
    if len(terms) < len(set(places)):
        return Subset(segment.count)
    terms.sort(key=grams.size)
    found = within & grams.having(terms[0])
    for term in terms[1:]:
        if len(found) <= FEW:
            break
        found &= grams.having(term)
    return found


def _with_value(segment: Segment, name: str, wanted: Callable[[str], bool]) -> Subset:
    if name == "validity":
        chosen = np.array([wanted(value) for value in VALIDITIES])
        return Subset(segment.count, mask=chosen[segment.arrays["validities"]])
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


def _numbered(segment: Segment, condition: Number) -> Subset:
    """The notices whose number has every part that is given."""
    part = parse_partial(condition.text)
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
    return Subset(segment.count, docs=docs)
