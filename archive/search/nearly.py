"""What is nearly the same: titles and numbers of the index, and terms of the lexicon, a few characters apart."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

from archive.lexicon import read_words
from archive.numbers import DocumentNumber, PartialNumber
from archive.search.fold import fold, strip_edges
from archive.search.segment import Segment, gram_keys
from archive.search.snapshot import Leaf
from archive.search.subset import Subset
from archive.words import LEXICON, synonyms

SHORTEST, LONGEST = 6, 100  # characters of titles that are compared
LONG = 16  # characters; so long a title may have two wrong ones, a shorter one has one
COMPARED = 50  # titles of a leaf are compared character by character
EDGES = 4  # marks at the edges of a title at most


def edits(one: str, other: str, most: int) -> int:
    """How many characters to change, add, drop or swap with the next make one text the other; more than `most`: more.

    It tries at most 4 to the power of `most` ways.
    """
    same = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    one, other = one[same:], other[same:]
    if not one or not other or not most:
        return len(one) + len(other)
    rests = [(one[1:], other[1:]), (one[1:], other), (one, other[1:])]
    if one[:2] == other[1::-1]:
        rests.append((one[2:], other[2:]))
    return 1 + min(edits(*rest, most - 1) for rest in rests)


def near_titles(leaf: Leaf, title: str) -> list[int]:
    """The notices whose title is a character or two apart from `title`, folded and without edges; nearest first."""
    if not SHORTEST <= len(title) <= LONGEST:
        return []
    allowed = 2 if len(title) >= LONG else 1
    segment = leaf.segment
    docs = _sharing(segment, title, 2 * allowed)  # a wrong character takes part in two pairs
    lengths = segment.arrays["title_ends"][docs].astype(np.int64) - len(title)
    docs = docs[(lengths >= -allowed) & (lengths <= allowed + EDGES) & leaf.alive.mask[docs]][:COMPARED]
    near = [(edits(strip_edges(segment.folded(doc, "title")), title, allowed), doc) for doc in docs.tolist()]
    return [doc for apart, doc in sorted(near) if 0 < apart <= allowed]


def _sharing(segment: Segment, title: str, missing: int) -> NDArray[np.intp]:
    """The notices whose titles have all pairs of neighbouring characters but so many, those with most first."""
    grams = segment.grams["title_grams"]
    keys = set(gram_keys(np.frombuffer(title.encode("utf-16-le", "surrogatepass"), np.uint16)))
    known = [place for key in keys if (place := segment.gram("title_grams", key)) is not None]
    least = len(keys) - missing
    if len(known) < max(1, least):
        return np.empty(0, np.intp)
    known.sort(key=grams.size)
    # Without any of its rarest pairs a title lacks too many.
    docs = Subset.union(segment.count, map(grams.having, known[: len(known) - least + 1])).docs
    shared = np.zeros(len(docs), np.intp)
    for place in known:
        shared += grams.having(place).mask[docs]
    order = np.argsort(-shared, kind="stable")
    return docs[order[: np.count_nonzero(shared >= least)]]


def near_numbers(leaves: Iterable[Leaf], number: PartialNumber) -> list[str]:
    """The numbers of the index that differ from a whole one in its office or in a digit, as a slip does."""
    near = sorted(
        (one.office != number.office, abs(one.serial - number.serial), abs(one.year - number.year), str(one))
        for leaf in leaves
        for one in _one_slip_away(leaf, number)
    )
    return [text for *_, text in near]


def _one_slip_away(leaf: Leaf, number: PartialNumber) -> Iterator[DocumentNumber]:
    arrays, offices = leaf.segment.arrays, leaf.segment.tables["offices"]
    numbered, office = arrays["offices.docs"], arrays["offices.values"]
    years, serials = arrays["numbers.years"][numbered], arrays["numbers.serials"][numbered]
    same_office = office == (offices.index(number.office) if number.office in offices else len(offices))
    same_year, same_serial = years == number.year, serials == number.serial
    near = (
        (same_year & same_serial)
        | (same_office & same_serial & np.isin(years, _slips(number.year)))
        | (same_office & same_year & np.isin(serials, _slips(number.serial)))
    )
    for at in np.flatnonzero(near & leaf.alive.mask[numbered]).tolist():
        yield DocumentNumber(offices[office[at]], int(years[at]), int(serials[at]))


def _slips(number: int) -> list[int]:
    """The numbers with one digit wrong, too many or missing, or two neighbouring ones swapped."""
    digits = str(number)
    cuts = [(digits[:at], digits[at:]) for at in range(len(digits) + 1)]
    slips = {a + d + b for a, b in cuts for d in "0123456789"}
    slips |= {a + d + b[1:] for a, b in cuts for d in ("", *"0123456789") if b}
    slips |= {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    return sorted({int(slip) for slip in slips if slip} - {number})


def near_terms(word: str) -> list[str]:
    """The terms of the lexicon that are one character apart from a folded text of three or more; longest first."""
    terms = {term for key in _shortened(word) for term in _terms().get(key, ())} if len(word) > 2 else set()
    return sorted((term for term in terms if edits(term, word, 1) == 1), key=lambda term: (-len(term), term))


@cache
def _terms() -> Mapping[str, list[str]]:
    """The terms of the lexicon by what is left of them without any one character."""
    terms = defaultdict(list)
    for term in map(fold, {*read_words(LEXICON), *synonyms()}):
        for key in _shortened(term):
            terms[key].append(term)
    return terms


def _shortened(text: str) -> set[str]:
    return {text, *(text[:at] + text[at + 1 :] for at in range(len(text)))}
