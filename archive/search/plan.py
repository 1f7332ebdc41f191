"""From a query to what engines look for: segmented, folded, with synonyms, as conditions, scoring terms and marks."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache

from archive.errors import BadInput
from archive.lexicon import FOLDER, read_words
from archive.models import Query, Remark
from archive.numbers import parse_partial
from archive.search.dates import Span
from archive.search.engine import MAX_PER_PAGE
from archive.search.fold import fold, is_word_character, strip_edges
from archive.search.nodes import (
    And,
    Dates,
    Filter,
    InForce,
    Node,
    Not,
    Number,
    Or,
    Parsed,
    Phrase,
    Prefix,
    Words,
    Years,
    render,
)
from archive.search.query import parse
from archive.words import HALF_PAIR, Tokenizer, synonyms

ASKING_WORDS = FOLDER / "words.asking.txt"
COMMON_WORDS = FOLDER / "words.common.txt"
MAX_WORDS = 128
MAX_GRAMS = 256
ENOUGH = 10


@dataclass(frozen=True, slots=True)
class Has:
    """`text` (folded) occurs in the field, title or body where it is empty.

    `starts` and `ends` ask that no Latin letter or digit goes on before or behind: the word 608 is not in 16080.
    `whole` asks that the tokenizer finds it to be a word somewhere: 外企 is none in 境外企业.
    """

    text: str
    field: str = ""
    starts: bool = False
    ends: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Is:
    """The notice has exactly this topic, authority, kind or validity."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class All:
    """And over conditions."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Any:
    """Or over conditions."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Without:
    part: "Condition"


Condition = Has | Is | All | Any | Without | Number | Filter | Dates | Years | InForce


@dataclass(frozen=True, slots=True)
class Plan:
    """What to look for.

    `condition` decides what matches, within `filters`; where fewer than `enough` do, those with any of `words` follow.
    `words` and `grams` (pairs of characters) score, `marks` are what snippets mark. Notices with one of `numbers`
    come first, then those with that `title`. `in_force_on` are the days that any part asks about, `node` is the query
    as it was read.
    """

    condition: Condition | None
    filters: tuple[Condition, ...] = ()
    enough: int = 0
    words: tuple[str, ...] = ()
    grams: tuple[str, ...] = ()
    title: str = ""
    marks: tuple[Has, ...] = ()
    numbers: tuple[str, ...] = ()
    in_force_on: tuple[date, ...] = ()
    node: Node | None = None
    reading: tuple[str, ...] = ()


def undated(condition: Condition) -> Condition:
    """The condition with those taken in of which is not known whether they were in force on a day."""
    match condition:
        case InForce():
            return replace(condition, undated=True)
        case All() | Any():
            return replace(condition, parts=tuple(map(undated, condition.parts)))
        case _:
            return condition


@cache
def asking_words() -> frozenset[str]:
    """Words that make a query a question."""
    return frozenset(map(fold, read_words(ASKING_WORDS)))


@cache
def unwanted_words() -> frozenset[str]:
    """Words that neither must occur nor score."""
    return asking_words() | frozenset(map(fold, read_words(COMMON_WORDS)))


@dataclass(frozen=True, slots=True)
class Planner:
    """Turns queries into plans with one tokenizer, and one table of synonyms."""

    tokenizer: Tokenizer
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=synonyms)
    unwanted: frozenset[str] = field(default_factory=unwanted_words)

    def plan(self, query: Query) -> Plan:
        """Raises BadInput for a page, page size or number that cannot be."""
        check_paging(query)
        parsed = parse(query.text)
        node = parsed.node
        filters = tuple(_filters(query))
        positive = list(_positive(node))
        texts = [leaf.text for leaf in positive if not isinstance(leaf, Number)]
        wanted = [self.wanted(words.text) for words in positive if isinstance(words, Words)]
        scored = list(self._with_synonyms(texts))
        marks = [has for leaf in positive for has in self._leaves(leaf)]
        return Plan(
            condition=self._condition(node) if node else None,
            filters=filters,
            enough=self._enough(query.text, node),
            words=tuple(word for text in scored for word in self.scoring(text))[:MAX_WORDS],
            grams=tuple(gram for text in scored for gram in grams(fold(text)))[:MAX_GRAMS],
            title=strip_edges(fold(query.text)) if texts else "",
            marks=tuple(dict.fromkeys(marks)),
            numbers=tuple(leaf.text for leaf in positive if isinstance(leaf, Number)),
            in_force_on=tuple(part.day for part in (*parts_of(node), *filters) if isinstance(part, InForce)),
            node=node,
            reading=(*_reading(parsed), *_remarks(query), *self._synonym_remarks(word for ws in wanted for word in ws)),
        )

    def wanted(self, text: str) -> list[str]:
        """The words of `text` that must occur: all but punctuation and common words, unless there are no others."""
        words = [w for w in self.tokenizer.words(fold(text)) if any(map(is_word_character, w))]
        kept = [w for w in words if w not in self.unwanted] or words
        return list(dict.fromkeys(kept))[:MAX_WORDS]

    def scoring(self, text: str) -> list[str]:
        """The words of `text` that score, those inside long words included."""
        words = [w for w in self.tokenizer.search_words(fold(text)) if any(map(is_word_character, w))]
        return [w for w in words if w not in self.unwanted] or words

    def _with_synonyms(self, texts: Iterable[str]) -> Iterator[str]:
        """The texts, and the synonyms of their words."""
        for text in texts:
            yield text
            for word in self.wanted(text):
                yield from self.synonyms.get(word, ())

    def _condition(self, node: Node) -> Condition:
        match node:
            case Words():
                return _all(self._either(word, node.field) for word in self.wanted(node.text))
            case Phrase() | Prefix():
                return next(self._leaves(node))
            case And():
                return _all(map(self._condition, node.parts))
            case Or():
                return Any(tuple(map(self._condition, node.parts)))
            case Not():
                return Without(self._condition(node.part))
            case _:
                return node

    def _enough(self, text: str, node: Node | None) -> int:
        """A page of matches for a question in everyday language, one for other words, none where operators ask more."""
        parts = node.parts if isinstance(node, And) else (node,)
        if not all(isinstance(part, Words) and not part.field for part in parts):
            return 0
        asks = fold(text).rstrip().endswith("？") or not asking_words().isdisjoint(self.tokenizer.words(fold(text)))
        return ENOUGH if asks else 1

    def _either(self, word: str, field: str) -> Condition:
        """The word or one of its synonyms."""
        others = (_all(parts) for parts in self._others(word, field))
        return _any([self._word(word, field), *others])

    def _others(self, word: str, field: str) -> Iterator[list[Has]]:
        """What stands for the word, each in one part or several that must all occur."""
        for other in self.synonyms.get(word, ()):
            yield [self._word(part, field) for part in other.split(" + ")]

    def _word(self, word: str, field: str) -> Has:
        is_short = len(word) < 3 and word in self.synonyms
        return Has(word, field, starts=is_latin(word[0]), ends=is_latin(word[-1]), whole=is_short)

    def _leaves(self, leaf: Words | Phrase | Prefix | Number) -> Iterator[Has]:
        match leaf:
            case Words():
                for word in self.wanted(leaf.text):
                    yield self._word(word, leaf.field)
                    for parts in self._others(word, leaf.field):
                        yield from parts
            case Phrase():
                yield Has(strip_edges(fold(leaf.text)), leaf.field)
            case Prefix():
                text = strip_edges(fold(leaf.text))
                yield Has(text, leaf.field, starts=is_latin(text[0]))

    def _synonym_remarks(self, words: Iterable[str]) -> Iterator[str]:
        for word in dict.fromkeys(words):
            if word in self.synonyms:
                yield Remark("“%(word)s”也找：%(others)s。", word=word, others="、".join(self.synonyms[word]))


def grams(folded: str) -> list[str]:
    """The pairs of neighbouring characters that mean something: without punctuation and spaces."""
    pairs = [folded[at : at + 2] for at in range(len(folded) - 1)]
    return [
        pair for pair in pairs if all(map(is_word_character, pair)) and pair.isprintable() and max(pair) <= "\uffff"
    ]


def is_latin(char: str) -> bool:
    """Whether words of `char` are set apart by their edges: letters and digits of ASCII."""
    return char.isascii() and char.isalnum()


def occurrences(has: Has, text: str, limit: int = 1000) -> Iterator[int]:
    """Where in the folded `text` the condition is met: offsets, ascending, at most `limit`."""
    at, size = text.find(has.text), len(has.text)
    while at >= 0 and limit:
        before, behind = text[at - 1 : at] if at else "", text[at + size : at + size + 1]
        if not (has.starts and before and is_latin(before)) and not (has.ends and behind and is_latin(behind)):
            yield at
            limit -= 1
        at = text.find(has.text, at + 1)


def check_paging(query: Query) -> None:
    """Raises BadInput for a page before the first or a size out of 1 to 100."""
    if query.page < 1:
        raise BadInput(f"第 {query.page} 页不存在。", "页码从 1 开始。")
    if not 1 <= query.per_page <= MAX_PER_PAGE:
        raise BadInput(f"每页 {query.per_page} 条不可用。", f"每页可列 1 到 {MAX_PER_PAGE} 条。")


def parts_of(node: Node | None) -> Iterator[Node]:
    """The node and all nodes inside it but those that are not wanted."""
    if node:
        yield node
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from parts_of(part)


def _all(parts: Iterable[Condition]) -> Condition:
    parts = tuple(parts)
    return parts[0] if len(parts) == 1 else All(parts)


def _any(parts: Iterable[Condition]) -> Condition:
    parts = tuple(parts)
    return parts[0] if len(parts) == 1 else Any(parts)


def _positive(node: Node | None) -> Iterator[Words | Phrase | Prefix | Number]:
    """The leaves that a hit may owe its place to."""
    return (part for part in parts_of(node) if isinstance(part, Words | Phrase | Prefix | Number))


def _filters(query: Query) -> Iterator[Condition]:
    for name in ("topic", "authority", "kind", "validity"):
        if value := getattr(query, name):
            yield Is(name, value)
    if query.number:
        number = HALF_PAIR.sub("?", query.number)
        parse_partial(number)
        yield Number(number)
    if query.from_date or query.to_date:
        yield Dates(query.date_kind, Span(query.from_date, query.to_date))
    if query.in_force_on:
        yield InForce(query.in_force_on)


def _reading(parsed: Parsed) -> tuple[str, ...]:
    """What the parser had to remark, and what it made of the query."""
    if not (parsed.reading and parsed.node):
        return parsed.reading
    return (*parsed.reading, Remark("按此检索：%(query)s", query=render(parsed.node)))


def _remarks(query: Query) -> Iterator[str]:
    if query.from_date and query.to_date and query.from_date > query.to_date:
        yield Remark(
            "起始日期 %(first)s 晚于截止日期 %(last)s，没有这样的公文。", first=query.from_date, last=query.to_date
        )
