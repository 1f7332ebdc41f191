"""Whatever a user names is read as far as it can be, and said so where it cannot."""

import os
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.errors import BadInput
from archive.models import Capture
from archive.sources import Unread, check_paths, pages_in, site_of

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


@pytest.mark.parametrize("name", ["broken.zip", "broken.warc.gz", "broken.warc"])
def test_broken_archive_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\x1f\x8b\x08 this is no archive at all" * 10)
    assert "damaged" in reason(tmp_path / name)


def test_torn_archives_give_what_is_whole(tmp_path: Path) -> None:
    """One byte lost at the end would cost everything before it."""
    _write_warc(tmp_path / "pages.warc.gz")
    whole = (tmp_path / "pages.warc.gz").read_bytes()
    for lost in (20, 40, 150, 200):
        (tmp_path / "pages.warc.gz").write_bytes(whole[:-lost])
        found = read(tmp_path / "pages.warc.gz")
        assert isinstance(found[0], Capture)
        assert isinstance(found[-1], Unread)


def test_warc_gives_pages_that_were_found_and_no_pictures(tmp_path: Path) -> None:
    _write_warc(tmp_path / "pages.warc.gz")
    first, second = read(tmp_path / "pages.warc.gz")
    assert isinstance(first, Capture)
    assert (first.source, first.content, first.media_type) == (
        "https://example.test/1",
        b"<p>one</p>",
        "text/html; charset=gbk",
    )
    assert first.captured_at == datetime(2014, 12, 1, 8, 30, tzinfo=UTC)
    assert second.source == "/folder/608.txt"


def test_missing_path_is_named() -> None:
    with pytest.raises(BadInput, match="no file or folder nothing"):
        check_paths([Path("nothing")])


def test_site_is_the_host_or_the_folder() -> None:
    """Boilerplate is learned by site."""
    assert site_of("https://Law.example.test/a/b.html") == "law.example.test"
    assert site_of("/pages/site/1.html") == "/pages/site"
    assert site_of("/pages/site.zip#a/1.html") == "/pages/site.zip"


def _write_warc(path: Path) -> None:
    with path.open("wb") as file:
        writer = WARCWriter(file)
        for address, status, media_type, content in (
            ("https://example.test/1", "200 OK", "text/html; charset=gbk", b"<p>one</p>"),
            ("https://example.test/2", "404 Not Found", "text/html", b"<p>gone</p>"),
            ("https://example.test/3", "200 OK", "image/png", b"picture"),
        ):
            headers = StatusAndHeaders(status, [("Content-Type", media_type)], protocol="HTTP/1.1")
            dated = {"WARC-Date": "2014-12-01T08:30:00Z"}
            record = writer.create_warc_record(
                address, "response", BytesIO(content), len(content), http_headers=headers, warc_headers_dict=dated
            )
            writer.write_record(record)
        text = BytesIO("国税函".encode())
        writer.write_record(
            writer.create_warc_record(
                "file:///folder/608.txt", "resource", text, length=9, warc_content_type="text/plain"
            )
        )
