"""Whatever a user names is read as far as it can be, and said so where it cannot."""

import gzip
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from io import BufferedReader, BytesIO
from pathlib import Path

import py7zr
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import BadInput
from archive.models import Capture
from archive.settings import CHECKOUT
from archive.sources import check_paths, pages_in, site_of, zstd
from archive.sources.finds import Opened, Unread
from archive.sources.mhtml import page_in_mhtml
from tests.ingest.warcs import notice, response, text, write

LIMIT = 1000


def read(path: Path) -> list[Capture | Unread]:
    return list(pages_in(path, LIMIT))


def reason(path: Path) -> str:
    (one,) = read(path)
    assert isinstance(one, Unread)
    return one.reason


def test_file_becomes_a_capture_named_by_its_absolute_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run from another folder, the same file would be archived a second time."""
    (tmp_path / "608.txt").write_bytes(b"text")
    os.utime(tmp_path / "608.txt", (1417422600, 1417422600))
    monkeypatch.chdir(tmp_path)
    (one,) = read(Path("608.txt"))
    moment = datetime(2014, 12, 1, 8, 30, tzinfo=UTC)
    assert one == Capture(f"{tmp_path.as_posix()}/608.txt", moment, b"text", "text/plain")


def test_folder_gives_its_pages_in_order_and_passes_over_the_rest(tmp_path: Path) -> None:
    for name in ("b/2.HTML", "a/1.htm", "c.txt", "picture.png", "b/notes.docx"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"text")
    assert [Path(one.source).name for one in read(tmp_path)] == ["c.txt", "1.htm", "2.HTML"]


def test_empty_large_and_special_files_are_named_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "empty.html").touch()
    (tmp_path / "large.html").write_bytes(b"x" * (LIMIT + 1))
    os.mkfifo(tmp_path / "pipe.html")
    assert reason(tmp_path / "empty.html") == "is empty"
    assert "larger than 1,000 bytes" in reason(tmp_path / "large.html")
    assert reason(tmp_path / "pipe.html") == "is not a regular file"


def test_200_mb_file_is_refused_without_being_read(tmp_path: Path) -> None:
    with (tmp_path / "huge.html").open("wb") as file:
        file.truncate(200_000_000)
    assert "larger than" in reason(tmp_path / "huge.html")


def test_zip_gives_its_pages(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "pages.zip", "w") as archive:
        archive.writestr("folder/一.html", "<p>one</p>")
        archive.writestr("two.txt", "two")
        archive.writestr("picture.png", "no page")
        archive.writestr(zipfile.ZipInfo("three.txt", (1980, 0, 0, 0, 0, 0)), "three")
    found = read(tmp_path / "pages.zip")
    assert [one.source.partition("#")[2] for one in found] == ["folder/一.html", "three.txt", "two.txt"]
    assert all(isinstance(one, Capture) for one in found)


def test_zip_bomb_is_bounded(tmp_path: Path) -> None:
    """A few kilobytes would fill the memory."""
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.html", bytes(50_000_000))
        archive.writestr("page.html", "<p>page</p>")
    bomb, page = read(tmp_path / "bomb.zip")
    assert isinstance(bomb, Unread)
    assert isinstance(page, Capture)


@pytest.mark.parametrize("name", ["broken.zip", "broken.7z", "broken.wacz", "broken.warc.gz", "broken.html.gz"])
def test_broken_archive_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\x1f\x8b\x08 this is no archive at all" * 10)
    assert "damaged" in reason(tmp_path / name)


def test_missing_path_is_named() -> None:
    with pytest.raises(BadInput, match="no file or folder nothing"):
        check_paths([Path("nothing")])


def test_site_is_the_host_or_the_folder() -> None:
    """Boilerplate is learned by site."""
    assert site_of("https://Law.example.test/a/b.html") == "law.example.test"
    assert site_of("/pages/site/1.html") == "/pages/site"
    assert site_of("/pages/site.zip#a/1.html") == "/pages/site.zip"


def test_what_a_file_is_its_bytes_say(tmp_path: Path) -> None:
    """Downloads lose their names."""
    with zipfile.ZipFile(tmp_path / "zip.html", "w") as archive:
        archive.writestr("inner.html", "<p>page</p>")
    write(tmp_path / "x.warc.gz", text("https://a.example/1", notice(1))).rename(tmp_path / "warc.txt")
    assert [one.source.rpartition("/")[2] for one in read(tmp_path)] == ["1", "zip.html#inner.html"]


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress, bytes], ids=["gzip", "zstd", "plain"])
def test_single_page_is_unpacked_and_bounded(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    (tmp_path / "608.txt.gz").write_bytes(pack(b"text"))
    (one,) = read(tmp_path / "608.txt.gz")
    assert (one.content, one.media_type) == (b"text", "text/plain")
    (tmp_path / "bomb.html.gz").write_bytes(pack(bytes(20_000_000)))
    assert "larger than" in reason(tmp_path / "bomb.html.gz")


def seven(path: Path, files: dict[str, bytes], password: str | None = None) -> Path:
    with py7zr.SevenZipFile(path, "w", password=password) as archive:
        for name, content in files.items():
            archive.writestr(content, name)
    return path


def test_7z_gives_its_pages_bounded_and_never_where_they_say(tmp_path: Path) -> None:
    files = {"a/一.html": b"<p>one</p>", "two.txt": b"two", "x.png": b"no page", "big.html": bytes(5_000)}
    found = read(seven(tmp_path / "pages.7z", files))
    assert [one.source.partition("#")[2] for one in found] == ["a/一.html", "big.html", "two.txt"]
    assert [one.content for one in found if isinstance(one, Capture)] == [b"<p>one</p>", b"two"]
    assert "larger than" in found[1].reason
    assert "password" in reason(seven(tmp_path / "locked.7z", files, password="secret"))  # noqa: S106


def test_a_decoder_that_crashes_costs_its_archive_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Damaged PPMd data crash the decoder; in our own process that would end the ingest of everything."""
    (tmp_path / "crash.py").write_text("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr("archive.sources.archives.UNPACKER", "crash")
    assert reason(seven(tmp_path / "a.7z", {"a.html": b"page"})) == "cannot be unpacked: it is damaged"


def test_a_name_in_an_archive_cannot_lead_out_of_it(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with zipfile.ZipFile(tmp_path / "in" / "a.zip", "w") as archive:
        archive.writestr("../../escaped.html", "<p>page</p>")
    with py7zr.SevenZipFile(tmp_path / "in" / "b.7z", "w") as archive:
        archive.writestr(b"<p>page</p>", "inside.html")
        archive.writestr(b"<p>page</p>", "escaped.html")
        archive.header.files_info.files[-1]["filename"] = "../../escaped.html"
    read(tmp_path / "in")
    assert not list(tmp_path.rglob("escaped.html"))
    assert not (tmp_path.parent / "escaped.html").exists()


def test_archives_in_archives_are_read_to_a_depth(tmp_path: Path) -> None:
    """Mail and backups nest them; a bomb nests them without end."""
    inner = zipped({"page.html": b"<p>page</p>"})
    for depth in range(5):
        (tmp_path / "nested.zip").write_bytes(inner)
        found = read(tmp_path / "nested.zip")
        assert isinstance(found[-1], Capture if depth < 3 else Unread), depth
        inner = zipped({"beside.txt": b"text", "inner.zip": inner})
    assert "lies in 3 archives" in found[-1].reason


def test_what_an_archive_may_unpack_to_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten kilobytes would keep a machine busy for a day, and fill its disk."""
    monkeypatch.setattr("archive.sources.archives.LEAST_ALLOWED", 50_000)
    monkeypatch.setattr("archive.sources.archives.MOST_TIMES", 2)
    inner = zipped({f"{n}.html": bytes(900) for n in range(30)})
    (tmp_path / "bomb.zip").write_bytes(zipped({f"{n}.zip": inner for n in range(30)}))
    found = read(tmp_path / "bomb.zip")
    assert len(found) < 100
    assert "far more than pages do" in found[-1].reason
    bomb = seven(tmp_path / "bomb.7z", {f"{n}.html": bytes(900) for n in range(600)})
    assert "far more than pages do" in reason(bomb)


def zipped(files: dict[str, bytes]) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def test_names_from_chinese_windows_are_read(tmp_path: Path) -> None:
    """The source is all that tells a reader which page it was."""
    content = zipped({"xxxx.html": b"<p>page</p>"}).replace(b"xxxx", "公告".encode("gbk"))
    (tmp_path / "old.zip").write_bytes(content)
    (one,) = read(tmp_path / "old.zip")
    assert one.source.endswith("old.zip#公告.html")


def test_wacz_gives_the_pages_of_its_crawl(tmp_path: Path) -> None:
    crawl = write(tmp_path / "data.warc.gz", response("https://a.example/1", notice(1))).read_bytes()
    files = {"archive/data.warc.gz": crawl, "indexes/index.cdx.gz": b"", "pages/pages.jsonl": b"{}"}
    (tmp_path / "site.wacz").write_bytes(zipped(files | {"datapackage.json": b"{}"}))
    (one,) = read(tmp_path / "site.wacz")
    assert one.source == "https://a.example/1"


MHTML = b"""From: <Saved by Blink>\r
Snapshot-Content-Location: https://a.example/608.html\r
Subject: =?utf-8?Q?608?=\r
Date: Mon, 1 Dec 2014 16:30:00 +0800\r
MIME-Version: 1.0\r
Content-Type: multipart/related;\r
\ttype="text/html";\r
\tboundary="--B"\r
\r
----B\r
Content-Type: text/html; charset="gbk"\r
Content-Transfer-Encoding: quoted-printable\r
Content-Location: https://a.example/608.html\r
\r
<p>=B9=FA=CB=B0</p>\r
----B\r
Content-Type: text/html\r
Content-Location: cid:frame@mhtml.blink\r
\r
<p>advert</p>\r
----B--\r
"""


def test_mhtml_gives_its_page_under_the_address_it_was_saved_from(tmp_path: Path) -> None:
    for name in ("608.mhtml", "608.html"):
        (tmp_path / name).write_bytes(MHTML)
        (one,) = read(tmp_path / name)
        assert one == Capture(
            "https://a.example/608.html",
            datetime(2014, 12, 1, 8, 30, tzinfo=UTC),
            "<p>国税</p>".encode("gbk"),
            "text/html; charset=gbk",
        )


def test_broken_mhtml_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.mht").write_bytes(MHTML.replace(b"text/html", b"image/png"))
    assert reason(tmp_path / "a.mht") == "holds no web page"
    (tmp_path / "a.mht").write_bytes(MHTML + b"x" * 6 * LIMIT)
    assert "larger than 5,000 bytes" in reason(tmp_path / "a.mht")


@given(st.binary(max_size=200), st.integers(0, 600), st.integers(0, 200))
@settings(max_examples=200, deadline=None)
def test_any_mhtml_can_be_read(noise: bytes, at: int, cut: int) -> None:
    content = MHTML[:at] + noise + MHTML[at + cut :]
    opened = Opened("/a.mht", BufferedReader(BytesIO()), datetime.now(UTC))
    assert page_in_mhtml(opened, content, LIMIT)


def test_of_a_complete_web_page_only_the_page_counts(tmp_path: Path) -> None:
    """Its frames and adverts are stored as pages beside it, and would be archived as such."""
    files = ("608.html", "608_files/frame.html", "公告.htm", "公告.files/a/b.htm", "my_files/page.html")
    for name in files:
        (tmp_path / "saved" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "saved" / name).write_bytes(b"<p>page</p>")
    (tmp_path / "saved.zip").write_bytes(zipped(dict.fromkeys(files, b"<p>page</p>")))
    for path, cut in ((tmp_path / "saved", "saved/"), (tmp_path / "saved.zip", "#")):
        assert sorted(one.source.partition(cut)[2] for one in read(path)) == [
            "608.html",
            "my_files/page.html",
            "公告.htm",
        ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<p>page</p>"),
        ("page.html.gz", gzip.compress(b"<p>page</p>")),
        ("a.warc.gz", gzip.compress(text("https://a.example/1", b"<p>page</p>" + notice(1)))),
        ("a.zip", zipped({"page.html": b"<p>page</p>"})),
        ("a.mhtml", MHTML.replace(b"=B9=FA=CB=B0", b"page")),
    ],
)
def test_standard_input_is_whatever_its_bytes_say(name: str, content: bytes) -> None:
    """Crawls are larger than disks: `curl … | python -m archive ingest -`."""
    program = (
        "import sys; from archive.sources import *; from pathlib import Path; print(list(pages_in(Path('-'), 1000)))"
    )
    done = subprocess.run([sys.executable, "-c", program], input=content, capture_output=True, cwd=CHECKOUT)
    assert b"<p>page</p>" in done.stdout, (name, done.stderr)
