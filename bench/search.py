"""How fast search is beside its rivals, on one corpus with the same words and queries for all.

    python -m bench.search [--notices 50000] [--engines shuiwen,whoosh,fts5,tantivy,bm25s] [--results FILE]
    python -m bench.search --scaling 10000,50000,200000

Each engine builds in a process of its own and answers in another, one thread serving. The table has, for each, the time
to build, the size on disk, the memory at the peak of building (over all its processes) and that serving adds, the time
to open, and p50 / p95 in ms of the top ten with the total: "cold" in the first round after opening, with the files out
of the system's cache before, and "warm" in the second; then how many times Shuiwen's p95 that is. With `--results`,
measurements are kept in that file, and the table has those of earlier runs too. `--scaling` is Shuiwen's alone, for
corpora of several sizes. Tantivy and bm25s come from bench/requirements.txt.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

import numpy as np

from archive.words import tokenizer
from bench.corpus import Queries, queries, read_corpus, write_corpus
from bench.memory import proportional_mb
from bench.rivals import ENGINES

CHECKOUT = Path(__file__).resolve().parent.parent
KINDS = ("term", "and", "or", "phrase", "dates", "facets", "number", "whole")
FEWER = {"whoosh": 40}  # queries of a kind are enough to tell how slow it is
FACTS = {
    "queries": "queries a kind",
    "build_s": "building, s",
    "build_peak_mb": "building, MB at the peak",
    "disk_mb": "index, MB",
    "serving_mb": "serving, MB",
    "open_ms": "opening, ms",
}
LOOK = 0.1  # seconds between two looks at the memory
Row = Mapping[str, Any]


def build(name: str, folder: Path, source: Path) -> dict[str, Any]:
    """In a process of its own: build from the file of notices."""
    tokenizer()
    begun = perf_counter()
    ENGINES[name]().build(read_corpus(source), folder)
    return {"build_s": perf_counter() - begun}


def serve(name: str, folder: Path, notices: int, count: int) -> dict[str, Any]:
    """In a process of its own: open, ask everything twice."""
    all_queries = queries(count, notices)
    tokenizer()
    before = resident_mb()
    begun = perf_counter()
    asks = ENGINES[name]().open(folder)
    result: dict[str, Any] = {"open_ms": (perf_counter() - begun) * 1000, "queries": count}
    for state in ("cold", "warm"):
        for kind in KINDS:
            if kind in asks:
                times = []
                for one in asked(kind, all_queries):
                    begun = perf_counter()
                    asks[kind](one)
                    times.append((perf_counter() - begun) * 1000)
                result[f"{kind} {state}"] = [float(np.percentile(times, p)) for p in (50, 95)]
    return result | {"serving_mb": resident_mb() - before}


def asked(kind: str, all_queries: Queries) -> tuple[Any, ...]:
    """The queries of a kind."""
    return {
        "and": all_queries.ands,
        "or": all_queries.ors,
        "phrase": all_queries.phrases,
        "number": all_queries.numbers,
        "whole": all_queries.ands,
    }.get(kind, all_queries.terms)


def resident_mb() -> float:
    """The memory of this process."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def measured(name: str, source: Path, notices: int, count: int) -> dict[str, Any]:
    """Everything about one engine, each step in a process of its own."""
    with scratch(f"bench-{name}-") as folder:
        built, peak = run_step("build", name, str(folder), str(source))
        files = [file for file in folder.rglob("*") if file.is_file()]
        forget(files)
        served, _ = run_step("serve", name, str(folder), str(notices), str(count))
        disk = sum(file.stat().st_size for file in files) / 1e6
        return built | served | {"build_peak_mb": peak, "disk_mb": disk}


def run_step(*step: str) -> tuple[dict[str, Any], float]:
    """What a step prints, and the most memory that it and its children had."""
    command = [sys.executable, "-m", "bench.search", "--step", *step]
    peak = 0.0
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            peak = max(peak, sum(map(proportional_mb, family(process.pid))))
            sleep(LOOK)
        assert process.stdout is not None
        printed = process.stdout.read()
    if process.returncode:
        raise SystemExit(f"{' '.join(step[:2])} failed.")
    return json.loads(printed.splitlines()[-1]), peak


def family(pid: int) -> list[int]:
    """A process and all its children."""
    pids = [pid]
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            pids += [one for child in file.read_text().split() for one in family(int(child))]
        except OSError:  # it has just ended
            continue
    return pids


def forget(files: Sequence[Path]) -> None:
    """Have the system read these files from the disk again."""
    os.sync()
    for path in files:
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


@contextmanager
def scratch(prefix: str) -> Iterator[Path]:
    """A folder for a while."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def comparison(rows: Mapping[str, Row]) -> str:
    """The measurements of engines as Markdown."""
    lines = ["| | " + " | ".join(rows) + " |", "|---" * (len(rows) + 1) + "|"]
    for name, label in FACTS.items():
        lines.append(f"| {label} | " + " | ".join(f"{row[name]:.0f}" for row in rows.values()) + " |")
    for state in ("cold", "warm"):
        for kind in KINDS:
            own = rows.get("shuiwen", {}).get(f"{kind} {state}")
            cells = [
                times(row.get(f"{kind} {state}"), None if name == "shuiwen" else own) for name, row in rows.items()
            ]
            lines.append(f"| {kind}, {state} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def times(found: Sequence[float] | None, own: Sequence[float] | None) -> str:
    """p50 / p95, and how many times ours the latter is."""
    if found is None:
        return "–"
    return f"{found[0]:.3f} / {found[1]:.3f}" + (f" (×{found[1] / own[1]:.1f})" if own else "")


def scaling(rows: Mapping[int, Row]) -> str:
    """The measurements of sizes as Markdown."""
    lines = [
        "| notices | " + " | ".join([*FACTS.values(), *KINDS]) + " |",
        "|---" * (len(FACTS) + len(KINDS) + 1) + "|",
    ]
    for count, row in rows.items():
        cells = [f"{row[name]:.0f}" for name in FACTS] + [times(row[f"{kind} warm"], None) for kind in KINDS]
        lines.append(f"| {count:,} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def missing(name: str) -> bool:
    """Whether an engine is not installed, which is said in one line."""
    if find_spec(ENGINES[name].needs):
        return False
    print(f"{name} is not installed and left out. Run: pip install -r bench/requirements.txt", file=sys.stderr)
    return True


def compare(names: Sequence[str], notices: int, count: int, kept: Path | None) -> None:
    """Measure engines one after the other, and print the table as it grows."""
    rows = json.loads(kept.read_text()) if kept and kept.exists() else {}
    with scratch("bench-corpus-") as folder:
        source = folder / "notices.jsonl"
        write_corpus(source, notices)
        for name in names:
            rows[name] = measured(name, source, notices, min(count, FEWER.get(name, count)))
            if kept:
                kept.write_text(json.dumps(rows, indent=1))
            print(comparison({name: rows[name]}), file=sys.stderr, flush=True)
    print(comparison(rows))


def scale(sizes: Sequence[int], count: int) -> None:
    """Measure Shuiwen at several sizes."""
    rows = {}
    for notices in sizes:
        with scratch("bench-corpus-") as folder:
            source = folder / "notices.jsonl"
            write_corpus(source, notices)
            rows[notices] = measured("shuiwen", source, notices, count)
        print(scaling({notices: rows[notices]}), file=sys.stderr, flush=True)
    print(scaling(rows))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, prog="python -m bench.search"
    )
    parser.add_argument("--notices", type=int, default=50_000)
    parser.add_argument("--queries", type=int, default=200, help="of each kind; plain Whoosh is asked fewer")
    parser.add_argument("--engines", type=lambda text: text.split(","), default=list(ENGINES))
    parser.add_argument("--results", type=Path, help="a JSON file to keep the measurements in")
    parser.add_argument("--scaling", type=lambda text: [int(size) for size in text.split(",")])
    parser.add_argument("--step", nargs="+", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    match arguments.step:
        case ["build", name, folder, source]:
            print(json.dumps(build(name, Path(folder), Path(source))))
        case ["serve", name, folder, notices, count]:
            print(json.dumps(serve(name, Path(folder), int(notices), int(count))))
        case _ if arguments.scaling:
            scale(arguments.scaling, arguments.queries)
        case _:
            unknown = [name for name in arguments.engines if name not in ENGINES]
            if unknown:
                parser.error(f"no engine is called {unknown[0]}; there are {', '.join(ENGINES)}")
            names = [name for name in arguments.engines if not missing(name)]
            compare(names, arguments.notices, arguments.queries, arguments.results)


if __name__ == "__main__":
    main()
