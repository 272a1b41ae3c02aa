"""The count of a worker, and the input that it is at, in a file that outlives it.

A worker that is killed, or crashes in a library written in C, tells nothing any more; the file
does.
"""

from __future__ import annotations

import mmap
import struct
from pathlib import Path

_HEAD = struct.Struct("<QId")  # inputs done, length of the current one, worst share


class Tally:
    """Shared memory: `advance` is some hundred nanoseconds, no write to disk."""

    def __init__(self, path: Path, max_bytes: int) -> None:
        size = _HEAD.size + max_bytes
        if not path.exists() or path.stat().st_size != size:
            path.write_bytes(bytes(size))
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), size)
        self.count, _, self.worst = _HEAD.unpack_from(self._map)

    def begin(self, data: bytes) -> None:
        """This is the input that runs now."""
        _HEAD.pack_into(self._map, 0, self.count, len(data), self.worst)
        self._map[_HEAD.size : _HEAD.size + len(data)] = data

    def done(self, worst: float) -> None:
        """It came to an end."""
        self.count += 1
        self.worst = max(self.worst, worst)
        _HEAD.pack_into(self._map, 0, self.count, 0, self.worst)

    @property
    def current(self) -> bytes:
        """The input that a worker was at when it ended; empty if it was at none."""
        _, length, _ = _HEAD.unpack_from(self._map)
        return bytes(self._map[_HEAD.size : _HEAD.size + length])

    def close(self) -> None:
        self._map.close()
