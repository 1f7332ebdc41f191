"""What the search box offers while someone types: terms, numbers and titles, also by their pinyin or its initials.

Nothing is built beforehand but the list of the lexicon's terms: titles and numbers come from the index's arrays.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from archive.errors import BadInput
from archive.lexicon import read_words
from archive.numbers import DocumentNumber, parse_partial
from archive.search.engine import Suggestion
from archive.search.fold import fold, strip_edges
from archive.search.matching import matching, reading_each
from archive.search.nodes import Number
from archive.search.pinyin import initials, spelled
from archive.search.plan import Has
from archive.search.segment import Segment
from archive.search.snapshot import Leaf, Snapshot
from archive.search.subset import Subset
from archive.words import HALF_PAIR, LEXICON, synonyms

LONGEST = 40  # characters of what was typed are looked at
EACH = 3  # of a kind are offered before the next kind has its turn
SCANNED = 100  # terms, titles or numbers with the same beginning are looked through for the best
# 国税函, 国税函〔20, 国税函〔2008〕6, 国家税务总局公告2012年第5, 财政部令第6; folded.
BEGINNING = re.compile(r"(?P<office>[^\d〔第]{1,20})(?:〔?(?P<year>\d{0,4})(?:(?:〕|年)?第?(?P<serial>\d{0,9})号?)?)?")
ORDER = ("term", "number", "title")


def suggest(snapshot: Snapshot, text: str, limit: int) -> tuple[Suggestion, ...]:
    """At most `limit` suggestions for what was typed, in the order terms, numbers, titles."""
    typed = strip_edges(fold(HALF_PAIR.sub("", text[:LONGEST])))
    if not typed or typed.isspace():
        return ()
    finders = {"term": _terms, "number": _numbers, "title": _titles}
    kinds = [
        [Suggestion(found, kind) for found in islice(dict.fromkeys(finders[kind](snapshot, typed)), limit)]
        for kind in ORDER
    ]
    chosen = [s for kind in kinds for s in kind[:EACH]] + [s for kind in kinds for s in kind[EACH:]]
    return tuple(sorted(chosen[:limit], key=lambda s: ORDER.index(s.kind)))


def _terms(snapshot: Snapshot, typed: str) -> list[str]:
    """The lexicon's terms and the topics, by how many notices have them; those that none has are left out."""
    keys = _lexicon()
    first = bisect_left(keys, (typed,))
    terms = [term for key, term in keys[first : first + SCANNED] if key.startswith(typed)]
    topics = {topic for leaf in snapshot.leaves for topic in leaf.segment.tables["topics"]}
    terms += [topic for topic in topics if any(key.startswith(typed) for key in _keys(topic))]
    known = {term: frequency(snapshot, fold(term)) for term in terms}
    return sorted((t for t in known if known[t] or t in topics), key=lambda term: (-known[term], term))


def _numbers(snapshot: Snapshot, typed: str) -> Iterator[str]:
    """The numbers that begin as typed, and those that have every part given: 608号."""
    beginning = BEGINNING.fullmatch(typed)
    if beginning:
        for leaf in snapshot.leaves:
            yield from _numbers_of(leaf, _beginning_so(leaf.segment, beginning) & leaf.alive)
    try:
        parse_partial(typed)
    except BadInput:
        return
    for leaf in snapshot.leaves:
        yield from _numbers_of(leaf, matching(leaf.segment, Number(typed), leaf.alive))


def _beginning_so(segment: Segment, typed: re.Match[str]) -> Subset:
    year, serial = typed["year"], typed["serial"]
    offices = [fold(office) for office in segment.tables["offices"]]
    whole = bool(year or serial or len(typed[0]) > len(typed["office"]))
    wanted = [at for at, o in enumerate(offices) if (o == typed["office"] if whole else o.startswith(typed["office"]))]
    found = segment.named("offices", wanted)
    for name, digits in (("years", year), ("serials", serial)):
        if digits and found:
            found &= _digits_begin(segment.arrays[f"numbers.{name}"], int(digits))
    return found


def _digits_begin(column: NDArray[np.integer], given: int) -> Subset:
    """Which numbers are written with the digits of the given one at their beginning."""
    mask = np.zeros(len(column), np.bool_)
    for zeros in range(10 - len(str(given))):
        first = given * 10**zeros
        mask |= (column >= first) & (column <= first + 10**zeros - 1)
    return Subset(len(column), mask=mask)


def _numbers_of(leaf: Leaf, found: Subset) -> Iterator[str]:
    """The numbers of the last of some notices, which are mostly the latest."""
    arrays, offices = leaf.segment.arrays, leaf.segment.tables["offices"]
    docs = found.docs[-EACH:]
    at = np.searchsorted(arrays["offices.docs"], docs.astype(np.uint32))
    for doc, office in zip(docs.tolist(), arrays["offices.values"][at].tolist(), strict=True):
        yield str(
            DocumentNumber(offices[office], int(arrays["numbers.years"][doc]), int(arrays["numbers.serials"][doc]))
        )


def _titles(snapshot: Snapshot, typed: str) -> Iterator[str]:
    """The titles whose initials begin as typed, and those that have the text anywhere."""
    for leaf in snapshot.leaves:
        for doc in (*_by_initials(leaf, typed), *_by_text(leaf, typed)):
            yield leaf.segment.title(doc)


def _by_initials(leaf: Leaf, typed: str) -> list[int]:
    keys, docs = leaf.segment.arrays["initials"], leaf.segment.arrays["initials.docs"]
    if not typed.isascii() or not len(keys):
        return []
    wanted = typed.encode("ascii")[: keys.dtype.itemsize]
    first = int(np.searchsorted(keys, np.array(wanted, keys.dtype)))
    found = (
        int(doc)
        for key, doc in zip(keys[first : first + SCANNED], docs[first : first + SCANNED], strict=True)
        if key.startswith(wanted)
    )
    return list(islice((doc for doc in found if doc in leaf.alive), EACH))


def _by_text(leaf: Leaf, typed: str) -> list[int]:
    if len(typed) < 2:
        return []
    return list(islice((d for d in reading_each(leaf.segment, Has(typed, "title"), SCANNED) if d in leaf.alive), EACH))


def frequency(snapshot: Snapshot, word: str) -> int:
    """How many notices have the word."""
    places = ((leaf.segment, leaf.segment.word(word)) for leaf in snapshot.leaves)
    return sum(segment.words.size(place) for segment, place in places if place is not None)


def typed_so(folded: str) -> list[str]:
    """The terms of the lexicon that are typed so, in characters, pinyin or its initials."""
    keys = _lexicon()
    first = bisect_left(keys, (folded,))
    return [term for key, term in keys[first : first + SCANNED] if key == folded]


@cache
def _lexicon() -> list[tuple[str, str]]:
    """The terms of the lexicon by what may be typed for them, ascending."""
    return sorted((key, term) for term in {*read_words(LEXICON), *synonyms()} for key in _keys(term))


def _keys(term: str) -> tuple[str, str, str]:
    """The ways to type a term: its characters, the initials of its pinyin, its pinyin."""
    word = fold(term)
    return word, initials(word), spelled(word)
