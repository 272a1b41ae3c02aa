"""The terms of one field: sorted keys, document frequencies, and where each posting run lies.

Columns, one entry a term, in byte order of the keys:

- `keys`   what each key adds to the one before it, one after another (front coding, in blocks of
           64 terms whose first key is whole); `klen` the keys' lengths, `kshare` how many bytes
           each has from the key before (u8 both)
- `df`     documents that hold the term (u8, 255 = see the exceptions)
- `plen`   length in bytes of the posting run (u8, likewise)
- `modes`  how the run's parts are packed (see `postings`)

There are no offset columns: offsets are sums of lengths, kept in memory for every 64th term only.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from index.codec.container import Container, ContainerWriter
from index.codec.integers import Ints, kernels, starts_of

BLOCK = 64


class Keys:
    """Sorted keys as arrays: their bytes one after another, and their lengths (u8)."""

    def __init__(self, blob: npt.NDArray[np.uint8], lengths: npt.NDArray[np.uint8]) -> None:
        self.blob, self.lengths = blob, lengths

    @classmethod
    def of(cls, keys: list[bytes]) -> Keys:
        lengths = np.fromiter(map(len, keys), np.uint8, len(keys))
        return cls(np.frombuffer(b"".join(keys), np.uint8), lengths)

    def __len__(self) -> int:
        return len(self.lengths)

    def tolist(self) -> list[bytes]:
        """The keys as bytes."""
        blob, ends = self.blob.tobytes(), starts_of(self.lengths).tolist()
        return [blob[start:end] for start, end in pairwise(ends)]

    def take(self, chosen: Ints) -> Keys:
        """The keys with these numbers."""
        lengths = self.lengths[chosen]
        begin, ends = starts_of(self.lengths)[chosen], starts_of(lengths)
        places = np.arange(ends[-1]) + np.repeat(begin - ends[:-1], lengths)
        return Keys(self.blob[places], lengths)


class DictionaryWriter:
    """Collects the columns of one field in term order and writes them as sections `<field>/…`."""

    def __init__(self, field: str) -> None:
        self._field = field
        self._keys: list[npt.NDArray[np.uint8]] = []
        self._lengths: list[npt.NDArray[np.uint8]] = []
        self._dfs: list[Ints] = []
        self._sizes: list[Ints] = []
        self._modes: list[npt.NDArray[np.uint8]] = []

    def add(
        self, keys: list[bytes] | Keys, dfs: Ints, sizes: Ints, modes: npt.NDArray[np.uint8]
    ) -> None:
        """Append terms, all arrays of shape [len(keys)]. A key has at most 255 bytes."""
        keys = keys if isinstance(keys, Keys) else Keys.of(keys)
        self._lengths.append(keys.lengths)
        self._keys.append(keys.blob)
        self._dfs.append(dfs)
        self._sizes.append(sizes)
        self._modes.append(modes)

    def write(self, out: ContainerWriter) -> None:
        blob, lengths = _joined(self._keys, np.uint8), _joined(self._lengths, np.uint8)
        added, shared = _front_coded(blob, lengths.astype(np.int64))
        out.section(f"{self._field}/keys", added)
        out.section(f"{self._field}/klen", lengths)
        out.section(f"{self._field}/kshare", shared)
        out.section(f"{self._field}/modes", _joined(self._modes, np.uint8))
        _write_column(out, f"{self._field}/df", _joined(self._dfs, np.int64))
        _write_column(out, f"{self._field}/plen", _joined(self._sizes, np.int64))


class Dictionary:
    """Reads what DictionaryWriter wrote. Terms are known by their ordinal, 0 … term_count - 1."""

    def __init__(self, container: Container, field: str) -> None:
        self._klen = container.array(f"{field}/klen", "u1")
        self._kshare = container.array(f"{field}/kshare", "u1")
        self._keys_at, _ = container.extent(f"{field}/keys")
        self._container = container
        self.modes = container.array(f"{field}/modes", "u1")
        self._df = _Column(container, f"{field}/df")
        self._plen = _Column(container, f"{field}/plen")
        self._posts_at, _ = container.extent(f"{field}/post")
        self.term_count = len(self._klen)
        self._key_base = _block_starts((self._klen - self._kshare).astype(np.int64)) + self._keys_at
        self._post_base = _block_starts(self._plen.all()) + self._posts_at

    def find(self, key: bytes) -> int:
        """The ordinal of `key`, or -1."""
        ordinal, found = self._seek(key)
        return ordinal if found else -1

    def lower_bound(self, key: bytes) -> int:
        """The first ordinal whose key is not less than `key` (term_count if none)."""
        return self._seek(key)[0]

    def _seek(self, key: bytes) -> tuple[int, bool]:
        """The lower bound of `key`, and whether it is `key` itself."""
        native = kernels()
        if native:
            return self._seek_natively(native, key)
        after = bisect_right(range(len(self._key_base)), key, key=self._first_key)
        ordinal = max(after - 1, 0) * BLOCK
        shares, lengths, blob = self._coded(ordinal, min(ordinal + BLOCK, self.term_count))
        at = same = 0  # what `key` has in common with the key before, which is less
        for share, length in zip(shares, lengths, strict=True):
            if share < same:
                return ordinal, False
            end = at + length - share
            if share == same:
                added, rest = blob[at:end], key[same:]
                if added >= rest:
                    return ordinal, added == rest
                for one, other in zip(added, rest, strict=False):
                    if one != other:
                        break
                    same += 1
            at = end
            ordinal += 1
        return ordinal, False

    def _seek_natively(self, native: Any, key: bytes) -> tuple[int, bool]:
        file = self._container
        columns = self._key_base, self._klen, self._kshare
        wanted = np.frombuffer(key, np.uint8)
        while (found := native.seek(wanted, file.octets, file.checked, *columns, BLOCK)) < 0:
            file.check_page(-1 - found)
        file.looked_at(len(self._key_base).bit_length())
        return found >> 1, bool(found & 1)

    def prefix_range(self, prefix: bytes) -> tuple[int, int]:
        """Ordinals [lo, hi) of the keys that start with `prefix`."""
        low = self.lower_bound(prefix)
        bumped = prefix.rstrip(b"\xff")
        if not bumped:
            return low, self.term_count
        return low, self.lower_bound(bumped[:-1] + bytes([bumped[-1] + 1]))

    def key(self, ordinal: int) -> bytes:
        return self.keys(ordinal, ordinal + 1)[0]

    def keys(self, low: int, high: int) -> list[bytes]:
        """The keys of the ordinals [low, high)."""
        if low >= high:
            return []
        first = low // BLOCK * BLOCK
        shares, lengths, blob = self._coded(first, high)
        keys, key, at = [], b"", 0
        for share, length in zip(shares, lengths, strict=True):
            end = at + length - share
            key = key[:share] + blob[at:end]
            keys.append(key)
            at = end
        return keys[low - first :]

    def _coded(self, first: int, high: int) -> tuple[list[int], list[int], bytes]:
        """How much each of the keys [first, high) shares, their lengths, and what they add; `first`
        begins a block."""
        shares = self._kshare[first:high].tolist()
        lengths = self._klen[first:high].tolist()
        start = int(self._key_base[first // BLOCK]) if shares else 0
        return shares, lengths, self._bytes(start, start + sum(lengths) - sum(shares))

    def df(self, ordinal: int) -> int:
        return self._df.one(ordinal)

    def dfs(self, low: int, high: int) -> Ints:
        return self._df.slice(low, high)

    def extent(self, ordinal: int) -> tuple[int, int]:
        """Where the posting run of a term lies in the file: offset and length in bytes."""
        block = ordinal // BLOCK
        before = self._plen.sum(block * BLOCK, ordinal)
        return int(self._post_base[block]) + before, self._plen.one(ordinal)

    def extents(self, low: int, high: int) -> Ints:
        """Boundaries of the posting runs of the ordinals [low, high), shape [high - low + 1]."""
        starts = starts_of(self._plen.slice(low, high))
        return starts + (self.extent(low)[0] if low < high else 0)

    def _first_key(self, block: int) -> bytes:
        start = int(self._key_base[block])
        return self._bytes(start, start + int(self._klen[block * BLOCK]))

    def _bytes(self, start: int, end: int) -> bytes:
        self._container.check(start, end)
        return bytes(self._container.data[start:end])


class _Column:
    """Non-negative integers, mostly below 255: one byte each, exceptions apart."""

    def __init__(self, container: Container, name: str) -> None:
        self._small = container.array(name, "u1")
        self._where = container.array(f"{name}.at", "<u4")
        self._large = container.array(f"{name}.value", "<u4")

    def one(self, index: int) -> int:
        value = int(self._small[index])
        return value if value != 255 else int(self._large[self._place(index)])

    def sum(self, low: int, high: int) -> int:
        """The sum of a few values, in less time than arrays take."""
        some = self._small[low:high].tobytes()
        large = some.count(255)
        if not large:
            return sum(some)
        first = self._place(low)
        more: list[int] = self._large[first : first + large].tolist()
        return sum(some) - 255 * large + sum(more)

    def slice(self, low: int, high: int) -> Ints:
        values = self._small[low:high].astype(np.int64)
        a, b = self._place(low), self._place(high)
        values[self._where[a:b].astype(np.int64) - low] = self._large[a:b]
        return values

    def _place(self, index: int) -> int:
        """Where the exceptions from an index on begin."""
        return int(self._where.searchsorted(self._where.dtype.type(index)))  # else it is copied

    def all(self) -> Ints:
        return self.slice(0, len(self._small))


def _write_column(out: ContainerWriter, name: str, values: Ints) -> None:
    large = np.flatnonzero(values >= 255)
    out.section(name, np.minimum(values, 255).astype(np.uint8))
    out.section(f"{name}.at", large.astype("<u4"))
    out.section(f"{name}.value", values[large].astype("<u4"))


def _block_starts(lengths: Ints) -> Ints:
    if not len(lengths):
        return np.zeros(0, np.int64)
    return starts_of(np.add.reduceat(lengths, np.arange(0, len(lengths), BLOCK)))[:-1]


def _joined(parts: list[npt.NDArray[Any]], dtype: type) -> npt.NDArray[Any]:
    return np.concatenate(parts) if parts else np.zeros(0, dtype)


def _front_coded(
    blob: npt.NDArray[np.uint8], lengths: Ints
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """The bytes that each key does not share with the one before it, and how many it shares."""
    starts = starts_of(lengths)[:-1]
    shared = np.zeros(len(lengths), np.int64)
    room = np.minimum(lengths[1:], lengths[:-1])
    candidates = np.flatnonzero(np.arange(1, len(lengths)) % BLOCK) + 1
    depth = 0
    while len(candidates := candidates[room[candidates - 1] > depth]):
        same = blob[starts[candidates] + depth] == blob[starts[candidates - 1] + depth]
        candidates = candidates[same]
        shared[candidates] += 1
        depth += 1
    within = np.arange(len(blob)) - np.repeat(starts, lengths)
    return blob[within >= np.repeat(shared, lengths)], shared.astype(np.uint8)
