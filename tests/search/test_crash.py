"""Whatever happens while an index is written, the old or the new one is served, without repair by hand."""

import os
import random
import resource
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from archive.errors import IndexUnavailable
from archive.models import Query
from archive.search import open_engine
from archive.search.index import CURRENT, VERSION
from tests.search.corpus import make_notices

CHECKOUT = Path(__file__).resolve().parents[2]
WRITER = """
import sys
from pathlib import Path
from archive.search import open_engine
from tests.search.corpus import make_notices

engine = open_engine(Path(sys.argv[1]))
notices = make_notices(40)
print("ready", flush=True)
for revision in range(2, 1000):
    if revision % 2:
        engine.update(notices[:revision % 7], [], revision)
    else:
        with engine.rebuilding(notices, revision):
            pass
"""
BUILDER = """
import sys
from itertools import count
from pathlib import Path
from archive.search import build
from archive.search.whoosh_engine import WhooshEngine
from tests.search.corpus import make_notices

build.RUN = 20

def endless():
    for seed in count(1):
        yield from make_notices(build.RUN, seed)
        if seed == 4:
            print("building", flush=True)

with WhooshEngine(Path(sys.argv[1]), processes=2).rebuilding(endless(), 1):
    pass
"""


def test_killed_at_any_moment_the_index_serves_and_takes_new_writes(tmp_path: Path) -> None:
    notices = make_notices(40)
    with open_engine(tmp_path).rebuilding(notices, 1):
        pass
    dice = random.Random(7)  # noqa: S311
    for _ in range(8):
        command = [sys.executable, "-c", WRITER, str(tmp_path)]
        with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(dice.random() * 0.3)
            writer.send_signal(signal.SIGKILL)
        engine = open_engine(tmp_path)
        assert engine.search(Query()).total == len(notices)
        engine.update([notices[0]], [], 10_000)
        assert engine.search(Query()).total == len(notices)
    with open_engine(tmp_path).rebuilding(notices, 1):
        pass
    assert len(list(tmp_path.glob("g-*"))) == 1, "what killed writers left is removed"


def test_the_workers_of_a_killed_build_end_with_it(tmp_path: Path) -> None:
    """Else each kill leaves some hundred MB in use until the next boot."""
    command = [sys.executable, "-c", BUILDER, str(tmp_path)]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE) as builder:
        assert builder.stdout is not None
        builder.stdout.readline()
        tasks = Path(f"/proc/{builder.pid}/task").glob("*/children")
        workers = [Path(f"/proc/{pid}") for file in tasks for pid in file.read_text().split()]
        builder.send_signal(signal.SIGKILL)
    assert len(workers) >= 2
    patience = time.monotonic() + 20
    while any(is_running(worker) for worker in workers):
        assert time.monotonic() < patience
        time.sleep(0.05)


def is_running(process: Path) -> bool:
    try:
        return "Z" not in (process / "status").read_text().split("State:")[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_full_disk_is_said_clearly_and_leaves_the_old_index(tmp_path: Path) -> None:
    notices = make_notices(200)
    engine = open_engine(tmp_path)
    with engine.rebuilding(notices, 1):
        pass
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))  # a write beyond fails as on a full disk
    try:
        with pytest.raises(IndexUnavailable, match="cannot be written"), engine.rebuilding(notices, 2):
            pass
        with pytest.raises(IndexUnavailable, match="cannot be written"):
            engine.update(notices, [], 2)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert open_engine(tmp_path).search(Query()).total == len(notices)
    assert len(list(tmp_path.glob("g-*"))) == 1
    assert len(list(tmp_path.rglob("*.arrays"))) == 1, "what was written in vain does not keep the disk full"


@pytest.mark.parametrize("damage", ["cut off", "empty", "no contents", "other version", "noise"])
def test_a_broken_index_names_the_remedy(tmp_path: Path, damage: str) -> None:
    with open_engine(tmp_path).rebuilding(make_notices(5), 1):
        pass
    generation = tmp_path / (tmp_path / CURRENT).read_text()
    (arrays,), (contents,) = generation.glob("*.arrays"), generation.glob("*.toc")
    match damage:
        case "cut off":
            os.truncate(arrays, arrays.stat().st_size // 2)
        case "empty":
            arrays.write_bytes(b"")
        case "no contents":
            contents.unlink()
        case "other version":
            contents.write_text(contents.read_text().replace(f'"version": {VERSION}', '"version": 999'))
        case "noise":
            contents.write_bytes(b"\x80\x04noise")
    with pytest.raises(IndexUnavailable) as error:
        open_engine(tmp_path).search(Query("税"))
    assert "reindex" in error.value.remedy


def test_a_reader_keeps_its_index_while_others_come_and_go(tmp_path: Path) -> None:
    notices = make_notices(30)
    writer, reader = open_engine(tmp_path), open_engine(tmp_path)
    with writer.rebuilding(notices, 1):
        pass
    for revision in range(2, 8):
        writer.update([replace(notices[0], title=f"第{revision}版")], [], revision)
        assert reader.search(Query(f"第{revision}版")).hits[0].notice.id == notices[0].id
        with writer.rebuilding(notices, revision):
            assert reader.search(Query(f'"第{revision}版"')).total == 1
        assert reader.search(Query(f'"第{revision}版"')).total == 0


def test_a_second_writer_waits_or_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.search.index.PATIENCE", 0.2)
    engine = open_engine(tmp_path)
    with engine.rebuilding(make_notices(3), 1), pytest.raises(IndexUnavailable, match="Another process"):
        open_engine(tmp_path).update([], [], 2)
