"""Whether search misses anything, or finds too much: random parts of texts, asked in every way, against reading it all.

    python -m bench.missed [--notices 3000] [--parts 10000] [--commands 200]

Makes an archive of invented notices (those of the search benchmark, and those of the tests with their traditional
characters, full width and halves of pairs), takes parts of 2 to 12 characters from titles and bodies, and asks the
engine for each as a quoted query, alone and in one more way: in the title, in the body, behind NOT, inside OR, within
a filter. Every one must find exactly the notices that have the folded part. Then asks as many through the command line
and the API. Prints how many queries of each kind were asked, and recall and precision over all of their results.
"""

import argparse
import json
import random
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from archive.cli import main as command_line
from archive.export import to_jsonl
from archive.models import Notice, Query, Validity
from archive.numbers import DocumentNumber
from archive.search import open_engine
from archive.search.fold import fold, strip_edges
from archive.settings import Settings
from archive.store import open_store
from bench.corpus import corpus
from tests.search.corpus import make_notices
from web import create_app

ALL = 300  # results up to which every page is read; beyond, the total is compared and the first page
DAY = date(2004, 6, 1)
Ids = frozenset[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, the name of its kind, and what it must find."""

    kind: str
    query: Query
    expected: Ids


@dataclass
class Tally:
    """Over the queries of a kind: results that had to be found, were found, and both."""

    queries: int = 0
    expected: int = 0
    found: int = 0
    right: int = 0


class Reader:
    """Finds by reading everything."""

    def __init__(self, notices: list[Notice]) -> None:
        self.notices = notices
        self.everything = frozenset(n.id for n in notices)
        self.texts = [(n.id, fold(n.title), fold(n.body)) for n in notices]

    def having(self, part: str) -> tuple[Ids, Ids]:
        """The notices that have a part in the title, and in the body."""
        needle = strip_edges(fold(part))
        in_title = frozenset(id_ for id_, title, _ in self.texts if needle in title)
        return in_title, frozenset(id_ for id_, _, body in self.texts if needle in body)

    def filtered(self, keep: Callable[[Notice], bool]) -> Ids:
        return frozenset(n.id for n in self.notices if keep(n))


def parts(notices: list[Notice], number: int) -> Iterator[str]:
    """Random parts of titles and bodies with at least one character that means something."""
    dice = random.Random(10)
    while number:
        notice = dice.choice(notices)
        text = dice.choice((notice.title, notice.body, notice.body, notice.body))
        start = dice.randrange(max(1, len(text)))
        part = text[start : start + dice.randint(2, 12)]
        if len(strip_edges(fold(part)).strip()) > 1:
            yield part
            number -= 1


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def in_force(notice: Notice) -> bool:
    begins = notice.effective_on or notice.issued_on or notice.published_on
    known = notice.ceased_on is not None or notice.validity is not Validity.REPEALED
    return known and begins is not None and begins <= DAY < (notice.ceased_on or date.max)


def filters(reader: Reader) -> Mapping[str, tuple[Mapping[str, Any], Ids]]:
    """Each filter of a query, and what passes it."""
    validity = Counter(n.validity for n in reader.notices).most_common()[-1][0]
    return {
        "topic": ({"topic": "增值税"}, reader.filtered(lambda n: "增值税" in n.topics)),
        "authority": ({"authority": "示例财政部"}, reader.filtered(lambda n: "示例财政部" in n.authorities)),
        "kind": ({"kind": "通知"}, reader.filtered(lambda n: n.kind == "通知")),
        "validity": ({"validity": validity.value}, reader.filtered(lambda n: n.validity is validity)),
        "from": ({"from_date": DAY}, reader.filtered(lambda n: n.issued_on is not None and n.issued_on >= DAY)),
        "to": ({"to_date": DAY}, reader.filtered(lambda n: n.issued_on is not None and n.issued_on <= DAY)),
        "in force": ({"in_force_on": DAY}, reader.filtered(in_force)),
    }


def questions(reader: Reader, number: int) -> Iterator[Asked]:
    """Every part alone, and in one more way, by turns."""
    narrower = filters(reader)
    before = next(parts(reader.notices, 1))
    before_has = frozenset.union(*reader.having(before))
    for turn, part in enumerate(parts(reader.notices, number)):
        in_title, in_body = reader.having(part)
        has, text = in_title | in_body, quoted(part)
        yield Asked("alone", Query(text), has)
        ways = [
            Asked("in the title", Query(f"标题:{text}"), in_title),
            Asked("in the body", Query(f"正文:{text}"), in_body),
            Asked("NOT", Query(f"NOT {text}"), reader.everything - has),
            Asked("OR", Query(f"{text} OR {quoted(before)}"), has | before_has),
            Asked("AND NOT", Query(f"{quoted(before)} -{text}"), before_has - has),
            *(Asked(f"filter {n}", replace(Query(text), **given), has & ids) for n, (given, ids) in narrower.items()),
        ]
        yield ways[turn % len(ways)]
        before, before_has = part, has


def compare(asked: Asked, tally: Tally, page_of: Callable[[Query], tuple[int, list[str]]]) -> None:
    """Ask, all pages or the first, and count; where only the first is read, the total tells the rest."""
    found: set[str] = set()
    for page in count(1):
        total, ids = page_of(replace(asked.query, page=page, per_page=100))
        found.update(ids)
        if not ids or len(found) >= total or total > ALL:
            break
    right = len(found & asked.expected)
    if total > ALL and right == len(found):
        right = min(total, len(asked.expected))
    tally.queries += 1
    tally.expected += len(asked.expected)
    tally.found += total
    tally.right += right
    if right != len(asked.expected) or right != total:
        print(f"differs: {asked.kind} {asked.query.text!r}: {total} found, {len(asked.expected)} expected", flush=True)


def arguments_of(query: Query) -> dict[str, str]:
    """The query as the API and the command line take it, but for its text."""
    given = {
        "topic": query.topic,
        "authority": query.authority,
        "kind": query.kind,
        "validity": query.validity,
        "from": str(query.from_date or ""),
        "to": str(query.to_date or ""),
        "page": str(query.page),
    }
    return {name: value for name, value in given.items() if value}


def by_command(home: Path) -> Callable[[Query], tuple[int, list[str]]]:
    runner = CliRunner()

    def page_of(query: Query) -> tuple[int, list[str]]:
        options = [f"--{name}={value}" for name, value in arguments_of(query).items()]
        if query.in_force_on:
            options.append(f"--on={query.in_force_on}")
        command = ["--home", str(home), "search", "--json", "--limit=100", *options, "--", query.text]
        answer = json.loads(runner.invoke(command_line, command, catch_exceptions=False).stdout)
        return answer["total"], [item["id"] for item in answer["items"]]

    return page_of


def by_api(home: Path) -> Callable[[Query], tuple[int, list[str]]]:
    client = create_app(Settings(home=home)).test_client()

    def page_of(query: Query) -> tuple[int, list[str]]:
        text = f"{query.text} 有效于:{query.in_force_on}" if query.in_force_on else query.text
        answer = client.get("/api/v1/notices", query_string={"q": text, "per_page": 100, **arguments_of(query)}).json
        return answer["total"], [item["id"] for item in answer["items"]]

    return page_of


def invented(number: int) -> list[Notice]:
    """So many notices, each with a number and the id that goes with it."""
    notices = [*corpus(number // 2), *make_notices(number - number // 2, seed=12)]
    numbers = [DocumentNumber("国税函", 1995 + at % 25, 1 + at // 25) for at in range(number)]
    return [replace(n, id=own.slug, number=own) for n, own in zip(notices, numbers, strict=True)]


def archived(home: Path, notices: list[Notice]) -> list[Notice]:
    """An archive of the notices, indexed; returns them as it has them, for their validity is its own finding."""
    file = home.with_suffix(".jsonl")
    file.write_text("".join(to_jsonl(notices)), encoding="utf-8")
    for command in (["import", str(file)], ["reindex"]):
        CliRunner().invoke(command_line, ["--home", str(home), *command], catch_exceptions=False)
    store = open_store(Settings(home=home).database_url)
    try:
        return list(store.notices())
    finally:
        store.close()


def by_engine(folder: Path, notices: list[Notice]) -> Callable[[Query], tuple[int, list[str]]]:
    engine = open_engine(folder)
    with engine.rebuilding(notices, 1):
        pass

    def page_of(query: Query) -> tuple[int, list[str]]:
        results = engine.search(query)
        return results.total, [hit.notice.id for hit in results.hits]

    return page_of


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notices", type=int, default=3_000)
    parser.add_argument("--parts", type=int, default=10_000)
    parser.add_argument("--commands", type=int, default=200)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        notices = invented(given.notices)
        kept = archived(home, notices)
        print(f"{len(notices)} notices, {given.parts} parts")
        print(f"{'':34}{'queries':>8}{'recall':>8}{'precision':>10}")
        for name, page_of, read, number in (
            ("engine", by_engine(Path(folder) / "index", notices), notices, given.parts),
            ("command line", by_command(home), kept, given.commands // 2),
            ("API", by_api(home), kept, given.commands // 2),
        ):
            reader = Reader(read)
            tallies: dict[str, Tally] = defaultdict(Tally)
            for asked in questions(reader, number):
                compare(asked, tallies[asked.kind], page_of)
            for kind, tally in tallies.items():
                recall, precision = tally.right / max(1, tally.expected), tally.right / max(1, tally.found)
                print(f"{name + ', ' + kind:34}{tally.queries:8}{recall:8.4f}{precision:10.4f}", flush=True)


if __name__ == "__main__":
    main()
