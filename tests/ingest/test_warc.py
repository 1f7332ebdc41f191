"""WARC and WET files of any size, in any state: what is whole is read, the rest is told, and nothing is read twice."""

import gzip
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.ingest import Workshop, ingest_paths
from archive.models import Capture
from archive.settings import CHECKOUT
from archive.sources import pages_in, zstd
from archive.sources.bookmarks import Bookmarks
from archive.sources.finds import Unread
from archive.sources.records import Broken, Records
from archive.sources.streams import unpacking
from tests.ingest import warcs
from tests.ingest.warcs import notice, resource, response, text, write

LIMIT = 1000
KINDS = sorted(warcs.PACKINGS)


def read(path: Path) -> list[Capture | Unread]:
    return list(pages_in(path, LIMIT))


def noise(seed: int, size: int) -> bytes:
    """Bytes that do not pack, the same in every run."""
    return b"".join(sha256(f"{seed} {n}".encode()).digest() for n in range(size // 32))


def sources(found: list[Capture | Unread]) -> list[str]:
    """Where the pages among what was found come from."""
    return [one.source for one in found if isinstance(one, Capture)]


def test_a_warc_gives_the_pages_that_may_carry_a_notice(tmp_path: Path) -> None:
    """A crawl holds a million records; archiving them all would bury the notices."""
    path = write(
        tmp_path / "a.warc.gz",
        response("https://a.example/1", notice(1).decode().encode("gbk"), media_type="text/html; charset=gbk"),
        response("https://a.example/gone", notice(2), "404 Not Found"),
        response("https://a.example/picture", notice(3), media_type="image/png"),
        response("https://a.example/news", "<p>今天天气很好，税收增长。</p>".encode()),
        text("https://a.example/4", notice(4)),
        text("https://a.example/hello", b"Hello"),
        resource("file:///folder/608.txt", "国税函".encode()),
    )
    found = read(path)
    assert found[0] == Capture(
        "https://a.example/1",
        datetime(2014, 12, 1, 8, 30, tzinfo=UTC),
        notice(1).decode().encode("gbk"),
        "text/html; charset=gbk",
    )
    assert sources(found) == ["https://a.example/1", "https://a.example/4", "/folder/608.txt"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_pages_come_out_of_every_packing(tmp_path: Path, kind: str) -> None:
    records = [text(f"https://a.example/{n}", notice(n)) for n in range(50)]
    found = read(write(tmp_path / f"a{kind}", *records))
    assert [one.content for one in found if isinstance(one, Capture)] == [notice(n) for n in range(50)]


def test_a_warc_packed_as_a_whole_or_with_a_dictionary_is_read(tmp_path: Path) -> None:
    """Crawls by the Archive Team have a zstd dictionary in front; without it nothing of them can be read."""
    records = [text(f"https://a.example/{n}", notice(n)) for n in range(200)]
    (tmp_path / "whole.warc.gz").write_bytes(gzip.compress(b"".join(records)))
    words = zstd.train_dict(records, 2000)
    for name, stored in (("plain", words.dict_content), ("packed", zstd.compress(words.dict_content))):
        frame = b"\x5d\x2a\x4d\x18" + len(stored).to_bytes(4, "little") + stored
        packed = b"".join(zstd.compress(one, zstd_dict=words) for one in records)
        (tmp_path / f"{name}.warc.zst").write_bytes(frame + packed)
    for path in tmp_path.iterdir():
        assert len(sources(read(path))) == 200, path


def test_answers_in_chunks_and_packed_are_unpacked(tmp_path: Path) -> None:
    packed = gzip.compress(notice(2))
    chunked = b"5\r\n" + notice(1)[:5] + b"\r\n%x\r\n" % len(notice(1)[5:]) + notice(1)[5:] + b"\r\n0\r\n\r\n"
    path = write(
        tmp_path / "a.warc",
        response("https://a.example/1", chunked, Transfer_Encoding="chunked"),
        response("https://a.example/2", packed, Content_Encoding="gzip"),
        response("https://a.example/bomb", gzip.compress(notice(3) * 100_000), Content_Encoding="gzip"),
    )
    first, second, bomb = read(path)
    assert [first.content, second.content] == [notice(1), notice(2)]
    assert "larger than 1,000 bytes" in bomb.reason


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "damage",
    [
        lambda record: record.replace(b"WARC/1.0", b"WORK/1.0"),
        lambda record: record.replace(b"Content-Length:", b"Content-Breadth:"),
        lambda record: record.replace(b"Content-Length: ", b"Content-Length: 1"),
        lambda record: record.replace(b"Content-Length: ", b"Content-Length: 99999999999"),
        lambda record: record[:-20],
        lambda record: record[: len(record) // 3],
        lambda _: b"rubbish " * 1000,
        lambda _: noise(1, 3000),
    ],
    ids=["version", "no length", "too long", "endless", "short", "shorter", "rubbish", "noise"],
)
@pytest.mark.parametrize("hit", [0, 4, 8], ids=["first", "middle", "last"])
def test_a_broken_record_costs_no_other_one(tmp_path: Path, kind: str, damage, hit: int) -> None:
    """In a file of a million records one is always broken."""
    records = [text(f"https://a.example/{n}", notice(n)) for n in range(9)]
    records[hit] = damage(records[hit])
    found = read(write(tmp_path / f"a{kind}", *records))
    assert sources(found) == [f"https://a.example/{n}" for n in range(9) if n != hit]
    assert any(isinstance(one, Unread) and "is damaged at byte" in one.reason for one in found)


@pytest.mark.parametrize("kind", [".warc.gz", ".warc.zst"])
def test_bytes_overwritten_in_a_packed_file_cost_what_they_hit(tmp_path: Path, kind: str) -> None:
    records = [text(f"https://a.example/{n}", notice(n) + noise(n, 500)) for n in range(9)]
    path = write(tmp_path / f"a{kind}", *records)
    packed = bytearray(path.read_bytes())
    middle = len(packed) // 2
    packed[middle : middle + 20] = bytes(20)
    path.write_bytes(packed)
    found = sources(read(path))
    assert len(found) >= 7
    assert found[-1] == "https://a.example/8"


@pytest.mark.parametrize("kind", KINDS)
def test_a_torn_file_gives_what_is_whole_and_says_where_it_ends(tmp_path: Path, kind: str) -> None:
    path = write(tmp_path / f"a{kind}", *(text(f"https://a.example/{n}", notice(n)) for n in range(5)))
    whole = path.read_bytes()
    for lost in (20, 40, 150):
        path.write_bytes(whole[:-lost])
        found = read(path)
        assert sources(found) == [f"https://a.example/{n}" for n in range(4)]
        assert isinstance(found[-1], Unread)
        assert "is damaged at byte" in found[-1].reason


def test_a_page_that_is_too_large_is_named_and_passed_over(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.warc.gz", text("https://a.example/1", notice(1) * 50), text("https://a.example/2", notice(2))
    )
    large, page = read(path)
    assert "larger than" in large.reason
    assert page.source == "https://a.example/2"


MEMORY = r"""
import re, sys
from pathlib import Path
from archive.sources import pages_in
print(*(page.source for page in pages_in(Path(sys.argv[1]), 1000)))
print(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])  # kB at most, since the program began
"""


def test_the_memory_needed_does_not_grow_with_a_file_or_a_record(tmp_path: Path) -> None:
    """A record of a video, or a bomb, would take the machine down."""
    path = write(
        tmp_path / "a.warc.gz",
        resource("https://a.example/1", bytes(100_000_000)),
        *(text(f"https://a.example/{n}", b"0" * 100_000) for n in range(2, 200)),
        text("https://a.example/200", notice(200)),
    )
    done = subprocess.run([sys.executable, "-c", MEMORY, path], capture_output=True, text=True, cwd=CHECKOUT)
    found, peak = done.stdout.splitlines()
    assert found == "https://a.example/1 https://a.example/200"
    assert int(peak) < 120_000


def test_a_file_without_records_is_told(tmp_path: Path) -> None:
    for content in (b"", b"this is no WARC file\n" * 10, gzip.compress(b"nor is this")):
        (tmp_path / "a.warc.gz").write_bytes(content)
        (one,) = read(tmp_path / "a.warc.gz")
        assert isinstance(one, Unread)


def test_a_crawl_without_a_notice_is_told(tmp_path: Path) -> None:
    """An ingest that says nothing at all seems broken."""
    (one,) = read(write(tmp_path / "a.warc.gz", text("https://a.example/1", b"Hello")))
    assert one.reason == "holds no page that may carry a notice"


@given(st.binary(max_size=400), st.integers(0, 2000), st.integers(0, 400))
@settings(max_examples=150, deadline=None)
def test_no_damage_stops_the_reading(junk: bytes, at: int, cut: int) -> None:
    """Whatever stands in a crawl, one file of it must not end the ingest of all."""
    records = [text(f"https://a.example/{n}", notice(n)) for n in range(4)]
    for pack in warcs.PACKINGS.values():
        whole = b"".join(map(pack, records))
        hit = whole[:at] + junk + whole[at + cut :]
        found = list(Records(unpacking(BytesIO(hit), whole), LIMIT))
        assert len([one for one in found if not isinstance(one, Broken)]) <= 4


AHEAD = 5  # pages read before the first of them is archived


def interrupted(path: Path, archived: set[tuple[str, str]], after: int = 1000) -> list[str]:
    """Read as an ingest does that ends after so many pages; where the pages come from."""
    bookmarks = Bookmarks(path.parent / "bookmarks.json", archived.__contains__, every=0)
    found: list[Capture] = []
    for page in pages_in(path, LIMIT, bookmarks):
        found.append(page)
        if len(found) > AHEAD:
            archived.add((found[-AHEAD - 1].sha256, found[-AHEAD - 1].source))
            bookmarks.keep()
        if len(found) == after:
            return sources(found)
    for page in found[-AHEAD:]:
        archived.add((page.sha256, page.source))
        bookmarks.keep()
    bookmarks.save()
    return sources(found)


@pytest.fixture(params=[*KINDS, "whole.warc.gz"])
def crawl(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A file of 30 notices, and many pages without one between them."""
    records = [text(f"https://a.example/{n}", notice(n) if n % 10 == 0 else b"Hello " * 20) for n in range(300)]
    path = tmp_path / request.param.removeprefix("whole")
    if request.param.startswith("whole"):
        path.write_bytes(gzip.compress(b"".join(records)))
        return path
    return write(tmp_path / f"a{request.param}", *records)


def test_an_interrupted_ingest_goes_on_near_where_it_was_and_loses_nothing(crawl: Path) -> None:
    """A day's reading would be begun again; worse, a page read and not yet archived would never be."""
    archived: set[tuple[str, str]] = set()
    first = interrupted(crawl, archived, after=17)
    second = interrupted(crawl, archived)
    assert second[0] == first[-AHEAD]
    assert len(second) == 30 - 17 + AHEAD
    assert len(archived) == 30
    assert len(interrupted(crawl, archived)) == 30, "a file that was read to its end is read anew"


def test_a_bookmark_counts_only_in_the_same_file_and_archive(crawl: Path) -> None:
    archived: set[tuple[str, str]] = set()
    interrupted(crawl, archived, after=17)
    bookmarks = crawl.parent / "bookmarks.json"
    kept = bookmarks.read_text()
    assert len(interrupted(crawl, set())) == 30, "another archive has none of the pages before the bookmark"
    bookmarks.write_text(kept)
    crawl.touch()
    assert len(interrupted(crawl, archived)) == 30, "the file has changed"
    bookmarks.write_text(kept[: len(kept) // 2])
    assert len(interrupted(crawl, archived)) == 30, "a torn bookmark is none"


def test_an_ingest_that_is_interrupted_goes_on_where_the_archive_ends(tmp_path: Path, to: Workshop) -> None:
    path = write(tmp_path / "a.warc.gz", *(text(f"https://a.example/{n}", notice(n)) for n in range(150)))
    with closing(ingest_paths([path], to)) as reports:
        first = {report.source for report in islice(reports, 100)}
    second = {report.source for report in ingest_paths([path], to)}
    assert len(first | second) == 150
    assert len(second) == 50
