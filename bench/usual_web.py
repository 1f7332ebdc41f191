"""A search page in Flask over Whoosh, written the usual way: what `bench/web.py` compares with.

    python bench/usual_web.py NOTICES.jsonl FOLDER

Builds an index in FOLDER with jieba's ChineseAnalyzer if there is none, then serves and prints its address.
"""

import json
import sys
from pathlib import Path

from flask import Flask, abort, jsonify, render_template_string, request
from jieba.analyse import ChineseAnalyzer
from waitress.server import create_server
from whoosh import index
from whoosh.fields import ID, KEYWORD, TEXT, Schema
from whoosh.qparser import MultifieldParser

SCHEMA = Schema(
    id=ID(stored=True, unique=True),
    number=ID(stored=True),
    title=TEXT(stored=True, analyzer=ChineseAnalyzer()),
    body=TEXT(stored=True, analyzer=ChineseAnalyzer()),
    topic=KEYWORD(stored=True, commas=True),
)
PAGE = """<!doctype html><title>Search</title><form><input name="q" value="{{ q }}"></form><p>{{ total }}</p>
{% for hit in hits %}<h2><a href="/notices/{{ hit.id }}">{{ hit.title }}</a></h2><p>{{ hit.text|safe }}</p>{% endfor %}
{% for name, count in topics %}<p>{{ name }} {{ count }}</p>{% endfor %}"""
NOTICE = "<!doctype html><title>{{ title }}</title><h1>{{ title }}</h1><p>{{ number }}</p><pre>{{ body }}</pre>"


def build(lines: Path, folder: Path) -> None:
    folder.mkdir(parents=True)
    writer = index.create_in(folder, SCHEMA).writer(limitmb=256)
    for line in lines.open(encoding="utf-8"):
        notice = json.loads(line)
        writer.add_document(
            id=notice["id"],
            number=notice["number"],
            title=notice["title"],
            body=notice["body"],
            topic=",".join(notice["topics"]),
        )
    writer.commit()


def application(folder: Path) -> Flask:
    app = Flask(__name__)
    opened = index.open_dir(folder)
    parser = MultifieldParser(["title", "body"], SCHEMA)

    def found(text: str) -> dict[str, object]:
        with opened.searcher() as searcher:
            results = searcher.search(parser.parse(text), limit=10, groupedby="topic")
            hits = [{**hit.fields(), "text": hit.highlights("body")} for hit in results]
            topics = [(name, len(ids)) for name, ids in results.groups("topic").items()]
            return {"q": text, "total": len(results), "hits": hits, "topics": topics}

    @app.get("/search")
    def search() -> str:
        return render_template_string(PAGE, **found(request.args["q"]))

    @app.get("/api/v1/notices")
    def api() -> object:
        return jsonify(found(request.args["q"]))

    @app.get("/notices/<notice_id>")
    def notice(notice_id: str) -> str:
        with opened.searcher() as searcher:
            document = searcher.document(id=notice_id)
        return render_template_string(NOTICE, **document) if document else abort(404)

    return app


if __name__ == "__main__":
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    if not target.exists():
        build(source, target)
    server = create_server(application(target), host="127.0.0.1", port=0)
    print(f"Serving on http://127.0.0.1:{server.effective_port}", flush=True)
    server.run()
