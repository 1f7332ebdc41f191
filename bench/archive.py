"""Pages a second of `ingest` and notices a second of `reindex`, with peak memory, on varied copies of the samples.

    python bench/archive.py [COPIES]

Each copy gets another serial number, so that it is another notice; years, frames and damages are those of the samples.
Prints a table. The figures in the docs are for 2,000 copies.
"""

import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

CHECKOUT = Path(__file__).resolve().parent.parent
# guoshuihan-2008-608.html: the serial is the last number of the name before its dots.
SERIAL = re.compile(r"-(\d+)\.")


@dataclass(frozen=True)
class Measured:
    """One command: on how many pages it ran, how long it took, and the most memory that one of its processes held."""

    command: str
    count: int
    seconds: float
    megabytes: float


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


def run(home: Path, count: int, *arguments: str) -> Measured:
    """Run a command of the archive in a process of its own."""
    begun = perf_counter()
    command = [sys.executable, "-m", "archive", "--home", str(home), *arguments]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Measured(arguments[0], count, perf_counter() - begun, usage.ru_maxrss / 1024)


def main() -> None:
    copies = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with tempfile.TemporaryDirectory() as folder:
        pages, home = Path(folder, "pages"), Path(folder, "home")
        pages.mkdir()
        size = write_copies(pages, copies)
        print(f"{copies} pages, {size / copies / 1000:.1f} KB each")
        print(f"{'command':24}{'count':>8}{'seconds':>10}{'a second':>10}{'peak MB':>10}")
        for arguments in (["ingest", str(pages)], ["ingest", str(pages)], ["reparse"], ["reindex"]):
            done = run(home, copies, *arguments)
            rate = done.count / done.seconds
            print(f"{done.command:24}{done.count:8,}{done.seconds:10.1f}{rate:10.0f}{done.megabytes:10.0f}")


if __name__ == "__main__":
    main()
