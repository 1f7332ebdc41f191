"""How much a night costs: `python -m bench.nightly [NOTICES]` (50,000 if not given).

Imports that many invented notices and indexes them; then serves a site of 1,000 pages that are new to the archive on
loopback, and runs what the nightly job runs: `crawl`, then `reindex --changed`. Prints the time of each command and
the processor time and peak memory of its processes (Linux only). Waiting for a real site comes on top: 1,000 pages at
two seconds each are half an hour.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from archive.export import to_jsonl
from bench.archive import measure, write_copies
from bench.corpus import corpus

PAGES = 1_000
PAGES_A_LIST = 100
ITEM = '<li><a href="/{}">示例税务总局关于示例事项的公告</a> <span>2026-11-24</span></li>'


class Site(BaseHTTPRequestHandler):
    """Lists that lead to each other, and the pages in a folder."""

    folder: Path
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:  # noqa: N802
        """Answer with a list, a page, or 404 for robots.txt."""
        name = self.path.removeprefix("/")
        page = self.folder / name
        body = (
            self.a_list(int(name or 0)) if name.isdigit() or not name else page.read_bytes() if page.is_file() else b""
        )
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/plain" if name.endswith(".txt") else "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def a_list(self, number: int) -> bytes:
        names = sorted(path.name for path in self.folder.iterdir())[number * PAGES_A_LIST :]
        items = "".join(map(ITEM.format, names[:PAGES_A_LIST]))
        further = f'<a href="/{number + 1}">下一页</a>' if len(names) > PAGES_A_LIST else ""
        return f"<meta charset=utf-8><ul>{items}</ul>{further}".encode()

    def log_message(self, *given: object) -> None:
        """Say nothing."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of a site of the pages in `folder`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Pages", (Site,), {"folder": folder}))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    os.environ |= {
        "ARCHIVE_CONTACT": "mailto:bench@shili.example",
        "ARCHIVE_PRIVATE_HOSTS": "127.0.0.1",
        "ARCHIVE_CRAWL_DELAY": "0",
    }
    with tempfile.TemporaryDirectory() as folder:
        home, pages, notices = Path(folder, "home"), Path(folder, "pages"), Path(folder, "notices.jsonl")
        pages.mkdir()
        write_copies(pages, PAGES)
        with notices.open("w", encoding="utf-8") as file:
            file.writelines(to_jsonl(replace(one, id=one.number.slug) for one in corpus(count) if one.number))
        print(f"{count:,} notices, {PAGES:,} new pages, {os.cpu_count()} cores")
        print(f"{'command':10}{'items':>8}{'seconds':>10}{'a second':>10}{'CPU s':>10}{'peak MB':>10}")
        print(measure(home, count, "import", str(notices)), flush=True)
        print(measure(home, count, "reindex"), flush=True)
        with serving(pages) as address:
            print(measure(home, PAGES, "crawl", address, "--limit", str(2 * PAGES)), flush=True)
        print(measure(home, PAGES, "reindex", "--changed"), flush=True)


if __name__ == "__main__":
    main()
