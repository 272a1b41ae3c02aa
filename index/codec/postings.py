"""Postings of one field: for every term the documents, frequencies and positions.

A term's run is `[document gaps][frequencies - 1][position gaps]`, each part packed as `integers`
describes; the first gap of a term is its first document number, the first position gap of a
document its first position. The packing modes of the three parts share one byte of the dictionary:
bits 0-1 for the gaps, 2-3 for the frequencies, 4-5 for the positions.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from index.codec import integers
from index.codec.container import Container, ContainerWriter
from index.codec.dictionary import Dictionary, DictionaryWriter
from index.codec.integers import BITS, U8X16, U8X32, U16X32, U32, ZERO, Ints, starts_of

Int32s = npt.NDArray[np.int32]

_CHECKED_TERMS = 50_000  # terms decoded at a time by a check
_GAP_MODES = (U8X16, U8X32, U16X32, U32)
_FREQUENCY_MODES = (ZERO, U8X32, U32, BITS)
_GAP_CODE = np.zeros(8, np.uint8)
_GAP_CODE[list(_GAP_MODES)] = range(4)
_FREQUENCY_CODE = np.zeros(8, np.uint8)
_FREQUENCY_CODE[list(_FREQUENCY_MODES)] = range(4)
_GAPS = np.array(_GAP_MODES, np.uint8)
_FREQUENCIES = np.array(_FREQUENCY_MODES, np.uint8)


class Postings(NamedTuple):
    """Postings of consecutive terms, one term after another.

    `dfs` [terms]; `ids` and `freqs` [postings], ids ascending within a term; `positions` [sum of
    freqs], ascending within a document, or None if the field keeps none.
    """

    dfs: Ints
    ids: Ints
    freqs: Ints
    positions: Ints | None


class FieldWriter:
    """Writes one field into a container: `add` terms in byte order of their keys, then `close`."""

    def __init__(self, out: ContainerWriter, field: str, *, has_positions: bool) -> None:
        self._out = out
        self._has_positions = has_positions
        self._dictionary = DictionaryWriter(field)
        out.begin(f"{field}/post")

    def add(self, keys: list[bytes], postings: Postings) -> None:
        """Append the terms `keys` (each at most 255 bytes, each with at least one document)."""
        if not keys:
            return
        dfs, ids, freqs, positions = postings
        starts = starts_of(dfs)
        gaps = _gaps(ids, starts[:-1])
        parts = [(gaps, starts, integers.plan(gaps, starts, _GAP_MODES))]
        extra = freqs - 1
        parts.append((extra, starts, integers.plan(extra, starts, _FREQUENCY_MODES)))
        modes = _GAP_CODE[parts[0][2].modes] | _FREQUENCY_CODE[parts[1][2].modes] << 2
        if self._has_positions:
            if positions is None:
                raise ValueError("this field keeps positions, and none were given")
            ends = starts_of(freqs)
            steps = _gaps(positions, ends[:-1])
            bounds = ends[starts]
            parts.append((steps, bounds, integers.plan(steps, bounds, _GAP_MODES)))
            modes = modes | _GAP_CODE[parts[2][2].modes] << 4
        sizes = np.sum([part[2].sizes for part in parts], axis=0)
        offsets = starts_of(sizes)
        out = np.zeros(int(offsets[-1]), np.uint8)
        at = offsets[:-1].copy()
        for values, bounds, plan in parts:
            integers.write(out, at, values, bounds, plan.modes)
            at += plan.sizes
        self._out.write(out.data)
        self._dictionary.add(keys, dfs, sizes, modes.astype(np.uint8))

    def close(self) -> None:
        self._dictionary.write(self._out)


class FieldReader:
    """One field of a segment. Arrays returned are fresh or read-only; nothing here changes
    state.
    """

    def __init__(self, container: Container, field: str, *, has_positions: bool) -> None:
        self.name = field
        self.has_positions = has_positions
        self._container = container
        self._dictionary = Dictionary(container, field)
        self.term_count = self._dictionary.term_count
        self.find = self._dictionary.find
        self.lower_bound = self._dictionary.lower_bound
        self.prefix_range = self._dictionary.prefix_range
        self.key = self._dictionary.key
        self.keys = self._dictionary.keys
        self.df = self._dictionary.df
        self.dfs = self._dictionary.dfs

    def postings(self, ordinal: int) -> tuple[Int32s, Int32s]:
        """Document numbers, ascending, and frequencies; both shape [df]."""
        ids, freqs, _ = self._read(ordinal)
        return ids, freqs

    def positions(self, ordinal: int) -> Int32s:
        """Token positions grouped by document in order of `postings(ordinal)`; shape [sum of
        freqs].
        """
        if not self.has_positions:
            raise ValueError(f"field {self.name!r} keeps no positions")
        _, freqs, at = self._read(ordinal)
        total = int(freqs.sum(dtype=np.int64))
        mode = int(_GAPS[self._dictionary.modes[ordinal] >> 4 & 3])
        steps, _ = integers.read_one(self._container.data, at, total, mode)
        return _undo_gaps(steps.astype(np.int32), freqs)

    def postings_range(self, low: int, high: int) -> tuple[Int32s, Int32s, Ints]:
        """Postings of the terms [low, high): ids and freqs one term after another, and the dfs."""
        dfs, ids, freqs, _ = self._read_range(low, high, with_positions=False)
        return ids.astype(np.int32), freqs.astype(np.int32), dfs

    def all_of(self, low: int, high: int) -> Postings:
        """Everything about the terms [low, high), with positions where the field keeps them."""
        return self._read_range(low, high, with_positions=self.has_positions)

    def check(self, doc_count: int) -> None:
        """Decode everything; ValueError if keys, documents or positions are out of order."""
        for low in range(0, self.term_count, _CHECKED_TERMS):
            high = min(low + _CHECKED_TERMS, self.term_count)
            keys = self.keys(max(low - 1, 0), high)
            if any(a >= b for a, b in pairwise(keys)):
                raise ValueError(f"the terms of field {self.name!r} are out of order")
            dfs, ids, freqs, positions = self.all_of(low, high)
            inner = np.ones(len(ids), bool)
            inner[starts_of(dfs)[:-1]] = False
            if len(ids) and (
                ids.max() >= doc_count or (np.diff(ids, prepend=-1)[inner] <= 0).any()
            ):
                raise ValueError(f"the postings of field {self.name!r} are out of order")
            if positions is not None and len(positions) != int(freqs.sum()):
                raise ValueError(f"the positions of field {self.name!r} are incomplete")

    def run_sizes(self) -> Ints:
        """Bytes of each term's run, shape [term_count]; for planning reads of bounded size."""
        return np.diff(self._dictionary.extents(0, self.term_count))

    def _read(self, ordinal: int) -> tuple[Int32s, Int32s, int]:
        offset, size = self._dictionary.extent(ordinal)
        self._container.check(offset, offset + size)
        data, df, modes = (
            self._container.data,
            self.df(ordinal),
            int(self._dictionary.modes[ordinal]),
        )
        gaps, at = integers.read_one(data, offset, df, int(_GAPS[modes & 3]))
        extra, at = integers.read_one(data, at, df, int(_FREQUENCIES[modes >> 2 & 3]))
        return np.cumsum(gaps, dtype=np.int32), extra.astype(np.int32) + 1, at

    def _read_range(self, low: int, high: int, *, with_positions: bool) -> Postings:
        if low >= high:
            none = np.zeros(0, np.int64)
            return Postings(none, none, none, none if with_positions else None)
        bounds = self._dictionary.extents(low, high)
        first, last = int(bounds[0]), int(bounds[-1])
        self._container.check(first, last)
        data = np.frombuffer(self._container.data, np.uint8, last - first, first)
        dfs, modes = self.dfs(low, high), self._dictionary.modes[low:high]
        gaps, at = integers.read(data, bounds[:-1] - first, dfs, _GAPS[modes & 3])
        ids = _undo_gaps(gaps, dfs)
        extra, at = integers.read(data, at, dfs, _FREQUENCIES[modes >> 2 & 3])
        freqs = extra + 1
        if not with_positions:
            return Postings(dfs, ids, freqs, None)
        counts = np.add.reduceat(freqs, starts_of(dfs)[:-1])
        steps, _ = integers.read(data, at, counts, _GAPS[modes >> 4 & 3])
        return Postings(dfs, ids, freqs, _undo_gaps(steps, freqs))


def _gaps(values: Ints, heads: Ints) -> Ints:
    """Differences to the value before; at the `heads` of groups the value itself."""
    gaps = np.empty(len(values), np.int64)
    gaps[:1] = values[:1]
    np.subtract(values[1:], values[:-1], out=gaps[1:])
    gaps[heads] = values[heads]
    return gaps


def _undo_gaps(gaps: npt.NDArray[Any], counts: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The inverse of `_gaps` for groups of the given sizes (none empty)."""
    sums = np.cumsum(gaps, dtype=np.int64)
    heads = starts_of(counts)[:-1]
    before = sums[heads] - gaps[heads]
    values: npt.NDArray[Any] = (sums - np.repeat(before, counts)).astype(gaps.dtype)
    return values
