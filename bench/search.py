"""How fast search is beside its rivals, on one corpus with the same words and queries for all.

    python bench/search.py [--notices 50000] [--queries 200] [--engines shuiwen,whoosh,fts5,tantivy,bm25s]

Needs bench/requirements.txt for Tantivy and bm25s. Each engine builds and answers in a process of its own, one thread
serving; it prints build time, size on disk, memory, and p50 / p95 in ms of the top ten with the total, after one
unmeasured round ("warm") and in the first round after opening ("cold"). Plain Whoosh is the usual recipe: its own
codec, ChineseAnalyzer, one process.
"""

import argparse
import json
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from archive.models import DateKind, Notice, Query, Sort
from archive.search.fold import fold
from archive.search.invert import is_term
from archive.words import tokenizer
from bench.corpus import Queries, queries, read_corpus, write_corpus

FIRST, LAST = date(2005, 1, 1), date(2009, 12, 31)
Ask = Callable[[Any], object]


def tokens(text: str) -> list[str]:
    return [word for word in tokenizer().search_words(fold(text)) if is_term(word)]


def notice_tokens(notice: Notice) -> list[str]:
    return tokens(notice.title) + tokens(notice.body)


class Shuiwen:
    """Our engine. `term`, `and`, `or` are asked of the index by its words, as its rivals are; `whole` as by the API."""

    def build(self, notices: Iterable[Notice], folder: Path) -> None:
        from archive.search.whoosh_engine import WhooshEngine

        with WhooshEngine(folder, processes=2).rebuilding(notices, 1):
            pass

    def open(self, folder: Path) -> Mapping[str, Ask]:
        from archive.search import ranking
        from archive.search.dates import Span
        from archive.search.facets import count
        from archive.search.matching import matching
        from archive.search.plan import Has, Plan, Planner
        from archive.search.query import Dates, Number
        from archive.search.scoring import relevance
        from archive.search.whoosh_engine import WhooshEngine

        engine = WhooshEngine(folder)
        snapshot = engine.snapshot()
        Planner(tokenizer())

        def top(masks: list[Any], words: tuple[str, ...], query: Query) -> object:
            plan = Plan(condition=None, words=words)
            places = []
            for leaf, mask in zip(snapshot.leaves, masks, strict=True):
                scores = (
                    relevance(leaf.segment, snapshot.searcher, leaf.fields, plan)
                    if words
                    else np.zeros(leaf.segment.count)
                )
                places += ranking.best(leaf, mask, scores, query, 10)
            return sum(int(np.count_nonzero(mask)) for mask in masks), sorted(places)[:10]

        def any_of(words: tuple[str, ...]) -> list[Any]:
            return [leaf.alive & ranking.with_any(leaf.segment, words) for leaf in snapshot.leaves]

        def all_of(words: tuple[str, ...]) -> list[Any]:
            masks = []
            for leaf in snapshot.leaves:
                mask = leaf.alive
                for word in words:
                    mask = mask & ranking.with_any(leaf.segment, [word])
                masks.append(mask)
            return masks

        def phrase(parts: tuple[str, ...]) -> object:
            return top(
                [leaf.alive & matching(leaf.segment, Has(fold(parts[0]))) for leaf in snapshot.leaves], (), Query()
            )

        def dated(word: str) -> object:
            span = Dates(DateKind.ISSUED, Span(FIRST, LAST))
            days = [matching(leaf.segment, span) for leaf in snapshot.leaves]
            return top([m & d for m, d in zip(any_of((word,)), days, strict=True)], (), Query(sort=Sort.NEWEST))

        def faceted(word: str) -> object:
            masks = any_of((word,))
            return [count(leaf.segment, mask) for leaf, mask in zip(snapshot.leaves, masks, strict=True)]

        def number(text: str) -> object:
            return [np.flatnonzero(matching(leaf.segment, Number(text))) for leaf in snapshot.leaves]

        return {
            "term": lambda word: top(any_of((word,)), (word,), Query()),
            "and": lambda words: top(all_of(words), words, Query()),
            "or": lambda words: top(any_of(words), words, Query()),
            "phrase": phrase,
            "dates": dated,
            "facets": faceted,
            "number": number,
            "whole": lambda words: engine.search(Query(" ".join(words), from_date=FIRST, to_date=LAST)),
        }


class PlainWhoosh:
    """Whoosh as its users set it up."""

    def build(self, notices: Iterable[Notice], folder: Path) -> None:
        from jieba.analyse import ChineseAnalyzer
        from whoosh import fields, index

        schema = fields.Schema(
            id=fields.ID(stored=True, unique=True),
            text=fields.TEXT(analyzer=ChineseAnalyzer(), phrase=True),
            day=fields.NUMERIC(sortable=True),
            year=fields.NUMERIC(sortable=True),
            number=fields.ID,
            topic=fields.KEYWORD(commas=True, sortable=True),
        )
        writer = index.create_in(str(folder), schema).writer(limitmb=512)
        for notice in notices:
            assert notice.issued_on
            day = notice.issued_on.toordinal()
            text, topic = f"{notice.title}\n{notice.body}", ",".join(notice.topics)
            writer.add_document(
                id=notice.id, text=text, day=day, year=notice.issued_on.year, number=str(notice.number), topic=topic
            )
        writer.commit()

    def open(self, folder: Path) -> Mapping[str, Ask]:
        from whoosh import index, query, sorting

        searcher = index.open_dir(str(folder)).searcher()
        terms = lambda words: [query.Term("text", word) for word in words]  # noqa: E731
        run = lambda q, **more: searcher.search(q, limit=10, **more).estimated_length()  # noqa: E731
        total = lambda q: len(searcher.search(q, limit=None))  # noqa: E731
        days = query.NumericRange("day", FIRST.toordinal(), LAST.toordinal())
        by = {"topic": sorting.FieldFacet("topic", allow_overlap=True), "year": sorting.FieldFacet("year")}
        return {
            "term": lambda word: total(query.Term("text", word)),
            "and": lambda words: total(query.And(terms(words))),
            "or": lambda words: total(query.Or(terms(words))),
            "phrase": lambda parts: total(query.Phrase("text", tokens(parts[0]))),
            "dates": lambda word: run(query.And([query.Term("text", word), days]), sortedby="day", reverse=True),
            "facets": lambda word: len(
                searcher.search(query.Term("text", word), limit=None, groupedby=by).groups("year")
            ),
            "number": lambda text: total(query.Term("number", text)),
        }


class Fts5:
    """SQLite's full-text index over our words."""

    def build(self, notices: Iterable[Notice], folder: Path) -> None:
        database = sqlite3.connect(folder / "fts.sqlite3")
        database.executescript(
            "CREATE VIRTUAL TABLE text USING fts5(words, content='', tokenize=\"unicode61 remove_diacritics 0\");"
            "CREATE TABLE notice (id INTEGER PRIMARY KEY, day INTEGER, year INTEGER, number TEXT);"
            "CREATE TABLE topic (notice INTEGER, topic TEXT, PRIMARY KEY (notice, topic)) WITHOUT ROWID;"
        )
        for row, notice in enumerate(notices, 1):
            assert notice.issued_on
            day, year = notice.issued_on.toordinal(), notice.issued_on.year
            database.execute("INSERT INTO text (rowid, words) VALUES (?, ?)", (row, " ".join(notice_tokens(notice))))
            database.execute("INSERT INTO notice VALUES (?, ?, ?, ?)", (row, day, year, str(notice.number)))
            database.executemany("INSERT INTO topic VALUES (?, ?)", [(row, topic) for topic in notice.topics])
        database.executescript("CREATE INDEX numbers ON notice (number); INSERT INTO text(text) VALUES ('optimize');")
        database.commit()
        database.close()

    def open(self, folder: Path) -> Mapping[str, Ask]:
        database = sqlite3.connect(folder / "fts.sqlite3")
        quoted = lambda words, by: by.join(f'"{word}"' for word in words)  # noqa: E731

        def ask(match: str) -> object:
            top = database.execute(
                "SELECT rowid FROM text WHERE text MATCH ? ORDER BY rank LIMIT 10", (match,)
            ).fetchall()
            return top, database.execute("SELECT count(*) FROM text WHERE text MATCH ?", (match,)).fetchone()

        def dated(word: str) -> object:
            where = "FROM text JOIN notice ON id = text.rowid WHERE text MATCH ? AND day BETWEEN ? AND ?"
            given = (f'"{word}"', FIRST.toordinal(), LAST.toordinal())
            top = database.execute(f"SELECT id {where} ORDER BY day DESC LIMIT 10", given).fetchall()  # noqa: S608
            return top, database.execute(f"SELECT count(*) {where}", given).fetchone()  # noqa: S608

        def faceted(word: str) -> object:
            match = (f'"{word}"',)
            years = "SELECT year, count(*) FROM text JOIN notice ON id = text.rowid WHERE text MATCH ? GROUP BY year"
            topics = (
                "SELECT topic, count(*) FROM text JOIN topic ON notice = text.rowid WHERE text MATCH ? GROUP BY topic"
            )
            return database.execute(years, match).fetchall(), database.execute(topics, match).fetchall()

        return {
            "term": lambda word: ask(f'"{word}"'),
            "and": lambda words: ask(quoted(words, " AND ")),
            "or": lambda words: ask(quoted(words, " OR ")),
            "phrase": lambda parts: ask('"' + " ".join(tokens(parts[0])) + '"'),
            "dates": dated,
            "facets": faceted,
            "number": lambda text: database.execute("SELECT id FROM notice WHERE number = ?", (text,)).fetchall(),
        }


class Tantivy:
    """Tantivy over our words."""

    def build(self, notices: Iterable[Notice], folder: Path) -> None:
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_text_field("words", tokenizer_name="whitespace")
        builder.add_text_field("number", tokenizer_name="raw")
        builder.add_text_field("topic", tokenizer_name="raw", fast=True)
        builder.add_integer_field("day", indexed=True, fast=True)
        builder.add_integer_field("year", indexed=True, fast=True)
        writer = tantivy.Index(builder.build(), path=str(folder)).writer(heap_size=256_000_000, num_threads=2)
        for notice in notices:
            assert notice.issued_on
            document = tantivy.Document()
            document.add_text("words", " ".join(notice_tokens(notice)))
            document.add_text("number", str(notice.number))
            for topic in notice.topics:
                document.add_text("topic", topic)
            document.add_integer("day", notice.issued_on.toordinal())
            document.add_integer("year", notice.issued_on.year)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path) -> Mapping[str, Ask]:
        import tantivy

        index = tantivy.Index.open(str(folder))
        searcher, schema = index.searcher(), index.schema
        term = lambda word: tantivy.Query.term_query(schema, "words", word, "freq")  # noqa: E731
        joined = lambda words, how: tantivy.Query.boolean_query([(how, term(word)) for word in words])  # noqa: E731
        days = tantivy.Query.range_query(schema, "day", tantivy.FieldType.Integer, FIRST.toordinal(), LAST.toordinal())
        must, should = tantivy.Occur.Must, tantivy.Occur.Should
        facets = {name: {"terms": {"field": name, "size": 100}} for name in ("topic", "year")}

        def phrase(parts: tuple[str, ...]) -> object:
            words = tokens(parts[0])
            return searcher.search(
                tantivy.Query.phrase_query(schema, "words", words) if len(words) > 1 else term(words[0]), 10
            )

        def dated(word: str) -> object:
            both = tantivy.Query.boolean_query([(must, term(word)), (must, days)])
            return searcher.search(both, 10, order_by_field="day")

        return {
            "term": lambda word: searcher.search(term(word), 10),
            "and": lambda words: searcher.search(joined(words, must), 10),
            "or": lambda words: searcher.search(joined(words, should), 10),
            "phrase": phrase,
            "dates": dated,
            "facets": lambda word: searcher.aggregate(term(word), facets),
            "number": lambda text: searcher.search(tantivy.Query.term_query(schema, "number", text), 10),
        }


class Bm25s:
    """bm25s over our words: ORs only."""

    def build(self, notices: Iterable[Notice], folder: Path) -> None:
        import bm25s

        retriever = bm25s.BM25()
        retriever.index([notice_tokens(notice) for notice in notices], show_progress=False)
        retriever.save(str(folder))

    def open(self, folder: Path) -> Mapping[str, Ask]:
        import bm25s

        retriever = bm25s.BM25.load(str(folder), mmap=True)
        ask = lambda words: retriever.retrieve([list(words)], k=10, show_progress=False)  # noqa: E731
        return {"term": lambda word: ask([word]), "or": ask}


ENGINES = {"shuiwen": Shuiwen, "whoosh": PlainWhoosh, "fts5": Fts5, "tantivy": Tantivy, "bm25s": Bm25s}
KINDS = ("term", "and", "or", "phrase", "dates", "facets", "number", "whole")


def asked(kind: str, all_queries: Queries) -> tuple[Any, ...]:
    return {
        "and": all_queries.ands,
        "or": all_queries.ors,
        "phrase": all_queries.phrases,
        "number": all_queries.numbers,
        "whole": all_queries.ands,
    }.get(kind, all_queries.terms)


def peak_mb() -> float:
    own, children = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return max(own, children) / 1024


def build(name: str, folder: Path, source: Path) -> dict[str, Any]:
    """In a process of its own: build from the file of notices."""
    tokenizer()
    begun = perf_counter()
    ENGINES[name]().build(read_corpus(source), folder)
    return {"build_s": perf_counter() - begun, "build_peak_mb": peak_mb()}


def serve(name: str, folder: Path, notices: int, count: int) -> dict[str, Any]:
    """In a process of its own: open, ask everything twice."""
    all_queries = queries(count, notices)
    tokenizer()
    before = resident_mb()
    begun = perf_counter()
    asks = ENGINES[name]().open(folder)
    result: dict[str, Any] = {"open_ms": (perf_counter() - begun) * 1000}
    for state in ("cold", "warm"):
        for kind in KINDS:
            if kind in asks:
                times = []
                for one in asked(kind, all_queries):
                    begun = perf_counter()
                    asks[kind](one)
                    times.append((perf_counter() - begun) * 1000)
                result[f"{kind} {state}"] = [float(np.percentile(times, p)) for p in (50, 95)]
    return result | {"serving_mb": resident_mb() - before}


def resident_mb() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def measured(step: str, name: str, folder: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    """Run one step in a process of its own."""
    command = [sys.executable, __file__, "--step", step, "--engines", name, "--folder", str(folder)]
    command += ["--notices", str(arguments.notices), "--queries", str(arguments.queries)]
    command += ["--source", str(arguments.source)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def table(rows: Mapping[str, Mapping[str, Any]]) -> str:
    """The measurements as Markdown; times are p50 / p95 in ms."""
    names = ["build_s", "build_peak_mb", "disk_mb", "serving_mb", "open_ms"]
    lines = ["| | " + " | ".join(rows) + " |", "|---" * (len(rows) + 1) + "|"]
    lines += [f"| {name} | " + " | ".join(f"{row[name]:.0f}" for row in rows.values()) + " |" for name in names]
    for state in ("cold", "warm"):
        for kind in KINDS:
            cells = [row.get(f"{kind} {state}") for row in rows.values()]
            shown = ["–" if cell is None else f"{cell[0]:.3f} / {cell[1]:.3f}" for cell in cells]
            lines.append(f"| {kind}, {state} | " + " | ".join(shown) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notices", type=int, default=50_000)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--step", choices=("build", "serve"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--source", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.step == "build":
        print(json.dumps(build(arguments.engines, arguments.folder, arguments.source)))
        return
    if arguments.step == "serve":
        print(json.dumps(serve(arguments.engines, arguments.folder, arguments.notices, arguments.queries)))
        return
    rows = {}
    arguments.source = Path(tempfile.mkdtemp(prefix="bench-corpus-")) / "notices.jsonl"
    write_corpus(arguments.source, arguments.notices)
    for name in arguments.engines.split(","):
        folder = Path(tempfile.mkdtemp(prefix=f"bench-{name}-"))
        try:
            built = measured("build", name, folder, arguments)
            disk = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
            rows[name] = built | {"disk_mb": disk} | measured("serve", name, folder, arguments)
        finally:
            shutil.rmtree(folder)
        print(table({name: rows[name]}), file=sys.stderr, flush=True)
    shutil.rmtree(arguments.source.parent)
    print(table(rows))


if __name__ == "__main__":
    main()
