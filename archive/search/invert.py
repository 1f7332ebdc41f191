"""From the texts of notices to the arrays of a segment, for a run of them at a time."""

import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from archive.models import Notice
from archive.search.arrays import Array, runs
from archive.search.fold import fold_units, is_word_character, strip_edges
from archive.search.pinyin import heard, initials
from archive.search.postings import Inverted, pack
from archive.search.terms import pack_grams, pack_words
from archive.search.texts import BOUNDARY, Alphabet, Units, pack_texts, text_of, units_of
from archive.words import tokenizer

MAX_COUNT = 0xFF  # BM25 hardly tells 255 from more, and a byte is kept
# 劳动合同法第三十九条 is an article of the series 劳动合同法.
ARTICLE = re.compile(r"第[0-9〇零一二三四五六七八九十百千]{1,9}条(?:之[一二三四五六七八九十]{1,3})?")
# 北京市…, 河南省…, 鄂尔多斯市…: before any 关于, which begins what the notice is about.
LOCAL = re.compile(r"[^于]{1,8}?(?:省|市|县|区|州|盟)")
# A number or Latin word of a folded text, a rate with its sign. With WHOLE before it, it is a term beside the words of
# the tokenizer, which may begin or end inside of one. Folding keeps the mark out of texts.
LATIN = re.compile("[0-9a-z]+%?")
WHOLE = "\0"
CHINESE = range(0x4E00, 0xA000)
LONGEST_HEARD = 10  # characters
INITIALS = 16  # of a title are kept
ABOUT_WITHIN = 40  # characters, a title's 关于 is looked for
GRAMS = ("grams", "title_grams")
COLUMNS = ("words.lengths", "grams.lengths", "title_ends", "titles", "series", "local")


def invert(notices: Sequence[Notice]) -> Iterator[tuple[str, Array]]:
    """The arrays of the texts of at most 65,536 notices. The costly part of building an index; needs nothing else."""
    originals = [_units(n.title, n.body) for n in notices]
    texts = [_folded(units) for units in originals]
    ends = [len(units_of(n.title)) for n in notices]
    titles = [text_of(text[:end]) for text, end in zip(texts, ends, strict=True)]
    terms, words, lengths = _invert_words(texts, ends)
    yield "words.lengths", lengths
    yield from pack_words("words.terms", terms)
    yield from pack("words", [words], len(notices))
    yield from sounds(sounding(terms, words.sizes, 0))
    yield "grams.lengths", np.array([len(text) for text in texts], np.uint32)
    for name, parts in zip(GRAMS, (texts, [text[:end] for text, end in zip(texts, ends, strict=True)]), strict=True):
        pairs, postings = _invert_grams(parts)
        yield from pack_grams(f"{name}.terms", [pairs])
        yield from pack(name, [postings], len(notices))
    yield "title_ends", np.array(ends, np.uint32)
    yield "titles", np.array([title_key(title) for title in titles], np.uint32)
    yield "series", np.array([_series(title) for title in titles], np.uint32)
    yield "local", np.array([LOCAL.match(n.title) is not None for n in notices], np.bool_)
    yield from sorted_initials(*_initials(titles))
    unfolded = (_differences(units, text) for units, text in zip(originals, texts, strict=True))
    yield from pack_texts(Alphabet.of(texts), texts, unfolded)


def title_key(folded: str) -> int:
    """A number for a title, the same for titles that differ at their edges alone."""
    return zlib.crc32(strip_edges(folded).encode("utf-8", "surrogatepass"))


def is_term(word: str) -> bool:
    """Whether a word is indexed: one of letters, digits or symbols, not of punctuation and spaces alone."""
    return word.isalnum() or any(map(is_word_character, word))


def sounding(words: bytes, sizes: Array, first: int) -> tuple[Array, Array]:
    """The sounds of those Chinese words that more than one notice has, and their places from `first`.

    The words come each with a line break behind it.
    """
    units = units_of(words.decode("utf-8", "surrogatepass"))
    ends = np.flatnonzero(units == ord("\n"))
    lengths = np.diff(ends, prepend=-1) - 1
    foreign = np.cumsum((units < CHINESE.start) | (units >= CHINESE.stop))  # each line break is one too
    chosen = (sizes > 1) & (np.diff(foreign[ends], prepend=0) == 1) & (lengths > 1) & (lengths <= LONGEST_HEARD)
    places = np.flatnonzero(chosen)
    return heard(units, ends[places] - lengths[places], lengths[places]), (places + first).astype(np.uint32)


def sounds(found: tuple[Array, Array]) -> Iterator[tuple[str, Array]]:
    """The sounds of words, ascending, and the places of the words."""
    keys, places = found
    order = np.argsort(keys, kind="stable")
    yield "sounds", keys[order]
    yield "sounds.words", places[order]


def sorted_initials(keys: Array, docs: Array) -> Iterator[tuple[str, Array]]:
    """The initials of titles, ascending, and the notices that they are of."""
    order = np.argsort(keys, kind="stable")[np.count_nonzero(keys == b"") :]
    yield "initials", keys[order]
    yield "initials.docs", docs[order].astype(np.uint32)


def _units(title: str, body: str) -> Units:
    """Title, boundary and body in UTF-16; a boundary character in the text itself becomes a space."""
    return units_of("\uffff".join(text.replace("\uffff", " ") for text in (title, body)))


def _folded(units: Units) -> Units:
    """The units folded; the fold of the boundary is the boundary."""
    return fold_units()[units]


def _differences(original: Units, folded: Units) -> tuple[NDArray[np.uint32], Units]:
    places = np.flatnonzero(original != folded)
    return places.astype(np.uint32), original[places]


def _invert_words(texts: Sequence[Units], ends: Sequence[int]) -> tuple[bytes, Inverted, NDArray[np.uint32]]:
    """The terms of title and body, ascending, their postings, and how many words each notice has."""
    search_words = tokenizer().search_words
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__
    tokens = []
    for text, end in zip(texts, ends, strict=True):
        parts = text_of(text[:end]), text_of(text[end + 1 :])
        words = [term for part in parts for term in search_words(part)]
        words += {
            WHOLE + term for part in parts for found in LATIN.findall(part) for term in (found, found.rstrip("%"))
        }
        tokens.append(np.fromiter(map(numbers.__getitem__, words), np.uint32, len(words)))
    terms = sorted(word for word in numbers if is_term(word))
    wholes = sum(term.startswith(WHOLE) for term in terms)  # they come first
    rank = np.full(len(numbers), -1, np.int64)
    rank[[numbers[term] for term in terms]] = np.arange(len(terms))
    ranks = rank[np.concatenate([np.empty(0, np.uint32), *tokens])]
    docs = np.repeat(np.arange(len(texts)), [len(own) for own in tokens])
    kept = ranks >= 0
    _, postings = _count(ranks[kept], docs[kept])
    lines = "".join(f"{term}\n" for term in terms).encode("utf-8", "surrogatepass")
    return lines, postings, np.bincount(docs[ranks >= wholes], minlength=len(texts)).astype(np.uint32)


def _invert_grams(texts: Sequence[Units]) -> tuple[NDArray[np.uint32], Inverted]:
    """Every two neighbouring characters, the last of a text with the boundary; as one number of 32 bits."""
    sizes = [len(text) + 1 for text in texts]
    joined = np.full(sum(sizes) + 1, BOUNDARY, np.uint16)
    docs = np.repeat(np.arange(len(texts)), sizes)
    for text, end in zip(texts, np.cumsum(sizes), strict=True):
        joined[end - len(text) - 1 : end - 1] = text
    grams = joined[:-1].astype(np.uint32) << 16 | joined[1:]
    kept = joined[:-1] != BOUNDARY
    keys, postings = _count(grams[kept], docs[kept])
    return keys.astype(np.uint32), postings


def _count(terms: Array, docs: Array) -> tuple[Array, Inverted]:
    """The terms that occur, ascending, and their postings."""
    pairs = terms.astype(np.uint64) << np.uint64(16) | docs.astype(np.uint64)
    pairs.sort()  # three times as fast as np.unique
    pairs, counts = runs(pairs)
    keys, sizes = runs(pairs >> np.uint64(16))
    return keys, Inverted(sizes, pairs.astype(np.uint16), np.minimum(counts, MAX_COUNT).astype(np.uint8))


def _initials(titles: Sequence[str]) -> tuple[Array, Array]:
    """The initials that each title begins with, then those behind its 关于; empty where it has none; and of which."""
    begun = [title[:ABOUT_WITHIN] for title in titles]
    texts = begun + [title.partition("关于")[2] for title in begun]
    keys = [initials(text[:INITIALS]).encode("ascii", "replace")[:INITIALS] for text in texts]
    return np.array(keys, f"S{INITIALS}"), np.tile(np.arange(len(titles)), 2)


def _series(folded: str) -> int:
    """A number for the series that the title is an article of; 0 for one that is no article."""
    series = ARTICLE.sub("", folded)
    return zlib.crc32(series.encode("utf-8", "surrogatepass")) | 1 if len(series) < len(folded) else 0
