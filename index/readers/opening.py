"""Opening seeds: ordinary files only. Anybody may have put a pipe or a device where a file was."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from index.errors import SeedError

# A pipe must not keep the one waiting who opens it. Not every system has these.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def open_regular(path: Path, buffering: int = -1) -> BinaryIO:
    """The bytes of an ordinary file. Raises OSError as the file system does, else SeedError."""
    descriptor = os.open(path, _FLAGS)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise SeedError("not an ordinary file")
        return os.fdopen(descriptor, "rb", buffering)
    except BaseException:
        os.close(descriptor)
        raise


def read_at_most(path: Path, most: int) -> bytes | None:
    """The bytes of an ordinary file, or None if there are more than `most`."""
    with open_regular(path) as file:
        data = file.read(most + 1)
    return data if len(data) <= most else None
