"""One file per segment: named sections, a checksum per page, a directory at the end.

Layout (little-endian)::

    header     8 bytes magic, u32 format version, u32 page size
    sections   raw bytes, each starting at a multiple of 8
    checksums  u32 CRC-32 of every page of header + sections
    directory  JSON: {"sections": {name: [offset, length]}, "meta": {...}}
    footer     u64 checksums offset, u64 directory offset, u32 directory length,
               u32 CRC-32 of checksums + directory, 8 bytes magic

The footer and directory are checked at open; a page is checked when it is first read. So opening
costs nothing, and a flipped bit is still an error and never a wrong hit.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import weakref
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from index.errors import DamagedIndexError, OutdatedIndexError

try:
    from zlib_ng.zlib_ng import crc32  # the extra `native`: the same sums, five times as fast
except ImportError:
    from zlib import crc32

FORMAT_VERSION = 2
MAGIC = b"timtin\r\n"
PAGE = 1 << 15
MAPPED = 48 << 20
"""Bytes that may be looked at before the pages of the map, which count as the process's memory, are
given back: postings are read once and then kept decoded."""
AROUND = 1 << 16
"""Bytes that Linux maps with a page that is looked at, if it has them at hand."""
_HEADER = struct.Struct("<8sII")
_FOOTER = struct.Struct("<QQII8s")


class ContainerWriter:
    """Writes a container front to back. `file` is a binary file opened for writing; `close` closes
    it.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._sections: dict[str, list[int]] = {}
        self._checksums: list[int] = []
        self._page_crc = 0
        self._position = 0
        self.meta: dict[str, Any] = {}
        self._put(_HEADER.pack(MAGIC, FORMAT_VERSION, PAGE))

    def begin(self, name: str) -> None:
        """Start a section; it ends where the next one starts."""
        self._put(b"\0" * (-self._position % 8))
        self._sections[name] = [self._position, 0]

    def write(self, data: bytes | memoryview) -> None:
        """Append to the section that was begun last."""
        self._put(data)
        last = next(reversed(self._sections.values()))
        last[1] = self._position - last[0]

    def section(self, name: str, data: bytes | npt.NDArray[Any]) -> None:
        """Write a whole section; an array is written as it lies in memory (callers give
        little-endian).
        """
        self.begin(name)
        if isinstance(data, np.ndarray):
            self.write(np.ascontiguousarray(data).tobytes())
        else:
            self.write(data)

    def close(self) -> int:
        """Write checksums, directory and footer, all onto the disk; returns the file's size in
        bytes.
        """
        if self._position % PAGE:
            self._checksums.append(self._page_crc)
        table = np.array(self._checksums, "<u4").tobytes()
        listing = {"sections": self._sections, "meta": self.meta}
        directory = json.dumps(listing, ensure_ascii=False).encode()
        crc = crc32(directory, crc32(table))
        at = self._position
        footer = _FOOTER.pack(at, at + len(table), len(directory), crc, MAGIC)
        self._file.write(table + directory + footer)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return at + len(table) + len(directory) + len(footer)

    def _put(self, data: bytes | memoryview) -> None:
        self._file.write(data)
        view = memoryview(data)
        while view:
            room = PAGE - self._position % PAGE
            part, view = view[:room], view[room:]
            self._page_crc = crc32(part, self._page_crc)
            self._position += len(part)
            if len(part) == room:
                self._checksums.append(self._page_crc)
                self._page_crc = 0


class Container:
    """A container opened for reading through a memory map; safe to share between threads.

    `data` and `octets` are the whole file; `checked` says of each page, uint8, whether it was.
    Errors: DamagedIndexError names the file; OutdatedIndexError for another format version.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("rb") as file:
            size = path.stat().st_size
            if size < _HEADER.size + _FOOTER.size:
                raise DamagedIndexError(path, f"only {size} bytes long")
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._file = os.dup(file.fileno())
        weakref.finalize(self, os.close, self._file)
        self.data = memoryview(self._map)
        self.octets = np.frombuffer(self.data, np.uint8)
        self._looked_at = 0
        self._read_directory(size)

    def _read_directory(self, size: int) -> None:
        magic, version, page = _HEADER.unpack_from(self.data, 0)
        table_at, listing_at, length, crc, tail = _FOOTER.unpack_from(
            self.data, size - _FOOTER.size
        )
        if magic == MAGIC and version != FORMAT_VERSION and not self._header_is_ours(table_at):
            raise OutdatedIndexError(
                f"index file {self.path} has format version {version}, not {FORMAT_VERSION}"
            )
        if magic != MAGIC or tail != MAGIC or page != PAGE or version != FORMAT_VERSION:
            raise DamagedIndexError(self.path, "it is cut off or is not a timtin segment")
        end = size - _FOOTER.size
        if not table_at <= listing_at <= end or listing_at + length != end:
            raise DamagedIndexError(self.path, "its footer does not fit its size")
        table, listing = self.data[table_at:listing_at], self.data[listing_at:end]
        if crc32(listing, crc32(table)) != crc or len(table) % 4:
            raise DamagedIndexError(self.path, "checksum mismatch in its directory")
        directory = json.loads(bytes(listing))
        self._sections: dict[str, list[int]] = directory["sections"]
        self.meta: dict[str, Any] = directory["meta"]
        self._end = table_at
        self._checksums = np.frombuffer(table, "<u4")
        if len(self._checksums) != -(-table_at // PAGE):
            raise DamagedIndexError(self.path, "it has too few checksums")
        self._checked = bytearray(len(self._checksums))
        self.checked = np.frombuffer(self._checked, np.uint8)

    def _header_is_ours(self, table_at: int) -> bool:
        """Whether the first page, with our version in its header, is what the table was made of.

        Then the version is not another one, but damaged.
        """
        end = min(PAGE, table_at)
        if not 0 < end <= table_at + 4 <= len(self.data):
            return False
        header = _HEADER.pack(MAGIC, FORMAT_VERSION, PAGE)
        (crc,) = struct.unpack_from("<I", self.data, table_at)
        return bool(crc == crc32(self.data[len(header) : end], crc32(header)))

    def __contains__(self, name: str) -> bool:
        return name in self._sections

    def names(self) -> list[str]:
        return list(self._sections)

    def extent(self, name: str) -> tuple[int, int]:
        """Offset and length in bytes of a section; KeyError if there is none."""
        offset, length = self._sections[name]
        return offset, length

    def array(self, name: str, dtype: str) -> npt.NDArray[Any]:
        """A whole section as a read-only array of `dtype`, checked."""
        offset, length = self.extent(name)
        self.check(offset, offset + length)
        item = np.dtype(dtype)
        return np.frombuffer(self.data, item, length // item.itemsize, offset)

    def bytes(self, name: str) -> bytes:
        """A whole section as bytes, checked."""
        return self.array(name, "u1").tobytes()

    def read(self, start: int, end: int) -> memoryview:
        """A checked copy of data[start:end] that takes no room in the memory map.

        For what is read here and there, once: pages of a map count as the process's memory.
        """
        first, last = start // PAGE, -(-end // PAGE)
        if all(self._checked[first:last]):
            return memoryview(os.pread(self._file, end - start, start))
        pages = os.pread(self._file, min(last * PAGE, self._end) - first * PAGE, first * PAGE)
        whole = memoryview(pages)
        for page in range(first, last):
            self._check(page, whole[(page - first) * PAGE : (page - first + 1) * PAGE])
        return whole[start - first * PAGE : end - first * PAGE]

    def check(self, start: int, end: int) -> None:
        """Make sure that the pages of data[start:end] are what was written; DamagedIndexError if
        not.
        """
        self.looked_at(1, end - start)
        if not 0 <= start <= end <= self._end:
            raise DamagedIndexError(self.path, f"it has no bytes {start} to {end}")
        last = -(-end // PAGE)
        page = self._checked.find(0, start // PAGE, last)
        while page >= 0:
            self._check(page, self.data[page * PAGE : min((page + 1) * PAGE, self._end)])
            page = self._checked.find(0, page + 1, last)

    def check_page(self, page: int) -> None:
        """The same for the page of that number."""
        self.check(page * PAGE, page * PAGE + 1)

    def looked_at(self, places: int, size: int = 0) -> None:
        """Count what was read through the map: `places` apart from each other, of `size` bytes in
        all. Once it is much, the pages of the map are given back; what is looked at again comes
        from the system's cache.
        """
        self._looked_at += size + places * AROUND
        if self._looked_at > MAPPED:
            self.give_back()

    def give_back(self) -> None:
        """Take no memory for what was read through the map."""
        self._looked_at = 0
        if hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)

    def _check(self, page: int, data: memoryview) -> None:
        if crc32(data) != self._checksums[page]:
            raise DamagedIndexError(self.path, f"checksum mismatch at byte {page * PAGE}")
        self._checked[page] = 1

    def check_all(self) -> None:
        """Check every page, also those checked before."""
        self._checked[:] = bytes(len(self._checksums))
        self.check(0, self._end)
