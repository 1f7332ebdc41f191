"""Requests a second and milliseconds a request of pages and API, beside the usual way of writing them.

    python bench/web.py [NOTICES] [--usual]

Makes an archive of invented notices of about 1,300 characters (50,000 unless told), serves it on loopback and asks with
8 clients at once for results, a notice and the API's results, 10 seconds each. `--usual` measures bench/usual_web.py
over the same notices, too; building its index takes minutes. Prints a table.
"""

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter
from urllib.parse import quote

CHECKOUT = Path(__file__).resolve().parent.parent
CLIENTS = 8
SECONDS = 10.0
LENGTH = 1300
QUERIES = (
    "增值税", "增值税 发票", "企业所得税 优惠", "纳税人 申报 期限",
    "印花税", "出口退税", "房地产 土地增值税", "征收管理",
    "小规模纳税人", "车辆购置税", "消费税 包装物", "专用发票", "社会保险费", "行政复议", "电子发票", "营业税 金融",
)  # fmt: skip


def write_notices(path: Path, count: int) -> list[str]:
    """Write `count` notices made of the sentences of the invented ones; returns their ids."""
    with (CHECKOUT / "data" / "sampling" / "notices.toml").open("rb") as file:
        invented = list(tomllib.load(file).values())
    sentences = [line for notice in invented for line in notice["body"].strip().split("\n")]
    chance = random.Random(1)
    ids = []
    with path.open("w", encoding="utf-8") as lines:
        for place in range(count):
            year, serial = 1994 + place % 30, place // 30 + 1
            body = ["各省税务局："]
            while sum(map(len, body)) < LENGTH:
                body.append(chance.choice(sentences))
            model = chance.choice(invented)
            notice = {
                "id": f"shilishuifa-{year}-{serial}",
                "number": f"示例税发〔{year}〕{serial}号",
                "title": model["title"],
                "body": "\n".join(body),
                "authorities": model["authorities"],
                "kind": "通知",
                "issued_on": f"{year}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
                "topics": chance.sample(["增值税", "发票", "征收管理", "企业所得税", "纳税服务", "印花税"], 2),
            }
            ids.append(notice["id"])
            lines.write(json.dumps(notice, ensure_ascii=False) + "\n")
    return ids


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


def ask(address: str, paths: list[str], seed: int) -> tuple[list[float], int]:
    """Ask for `paths` in random order until time is up; returns the seconds of each request, and the bytes of one."""
    chance = random.Random(seed)
    connection = HTTPConnection(address)
    times = []
    size = 0
    end = perf_counter() + SECONDS
    while perf_counter() < end:
        begun = perf_counter()
        connection.request("GET", chance.choice(paths), headers={"Accept-Encoding": "gzip"})
        response = connection.getresponse()
        size = len(response.read())
        assert response.status == 200, response.status
        times.append(perf_counter() - begun)
    return times, size


def measure(name: str, address: str, paths: list[str]) -> str:
    for path in paths[:20]:  # warm
        connection = HTTPConnection(address)
        connection.request("GET", path)
        connection.getresponse().read()
    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(lambda seed: ask(address, paths, seed), range(CLIENTS)))
    times = sorted(1000 * second for seconds, _ in answers for second in seconds)
    p50, p95, p99 = (times[int(len(times) * part)] for part in (0.5, 0.95, 0.99))
    return f"{name:28}{len(times) / SECONDS:8.0f}{p50:8.1f}{p95:8.1f}{p99:8.1f}{answers[0][1] / 1000:8.1f}"


def table(name: str, address: str, ids: list[str]) -> Iterator[str]:
    asked = [quote(query) for query in QUERIES]
    yield measure(f"{name}: results", address, [f"/search?q={query}" for query in asked])
    yield measure(f"{name}: notice", address, [f"/notices/{notice_id}" for notice_id in ids[:2000]])
    yield measure(f"{name}: API", address, [f"/api/v1/notices?q={query}" for query in asked])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("notices", type=int, nargs="?", default=50_000)
    parser.add_argument("--usual", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lines, home = Path(folder) / "notices.jsonl", Path(folder) / "home"
        ids = write_notices(lines, given.notices)
        archive = ["-m", "archive", "--home", str(home)]
        for command in (["import", str(lines)], ["reindex"]):
            subprocess.run([sys.executable, *archive, *command], cwd=CHECKOUT, check=True, stdout=subprocess.DEVNULL)
        print(f"{given.notices} notices, {CLIENTS} clients")
        print(f"{'':28}{'req/s':>8}{'p50 ms':>8}{'p95 ms':>8}{'p99 ms':>8}{'kB':>8}")
        with serving(*archive, "serve", "--port", "0") as address:
            for row in table("Shuiwen", address, ids):
                print(row, flush=True)
        if given.usual:
            with serving("bench/usual_web.py", str(lines), str(Path(folder) / "usual")) as address:
                for row in table("Flask + Whoosh", address, ids):
                    print(row, flush=True)


if __name__ == "__main__":
    main()
