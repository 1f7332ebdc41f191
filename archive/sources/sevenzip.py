"""Unpacks a 7z archive in a process of its own: `python -m archive.sources.sevenzip FOLDER BYTES < ARCHIVE`.

The decoders behind py7zr are written in C, and crash on damaged archives (PPMd within seconds of feeding it such); a
crash, a loop without end or a flood of bytes ends this process and no other. Files that may hold pages are written to
FOLDER as 0, 1, 2, …, never where their names say; their names, sizes and times go to standard output as JSON.
"""

import json
import resource
import sys
from pathlib import Path
from typing import BinaryIO

from py7zr import SevenZipFile, WriterFactory
from py7zr.exceptions import AbsolutePathError, ArchiveError, DecompressionBombError, PasswordRequired
from py7zr.io import Py7zIO

from archive.sources.finds import DAMAGE, wanted

MAX_MEMORY = 2_000_000_000
MAX_SECONDS = 600
BROKEN: tuple[type[Exception], ...] = (*DAMAGE, ArchiveError, AbsolutePathError)


def unpack(archive: BinaryIO, folder: Path, most: int) -> list[tuple[str, int, str]]:
    """Name, size and time of each file in `archive` that may hold pages, the first of them now in `folder` as 0.

    Raises DecompressionBombError for more than `most` bytes, PasswordRequired, and what BROKEN names.
    """
    archive.seek(0)
    with SevenZipFile(archive) as opened:
        members = {one.filename: one for one in opened.list() if one.is_file and _is_inside(one.filename)}
        if sum(one.uncompressed for one in members.values()) > most:
            raise DecompressionBombError
        names = wanted(members)
        writers = _Writers(folder)
        if names:
            opened.extract("/", names, factory=writers)
    for number, name in enumerate(names):
        writers.files["/" + name].rename(folder / str(number))
    times = (members[name].creationtime for name in names)
    return [
        (name, members[name].uncompressed, time.isoformat() if time else "")
        for name, time in zip(names, times, strict=True)
    ]


def _is_inside(name: str) -> bool:
    """Whether py7zr takes the name; it refuses the whole archive for one that leads out of it."""
    return not name.startswith("/") and ".." not in name.split("/")


class _Writers(WriterFactory):
    """Where py7zr puts what it unpacks: `files` by their names."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.files: dict[str, Path] = {}

    def create(self, filename: str) -> Py7zIO:
        path = self.files[filename] = self._folder / f"unpacked-{len(self.files)}"
        return _Writer(path)


class _Writer(Py7zIO):
    """One file being unpacked."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w+b")

    def write(self, s: bytes | bytearray) -> int:
        return self._file.write(s)

    def read(self, size: int | None = None) -> bytes:
        return self._file.read(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def flush(self) -> None:
        self._file.flush()

    def size(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        self._file.close()


def main() -> None:
    """Run once, by `archive.sources.archives`."""
    folder, most = Path(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    try:
        found = unpack(sys.stdin.buffer, folder, most)
    except PasswordRequired:
        sys.exit("it has a password")
    except DecompressionBombError:
        sys.exit("it unpacks to far more than pages do")
    except BROKEN as error:
        sys.exit(f"it is damaged: {error}")
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
