"""The files in zip and 7z archives, with bounds on what these may unpack to. Nothing is ever put where they say."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory, TemporaryFile
from typing import BinaryIO

from archive.settings import CHECKOUT
from archive.sources.finds import DAMAGE, Opened, Unread, moment, wanted
from archive.sources.streams import Plain

MAX_DEPTH = 3  # archives in archives
LEAST_ALLOWED = 1_000_000_000  # bytes that any archive may unpack to
MOST_TIMES = 100  # its own size, for larger ones; pages pack to a fifth, those of one template to a twentieth
UNPACKER = "archive.sources.sevenzip"  # a program: it must be able to crash
UTF8_NAME = 0x800  # the flag of a zip file's member


@dataclass(slots=True)
class Allowance:
    """How many more bytes may be unpacked from one file, with the archives inside of it."""

    left: int

    def take(self, size: int) -> bool:
        """Use up `size` bytes; whether there were so many."""
        self.left -= size
        return self.left >= 0


def allowance(size: int) -> Allowance:
    """What a file of `size` bytes may unpack to."""
    return Allowance(max(LEAST_ALLOWED, MOST_TIMES * size))


def files_in_zip(opened: Opened, allowed: Allowance) -> Iterator[Opened | Unread]:
    """The files in a zip archive that may hold pages; each is open until the next one is asked for."""
    with _seekable(opened) as file, zipfile.ZipFile(file) as archive:
        members = {_name(member): member for member in archive.infolist()}
        for name in wanted(members):
            member = members[name]
            if not allowed.take(member.file_size):
                yield _too_much(opened)
                return
            packed_at = moment("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format(*member.date_time), opened.modified)
            try:
                with archive.open(member) as inner:
                    yield opened.inside(name, BufferedReader(Plain(inner)), packed_at)
            except DAMAGE as error:
                yield Unread(opened.name_of(name), f"cannot be unpacked: {error}")


def files_in_7z(opened: Opened, allowed: Allowance) -> Iterator[Opened | Unread]:
    """The files in a 7z archive that may hold pages; each is open until the next one is asked for."""
    with _seekable(opened) as file, TemporaryDirectory() as folder:
        command = [sys.executable, "-m", UNPACKER, folder, str(max(0, allowed.left))]
        done = subprocess.run(command, check=False, stdin=file, capture_output=True, cwd=CHECKOUT)  # noqa: S603
        if done.returncode:
            lines = done.stderr.decode("utf-8", "replace").splitlines() or ["it is damaged"]
            yield Unread(opened.source, f"cannot be unpacked: {lines[-1]}")
            return
        for number, (name, size, written_at) in enumerate(json.loads(done.stdout)):
            allowed.take(size)
            with Path(folder, str(number)).open("rb") as inner:
                yield opened.inside(name, inner, moment(written_at, opened.modified))


@contextmanager
def _seekable(opened: Opened) -> Iterator[BinaryIO]:
    """The archive itself where it is a file on disk, or else a copy there: one must go back and forth in it."""
    if opened.file.seekable():
        yield opened.file
        return
    with TemporaryFile() as copy:
        copyfileobj(opened.file, copy)
        copy.seek(0)
        yield copy


def _too_much(opened: Opened) -> Unread:
    return Unread(opened.source, "unpacks to far more than pages do: the rest of it is left alone")


def _name(member: zipfile.ZipInfo) -> str:
    """The name of a file; those of Chinese Windows are in its code page, which zipfile takes for that of DOS."""
    if member.flag_bits & UTF8_NAME:
        return member.filename
    packed = member.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return packed.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.filename
