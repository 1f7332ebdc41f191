"""Pages a second of `ingest` and `reparse`, notices a second of `reindex`, on varied copies of the samples.

    python -m bench.archive [COPIES]

Each copy gets another serial number, so that it is another notice; years, frames and damages are those of the samples.
Then `ingest` once more on copies of 20 KB, the size of page that the goal of 150 pages a second on two cores speaks of.
Prints a table: time, processor time of the command and of its workers, and the peak memory of all of them (Linux only).
"""

import os
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from time import perf_counter, sleep

from archive.clean import clean_text
from archive.clean.encoding import decode
from archive.extract import extract
from archive.models import Capture
from archive.page import read_page
from archive.words import frequencies
from bench.memory import proportional_mb

CHECKOUT = Path(__file__).resolve().parent.parent
# shili-shuihan-2008-608.html: the serial is the last number of the name before its dots.
SERIAL = re.compile(r"-(\d+)\.")
LONG = 20_000  # bytes
DRAWN = 8  # words
PARAGRAPH = re.compile(r"<p[^>]*>[^<&]{60,}</p>")
NUMERAL = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\d+")
TICKS = os.sysconf("SC_CLK_TCK")
SECONDS_BETWEEN_LOOKS = 0.2


@dataclass
class Watched:
    """The processes of a session: the most MB they held together, and the processor time of each."""

    session: int
    peak: float = 0.0
    ticks: dict[str, int] = field(default_factory=dict)

    def look(self) -> None:
        held = 0.0
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it may end while we look
                fields = (process / "stat").read_text().rpartition(")")[2].split()
                if int(fields[3]) == self.session:
                    self.ticks[process.name] = int(fields[11]) + int(fields[12])
                    held += proportional_mb(int(process.name))
        self.peak = max(self.peak, held)


def samples() -> list[tuple[Path, str]]:
    """The samples whose names have a number, each with its serial."""
    found = ((path, SERIAL.search(path.name)) for path in sorted((CHECKOUT / "data" / "samples").iterdir()))
    return [(path, serial[1]) for path, serial in found if serial]


def write_copies(folder: Path, copies: int) -> int:
    """Fill `folder` with varied copies of the samples; returns their size in bytes."""
    numbered = samples()
    size = 0
    for copy in range(copies):
        path, serial = numbered[copy % len(numbered)]
        content = path.read_bytes().replace(serial.encode(), str(1000 + copy).encode())
        (folder / f"{copy:05}{path.suffix}").write_bytes(content)
        size += len(content)
    return size


def write_long_copies(folder: Path, copies: int) -> int:
    """Fill `folder` with varied copies of 20 KB of the samples that give one notice with its number; returns the size.

    They are filled up with undamaged paragraphs of all samples, each with other numerals and a clause of drawn words.
    """
    numbered = [(path, serial) for path, serial in samples() if _is_one_notice(path)]
    texts = {path: decode(path.read_bytes()) for path, _ in numbered}
    found = [paragraph for decoded in texts.values() for paragraph in PARAGRAPH.findall(decoded.text)]
    pool = [paragraph for paragraph in found if not clean_text(paragraph).changes]
    words = _Words(tuple(frequencies()), tuple(accumulate(frequencies().values())))
    size = 0
    for copy in range(copies):
        dice = random.Random(copy)
        path, serial = numbered[copy % len(numbered)]
        text, encoding = texts[path].text, texts[path].encoding
        longest = max(PARAGRAPH.findall(text), key=len)
        missing = LONG - len(text.encode(encoding))
        filling = []
        while missing > 0:
            filling.append(_varied(dice.choice(pool), dice, words))
            missing -= len(filling[-1].encode(encoding, "xmlcharrefreplace"))
        text = text.replace(longest, "".join((longest, *filling)), 1).replace(serial, str(1000 + copy))
        (folder / f"{copy:05}{path.suffix}").write_bytes(text.encode(encoding, "xmlcharrefreplace"))
        size += LONG - missing
    return size


def _is_one_notice(path: Path) -> bool:
    content = path.read_bytes()
    notices = extract(read_page(Capture(path.name, datetime.now(UTC), content))).notices
    return PARAGRAPH.search(decode(content).text) is not None and [n.number is not None for n in notices] == [True]


@dataclass(frozen=True)
class _Words:
    """The words of the dictionary, and how often each and all before it occur."""

    words: Sequence[str]
    counts: Sequence[int]


def _varied(paragraph: str, dice: random.Random, words: _Words) -> str:
    """A paragraph with other numerals, and words behind its first comma, drawn as often as they occur."""
    before, comma, after = NUMERAL.sub(lambda m: m[0][:-1] + str(dice.randrange(1, 10)), paragraph).partition("，")
    drawn = dice.choices(words.words, cum_weights=words.counts, k=DRAWN)
    return f"{before}，{''.join(drawn)}{comma}{after}"


def measure(home: Path, count: int, *arguments: str) -> str:
    """Run a command of the archive; returns its row of the table."""
    command = [sys.executable, "-m", "archive", "--home", str(home), *arguments]
    begun = perf_counter()
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.DEVNULL, start_new_session=True) as process:
        watched = Watched(process.pid)
        while process.poll() is None:
            watched.look()
            sleep(SECONDS_BETWEEN_LOOKS)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    seconds = perf_counter() - begun
    own = watched.ticks.pop(str(process.pid)) / TICKS
    workers = sum(watched.ticks.values()) / TICKS
    used = f"{own:10.1f}{workers:10.1f}{watched.peak:10.0f}"
    return f"{arguments[0]:10}{count:8,}{seconds:10.1f}{count / seconds:10.0f}{used}"


def run(copies: int, write: Callable[[Path, int], int], commands: Sequence[str]) -> None:
    """Print the table of `commands` on the pages that `write` makes."""
    with tempfile.TemporaryDirectory() as folder:
        pages, home = Path(folder, "pages"), Path(folder, "home")
        pages.mkdir()
        size = write(pages, copies)
        print(f"{copies:,} pages of {size / copies / 1000:.1f} KB on {os.cpu_count()} cores")
        print(f"{'command':10}{'pages':>8}{'seconds':>10}{'a second':>10}{'CPU s':>10}{'workers':>10}{'peak MB':>10}")
        for command in commands:
            print(measure(home, copies, command, *([str(pages)] if command == "ingest" else [])), flush=True)


def main() -> None:
    copies = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    run(copies, write_copies, ("ingest", "ingest", "reparse", "reindex"))
    run(copies, write_long_copies, ("ingest",))


if __name__ == "__main__":
    main()
