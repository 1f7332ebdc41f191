"""Which notices of a segment meet a condition: exactly, for what pairs of characters cannot decide is read."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from archive.models import Validity
from archive.numbers import parse_partial
from archive.search.facts import VALIDITIES
from archive.search.fold import fold
from archive.search.invert import LATIN, WHOLE
from archive.search.nodes import Dates, Filter, InForce, Number, Years
from archive.search.plan import All, Any, Condition, Has, Is, Without
from archive.search.postings import Postings
from archive.search.segment import Segment, gram_keys
from archive.search.subset import Docs, Mask, Subset
from archive.search.texts import units_of

TABLES = {"topic": "topics", "authority": "authorities", "kind": "kinds"}
DATES = {"issued": "issued_on", "published": "published_on", "effective": "effective_on"}
FEW = 32  # candidates are read rather than narrowed down further


def matching(segment: Segment, condition: Condition, within: Subset) -> Subset:
    """The notices `within` that meet `condition`."""
    if not within:
        return within
    match condition:
        case All():
            parts = sorted(condition.parts, key=lambda part: _most(segment, part))
            read = [part for part in parts if _is_read(part)]
            for part in parts:
                within = within if part in read else matching(segment, part, within)
            for part in read:
                within = _candidates(segment, part, within) if isinstance(part, Has) else within
            for part in read:
                within = matching(segment, part, within)
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
            lists = _lists(segment, condition)
            return min((0 if at is None else postings.size(at) for postings, at in lists), default=segment.count)
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


def _is_read(condition: Condition) -> bool:
    """Whether texts must be read to tell which notices meet a condition."""
    match condition:
        case Has():
            return not (condition.whole or _by_latin(condition) or _by_pairs(condition))
        case All() | Any():
            return any(map(_is_read, condition.parts))
        case Without():
            return _is_read(condition.part)
        case _:
            return False


def _by_latin(has: Has) -> bool:
    """Whether the text is a number or Latin word, or the beginning of one, of which the index knows where it is."""
    return has.starts and not has.field and LATIN.fullmatch(has.text) is not None


def _by_pairs(has: Has) -> bool:
    """Whether pairs of characters alone tell where the text is."""
    return len(units_of(has.text)) <= 2 and not (has.field == "body" or has.starts or has.ends)


def having(segment: Segment, has: Has, within: Subset) -> Subset:
    """The notices `within` whose title, body or either contains the text."""
    if has.whole:
        place = segment.word(has.text)
        within = Subset(segment.count) if place is None else within & segment.words.having(place)
        return having(segment, replace(has, whole=False), within)
    if has.field == "body":
        within = having(segment, replace(has, field=""), within)
        doubtful = _candidates(segment, replace(has, field="title"), within)  # may have it in the title alone
        return (within - doubtful) | _read(segment, doubtful, has)
    if _by_latin(has):
        return within & _having_latin(segment, has)
    if len(within) <= FEW:
        return _read(segment, within, has)
    candidates = _candidates(segment, has, within)
    if _by_pairs(has):
        return candidates
    place = None if has.field or has.starts or has.ends else segment.word(has.text)
    if place is None:
        return _read(segment, candidates, has)
    known = within & segment.words.having(place)  # contain the text, for it is one of their words
    return known | _read(segment, candidates - known, has)


def reading_each(segment: Segment, has: Has, most: int) -> Iterator[int]:
    """The notices that contain the text, the last first, as far as `most` candidates hold any."""
    everywhere = Subset(segment.count, mask=np.ones(segment.count, np.bool_))
    candidates = _candidates(segment, has, everywhere).docs[: -most - 1 : -1]
    there = _reading(segment, candidates, has)
    return (doc for doc, found in zip(candidates.tolist(), there, strict=True) if found)


def _read(segment: Segment, candidates: Subset, has: Has) -> Subset:
    """The candidates that really contain the text."""
    docs = candidates.docs
    return Subset(segment.count, docs=docs[list(_reading(segment, docs, has))] if len(docs) else docs)


def _reading(segment: Segment, docs: Docs, has: Has) -> Iterator[bool]:
    """Whether the text is really in each of the notices."""
    return segment.texts.reading(docs, has.text, has.field, starts=has.starts, ends=has.ends)


def _having_latin(segment: Segment, has: Has) -> Subset:
    """The notices that have the text for a number or Latin word, or for the beginning of one."""
    if not _wholes(has):
        return segment.words.having_any(*segment.words_from(WHOLE + has.text))
    place = segment.word(WHOLE + has.text)
    return Subset(segment.count) if place is None else segment.words.having(place)


def _candidates(segment: Segment, has: Has, within: Subset) -> Subset:
    """The notices `within` that may have the text: all that do, and few that do not."""
    units = units_of(has.text)
    if len(units) == 1:
        grams = segment.grams[_grams(has)]
        within &= grams.having_any(*segment.grams_from(_grams(has), int(units[0])))
    lists = _lists(segment, has)
    known = [(postings, place) for postings, place in lists if place is not None]
    if len(known) < len(lists):
        return Subset(segment.count)
    for postings, place in sorted(known, key=lambda term: term[0].size(term[1])):
        if len(within) <= FEW:
            break
        within &= postings.having(place)
    return within


def _lists(segment: Segment, has: Has) -> list[tuple[Postings, int | None]]:
    """The lists that a notice with the text is in, each as the place of a term; None for a term that no notice has."""
    name = _grams(has)
    pairs = dict.fromkeys(gram_keys(units_of(has.text)))
    return [
        *((segment.grams[name], segment.gram(name, key)) for key in pairs),
        *((segment.words, segment.word(WHOLE + latin)) for latin in _wholes(has)),
    ]


def _grams(has: Has) -> str:
    return "title_grams" if has.field == "title" else "grams"


def _wholes(has: Has) -> list[str]:
    """The numbers and Latin words in the text that neither letters nor digits go on before or behind."""
    return [
        found[0]
        for found in LATIN.finditer(has.text)
        if (found.start() or has.starts) and (found.end() < len(has.text) or has.ends or found[0].endswith("%"))
    ]


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
