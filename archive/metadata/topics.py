"""The topics of a notice: weighted words in its title, its opening and its body, each finding with its reason."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from archive.lexicon import FOLDER, mistake, read_toml

OPENING = 300  # characters: the salutation and the sentence that says what the notice is for
BODY_PER_WORD = 150  # a strong word counts in full if it stands once in that many characters of the body
ENOUGH = 6.0

Words = Mapping[str, float]
STRONG, WEAK = 1.0, 0.5
TITLE, IN_OPENING, BODY = 6.0, 2.0, 4.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """A word that speaks for a topic: where it stands (title, opening or body) and how much it counts."""

    word: str
    place: str
    weight: float


@dataclass(frozen=True, slots=True)
class TopicFinding:
    """A topic with its group in the taxonomy, its score and the evidence for it, heaviest first."""

    name: str
    group: str
    score: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """A row of the taxonomy: the words that speak for a topic, and how much each counts."""

    name: str
    group: str
    words: Words


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All topics, all their words longest first, and for each word the longer ones that contain it."""

    topics: tuple[Topic, ...]
    words: tuple[str, ...]
    inside: Mapping[str, tuple[str, ...]]


def assign_topics(title: str, body: str) -> tuple[str, ...]:
    """The names of the topics of a notice, clearest first."""
    return tuple(finding.name for finding in find_topics(title, body))


def find_topics(title: str, body: str) -> tuple[TopicFinding, ...]:
    """The topics of a notice with the reason for each, clearest first; none where nothing speaks clearly enough."""
    table = taxonomy()
    opening, rest = body[:OPENING], body[OPENING:]
    counts = {
        "title": _count(title, table),
        "opening": _count(opening, table),
        "body": _count(opening + rest, table),
    }
    full = max(3.0, len(body) / BODY_PER_WORD)
    findings = (_weigh(topic, counts, full) for topic in table.topics)
    return tuple(sorted((f for f in findings if f.score >= ENOUGH), key=lambda f: (-f.score, f.name)))


def _weigh(topic: Topic, counts: Mapping[str, Counter[str]], full: float) -> TopicFinding:
    evidence = []
    for word, weight in topic.words.items():
        if counts["title"][word]:
            evidence.append(Evidence(word, "title", TITLE * weight))
        if counts["opening"][word]:
            evidence.append(Evidence(word, "opening", IN_OPENING * weight))
        if counts["body"][word]:
            evidence.append(Evidence(word, "body", BODY * weight * min(1.0, counts["body"][word] / full)))
    evidence.sort(key=lambda e: -e.weight)
    return TopicFinding(topic.name, topic.group, sum(e.weight for e in evidence), tuple(evidence))


def _count(text: str, table: Taxonomy) -> Counter[str]:
    """How often each word stands in `text` for itself, not as a part of a longer word of the table."""
    counts: Counter[str] = Counter()
    for word in table.words:
        total = text.count(word)
        if total:
            counts[word] = total - sum(counts[longer] * longer.count(word) for longer in table.inside[word])
    return +counts


@cache
def taxonomy() -> Taxonomy:
    """The taxonomy that the project ships."""
    return read_taxonomy(FOLDER / "topics.toml")


def read_taxonomy(path: Path) -> Taxonomy:
    """The taxonomy in a file; raises LexiconError for a topic without words, an unknown key or a wrong type."""
    table = read_toml(path)
    mask = table.pop("mask", {}).get("words", [])
    topics = tuple(
        _topic(path, group, name, row) for group, rows in table.items() for name, row in _rows(path, group, rows)
    )
    words = sorted({*mask, *(word for topic in topics for word in topic.words)}, key=lambda w: (-len(w), w))
    inside = {word: tuple(longer for longer in words if len(longer) > len(word) and word in longer) for word in words}
    return Taxonomy(topics, tuple(words), inside)


def _rows(path: Path, group: str, rows: Any) -> Iterable[tuple[str, Any]]:
    if not isinstance(rows, dict):
        raise mistake(path, group, f'topics stand in sections ["{group}"."topic"].')
    return rows.items()


def _topic(path: Path, group: str, name: str, row: Any) -> Topic:
    where = f'["{group}"."{name}"]'
    if not isinstance(row, dict) or not {"strong", "weak"} >= row.keys() or not row.get("strong"):
        raise mistake(path, where, f"{name} needs strong = [words], may have weak = [words], and nothing else.")
    weights: dict[str, float] = {}
    for key, weight in (("strong", STRONG), ("weak", WEAK)):
        for word in row.get(key, []):
            if not isinstance(word, str) or not word or word in weights:
                raise mistake(path, where, f"{name} gives {word!r} twice, or it is no word.")
            weights[word] = weight
    return Topic(name, group, weights)
