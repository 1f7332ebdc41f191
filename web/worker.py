"""A process of the server: gunicorn's, but an address may hold Chinese characters, and no silent client holds it."""

import re
from typing import Any

from gunicorn.http.errors import NoMoreData
from gunicorn.http.message import Request
from gunicorn.http.parser import RequestParser
from gunicorn.workers.gthread import TConn, ThreadWorker

NOT_ASCII = re.compile(rb"[\x80-\xff]")


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's, with a parser of requests of our own."""

    def handle(self, conn: TConn) -> Any:
        conn.parser = conn.parser or _Parser(self.cfg, conn.sock, conn.client)
        return super().handle(conn)


class _Request(Request):  # type: ignore[misc]
    """A request whose address is escaped where it is not, which gunicorn refuses: curl sends what one types."""

    def parse_request_line(self, line_bytes: bytes) -> None:
        super().parse_request_line(NOT_ASCII.sub(lambda byte: b"%%%02X" % byte[0][0], line_bytes))


class _Parser(RequestParser):  # type: ignore[misc]
    mesg_class = _Request

    def __next__(self) -> Request:
        try:
            return super().__next__()
        except BlockingIOError:  # nothing came for as long as the socket waits
            raise NoMoreData from None
