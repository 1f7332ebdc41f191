"""One file of named arrays, written once, mapped into memory to be read: opening costs nothing, processes share it."""

import json
import mmap
import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAGIC = b"ShuiwenArrays\x00\x01\n"  # the 0x00 0x01 is the version of this container
HEAD = struct.Struct("<16sQ")
ALIGNMENT = 64

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Arrays:
    """The arrays of a file by name, and the facts stored beside them as JSON."""

    arrays: Mapping[str, Array]
    facts: Mapping[str, Any]


def write_arrays(path: Path, arrays: Mapping[str, Array], facts: Mapping[str, Any]) -> None:
    """Write a new file and have it on the disk when this returns. Raises OSError if it cannot be."""
    table: dict[str, tuple[str, int, int]] = {}
    offset = 0
    for name, array in arrays.items():
        table[name] = (array.dtype.str, offset, len(array))
        offset += _aligned(array.nbytes)
    header = json.dumps({"arrays": table, "facts": facts, "bytes": offset}, ensure_ascii=False).encode()
    with path.open("xb") as file:
        file.write(HEAD.pack(MAGIC, len(header)))
        file.write(header.ljust(_aligned(HEAD.size + len(header)) - HEAD.size))
        for array in arrays.values():
            file.write(np.ascontiguousarray(array).data)
            file.write(bytes(_aligned(array.nbytes) - array.nbytes))
        file.flush()
        os.fsync(file.fileno())


def read_arrays(path: Path) -> Arrays:
    """Map a file that `write_arrays` wrote. Raises OSError or ValueError if it is not one that can be read."""
    with path.open("rb") as file:
        head = file.read(HEAD.size)
        if len(head) < HEAD.size or not head.startswith(MAGIC):
            raise ValueError(f"{path} is not a file of arrays of this version")
        _, size = HEAD.unpack(head)
        header = json.loads(file.read(size))
        first = _aligned(HEAD.size + size)
        if os.fstat(file.fileno()).st_size != first + header["bytes"]:
            raise ValueError(f"{path} is cut off")
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    arrays = {
        name: np.frombuffer(data, np.dtype(kind), count, first + offset) if count else np.empty(0, np.dtype(kind))
        for name, (kind, offset, count) in header["arrays"].items()
    }
    return Arrays(arrays, header["facts"])


def _aligned(size: int) -> int:
    return -(-size // ALIGNMENT) * ALIGNMENT
