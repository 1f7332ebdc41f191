"""Requests a second and milliseconds a request of pages and API, beside the usual way of writing them.

    python -m bench.web [--notices 50000] [--clients 8] [--seconds 10] [--usual]

Makes an archive of invented notices of about 1,300 characters, serves it on loopback as `serve` does, and asks with all
clients at once for results, notices and the API's results: hundreds of different queries of one to three words that
stand in one sentence of a notice, and notices at random. The clients share the machine's cores with the server.
`--usual` asks the same of bench/usual_web.py over the same notices, with as many processes; its index is built once,
which takes minutes, and four requests a client are enough of it where each takes seconds.
"""

import argparse
import json
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter
from urllib.parse import quote

from archive.settings import read_settings
from archive.words import tokenizer
from bench import usual_web
from bench.corpus import corpus

CHECKOUT = Path(__file__).resolve().parent.parent
QUERIES = 400
WARMING, FEWEST = 1, 4  # requests a client, however slow, before and while it is measured


@dataclass(frozen=True)
class Load:
    """How it is asked: by how many clients at once, for how long, and for what, by kind."""

    clients: int
    seconds: float
    paths: dict[str, list[str]]


@dataclass(frozen=True)
class Row:
    """What came of one kind: requests a second, milliseconds, kilobytes of the largest answer as sent."""

    rate: float
    p50: float
    p95: float
    p99: float
    size: float


def sentences() -> list[str]:
    """Those of the invented notices of the samples, which have the words of real ones."""
    with (CHECKOUT / "data" / "sampling" / "notices.toml").open("rb") as file:
        invented = tomllib.load(file).values()
    return [line for notice in invented for line in notice["body"].strip().split("\n") if len(line) > 12]


def write_notices(path: Path, count: int) -> list[str]:
    """Write that many notices in the export format; half of each is text of the samples. Returns their ids."""
    chance, lines, ids = random.Random(1), sentences(), []
    with path.open("w", encoding="utf-8") as file:
        for one in corpus(count):
            assert one.number
            assert one.issued_on
            body = ["各省税务局："]
            while sum(map(len, body)) < 650:
                body.append(chance.choice(lines))
            body += re.findall(".{1,80}。?", one.body[:650])
            notice = {
                "id": one.number.slug,
                "number": str(one.number),
                "title": one.title,
                "body": "\n".join(body),
                "authorities": one.authorities,
                "kind": one.kind,
                "issued_on": one.issued_on.isoformat(),
                "validity": one.validity,
                "topics": one.topics,
            }
            ids.append(one.number.slug)
            file.write(json.dumps(notice, ensure_ascii=False) + "\n")
    return ids


def queries() -> list[str]:
    """One to three words of one sentence each, the same in every run."""
    chance, words, lines, found = random.Random(2), tokenizer().words, sentences(), set()
    while len(found) < QUERIES:
        content = [word for word in dict.fromkeys(words(chance.choice(lines))) if len(word) > 1]
        if content:
            found.add(" ".join(chance.sample(content, min(len(content), chance.choice((1, 1, 2, 2, 3))))))
    return sorted(found)


@contextmanager
def serving(*command: str) -> Iterator[str]:
    """Run a server until the block ends; gives its host and port."""
    with subprocess.Popen(
        [sys.executable, "-u", *command], cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            assert server.stdout is not None
            found = re.search(r"127\.0\.0\.1:\d+", server.stdout.readline())
            assert found, "the server did not print its address"
            yield found[0]
        finally:
            server.terminate()


def ask(address: str, paths: list[str], seed: int, seconds: float, fewest: int) -> tuple[list[float], int]:
    """Ask for `paths` in random order until time is up; gives the seconds of each request, and the largest answer."""
    chance, times, size = random.Random(seed), [], 0
    end = perf_counter() + seconds
    while perf_counter() < end or len(times) < fewest:
        begun = perf_counter()
        size = max(size, fetch(address, chance.choice(paths)))
        times.append(perf_counter() - begun)
    return times, size


def fetch(address: str, path: str) -> int:
    """Ask for a page over a connection of its own and read it to its end; gives its size as sent.

    By hand: of the cores, which client and server share, http.client takes .35 ms a request and this .2 (2026-11-24).
    """
    host, _, port = address.partition(":")
    asked = f"GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n"
    with socket.create_connection((host, int(port)), timeout=120) as connection:
        connection.sendall(asked.encode())
        head, _, body = b"".join(iter(lambda: connection.recv(1 << 16), b"")).partition(b"\r\n\r\n")
    first, *fields = head.decode("latin-1").lower().split("\r\n")
    assert first.startswith("http/1.1 200 "), first
    assert f"content-length: {len(body)}" in fields, "the answer broke off"
    return len(body)


def measure(address: str, paths: list[str], load: Load) -> Row:
    """The figures of one kind, after a round that is not measured."""
    for seconds, fewest in ((min(2.0, load.seconds), WARMING), (load.seconds, FEWEST)):
        begun = perf_counter()
        with ThreadPoolExecutor(load.clients) as pool:
            answers = list(pool.map(lambda seed: ask(address, paths, seed, seconds, fewest), range(load.clients)))  # noqa: B023
        took = perf_counter() - begun
    times = sorted(1000 * second for seconds_of_one, _ in answers for second in seconds_of_one)
    p50, p95, p99 = (times[int(len(times) * part)] for part in (0.5, 0.95, 0.99))
    return Row(len(times) / took, p50, p95, p99, max(size for _, size in answers) / 1000)


def table(address: str, load: Load, name: str, beside: dict[str, Row] | None = None) -> dict[str, Row]:
    """Measure all kinds and print a row of each; with the ratio of `beside` to it, where that is given."""
    found = {}
    for kind, paths in load.paths.items():
        row = found[kind] = measure(address, paths, load)
        ratio = f"{row.p95 / beside[kind].p95:9.1f}" if beside else ""
        print(
            f"{name + ': ' + kind:26}{row.rate:8.1f}{row.p50:9.1f}{row.p95:9.1f}{row.p99:9.1f}{row.size:7.1f}{ratio}",
            flush=True,
        )
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, prog="python -m bench.web"
    )
    parser.add_argument("--notices", type=int, default=50_000)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--usual", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lines, home, usual = (Path(folder) / name for name in ("notices.jsonl", "home", "usual"))
        ids = write_notices(lines, given.notices)
        archive = ["-m", "archive", "--home", str(home)]
        for command in (["import", str(lines)], ["reindex"]):
            subprocess.run([sys.executable, *archive, *command], cwd=CHECKOUT, check=True, stdout=subprocess.DEVNULL)
        asked = [quote(query) for query in queries()]
        load = Load(
            given.clients,
            given.seconds,
            {
                "results": [f"/search?q={query}" for query in asked],
                "notice": [f"/notices/{notice_id}" for notice_id in random.Random(3).sample(ids, min(len(ids), 2000))],
                "API": [f"/api/v1/notices?q={query}" for query in asked],
            },
        )
        print(f"{given.notices} notices, {given.clients} clients, {len(asked)} queries, {os.cpu_count()} cores")
        print(f"{date.today()}{'':16}{'req/s':>8}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'kB':>7}{'x p95':>9}")
        with serving(*archive, "serve", "--port", "0") as address:
            ours = table(address, load, "Shuiwen")
        if given.usual:
            usual_web.build(lines, usual)
            with serving("-m", "bench.usual_web", str(usual), str(read_settings().web_processes)) as address:
                table(address, load, "Flask + Whoosh", ours)


if __name__ == "__main__":
    main()
