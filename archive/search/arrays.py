"""One file of named arrays, written once, mapped into memory to be read: opening costs nothing, processes share it."""

import json
import mmap
import os
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAGIC = b"ShuiwenArrays\x00\x02\n"  # the 0x00 0x02 is the version of this container
HEAD = struct.Struct("<16sQQ")  # magic, where the table of arrays begins and how long it is
ALIGNMENT = 64

Array = NDArray[Any]
Named = Iterable[tuple[str, Array]]


@dataclass(frozen=True, slots=True)
class Arrays:
    """The arrays of a file by name, and the facts stored beside them as JSON."""

    arrays: Mapping[str, Array]
    facts: Mapping[str, Any]


def write_arrays(path: Path, arrays: Named, facts: Mapping[str, Any]) -> None:
    """Write a new file and have it on the disk when this returns. Raises OSError if it cannot be.

    Each array is written before the next is asked for, so that they need not all be in memory.
    """
    table: dict[str, tuple[str, int, int]] = {}
    with path.open("xb") as file:
        file.write(bytes(ALIGNMENT))
        for name, array in arrays:
            table[name] = (array.dtype.str, file.tell(), len(array))
            file.write(np.ascontiguousarray(array).data)
            file.write(bytes(-file.tell() % ALIGNMENT))
        end = file.tell()
        size = file.write(json.dumps({"arrays": table, "facts": facts}, ensure_ascii=False).encode())
        file.seek(0)
        file.write(HEAD.pack(MAGIC, end, size))
        file.flush()
        os.fsync(file.fileno())


def read_arrays(path: Path) -> Arrays:
    """Map a file that `write_arrays` wrote. Raises OSError or ValueError if it is not one that can be read."""
    with path.open("rb") as file:
        head = file.read(HEAD.size)
        if len(head) < HEAD.size or not head.startswith(MAGIC):
            raise ValueError(f"{path} is not a file of arrays of this version")
        _, end, size = HEAD.unpack(head)
        if os.fstat(file.fileno()).st_size != end + size:
            raise ValueError(f"{path} is cut off")
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    table = json.loads(data[end:])
    arrays = {
        name: np.frombuffer(data, np.dtype(kind), count, offset) if count else np.empty(0, np.dtype(kind))
        for name, (kind, offset, count) in table["arrays"].items()
    }
    return Arrays(arrays, table["facts"])


def runs(ascending: Array) -> tuple[Array, NDArray[np.int64]]:
    """The values that occur, and how often each does. On what is sorted anyway this is much faster than np.unique."""
    first = np.ones(len(ascending), np.bool_)
    np.not_equal(ascending[1:], ascending[:-1], out=first[1:])
    starts = np.flatnonzero(first)
    return ascending[starts], np.diff(starts, append=len(ascending))
