"""`python -m archive serve` as an operator runs it: several processes that are one server."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

import pytest

from archive.settings import Settings
from tests.web.invented import add, build, notice, take_up

CHECKOUT = Path(__file__).resolve().parents[2]
METRIC = re.compile(r'shuiwen_request_seconds_count\{page="api\.topics",status="200"\} (\d+)')


@contextmanager
def server(settings: Settings, stop: signal.Signals, **environment: str) -> Iterator[str]:
    """Run a server until the block ends; gives its address."""
    command = [sys.executable, "-m", "archive", "--home", str(settings.home), "serve", "--port", "0"]
    more = {f"ARCHIVE_{name.upper()}": value for name, value in environment.items()}
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, env=os.environ | more) as started:
        try:
            assert started.stdout is not None
            address = re.search(r"Serving on http://(127\.0\.0\.1:\d+)", started.stdout.readline())
            assert address
            yield address[1]
        finally:
            started.send_signal(stop)
        assert started.wait(timeout=20) == 0, "a stop is clean"


def get(address: str, path: str) -> tuple[int, str]:
    """The answer over a connection of its own, which any process may take."""
    connection = HTTPConnection(address, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def test_all_processes_count_together(settings: Settings) -> None:
    with server(settings, signal.SIGINT, web_workers="3", metrics="1", rate_limit="20 per hour") as address:
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: get(address, "/api/v1/topics")[0], range(30)))
        told = METRIC.search(get(address, "/metrics")[1])
    assert sorted(answers) == [200] * 20 + [429] * 10, (
        "a client has as many requests as it is allowed, of all processes"
    )
    assert told
    assert told[1] == "20", "Prometheus is told of the requests to all processes"


def test_an_address_may_be_typed_at_a_prompt(settings: Settings) -> None:
    """curl sends Chinese characters as they are; the answer would be a bad request."""
    with server(settings, signal.SIGTERM) as address, connected(address) as prompt:
        prompt.sendall("GET /api/v1/notices?q=热线 HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        answer = prompt.makefile("rb").read()
    assert b" 200 OK" in answer
    assert '"query":"热线"'.encode() in answer


def test_every_process_takes_up_a_new_index(tmp_path: Path) -> None:
    settings = build(tmp_path / "home")

    def totals(address: str) -> set[int]:
        with ThreadPoolExecutor(8) as pool:
            texts = pool.map(lambda _: get(address, f"/api/v1/notices?q={quote('烟叶税')}"), range(24))
            return {json.loads(text)["total"] for _, text in texts}

    with server(settings, signal.SIGTERM, web_workers="3") as address:
        assert totals(address) == {0}
        add(settings, notice("示例税发〔2012〕9号", "示例税务总局关于烟叶税的通知", "烟叶税另行规定。"))
        take_up(settings)
        assert totals(address) == {1}


def test_a_slow_client_keeps_nobody_else_waiting(settings: Settings) -> None:
    """One who uploads slowly, or fetches all there is: others are answered by the process that is free."""
    text = b'{"text": "x"}'
    lines = ["POST /api/v1/cite HTTP/1.1", "Host: x", "Content-Type: application/json", f"Content-Length: {len(text)}"]
    head = "\r\n".join([*lines, "", ""])
    with server(settings, signal.SIGTERM, web_workers="2") as address, connected(address) as slow:
        slow.sendall(head.encode() + text[:5])
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: get(address, "/healthz")[0], range(24)))
        slow.sendall(text[5:])
        assert slow.recv(12) == b"HTTP/1.1 200"
    assert answers == [200] * 24


@pytest.mark.skipif(not hasattr(socket, "TCP_DEFER_ACCEPT"), reason="this system gives each connection to a process")
def test_connections_without_a_request_keep_nobody_waiting(settings: Settings) -> None:
    """Browsers open them ahead of need: each would hold a process until it is given up."""
    with server(settings, signal.SIGTERM, web_workers="2") as address, ExitStack() as stack:
        silent = [stack.enter_context(connected(address)) for _ in range(4)]
        assert get(address, "/healthz")[0] == 200
        assert all(map(is_open, silent)), "the answer did not wait for any of them"


def connected(address: str) -> socket.socket:
    host, _, port = address.partition(":")
    return socket.create_connection((host, int(port)), timeout=30)


def is_open(connection: socket.socket) -> bool:
    """Whether the server has not closed the connection, on which it said nothing."""
    connection.setblocking(False)
    try:
        return connection.recv(1) != b""
    except BlockingIOError:
        return True


def test_requests_that_never_end_do_not_hold_the_server(settings: Settings) -> None:
    with server(settings, signal.SIGTERM, web_workers="2") as address, ExitStack() as stack:
        for _ in range(2):  # as many as there are processes
            stack.enter_context(connected(address)).sendall(b"GET / HTTP/1.1\r\nHost:")
        assert get(address, "/healthz")[0] == 200
