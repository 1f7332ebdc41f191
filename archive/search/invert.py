"""From notices to the arrays of a segment: runs of notices are inverted apart (in any process), then merged."""

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from archive.models import Notice, Validity
from archive.search.arrays import Array
from archive.search.fold import fold, fold_units, is_word_character, strip_edges
from archive.search.pinyin import initials, spelled
from archive.search.postings import Inverted, pack
from archive.search.record import notice_to_json
from archive.words import tokenizer

BOUNDARY = 0xFFFF  # between title, body and the next title; folding keeps it out of texts
MAX_COUNT = 0xFF  # BM25 hardly tells 255 from more, and a byte is kept
# 劳动合同法第三十九条 is an article of the series 劳动合同法.
ARTICLE = re.compile(r"第[0-9〇零一二三四五六七八九十百千]{1,9}条(?:之[一二三四五六七八九十]{1,3})?")
# 北京市…, 河南省…, 鄂尔多斯市…: before any 关于, which begins what the notice is about.
LOCAL = re.compile(r"[^于]{1,8}?(?:省|市|县|区|州|盟)")
CHINESE_WORD = re.compile(r"[一-鿿]{2,10}")
INITIALS = 16  # of a title are kept
ABOUT_WITHIN = 40  # characters, a title's 关于 is looked for
VALIDITIES = tuple(Validity)
DATES = ("issued_on", "published_on", "effective_on", "ceased_on")
GRAMS = ("grams", "title_grams")
NAMED = ("topics", "authorities", "kinds", "offices")

Units = NDArray[np.uint16]
Terms = Sequence[str] | NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Index:
    """One inverted field: its terms, ascending, and their postings."""

    terms: Terms
    postings: Inverted


@dataclass(frozen=True, slots=True)
class Part:
    """A run of notices inverted: one array or list entry for each, documents numbered from 0."""

    words: Index
    grams: Index
    title_grams: Index
    columns: Mapping[str, Array]  # one number for each notice
    names: Mapping[str, list[tuple[str, ...]]]  # topics and so on of each notice
    texts: list[Units]  # title, boundary, body; folded
    unfolded: list[tuple[NDArray[np.uint32], Units]]  # where the original differs, and how
    ids: list[str]
    records: list[bytes]

    @property
    def count(self) -> int:
        return len(self.records)


def invert(notices: Sequence[Notice]) -> Part:
    """Invert a run of at most 65,536 notices. The costly part of building an index; needs nothing else."""
    originals = [_units(n.title, n.body) for n in notices]
    texts = [_folded(units) for units in originals]
    unfolded = [_differences(units, text) for units, text in zip(originals, texts, strict=True)]
    title_ends = np.array([_length(n.title) for n in notices], np.uint32)
    words, lengths = _invert_words(notices)
    years = [_year(n) for n in notices]
    columns: dict[str, Array] = {
        "words.lengths": lengths,
        "grams.lengths": np.array([len(text) for text in texts], np.uint32),
        "title_ends": title_ends,
        "years": np.array(years, np.uint16),
        "numbers.years": np.array([n.number.year if n.number else 0 for n in notices], np.uint16),
        "numbers.serials": np.array([min(n.number.serial, 2**32 - 1) if n.number else 0 for n in notices], np.uint32),
        "validities": np.array([VALIDITIES.index(n.validity) for n in notices], np.uint8),
        "titles": np.array([title_key(fold(n.title)) for n in notices], np.uint32),
        **{f"initials.{name}": keys for name, keys in _initials(notices).items()},
        "series": np.array([_series(n.title) for n in notices], np.uint32),
        "local": np.array([LOCAL.match(n.title) is not None for n in notices], np.bool_),
        **{name: np.array([_ordinal(getattr(n, name)) for n in notices], np.uint32) for name in DATES},
        "begins_on": np.array([_ordinal(_begins_on(n)) for n in notices], np.uint32),
    }
    names: dict[str, list[tuple[str, ...]]] = {
        "topics": [n.topics for n in notices],
        "authorities": [n.authorities for n in notices],
        "kinds": [(n.kind,) if n.kind else () for n in notices],
        "offices": [(n.number.office,) if n.number else () for n in notices],
    }
    return Part(
        words=words,
        grams=_invert_grams(texts),
        title_grams=_invert_grams([text[:end] for text, end in zip(texts, title_ends, strict=True)]),
        columns=columns,
        names=names,
        texts=texts,
        unfolded=unfolded,
        ids=[n.id for n in notices],
        records=[notice_to_json(n) for n in notices],
    )


def arrays_of(parts: Sequence[Part]) -> tuple[dict[str, Array], dict[str, list[str]]]:
    """The arrays of a segment that holds the notices of all parts in their order, and the tables of names."""
    documents = [part.count for part in parts]
    arrays: dict[str, Array] = {name: np.concatenate([p.columns[name] for p in parts]) for name in parts[0].columns}
    words = _merge([part.words for part in parts], documents)
    arrays |= _blobs("words.terms", [str(term).encode("utf-8", "surrogatepass") for term in words.terms])
    arrays |= pack("words", words.postings, sum(documents))
    arrays |= _sounds(words)
    for name in GRAMS:
        grams = _merge([getattr(part, name) for part in parts], documents)
        arrays[f"{name}.terms"] = np.asarray(grams.terms, np.uint32)
        arrays |= pack(name, grams.postings, sum(documents))
    tables = {}
    for name in NAMED:
        named, tables[name] = _named(name, [names for part in parts for names in part.names[name]])
        arrays |= named
    arrays |= _texts([text for part in parts for text in part.texts], [u for part in parts for u in part.unfolded])
    arrays |= _sorted_initials(arrays)
    ids = [id_ for part in parts for id_ in part.ids]
    arrays |= _blobs("ids", [id_.encode("utf-8", "surrogatepass") for id_ in ids])
    arrays["order"] = np.argsort(np.argsort(np.array(ids, object), kind="stable")).astype(np.uint32)
    arrays |= _blobs("records", [record for part in parts for record in part.records])
    return arrays, tables


def title_key(folded: str) -> int:
    """A number for a title, the same for titles that differ at their edges alone."""
    return zlib.crc32(strip_edges(folded).encode("utf-8", "surrogatepass"))


def _units(title: str, body: str) -> Units:
    """Title, boundary and body in UTF-16; a boundary character in the text itself becomes a space."""
    texts = [text.replace("\uffff", " ").encode("utf-16-le", "surrogatepass") for text in (title, body)]
    return np.frombuffer(b"\xff\xff".join(texts), np.uint16)


def _folded(units: Units) -> Units:
    """The units folded; the fold of the boundary is the boundary."""
    return fold_units()[units]


def _length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _differences(original: Units, folded: Units) -> tuple[NDArray[np.uint32], Units]:
    places = np.flatnonzero(original != folded)
    return places.astype(np.uint32), original[places]


def _invert_words(notices: Sequence[Notice]) -> tuple[Index, NDArray[np.uint32]]:
    """The words of title and body, and how many each notice has."""
    search_words = tokenizer().search_words
    numbers: dict[str, int] = {}
    tokens: list[int] = []
    lengths = []
    for notice in notices:
        before = len(tokens)
        for text in (notice.title, notice.body):
            tokens += [numbers.setdefault(word, len(numbers)) for word in search_words(fold(text))]
        lengths.append(len(tokens) - before)
    terms = sorted(word for word in numbers if is_term(word))
    rank = np.full(len(numbers), -1, np.int64)
    rank[[numbers[term] for term in terms]] = np.arange(len(terms))
    ranks = rank[np.array(tokens, np.int64)]
    docs = np.repeat(np.arange(len(notices)), lengths)
    kept = ranks >= 0
    _, postings = _count(ranks[kept], docs[kept])
    return Index(terms, postings), np.bincount(docs[kept], minlength=len(notices)).astype(np.uint32)


def is_term(word: str) -> bool:
    """Whether a word is indexed: one of letters, digits or symbols, not of punctuation and spaces alone."""
    return any(map(is_word_character, word))


def _invert_grams(texts: Sequence[Units]) -> Index:
    """Every two neighbouring characters, the last of a text with the boundary; as one number of 32 bits."""
    sizes = [len(text) + 1 for text in texts]
    joined = np.full(sum(sizes) + 1, BOUNDARY, np.uint16)
    docs = np.repeat(np.arange(len(texts)), sizes)
    for text, end in zip(texts, np.cumsum(sizes), strict=True):
        joined[end - len(text) - 1 : end - 1] = text
    grams = joined[:-1].astype(np.uint32) << 16 | joined[1:]
    kept = joined[:-1] != BOUNDARY
    keys, postings = _count(grams[kept], docs[kept])
    return Index(keys.astype(np.uint32), postings)


def _count(terms: Array, docs: Array) -> tuple[Array, Inverted]:
    """The terms that occur, ascending, and their postings."""
    pairs, counts = np.unique(terms.astype(np.uint64) << np.uint64(16) | docs.astype(np.uint64), return_counts=True)
    keys, sizes = np.unique(pairs >> np.uint64(16), return_counts=True)
    postings = Inverted(sizes.astype(np.int64), pairs.astype(np.uint16), np.minimum(counts, MAX_COUNT).astype(np.uint8))
    return keys, postings


def _merge(indexes: Sequence[Index], documents: Sequence[int]) -> Index:
    """One index of the documents of all, those of each behind those of the ones before it."""
    terms, places = _union([index.terms for index in indexes])
    sizes = np.zeros(len(terms), np.int64)
    for index, place in zip(indexes, places, strict=True):
        sizes[place] += index.postings.sizes
    free = np.cumsum(sizes) - sizes  # where the next document of each term goes
    docs, counts = np.empty(sizes.sum(), np.uint16), np.empty(sizes.sum(), np.uint8)
    first = 0
    for index, place, count in zip(indexes, places, documents, strict=True):
        own = index.postings
        begins = np.cumsum(own.sizes) - own.sizes
        targets = np.repeat(free[place] - begins, own.sizes) + np.arange(len(own.docs))
        docs[targets] = own.docs + np.uint16(first)
        counts[targets] = own.counts
        free[place] += own.sizes
        first += count
    return Index(terms, Inverted(sizes, docs, counts))


def _union(lists: Sequence[Terms]) -> tuple[Terms, list[Array]]:
    """All terms, ascending, and for each list the places of its terms among them."""
    if isinstance(lists[0], np.ndarray):
        union = np.unique(np.concatenate(lists))
        return union, [np.searchsorted(union, terms) for terms in lists]
    terms = sorted(set().union(*lists))
    place = {term: at for at, term in enumerate(terms)}
    return terms, [np.array([place[term] for term in own], np.int64) for own in lists]


def _named(name: str, values: Sequence[tuple[str, ...]]) -> tuple[dict[str, Array], list[str]]:
    """Which document has which of the names: a pair (document, place in the table) each, documents ascending."""
    table = sorted({value for own in values for value in own})
    place = {value: at for at, value in enumerate(table)}
    pairs = [(doc, place[value]) for doc, own in enumerate(values) for value in dict.fromkeys(own)]
    docs, places = np.array(pairs, np.uint32).reshape(-1, 2).T
    return {f"{name}.docs": docs, f"{name}.values": places}, table


def _texts(texts: Sequence[Units], unfolded: Sequence[tuple[Array, Array]]) -> dict[str, Array]:
    starts = np.cumsum([0, *map(len, texts)])
    places = [at + start for (at, _), start in zip(unfolded, starts, strict=False)]
    return {
        "texts": np.concatenate([*texts, np.empty(0, np.uint16)]),
        "texts.starts": starts.astype(np.uint32),
        "unfolded.at": np.concatenate([*places, np.empty(0, np.int64)]).astype(np.uint32),
        "unfolded.units": np.concatenate([*(units for _, units in unfolded), np.empty(0, np.uint16)]),
    }


def _blobs(name: str, blobs: Sequence[bytes]) -> dict[str, Array]:
    starts = np.cumsum([0, *map(len, blobs)]).astype(np.uint32)
    return {name: np.frombuffer(b"".join(blobs), np.uint8), f"{name}.starts": starts}


def _year(notice: Notice) -> int:
    """The year of the issue date, else of the number; 0 where neither is known."""
    if notice.issued_on:
        return notice.issued_on.year
    return notice.number.year if notice.number else 0


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else 0


def _begins_on(notice: Notice) -> date | None:
    """The first day on which a notice is in force, as far as its dates tell."""
    return notice.effective_on or notice.issued_on or notice.published_on


def _initials(notices: Sequence[Notice]) -> dict[str, Array]:
    """The initials that each title begins with, and those behind its 关于; empty where it has none."""
    titles = [fold(n.title[:ABOUT_WITHIN]) for n in notices]
    abouts = [title.partition("关于")[2] for title in titles]
    return {
        name: np.array([_letters(text) for text in texts], f"S{INITIALS}")
        for name, texts in (("titles", titles), ("abouts", abouts))
    }


def _letters(folded: str) -> bytes:
    return initials(folded[:INITIALS]).encode("ascii", "replace")[:INITIALS]


def sound_key(folded: str) -> int:
    """A number for how Chinese text is read, the same for all that is read alike or is the pinyin itself."""
    return zlib.crc32(spelled(folded).encode("utf-8", "surrogatepass"))


def _sounds(words: Index) -> dict[str, Array]:
    """The sounds of Chinese words that more than one notice has, ascending, and the places of the words."""
    often = np.flatnonzero(words.postings.sizes > 1).tolist()
    chinese = [at for at in often if CHINESE_WORD.fullmatch(words.terms[at])]
    keys = np.array([sound_key(words.terms[at]) for at in chinese], np.uint32)
    order = np.argsort(keys, kind="stable")
    return {"sounds": keys[order], "sounds.words": np.array(chinese, np.uint32)[order]}


def _sorted_initials(arrays: dict[str, Array]) -> dict[str, Array]:
    """All initials, ascending, with the notices that they are of; takes the columns of them out of `arrays`."""
    columns = [arrays.pop("initials.titles"), arrays.pop("initials.abouts")]
    keys = np.concatenate(columns)
    order = np.argsort(keys, kind="stable")[np.count_nonzero(keys == b"") :]
    return {"initials": keys[order], "initials.docs": (order % len(columns[0])).astype(np.uint32)}


def _series(title: str) -> int:
    """A number for the series that the title is an article of; 0 for one that is no article."""
    series = ARTICLE.sub("", fold(title))
    return zlib.crc32(series.encode("utf-8", "surrogatepass")) | 1 if len(series) < len(title) else 0
