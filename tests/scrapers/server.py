"""Web servers for tests: real HTTP on loopback addresses, and as badly behaved as a test asks for."""

import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

HTML = "text/html; charset=utf-8"
_hosts = count(2)


@dataclass(frozen=True)
class Reply:
    """An answer, sent after `wait` seconds. `length` is what Content-Length claims; `endless` repeats the body,
    every `drip` seconds."""

    body: bytes = b""
    status: int = 200
    media_type: str = HTML
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0.0
    length: int | None = None
    endless: bool = False
    drip: float = 0.0


@dataclass(frozen=True)
class Asked:
    """A request as the server saw it."""

    path: str
    headers: Mapping[str, str]
    at: float


class Site:
    """What a server answers: `pages` by path and query; a function is called with the number of times it was asked."""

    def __init__(self, pages: dict[str, Reply | Callable[[int], Reply]], otherwise: Reply | None = None) -> None:
        self.pages = pages
        self.otherwise = otherwise or Reply(b"<h1>404</h1>", 404)
        self.asked: list[Asked] = []
        self.address = ""

    @property
    def host(self) -> str:
        return self.address.partition("://")[2]

    def paths(self) -> list[str]:
        """The paths asked for so far, without robots.txt."""
        return [one.path for one in self.asked if one.path != "/robots.txt"]

    def reply(self, path: str) -> Reply:
        page = self.pages.get(path, self.otherwise)
        return page(sum(one.path == path for one in self.asked)) if callable(page) else page


@contextmanager
def serving(site: Site, tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """Serve `site` on a loopback address of its own, since a crawler treats each host apart; over HTTPS with `tls`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:  # noqa: N802
            site.asked.append(Asked(self.path, dict(self.headers), time.monotonic()))
            try:
                self.answer(site.reply(self.path))
            except OSError:
                self.close_connection = True  # the client has had enough

        def answer(self, reply: Reply) -> None:
            time.sleep(reply.wait)
            etag = reply.headers.get("ETag")
            if etag and self.headers.get("If-None-Match") == etag:
                reply = Reply(b"", 304, headers=reply.headers)
            self.send_response(reply.status)
            for name, value in {"Content-Type": reply.media_type, **reply.headers}.items():
                self.send_header(name, value)
            if reply.endless:
                self.end_headers()
                while True:
                    self.wfile.write(reply.body)
                    time.sleep(reply.drip)
            self.send_header("Content-Length", str(len(reply.body) if reply.length is None else reply.length))
            self.end_headers()
            self.wfile.write(reply.body)
            self.close_connection = reply.length is not None

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer((f"127.0.0.{next(_hosts)}", 0), Handler)
    server.daemon_threads = True
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    site.address = f"{'https' if tls else 'http'}://{server.server_address[0]}:{server.server_address[1]}"
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
