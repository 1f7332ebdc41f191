"""The engines that bench/search.py compares: each builds an index of the same notices, and answers the same queries."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from archive.models import DateKind, Notice, Query, Sort
from archive.search.fold import fold
from archive.search.invert import is_term
from archive.words import tokenizer

FIRST, LAST = date(2005, 1, 1), date(2009, 12, 31)
Ask = Callable[[Any], object]


class Engine(Protocol):
    """What is measured. `needs` is the module that it cannot do without."""

    needs: str

    def build(self, notices: Iterable[Notice], folder: Path) -> None:
        """Write an index of the notices to a folder."""

    def open(self, folder: Path) -> Mapping[str, Ask]:
        """Open the index, to be asked queries of some kinds."""


def tokens(text: str) -> list[str]:
    """The words of a text as we index them."""
    return [word for word in tokenizer().search_words(fold(text)) if is_term(word)]


def notice_tokens(notice: Notice) -> list[str]:
    """The words of a notice as we index them."""
    return tokens(notice.title) + tokens(notice.body)


class Shuiwen:
    """Our engine, built on two cores. `term`, `and` and `or` ask the index for its words, as rivals do; `whole` is all
    that the API does, with a range of dates, facets and ten snippets.
    """

    needs = "archive"

    def build(self, notices: Iterable[Notice], folder: Path) -> None:
        from archive.search.whoosh_engine import WhooshEngine

        with WhooshEngine(folder, processes=2).rebuilding(notices, 1):
            pass

    def open(self, folder: Path) -> Mapping[str, Ask]:
        from archive.search.dates import Span
        from archive.search.facets import count
        from archive.search.matching import matching
        from archive.search.nodes import Dates, Number
        from archive.search.plan import All, Any, Condition, Has, Plan
        from archive.search.ranking import best
        from archive.search.scoring import relevance
        from archive.search.subset import Subset
        from archive.search.whoosh_engine import WhooshEngine

        engine = WhooshEngine(folder)
        snapshot = engine.snapshot()

        def having(condition: Condition) -> list[Subset]:
            return [matching(leaf.segment, condition, leaf.alive) for leaf in snapshot.leaves]

        def top(condition: Condition, words: tuple[str, ...], query: Query) -> object:
            plan = Plan(condition=condition, words=words)
            found = having(condition)
            places = []
            for leaf, notices in zip(snapshot.leaves, found, strict=True):
                scores = relevance(leaf.segment, snapshot.searcher, leaf.fields, plan, notices)
                places += best(leaf, notices, scores, query, 10)
            return sum(map(len, found)), sorted(places)[:10]

        def word(text: str) -> Condition:
            return Has(text, whole=True)

        def faceted(condition: Condition) -> object:
            return [count(leaf.segment, f) for leaf, f in zip(snapshot.leaves, having(condition), strict=True)]

        days = Dates(DateKind.ISSUED, Span(FIRST, LAST))
        return {
            "term": lambda text: top(word(text), (text,), Query()),
            "and": lambda words: top(All(tuple(map(word, words))), words, Query()),
            "or": lambda words: top(Any(tuple(map(word, words))), words, Query()),
            "phrase": lambda parts: top(Has(fold(parts[0])), (), Query()),
            "dates": lambda text: top(All((word(text), days)), (), Query(sort=Sort.NEWEST)),
            "facets": lambda text: faceted(word(text)),
            "number": lambda text: [found.docs for found in having(Number(text))],
            "whole": lambda words: engine.search(Query(" ".join(words), from_date=FIRST, to_date=LAST)),
        }


class PlainWhoosh:
    """The usual recipe: Whoosh's own codec and jieba's ChineseAnalyzer, in one process."""

    needs = "whoosh"

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
    """SQLite's full-text index over our words, in one process."""

    needs = "sqlite3"

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
    """Tantivy over our words, which one process makes."""

    needs = "tantivy"

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
    """bm25s over our words, in one process: single words and ORs only."""

    needs = "bm25s"

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


ENGINES: Mapping[str, type[Engine]] = {
    "shuiwen": Shuiwen,
    "whoosh": PlainWhoosh,
    "fts5": Fts5,
    "tantivy": Tantivy,
    "bm25s": Bm25s,
}
