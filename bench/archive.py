"""Pages a second of `ingest` and `reparse`, notices a second of `reindex`, on varied copies of the samples.

    python -m bench.archive [COPIES]

Each copy gets another serial number, so that it is another notice; years, frames and damages are those of the samples.
Prints a table: time, processor time and peak memory of all processes of a command together (Linux only).
"""

import os
import re
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter, sleep

from bench.memory import proportional_mb

CHECKOUT = Path(__file__).resolve().parent.parent
# shili-shuihan-2008-608.html: the serial is the last number of the name before its dots.
SERIAL = re.compile(r"-(\d+)\.")
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


def write_copies(folder: Path, copies: int) -> int:
    """Fill `folder` with varied copies of the samples; returns their size in bytes."""
    samples = [(path, SERIAL.search(path.name)) for path in sorted((CHECKOUT / "data" / "samples").iterdir())]
    numbered = [(path, found[1].encode()) for path, found in samples if found]
    size = 0
    for copy in range(copies):
        path, serial = numbered[copy % len(numbered)]
        content = path.read_bytes().replace(serial, str(1000 + copy).encode())
        (folder / f"{copy:05}{path.suffix}").write_bytes(content)
        size += len(content)
    return size


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
    used = sum(watched.ticks.values()) / TICKS
    return f"{arguments[0]:10}{count:8,}{seconds:10.1f}{count / seconds:10.0f}{used:10.1f}{watched.peak:10.0f}"


def main() -> None:
    copies = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with tempfile.TemporaryDirectory() as folder:
        pages, home = Path(folder, "pages"), Path(folder, "home")
        pages.mkdir()
        size = write_copies(pages, copies)
        print(f"{copies:,} pages of {size / copies / 1000:.1f} KB on {os.cpu_count()} cores")
        print(f"{'command':10}{'pages':>8}{'seconds':>10}{'a second':>10}{'CPU s':>10}{'peak MB':>10}")
        for arguments in (["ingest", str(pages)], ["ingest", str(pages)], ["reparse"], ["reindex"]):
            print(measure(home, copies, *arguments), flush=True)


if __name__ == "__main__":
    main()
