"""Captures are the only copy of a page that may be gone tomorrow: nothing may be lost or changed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from archive.captures import CaptureStore, from_uri, to_uri
from archive.errors import StoreUnavailable
from archive.models import Capture

MOMENT = datetime(2014, 12, 1, 8, 30, 15, 123456, tzinfo=UTC)


def capture(source: str = "/a folder/608.txt", content: bytes = "國(guó)稅".encode()) -> Capture:
    return Capture(source, MOMENT, content, "text/plain")


@pytest.fixture
def store(tmp_path: Path) -> CaptureStore:
    return CaptureStore(tmp_path / "captures")


@pytest.mark.parametrize(
    "content",
    [b"", b"\r\n\r\n", b"HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody", bytes(range(256)), b"\x1f\x8b not gzip", b"x" * 100_000],
    ids=["empty", "line ends", "looks like HTTP", "every byte", "looks like gzip", "large"],
)
def test_bytes_come_back_as_they_were(store: CaptureStore, content: bytes) -> None:
    """`show --original` would lie, and every repair would be made on other bytes."""
    one = capture(content=content)
    assert store.read(store.add(one)) == one


def test_many_captures_are_told_apart(store: CaptureStore) -> None:
    captures = [capture(f"https://example.test/{n}?q=税 务#{n}", f"<p>{n}</p>".encode()) for n in range(20)]
    refs = store.add_all(captures)
    assert [store.read(ref) for ref in reversed(refs)] == captures[::-1]


def test_files_are_warc_that_others_can_read(store: CaptureStore) -> None:
    """The archive would be readable by nothing but this program."""
    ref = store.add(capture())
    with (store.folder / ref.warc).open("rb") as file:
        records = [
            (record.rec_type, record.rec_headers.get_header("WARC-Target-URI")) for record in ArchiveIterator(file)
        ]
    assert records == [("warcinfo", None), ("resource", "file:///a%20folder/608.txt")]


def test_each_store_writes_to_a_file_of_its_own(tmp_path: Path) -> None:
    """Two processes that write to one file would tear each other's records."""
    one, two = CaptureStore(tmp_path), CaptureStore(tmp_path)
    refs = [one.add(capture("a")), two.add(capture("b")), one.add(capture("c"))]
    assert len({ref.warc for ref in refs}) == 2
    assert [two.read(ref).source for ref in refs] == ["a", "b", "c"]


def test_damaged_bytes_are_refused(store: CaptureStore) -> None:
    """Bytes that changed on disk would be shown as the original."""
    ref = store.add(capture(content=b"<p>notice</p>" * 50))
    file = store.folder / ref.warc
    content = bytearray(file.read_bytes())
    content[-30] ^= 0xFF
    file.write_bytes(bytes(content))
    with pytest.raises(StoreUnavailable, match=r"608\.txt"):
        store.read(ref)


def test_lost_file_is_named_with_the_remedy(store: CaptureStore) -> None:
    ref = store.add(capture())
    (store.folder / ref.warc).unlink()
    with pytest.raises(StoreUnavailable, match="cannot be read") as raised:
        store.read(ref)
    assert "copy" in raised.value.remedy


def test_record_that_failed_is_taken_back(store: CaptureStore) -> None:
    """Half a record on a full disk would make everything behind it unreadable."""
    before = store.add(capture("a"))
    size = (store.folder / before.warc).stat().st_size

    def captures():  # type: ignore[no-untyped-def]
        yield capture("b")
        raise OSError(28, "No space left on device")

    with pytest.raises(StoreUnavailable, match="No space left"):
        store.add_all(captures())
    assert (store.folder / before.warc).stat().st_size == size
    assert store.read(store.add(capture("c"))).source == "c"


def test_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable, match="cannot be written"):
        CaptureStore(tmp_path / "file").add(capture())


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).map(lambda name: "/" + name))
def test_any_path_survives_as_an_address(path: str) -> None:
    """A line break or `#` in a file name would write a header of its own, or lose the rest."""
    uri = to_uri(path)
    if "://" not in path:
        assert from_uri(uri) == path
    assert uri.isascii()
    assert uri.isprintable()
