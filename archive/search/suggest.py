"""What the search box offers while someone types: terms, numbers and titles, also by the initials of their pinyin."""

from bisect import bisect_left
from collections.abc import Iterator
from functools import cache

import numpy as np
from pypinyin import Style, pinyin_dict
from pypinyin.style import convert

from archive.errors import BadInput
from archive.lexicon import read_words
from archive.numbers import DocumentNumber, parse_partial
from archive.search.engine import Suggestion
from archive.search.fold import fold, strip_edges
from archive.search.matching import having, matching
from archive.search.plan import Has
from archive.search.query import Number
from archive.search.snapshot import Snapshot
from archive.words import LEXICON, synonyms

LONGEST = 40  # characters of what was typed are looked at
EACH = 3  # of a kind are offered before the next kind has its turn
SCANNED = 200  # keys with the same beginning are looked through for the best
ABOUT = "关于"
CHINESE = range(0x3400, 0xA000)


class Suggester:
    """The keys of one state of the index, sorted. Costs some tenths of a second for 50,000 notices, once."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.stamp = snapshot.stamp
        self._leaves = snapshot.leaves
        entries = sorted((*_terms(snapshot), *_titles(snapshot), *_numbers(snapshot)), key=lambda entry: entry[0])
        self._keys = [key for key, _, _ in entries]
        self._entries = entries

    def suggest(self, text: str, limit: int) -> tuple[Suggestion, ...]:
        """At most `limit` suggestions for what was typed, in the order terms, numbers, titles."""
        typed = strip_edges(fold(text[:LONGEST]))
        if not typed or typed.isspace():
            return ()
        first = bisect_left(self._keys, typed)
        entries = [e for e in self._entries[first : first + SCANNED] if e[0].startswith(typed)]
        found = [suggestion for _, _, suggestion in sorted(entries, key=lambda entry: -entry[1])]
        found += self._by_number(text) + self._by_title(typed)
        found = list(dict.fromkeys(found))
        kinds = [[s for s in found if s.kind == kind] for kind in ("term", "number", "title")]
        chosen = [s for kind in kinds for s in kind[:EACH]] + [s for kind in kinds for s in kind[EACH:]]
        order = {"term": 0, "number": 1, "title": 2}
        return tuple(sorted(chosen[:limit], key=lambda s: order[s.kind]))

    def _by_number(self, text: str) -> list[Suggestion]:
        """The numbers that have every part given: 608号."""
        try:
            parse_partial(text[:LONGEST])
        except BadInput:
            return []
        masks = ((leaf, leaf.alive & matching(leaf.segment, Number(text[:LONGEST]))) for leaf in self._leaves)
        notices = (leaf.segment.notice(doc) for leaf, mask in masks for doc in np.flatnonzero(mask)[-EACH:].tolist())
        return [Suggestion(str(notice.number), "number") for notice in notices]

    def _by_title(self, typed: str) -> list[Suggestion]:
        """Titles that have the text anywhere."""
        if len(typed) < 2:
            return []
        masks = ((leaf, leaf.alive & having(leaf.segment, Has(typed, "title"))) for leaf in self._leaves)
        return [
            Suggestion(leaf.segment.original(doc, "title"), "title")
            for leaf, mask in masks
            for doc in np.flatnonzero(mask)[-EACH:].tolist()
        ]


Entry = tuple[str, int, Suggestion]  # key, weight, what is offered


def _terms(snapshot: Snapshot) -> Iterator[Entry]:
    """The words of the lexicon and the topics, by how many notices have them; those that none has are left out."""
    topics = {topic for leaf in snapshot.leaves for topic in leaf.segment.tables["topics"]}
    for term in {*read_words(LEXICON), *synonyms(), *topics}:
        word = fold(term)
        places = ((leaf.segment, leaf.segment.word(word)) for leaf in snapshot.leaves)
        number = sum(int(segment.words.sizes[place]) for segment, place in places if place is not None)
        if number or term in topics:
            suggestion = Suggestion(term, "term")
            yield word, number, suggestion
            yield initials(word), number, suggestion


def _titles(snapshot: Snapshot) -> Iterator[Entry]:
    """The initials of titles, from the beginning and from behind 关于."""
    for leaf in snapshot.leaves:
        for doc in np.flatnonzero(leaf.alive).tolist():
            title = leaf.segment.folded(doc, "title")
            suggestion = Suggestion(leaf.segment.original(doc, "title"), "title")
            short = initials(title[:LONGEST])
            yield short, 0, suggestion
            _, about, rest = title[:LONGEST].partition(ABOUT)
            if about:
                yield initials(rest), 0, suggestion


def _numbers(snapshot: Snapshot) -> Iterator[Entry]:
    """Numbers as they are written."""
    for leaf in snapshot.leaves:
        arrays, table = leaf.segment.arrays, leaf.segment.tables["offices"]
        years, serials = arrays["numbers.years"].tolist(), arrays["numbers.serials"].tolist()
        for doc, office in zip(arrays["offices.docs"].tolist(), arrays["offices.values"].tolist(), strict=True):
            if leaf.alive[doc]:
                number = str(DocumentNumber(table[office], years[doc], serials[doc]))
                yield fold(number), 0, Suggestion(number, "number")


def initials(folded: str) -> str:
    """The first letters of the pinyin of every character, other characters as they are: 增值税 gives zzs."""
    return folded.translate(_initials())


@cache
def _initials() -> dict[int, str]:
    readings = pinyin_dict.pinyin_dict
    return {
        code: convert(readings[code].split(",")[0], Style.FIRST_LETTER, strict=False)
        for code in CHINESE
        if code in readings
    }
