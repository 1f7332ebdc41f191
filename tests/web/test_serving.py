"""`python -m archive serve` as an operator runs it: several processes that are one server."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from time import sleep
from urllib.parse import quote

import pytest

from archive.settings import Settings
from tests.web.invented import add, build, notice, take_up

CHECKOUT = Path(__file__).resolve().parents[2]
METRIC = re.compile(r'shuiwen_request_seconds_count\{page="api\.topics",status="200"\} (\d+)')


@contextmanager
def server(settings: Settings, stop: signal.Signals, **environment: str) -> Iterator[str]:
    with running(settings, stop, **environment) as (address, _):
        yield address


@contextmanager
def running(settings: Settings, stop: signal.Signals, **environment: str) -> Iterator[tuple[str, int]]:
    """The server's address, and its process, whose children answer."""
    command = [sys.executable, "-m", "archive", "--home", str(settings.home), "serve", "--port", "0"]
    more = {f"ARCHIVE_{name.upper()}": value for name, value in environment.items()}
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, env=os.environ | more) as started:
        try:
            assert started.stdout is not None
            address = re.search(r"Serving on http://(127\.0\.0\.1:\d+)", started.stdout.readline())
            assert address
            yield address[1], started.pid
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


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux tells of another process's connections")
def test_connections_are_spread_over_the_processes(settings: Settings) -> None:
    """They stay with the process that took them: where one took most, their requests wait for one another."""
    with running(settings, signal.SIGTERM, web_workers="3") as (address, pid):
        first: list[HTTPConnection] = []
        while len(first) < 200 and not all(held_by_processes(pid, address)):  # they take a while to start
            first.append(keep_open(address))
        for connection in first:
            connection.close()
        while any(held_by_processes(pid, address)):
            sleep(0.01)
        with ThreadPoolExecutor(12) as pool:
            kept = list(pool.map(lambda _: keep_open(address), range(12)))
        held = held_by_processes(pid, address)
        for connection in kept:
            connection.close()
    assert sum(held) == len(kept)
    assert max(held) - min(held) <= 2, "as many each, but for one that was busy"


def keep_open(address: str) -> HTTPConnection:
    """A connection that asked and was answered."""
    connection = HTTPConnection(address, timeout=30)
    connection.request("GET", "/healthz")
    assert connection.getresponse().read()
    return connection


def held_by_processes(pid: int, address: str) -> list[int]:
    """How many connections each of the three processes of the server holds."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    held = [len(sockets_of(child) & sockets_at(address)) for child in children]
    return held + [0] * (3 - len(held))


def sockets_of(process: str) -> set[str]:
    """The inodes of its sockets."""
    links = []
    for file in Path(f"/proc/{process}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed since
            links.append(str(file.readlink()))
    return {link[len("socket:[") : -1] for link in links if link.startswith("socket:[")}


def sockets_at(address: str) -> set[str]:
    """The inodes of the sockets connected to the port of `address` from outside, by proc_net_tcp(5)."""
    port, established = f":{int(address.rpartition(':')[2]):04X}", "01"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {row[9] for row in rows if row[1].endswith(port) and row[3] == established}
