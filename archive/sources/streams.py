"""Files of any size as streams of bytes, unpacked member by member, which can be entered again at any member."""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from io import RawIOBase
from typing import Any, Protocol

from isal.igzip_lib import DECOMP_GZIP, IgzipDecompressor

from archive.sources.zstd import ZstdDecompressor, ZstdDict
from archive.sources.zstd import decompress as unpack_zstd

GZIP = b"\x1f\x8b\x08"
ZSTD = b"\x28\xb5\x2f\xfd"
ZSTD_DICTIONARY = b"\x5d\x2a\x4d\x18"  # the frame that WARC files with a dictionary begin with (IIPC's convention)
CHUNK = 1 << 16
MAX_DICTIONARY = 16_000_000
MAX_MEMBERS = 10_000  # remembered; more of them never lie in one read-ahead


class Source(Protocol):
    """A file to read from."""

    def read(self, size: int = -1, /) -> bytes: ...
    def seek(self, offset: int, whence: int = 0, /) -> int: ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file something begins: the offset of its member, and how many unpacked bytes of that come before."""

    member: int = 0
    inner: int = 0


class Stream(RawIOBase, ABC):
    """The unpacked bytes of a file; offsets are counted in them, from where the file was entered."""

    def readable(self) -> bool:
        return True

    @abstractmethod
    def enter(self, member: int) -> None:
        """Go on at the member that begins there; raises OSError where the file has no way back."""

    @abstractmethod
    def place_of(self, offset: int) -> Place | None:
        """Where `offset` lies in the file; None where that is no longer known. Offsets must not decrease."""

    @abstractmethod
    def pass_over(self) -> int | None:
        """After an error: go on behind what is damaged, at the offset returned; None where nothing is found there."""


class Plain(Stream):
    """A file that is not packed: each of its bytes is a place to enter it."""

    def __init__(self, file: Source) -> None:
        super().__init__()
        self._file, self._start = file, 0

    def readinto(self, buffer: Any) -> int:
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def enter(self, member: int) -> None:
        self._file.seek(member)
        self._start = member

    def place_of(self, offset: int) -> Place:
        return Place(self._start + offset)

    def pass_over(self) -> None:
        return None


class Unpacker(Protocol):
    """A decompressor of one member, as isal and zstd both have it."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class Packed(Stream):
    """A file of packed members, one behind the other, that each begin with `magic`."""

    def __init__(self, file: Source, magic: bytes, new: Callable[[], Unpacker], at: int = 0) -> None:
        super().__init__()
        self._file, self._magic, self._new = file, magic, new
        self._begin(at)

    def _begin(self, at: int) -> None:
        self._read, self._out = at, 0  # packed bytes read, unpacked bytes handed out
        self._packed = self._given = b""  # what is still to unpack, and what was unpacked last
        self._unpacker: Unpacker | None = None
        self._members: deque[tuple[int, int]] = deque(maxlen=MAX_MEMBERS)  # offsets: unpacked, packed

    def readinto(self, buffer: Any) -> int:
        """Unpack up to the size of `buffer`; raises EOFError where the file ends inside of a member."""
        while unpacker := self._unpacker or self._next_member():
            given = b""
            if unpacker.needs_input:
                given, self._packed = self._packed or self._more(), b""
                if not given:
                    raise EOFError("the file ends in the middle of it")
                self._given = given
            data = unpacker.decompress(given, len(buffer))
            if unpacker.eof:
                self._packed, self._unpacker = unpacker.unused_data, None
            if data:
                buffer[: len(data)] = data
                self._out += len(data)
                return len(data)
        return 0

    def enter(self, member: int) -> None:
        self._file.seek(member)
        self._begin(member)

    def place_of(self, offset: int) -> Place | None:
        while len(self._members) > 1 and self._members[1][0] <= offset:
            self._members.popleft()
        if not self._members and not self._out:
            return Place(self._read)  # nothing was read yet
        if not self._members or self._members[0][0] > offset:
            return None
        begun, member = self._members[0]
        return Place(member, offset - begun)

    def pass_over(self) -> int | None:
        """Go on at the next member that can be seen behind the beginning of the damaged one."""
        data, self._given, self._unpacker = self._given + self._packed, b"", None
        at = data.find(self._magic, 1)
        while at < 0:
            more = self._more()
            if not more:
                self._packed = b""
                return None
            data = data[1 - len(self._magic) :] + more
            at = data.find(self._magic)
        self._packed = data[at:]
        return self._out

    def _next_member(self) -> Unpacker | None:
        """An unpacker for the next member; None at the end of the file, which may be filled up with zeros."""
        self._packed = self._packed.lstrip(b"\0")
        while not self._packed and (more := self._more()):
            self._packed = more.lstrip(b"\0")
        if not self._packed:
            return None
        if self._members and self._members[-1][0] == self._out:
            self._members.pop()  # an empty member: no place to enter
        self._members.append((self._out, self._read - len(self._packed)))
        self._unpacker = self._new()
        return self._unpacker

    def _more(self) -> bytes:
        more = self._file.read(CHUNK)
        self._read += len(more)
        return more


def unpacking(file: Source, head: bytes) -> Stream:
    """The bytes of `file`, which begins with `head`, unpacked if they are packed; raises ValueError for a dictionary
    that is too large to be one."""
    if head.startswith(GZIP):
        return Packed(file, GZIP, _new_gzip)
    if head.startswith(ZSTD):
        return Packed(file, ZSTD, ZstdDecompressor)
    if head.startswith(ZSTD_DICTIONARY):
        words, size = _dictionary(file)
        return Packed(file, ZSTD, lambda: ZstdDecompressor(words), size)
    return Plain(file)


def _new_gzip() -> Unpacker:
    return IgzipDecompressor(flag=DECOMP_GZIP)


def _dictionary(file: Source) -> tuple[ZstdDict, int]:
    """The dictionary in the frame that `file` begins with, packed or not, and the size of that frame."""
    size = int.from_bytes(file.read(8)[4:], "little")
    if size > MAX_DICTIONARY:
        raise ValueError(f"its dictionary is larger than {MAX_DICTIONARY:,} bytes")
    words = file.read(size)
    return ZstdDict(unpack_zstd(words) if words.startswith(ZSTD) else words), 8 + size
