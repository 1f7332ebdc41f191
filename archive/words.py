"""Segmentation: the one tokenizer that index and queries share, and how common words are.

rjieba (jieba in Rust) gives jieba's own words, at eleven times its speed, and is ready in a fifth of a second: on 2,060
texts every word was the same once hyphens, which it keeps inside numbers (4754-2011) and jieba does not, are put as
spaces. jieba itself gives only its dictionary; its module-global tokenizer and the marshalled cache that it keeps in
the shared temporary folder are never used.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import version
from importlib.resources import files

import rjieba

from archive.lexicon import FOLDER, read_words

LEXICON = FOLDER / "words.txt"
SYNONYMS = FOLDER / "synonyms.txt"
HALF_PAIR = re.compile(r"[\ud800-\udfff]")
HYPHEN_OR_HALF_PAIR = re.compile(r"[-\ud800-\udfff]")


class Tokenizer:
    """jieba with `words` added, private to its holder."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._jieba = rjieba.Jieba()
        for word in words:
            self._jieba.add_word(word, self._jieba.suggest_freq(word), "n")

    def words(self, text: str) -> list[str]:
        """The words of `text` one after the other, spaces and punctuation included; hyphens come as spaces."""
        return self._jieba.cut(_plain(text))

    def search_words(self, text: str) -> list[str]:
        """The words of `text` and, before each long one, the words inside it (jieba's search mode)."""
        return self._jieba.cut_for_search(_plain(text))


@cache
def tokenizer() -> Tokenizer:
    """The tokenizer with the tax lexicon. Sharing it is safe: nothing adds words to it later."""
    return Tokenizer((*read_words(LEXICON), *synonyms()))


@cache
def synonyms() -> Mapping[str, tuple[str, ...]]:
    """Each term of the synonym table with the others of its line; `a + b` among them stands for a and b together."""
    groups = [tuple(term.strip() for term in line.split("=")) for line in read_words(SYNONYMS)]
    return {term: tuple(t for t in group if t != term) for group in groups for term in group if "+" not in term}


@cache
def lexicon_fingerprint() -> str:
    """Changes when the segmentation may change: with the lexicon or the tokenizer's version."""
    sources = LEXICON.read_bytes() + SYNONYMS.read_bytes() + version("rjieba").encode()
    return hashlib.sha256(sources).hexdigest()[:16]


@cache
def frequencies() -> Mapping[str, int]:
    """jieba's dictionary: how often each word occurred in the texts that it was counted on."""
    lines = (files("jieba") / "dict.txt").read_text(encoding="utf-8").splitlines()
    return {word: int(count) for word, count, *_ in (line.split(" ") for line in lines)}


def frequency(word: str) -> int:
    """How often `word` occurs in jieba's dictionary; 0 for one it does not know."""
    return frequencies().get(word, 0)


def _plain(text: str) -> str:
    """`text` as rjieba takes it like jieba: without hyphens, and without half surrogate pairs, which Rust refuses."""
    return HYPHEN_OR_HALF_PAIR.sub(" ", text)
