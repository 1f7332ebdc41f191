"""How long citations take to find and to link: all notices of an archive from nothing, then one new notice.

    python -m bench.linking [NOTICES]

Notices are invented; each cites about ten others by number or title, before and after its own date, and every
hundredth is a list that repeals fifty. Prints a table of seconds, then what one new notice costs.
"""

import os
import random
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import islice, repeat
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from sqlalchemy import select, update

from archive.citations import find_citations
from archive.linking import judge, link
from archive.merge import Outcome, Told, understand
from archive.models import CaptureRef, RawNotice
from archive.numbers import DocumentNumber
from archive.pipeline import pool
from archive.schema import citations, notices
from archive.store import Store, open_store
from archive.writer import writing

OFFICES = ("国税函", "国税发", "财税", "示例函", "示例发")
SUBJECTS = (
    "增值税",
    "企业所得税",
    "个人所得税",
    "印花税",
    "契税",
    "土地增值税",
    "消费税",
    "出口退税",
    "发票",
    "纳税服务",
)
SENTENCE = "纳税人应当自纳税义务发生之日起十五日内向主管税务机关办理纳税申报，并按照规定的期限缴纳税款。"
CITING = ("根据{}的规定，现就有关问题通知如下。", "{}第三条同时废止。", "按照{}执行。", "现将{}转发给你们。")
LENGTH = 1300  # characters of a body, about the mean of real ones
CITED, LISTED = 10, 50
ROUNDS = 50  # new notices, one at a time
BATCH = 500


def number(serial: int) -> DocumentNumber:
    return DocumentNumber(OFFICES[serial % len(OFFICES)], 1994 + serial % 30, serial)


def title(serial: int) -> str:
    return f"关于{SUBJECTS[serial % len(SUBJECTS)]}第{serial}类有关问题的通知"


def notice(serial: int, count: int) -> RawNotice:
    """The notice of that serial in an archive of `count`, the same in every run."""
    dice = random.Random(serial)  # noqa: S311 - a benchmark, not a secret
    body = []
    for _ in range(CITED):
        other = dice.randrange(1, count + 1)
        name = f"《{title(other)}》" if dice.random() < 0.3 else str(number(other))
        body += [dice.choice(CITING).format(name), SENTENCE]
    if serial % 100 == 0:
        body.append("附件：全文废止的文件目录")
        body += [
            f"{row}. {title(other)} {number(other)}"
            for row, other in enumerate(dice.sample(range(1, count), LISTED), 1)
        ]
    text = "\n".join(body)
    text += "\n" + SENTENCE * max(0, (LENGTH - len(text)) // len(SENTENCE))
    return RawNotice(
        title(serial), text, number(serial), issued_on=date(1994 + serial % 30, 1, 1) + timedelta(serial % 365)
    )


def ref(serial: int) -> CaptureRef:
    return CaptureRef(
        f"https://example.test/{serial}", datetime(2020, 1, 1, tzinfo=UTC), f"{serial:064x}", "one.warc.gz", 0
    )


def put(store: Store, first: int, told: list[Told]) -> None:
    with writing(store) as transaction:
        keys = transaction.add_captures([(ref(first + at), "example.test") for at in range(len(told))])
        transaction.put_outcomes(list(zip(keys, (Outcome((one,)) for one in told), strict=True)))


def cited(serial: int, count: int) -> tuple[int, float]:
    """Find the citations of a notice; returns how many, and the processor seconds that took."""
    one = notice(serial, count)
    begun = process_time()
    return len(find_citations(one.body, one.number)), process_time() - begun


def archive(store: Store, workers: Executor, count: int) -> None:
    """Put all notices into the store, a batch at a time as ingesting does."""
    raw = (notice(serial, count) for serial in range(1, count + 1))
    told = workers.map(understand, raw, chunksize=50)
    for start in range(1, count + 1, BATCH):
        put(store, start, list(islice(told, BATCH)))


def forget_links(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(update(citations).values(target=None))
        connection.execute(update(notices).values(validity=notices.c.stated, ceased_on=None))


def link_all(store: Store) -> None:
    with store.engine.begin() as connection:
        rows = connection.execute(select(notices.c.id, notices.c.title_key)).all()
        link(connection, [row.id for row in rows], {row.title_key for row in rows})
        judge(connection, [row.id for row in rows])


class Table:
    """Prints a row for each step: seconds by the clock, and processor seconds of this process."""

    def __init__(self) -> None:
        print(f"{'step':36}{'seconds':>10}{'CPU':>10}")

    @contextmanager
    def row(self, step: str) -> Iterator[None]:
        begun, used = perf_counter(), process_time()
        yield
        print(f"{step:36}{perf_counter() - begun:10.1f}{process_time() - used:10.1f}", flush=True)


def one_by_one(store: Store, count: int) -> list[float]:
    """Milliseconds that each of some new notices takes, from its text to its links and the validity they change."""
    times = []
    for serial in range(count + 1, count + 1 + ROUNDS):
        one = notice(serial, count)
        begun = perf_counter()
        put(store, serial, [understand(one)])
        times.append((perf_counter() - begun) * 1000)
    return sorted(times)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    print(f"{count:,} notices of {len(notice(1, count).body):,} characters on {os.cpu_count()} cores")
    table = Table()
    with tempfile.TemporaryDirectory() as folder, pool(os.cpu_count() or 1) as workers:
        store = open_store(f"sqlite:///{Path(folder, 'store.sqlite3')}")
        with table.row("archived whole, a batch at a time"):
            archive(store, workers, count)
        forget_links(store)
        with table.row("citations found (workers)"):
            found = list(workers.map(cited, range(1, count + 1), repeat(count), chunksize=50))
        with table.row("linked and judged from nothing"):
            link_all(store)
        figures = store.stats()
        print(
            f"{sum(n for n, _ in found):,} citations, found in {sum(used for _, used in found):.1f} s of workers' CPU"
        )
        print(f"{figures.resolved:,} of {figures.citations:,} resolved")
        times = one_by_one(store, count)
        print(f"one new notice: {median(times):.1f} ms, slowest of {ROUNDS} {times[-1]:.1f} ms")
        store.close()


if __name__ == "__main__":
    main()
