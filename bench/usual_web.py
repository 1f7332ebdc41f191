"""A search page in Flask over Whoosh, written the usual way: what `bench/web.py` compares with.

`build` makes an index with jieba's ChineseAnalyzer, `application` serves it; `python -m bench.usual_web FOLDER
PROCESSES` does so with gunicorn, in as many processes as Shuiwen, and prints its address.
"""

import json
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from flask import Flask, abort, jsonify, render_template_string, request
from gunicorn.app.base import BaseApplication
from jieba.analyse import ChineseAnalyzer
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
    """Index the notices of a file of the export format, in this process, at once."""
    folder.mkdir(parents=True)
    writer = index.create_in(folder, SCHEMA).writer(limitmb=512)
    with lines.open(encoding="utf-8") as file:
        for notice in map(json.loads, file):
            fields: Mapping[str, str] = {name: notice[name] for name in ("id", "number", "title", "body")}
            writer.add_document(**fields, topic=",".join(notice["topics"]))
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


class Server(BaseApplication):
    def __init__(self, folder: Path, processes: int, listening: socket.socket) -> None:
        self.folder, self.processes, self.listening = folder, processes, listening
        super().__init__()

    def load_config(self) -> None:
        for name, value in (
            ("bind", f"fd://{self.listening.fileno()}"),
            ("workers", self.processes),
            ("worker_class", "gthread"),
            ("threads", 4),
            ("timeout", 300),
            ("loglevel", "warning"),
            ("control_socket_disable", True),
        ):
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return application(self.folder)


if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", 0))
    print(f"Serving on http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    Server(Path(sys.argv[1]), int(sys.argv[2]), listener).run()
