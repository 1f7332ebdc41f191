"""The topics of a notice: weighted words in its title, its opening and its body, each finding with its reason."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ahocorasick_rs import AhoCorasick, MatchKind

from archive.lexicon import FOLDER, mistake, read_toml

OPENING = 300  # characters: the salutation and the sentence that says what the notice is for
BODY_PER_WORD = 150  # a strong word counts in full if it stands once in that many characters of the body
ENOUGH = 6.0  # one strong word in the title
ENOUGH_WITHOUT_TITLE = 8.0  # two strong words of the opening that the body takes up, not two that it lists once
TITLE, IN_OPENING, BODY = 6.0, 2.0, 4.0
SHORTEST = 2  # characters of a word; one alone says nothing
WEIGHTS = {"strong": 1.0, "weak": 0.5, "title": 1.0}


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
    """A row of the taxonomy: the words that speak for a topic and how much each counts, in the title and elsewhere."""

    name: str
    group: str
    in_title: Mapping[str, float]
    elsewhere: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All topics, all words of the file, and what finds these in a text."""

    topics: tuple[Topic, ...]
    words: Sequence[str]
    finder: AhoCorasick


def assign_topics(title: str, body: str) -> tuple[str, ...]:
    """The names of the topics of a notice, clearest first."""
    return tuple(finding.name for finding in find_topics(title, body))


def find_topics(title: str, body: str) -> tuple[TopicFinding, ...]:
    """The topics of a notice with the reason for each, clearest first; none where nothing speaks clearly enough."""
    table = taxonomy()
    read = _words(body, table)
    in_title, in_body = {word for _, word in _words(title, table)}, Counter(word for _, word in read)
    said = in_title | in_body.keys()
    in_opening = {word for at, word in read if at < OPENING}
    full = max(3.0, len(body) / BODY_PER_WORD)
    findings = []
    for topic in table.topics:
        if topic.in_title.keys().isdisjoint(said):
            continue
        evidence = [
            Evidence(word, "title", TITLE * topic.in_title[word]) for word in topic.in_title if word in in_title
        ]
        enough = ENOUGH if evidence else ENOUGH_WITHOUT_TITLE
        for word, weight in topic.elsewhere.items():
            if word in in_opening:
                evidence.append(Evidence(word, "opening", IN_OPENING * weight))
            if word in in_body:
                evidence.append(Evidence(word, "body", BODY * weight * min(1.0, in_body[word] / full)))
        score = sum(one.weight for one in evidence)
        if score >= enough:
            evidence.sort(key=lambda one: -one.weight)
            findings.append(TopicFinding(topic.name, topic.group, score, tuple(evidence)))
    return tuple(sorted(findings, key=lambda finding: (-finding.score, finding.name)))


def _words(text: str, table: Taxonomy) -> list[tuple[int, str]]:
    """The words in `text` with their places, read from the left, the longest first: none counts inside another."""
    found = table.finder.find_matches_as_indexes(text)
    return [(start, table.words[word]) for word, start, _ in found]


@cache
def taxonomy() -> Taxonomy:
    """The taxonomy that the project ships."""
    return read_taxonomy(FOLDER / "topics.toml")


def read_taxonomy(path: Path) -> Taxonomy:
    """The taxonomy in a file; raises LexiconError for a topic without words, an unknown key or a wrong type."""
    table = read_toml(path)
    mask = _list(path, "mask", table.pop("mask", {}).get("words", []))
    topics = tuple(
        _topic(path, group, name, row) for group, rows in table.items() for name, row in _rows(path, group, rows)
    )
    words = sorted({*mask, *(word for topic in topics for word in topic.in_title)})
    return Taxonomy(topics, words, AhoCorasick(words, matchkind=MatchKind.LeftmostLongest))


def _rows(path: Path, group: str, rows: Any) -> Iterable[tuple[str, Any]]:
    if not isinstance(rows, dict):
        raise mistake(path, group, f'topics stand in sections ["{group}"."topic"].')
    return rows.items()


def _topic(path: Path, group: str, name: str, row: Any) -> Topic:
    where = f'["{group}"."{name}"]' if isinstance(row, dict) else name
    if not isinstance(row, dict) or not row.keys() <= WEIGHTS.keys() or not row.get("strong"):
        raise mistake(path, where, f"{name} needs strong = [words], may have {', '.join(WEIGHTS)}, and nothing else.")
    weights: dict[str, float] = {}
    for key, words in row.items():
        for word in _list(path, where, words):
            if word in weights:
                raise mistake(path, where, f"{name} gives {word!r} twice.")
            weights[word] = WEIGHTS[key]
    return Topic(name, group, weights, {w: weight for w, weight in weights.items() if w not in row.get("title", ())})


def _list(path: Path, where: str, words: Any) -> list[str]:
    if not isinstance(words, list) or not all(isinstance(word, str) and len(word) >= SHORTEST for word in words):
        raise mistake(path, where, f"{words!r} must be a list of words of two characters or more.")
    return words
