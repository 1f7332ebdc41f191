"""How fast a monthly crawl of the web is searched for notices: `python bench/crawl.py [--megabytes 2000]`.

Writes a WET file of that size, one record in a thousand a notice of data/samples, the others pages in several
languages, and reads it as `ingest` does. Prints the speed of the prefilter alone and of the whole reading, what was
missed, what was let through for nothing, and the peak of resident memory.
"""

import argparse
import random
import resource
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from warcio.warcwriter import WARCWriter  # noqa: E402

from archive.models import Capture  # noqa: E402
from archive.page import read_page  # noqa: E402
from archive.prefilter import may_carry_notice  # noqa: E402
from archive.settings import CHECKOUT, Settings  # noqa: E402
from archive.sources import pages_in  # noqa: E402

NOTICES_IN = 1_000
RECORD = 6_000  # characters; the mean of a WET record in public crawls is 5 to 10 KB
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=2_000)
    megabytes = parser.parse_args().megabytes
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "crawl.warc.wet")
        records, notices, size = write(path, megabytes * 1_000_000)
        alone = prefilter_alone(path)
        began = perf_counter()
        found = [page.source for page in pages_in(path, Settings().max_page_bytes)]
        seconds = perf_counter() - began
    missed = notices - sum(source.endswith("/notice") for source in found)
    false = sum(not source.endswith("/notice") for source in found)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for what, value in (
        ("records", f"{records:,}"),
        ("size", f"{size / 1e6:,.0f} MB"),
        ("prefilter alone", f"{alone / 1e6:,.0f} MB/s"),
        ("reading and prefilter", f"{size / seconds / 1e6:,.0f} MB/s"),
        ("notices missed", f"{missed} of {notices}"),
        ("false candidates", f"{false:,} ({100 * false / records:.2f} % of the records)"),
        ("peak memory", f"{peak:,.0f} MB"),
    ):
        print(f"{what:24}{value:>40}")


def write(path: Path, size: int) -> tuple[int, int, int]:
    """Write a WET file of about `size` bytes; the number of its records and of its notices, and the bytes of text."""
    dice, texts = random.Random(1), list(notice_texts())
    records = notices = written = 0
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=False)
        while written < size:
            is_notice = records % NOTICES_IN == 0
            text = texts[notices % len(texts)] if is_notice else filler(dice)
            notices += is_notice
            payload = text.encode("utf-8", "replace")
            address = f"https://site.example/{records}/{'notice' if is_notice else 'page'}"
            record = writer.create_warc_record(
                address, "conversion", BytesIO(payload), len(payload), warc_content_type="text/plain"
            )
            writer.write_record(record)
            records += 1
            written += len(payload)
    return records, notices, written


def notice_texts() -> Iterator[str]:
    """The visible text of the samples that carry notices, as a WET file would hold it."""
    for path in sorted((CHECKOUT / "data" / "samples").glob("shili-*")):
        capture = Capture(path.name, datetime.now(UTC), path.read_bytes())
        yield read_page(capture).text


def filler(dice: random.Random) -> str:
    weights = [weight for weight, _ in PHRASES.values()]
    ((_, phrases),) = dice.choices(list(PHRASES.values()), weights)
    words: list[str] = []
    length = 0
    while length < RECORD:
        words.append(dice.choice(phrases))
        length += len(words[-1])
    return "".join(words)


def prefilter_alone(path: Path, most: int = 200_000_000) -> float:
    """Bytes a second of the prefilter, without reading: over records of the file's own make, up to `most` bytes."""
    dice, texts, seconds, size = random.Random(2), list(notice_texts()), 0.0, 0
    pages = [filler(dice).encode() for _ in range(999)] + [texts[0].encode("utf-8", "replace")]
    total = sum(map(len, pages))
    while size < min(most, path.stat().st_size):
        began = perf_counter()
        for page in pages:
            may_carry_notice(page)
        seconds += perf_counter() - began
        size += total
    return size / seconds


if __name__ == "__main__":
    main()
