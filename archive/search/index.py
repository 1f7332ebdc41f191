"""The index folder: generations that take over from one another, Whoosh's segments in each, one writer at a time.

    index/CURRENT            the name of the generation in use, replaced in one step
    index/g-…/_MAIN_N.toc    the segments after N commits, the deleted documents, what the index reflects; JSON
    index/g-…/MAIN_….arrays  a segment, never changed once written

Whatever a killed process leaves behind is a file that no list names; the next writer removes it.
"""

import json
import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex, clean_files
from whoosh.util.filelock import LockBase, try_for

from archive.errors import IndexUnavailable
from archive.search.codec import SCHEMA, ArraySegment
from archive.search.engine import REINDEX, IndexStatus

VERSION = 7
NAME = "MAIN"
CURRENT = "CURRENT"
GENERATION = "g-"
Stamp = tuple[str, int]
PATIENCE = 10.0  # seconds that a second writer waits for the first


@dataclass(frozen=True, slots=True)
class Contents:
    """What Whoosh reads from a table of contents, and what ours says beside it."""

    schema: Any
    segments: list[ArraySegment]
    generation: int
    revision: int
    lexicon: str

    @property
    def status(self) -> IndexStatus:
        count = sum(segment.doc_count() for segment in self.segments)
        return IndexStatus(self.revision, self.lexicon, VERSION, count)


class Generation(FileIndex):  # type: ignore[misc]
    """A Whoosh index with its table of contents in JSON: nothing is unpickled, and the status commits with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.storage = FileStorage(str(folder))
        self.indexname = NAME
        self._schema = SCHEMA

    def _read_toc(self) -> Contents:
        return self.contents()

    def contents(self) -> Contents:
        """The latest table of contents. Raises OSError, ValueError or KeyError where there is none that can be read."""
        generation = self.latest_generation()
        row = json.loads((self.folder / TOC._filename(NAME, generation)).read_bytes())
        if row["version"] != VERSION:
            raise IndexUnavailable(f"{self.folder} is an index of format {row['version']}, not {VERSION}.", REINDEX)
        segments = [ArraySegment(NAME, s["count"], set(s["deleted"]), s["id"]) for s in row["segments"]]
        return Contents(SCHEMA, segments, generation, row["revision"], row["lexicon"])

    def new_segment(self, count: int) -> ArraySegment:
        """A name for a segment of so many notices, which no table of contents names yet."""
        return ArraySegment(NAME, count)

    def path(self, segment: ArraySegment) -> Path:
        """The file of a segment."""
        return segment.path(self.storage)

    @contextmanager
    def extended(self) -> Iterator[None]:
        """Write new segments, to be committed within; removed again if the block raises."""
        self._remove_unlisted()
        try:
            yield
        except BaseException:
            self._remove_unlisted()
            raise

    def _remove_unlisted(self) -> None:
        """Remove the files of segments that no table of contents names: what a killed or failed writer left."""
        contents = self.contents()
        clean_files(self.storage, NAME, contents.generation, contents.segments)

    def commit(self, segments: Sequence[ArraySegment], revision: int, lexicon: str) -> None:
        """Make these segments the index, in one step; files of earlier ones go."""
        generation = self.latest_generation() + 1
        rows = [{"id": s.segid, "count": s.count, "deleted": sorted(s.deleted)} for s in segments]
        row = {"version": VERSION, "revision": revision, "lexicon": lexicon, "segments": rows}
        write_through(self.folder / TOC._filename(NAME, generation), json.dumps(row).encode())
        clean_files(self.storage, NAME, generation, segments)


class IndexFolder:
    """The folder of all generations."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def stamp(self) -> Stamp | None:
        """Changes whenever the index does; None without an index."""
        try:
            name = self._current_name()
            return name, (self.folder / name).stat().st_mtime_ns
        except FileNotFoundError:
            return None

    def current(self) -> Generation:
        """The generation in use. Raises FileNotFoundError without one."""
        return Generation(self.folder / self._current_name())

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the write lock. Raises IndexUnavailable where another process does, or the folder cannot be written."""
        with _clear_errors(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            lock: LockBase = FileStorage(str(self.folder)).lock("WRITELOCK")
            if not try_for(lock.acquire, timeout=PATIENCE, delay=0.1):
                raise IndexUnavailable(
                    f"Another process is writing the index in {self.folder}.",
                    "Wait until it has finished, then try again.",
                )
            try:
                yield
            finally:
                lock.release()

    @contextmanager
    def new_generation(self) -> Iterator[Generation]:
        """An empty folder for a new index, removed again if the block raises."""
        self._remove_left_over()
        folder = self.folder / f"{GENERATION}{secrets.token_hex(6)}"
        folder.mkdir()
        try:
            yield Generation(folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def take_over(self, generation: Generation) -> None:
        """Make a finished generation the one in use."""
        write_through(self.folder / CURRENT, generation.folder.name.encode("ascii"))
        self._remove_left_over()

    def _current_name(self) -> str:
        file = os.open(self.folder / CURRENT, os.O_RDONLY)  # every search asks; Path.read_text takes four times as long
        try:
            return os.read(file, 64).decode("ascii").strip()
        finally:
            os.close(file)

    def _remove_left_over(self) -> None:
        with suppress(FileNotFoundError):
            current = self.current().folder.name
            for folder in self.folder.glob(f"{GENERATION}*"):
                if folder.name != current:
                    shutil.rmtree(folder, ignore_errors=True)


def write_through(path: Path, content: bytes) -> None:
    """Replace a file in one step, and have it on the disk when this returns."""
    new = path.with_name(f".{path.name}.new")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


@contextmanager
def _clear_errors(folder: Path) -> Iterator[None]:
    """What the operating system refuses (a full disk, a read-only folder) as an error with a remedy."""
    try:
        yield
    except OSError as error:
        raise IndexUnavailable(
            f"The index in {folder} cannot be written: {error.strerror or error}. The index before it is untouched.",
            f"Make room or give write access there, then run: {REINDEX.removeprefix('Run: ')}",
        ) from error
