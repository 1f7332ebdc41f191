"""How fast a monthly crawl of the web is searched for notices: `python -m bench.crawl [--megabytes 2000]`.

Writes a WET file of that size as it is, packed by gzip and packed by zstd (each record for itself, as public crawls
are), one record in a thousand a notice of data/samples, the others pages in several languages, and reads each as
`ingest` does. Prints the speed of the prefilter alone and of the whole reading, in processor time of one core, what
was missed, what was let through for nothing, and the peak of resident memory.
"""

import argparse
import gzip
import random
import resource
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from time import process_time

from warcio.warcwriter import WARCWriter

from archive.models import Capture
from archive.page import read_page
from archive.prefilter import may_carry_notice
from archive.settings import CHECKOUT, Settings
from archive.sources import pages_in, zstd

NOTICES_IN = 1_000
PAGES = 3_000  # different ones; records repeat them under addresses of their own
RECORD = 6_000  # characters; the mean of a WET record in public crawls is 5 to 10 KB
PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": lambda record: gzip.compress(record, 6),
    ".zst": lambda record: zstd.compress(record, 3),
}
# What pages are about, by how often a language occurs in public crawls. One Chinese page in six speaks of tax.
PHRASES = {
    "english": (
        75,
        ["The committee met on Monday. ", "Prices rose in 2008 by 3 percent. ", "Read more about our products. "],
    ),
    "european": (
        19,
        ["L’été dernier, le château était fermé. ", "Die Straße führt über die Brücke. ", "Новости за 2020 год. "],
    ),
    "chinese": (
        5,
        [
            "今天的天气很好，",
            "记者从会议上了解到，",
            "2019年产量为300万吨。",
            "欢迎关注我们的公众号。",
            "商品现货供应，",
        ],
    ),
    "chinese on tax": (
        1,
        ["税收收入稳步增长，", "他在2018年缴纳了所得税。", "公司的税后利润为5亿元，", "股价上涨了。"],
    ),
}


@dataclass(frozen=True, slots=True)
class Crawl:
    """What was written: records, notices among them, and the bytes of all texts."""

    records: int
    notices: int
    size: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=2_000)
    size = parser.parse_args().megabytes * 1_000_000
    dice = random.Random(1)
    pages = [filler(dice).encode() for _ in range(PAGES)]
    print(f"prefilter alone: {prefilter_alone(pages) / 1e6:,.0f} MB/s")
    print(
        f"{'file':20}{'records':>9}{'MB of text':>12}{'MB on disk':>12}{'MB/s':>6}"
        f"{'missed':>12}{'false':>16}{'peak MB':>9}"
    )
    for suffix, pack in PACKINGS.items():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, f"crawl.warc.wet{suffix}")
            crawl = write(path, size, pages, pack)
            print(row(path, crawl), flush=True)


def row(path: Path, crawl: Crawl) -> str:
    """Read the file; its row of the table."""
    began = process_time()
    found = [page.source for page in pages_in(path, Settings().max_page_bytes)]
    seconds = process_time() - began
    false = sum(not source.endswith("/notice") for source in found)
    missed = crawl.notices - (len(found) - false)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"{path.name:20}{crawl.records:9,}{crawl.size / 1e6:12,.0f}{path.stat().st_size / 1e6:12,.0f}"
        f"{crawl.size / seconds / 1e6:6,.0f}{f'{missed} of {crawl.notices}':>12}"
        f"{f'{false:,} ({100 * false / crawl.records:.2f} %)':>16}{peak:9,.0f}"
    )


def write(path: Path, size: int, pages: list[bytes], pack: Callable[[bytes], bytes]) -> Crawl:
    """Write a WET file with about `size` bytes of text, a record in NOTICES_IN a notice and the others `pages`."""
    dice, texts = random.Random(2), [text.encode("utf-8", "replace") for text in notice_texts()]
    records = notices = written = 0
    with path.open("wb") as file:
        while written < size:
            is_notice = records % NOTICES_IN == 0
            text = texts[notices % len(texts)] if is_notice else dice.choice(pages)
            address = f"https://site.example/{records}/{'notice' if is_notice else 'page'}"
            file.write(pack(_record(address, text)))
            notices += is_notice
            records += 1
            written += len(text)
    return Crawl(records, notices, written)


def _record(address: str, text: bytes) -> bytes:
    file = BytesIO()
    writer = WARCWriter(file, gzip=False)
    record = writer.create_warc_record(address, "conversion", BytesIO(text), len(text), warc_content_type="text/plain")
    writer.write_record(record)
    return file.getvalue()


def notice_texts() -> Iterator[str]:
    """The visible text of the samples that carry notices, as a WET file would hold it."""
    for path in sorted((CHECKOUT / "data" / "samples").glob("shili-*")):
        capture = Capture(path.name, datetime.now(UTC), path.read_bytes())
        yield read_page(capture).text


def filler(dice: random.Random) -> str:
    """A page about something else: phrases of a language, and between them invented words, so that it packs to about
    a third as real pages do."""
    weights = [weight for weight, _ in PHRASES.values()]
    ((_, phrases),) = dice.choices(list(PHRASES.values()), weights)
    letters = "".join(phrases).replace(" ", "")
    words: list[str] = []
    length = 0
    while length < RECORD:
        words += [dice.choice(phrases), "".join(dice.choices(letters, k=12)), " "]
        length += len(words[-3]) + 13
    return "".join(words)


def prefilter_alone(pages: list[bytes]) -> float:
    """Bytes a second of the prefilter, without reading: the best of three runs."""
    best = 0.0
    for _ in range(3):
        began = process_time()
        for page in pages:
            may_carry_notice(page)
        best = max(best, sum(map(len, pages)) / (process_time() - began))
    return best


if __name__ == "__main__":
    main()
