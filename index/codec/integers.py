"""Runs of small integers as raw little-endian bytes, patched where a value does not fit.

A *run* is a sequence of non-negative integers that belong together (the document gaps of one term,
say). A run is stored in the cheapest of a few modes:

========  ==========================================================================
`ZERO`    every value is 0; no bytes
`U8X16`   one byte a value, 255 = "look in the exceptions", then the exceptions as u16
`U8X32`   the same with exceptions as u32
`U12X32`  three bytes two values (the first in the low bits), 4095 escapes, exceptions as u32
`U16X32`  two bytes a value, 65535 escapes, exceptions as u32
`U32`     four bytes a value
`BITS`    one bit a value (0 or not), then value - 1 of the non-zero ones as u8
========  ==========================================================================

The idea of patching exceptions is that of PFOR (Zukowski et al., ICDE 2006), kept to whole bytes so
that NumPy can read a run with one `frombuffer`. Everything here works on many runs at once: a
million short runs cost a few array operations, not a million Python steps.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from index.native import Loops

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Check = Callable[[int, int], None]
Count = TypeVar("Count", int, Ints)

kernels = Loops("index.codec.kernels")

ZERO, U8X16, U8X32, U16X32, U32, BITS, U12X32 = range(7)
HALF_BYTES = np.array([0, 2, 2, 4, 8, 0, 3], np.int64)
EXCEPTION_WIDTH = np.array([0, 2, 4, 4, 0, 0, 4], np.int64)
_ESCAPE = {U8X16: 255, U8X32: 255, U12X32: 4095, U16X32: 65535}
ESCAPES = np.array([_ESCAPE.get(mode, -1) for mode in range(7)], np.int64)
LONG = 2048
"""A run of more values than that is read by itself: so many are worth a handful of calls."""
FEW = 64
"""The pages of fewer values than that are checked one by one."""
_IMPOSSIBLE = np.int64(1 << 60)
_LITTLE: dict[int, np.dtype[Any]] = {1: np.dtype("<u1"), 2: np.dtype("<u2"), 4: np.dtype("<u4")}


class Plan(NamedTuple):
    """How a set of runs will be stored: mode and size in bytes of each run, both shape [runs]."""

    modes: npt.NDArray[np.uint8]
    sizes: Ints


def starts_of(counts: npt.NDArray[np.integer]) -> Ints:
    """Exclusive prefix sums, shape [len(counts) + 1]; the last one is the total."""
    starts = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=starts[1:])
    return starts


def _packed_size(counts: Count, mode: int) -> Count:
    """Bytes that runs of so many values take without their exceptions."""
    return (counts * int(HALF_BYTES[mode]) + 1) // 2


def plan(values: Ints, starts: Ints, modes: tuple[int, ...]) -> Plan:
    """Choose the cheapest of `modes` for every run `values[starts[i]:starts[i + 1]]` (none
    empty).
    """
    heads = starts[:-1]
    counts = np.diff(starts)
    if native := kernels():
        chosen, least = np.full(len(counts), modes[0], np.uint8), np.zeros(len(counts), np.int64)
        native.plan(values, starts, np.array(modes, np.uint8), chosen, least)
        return Plan(chosen, least)
    if not len(counts):
        return Plan(np.zeros(0, np.uint8), np.zeros(0, np.int64))
    top = np.maximum.reduceat(values, heads)
    costs = []
    for mode in modes:
        if mode == ZERO:
            cost = np.where(top == 0, 0, _IMPOSSIBLE)
        elif mode == U32:
            cost = counts * 4
        elif mode == BITS:
            nonzero = np.add.reduceat(values > 0, heads, dtype=np.int64)
            cost = np.where(top <= 256, (counts + 7) // 8 + nonzero, _IMPOSSIBLE)
        else:
            escapes = np.add.reduceat(values >= _ESCAPE[mode], heads, dtype=np.int64)
            cost = _packed_size(counts, mode) + escapes * EXCEPTION_WIDTH[mode]
            if mode == U8X16:
                cost = np.where(top < 65536, cost, _IMPOSSIBLE)
        costs.append(cost)
    table = np.stack(costs)
    choice = table.argmin(axis=0)
    sizes = table[choice, np.arange(len(counts))]
    return Plan(np.array(modes, np.uint8)[choice], sizes)


def write(
    out: Bytes, offsets: Ints, values: Ints, starts: Ints, modes: npt.NDArray[np.uint8]
) -> None:
    """Write every run into `out`, run i beginning at byte `offsets[i]`, in the planned mode."""
    if native := kernels():
        native.write(out, offsets, values, starts, modes)
        return
    counts = np.diff(starts)
    for mode in np.unique(modes):
        if mode == ZERO:
            continue
        runs = np.flatnonzero(modes == mode)
        picked = counts[runs]
        local = starts_of(picked)
        rank = np.arange(local[-1]) - np.repeat(local[:-1], picked)
        chosen = (
            values if len(runs) == len(counts) else values[np.repeat(starts[runs], picked) + rank]
        )
        base = offsets[runs]
        if mode == BITS:
            _write_bits(out, base, chosen, local, rank)
        else:
            _write_patched(out, base, chosen, local, rank, int(mode))


def _write_patched(
    out: Bytes, base: Ints, values: Ints, starts: Ints, rank: Ints, mode: int
) -> None:
    counts = np.diff(starts)
    if mode == U32:
        _scatter(out, np.repeat(base, counts) + rank * 4, values, 4)
        return
    escape = _ESCAPE[mode]
    small = np.minimum(values, escape)
    if mode == U12X32:
        _write_12(out, np.repeat(base, counts), small, rank)
    else:
        width = int(HALF_BYTES[mode]) // 2
        _scatter(out, np.repeat(base, counts) + rank * width, small, width)
    big = np.flatnonzero(values >= escape)
    if not len(big):
        return
    run = np.searchsorted(starts, big, side="right") - 1
    before = np.searchsorted(big, starts[:-1])
    extra = int(EXCEPTION_WIDTH[mode])
    after = base + _packed_size(counts, mode)
    at = after[run] + (np.arange(len(big)) - before[run]) * extra
    _scatter(out, at, values[big], extra)


def _write_12(out: Bytes, base: Ints, values: Ints, rank: Ints) -> None:
    """Each value lies in two bytes, one of which it may share with its neighbour."""
    odd = rank & 1
    at = base + (rank >> 1) * 3 + odd
    words = values << 4 * odd
    # The first of a pair and the second never touch the same byte within one assignment.
    for parity in (0, 1):
        mine = odd == parity
        out[at[mine]] |= (words[mine] & 255).astype(np.uint8)
        out[at[mine] + 1] |= (words[mine] >> 8).astype(np.uint8)


def _write_bits(out: Bytes, base: Ints, values: Ints, starts: Ints, rank: Ints) -> None:
    counts = np.diff(starts)
    lengths = (counts + 7) // 8
    where = starts_of(lengths)
    flagged = np.flatnonzero(values > 0)
    run = np.searchsorted(starts, flagged, side="right") - 1
    slot = where[run] + (rank[flagged] >> 3)
    bits = np.bincount(slot, weights=1 << (rank[flagged] & 7), minlength=int(where[-1]))
    at = np.repeat(base - where[:-1], lengths) + np.arange(where[-1])
    out[at] = bits.astype(np.uint8)
    before = np.searchsorted(flagged, starts[:-1])
    at = base[run] + lengths[run] + np.arange(len(flagged)) - before[run]
    out[at] = (values[flagged] - 1).astype(np.uint8)


def _scatter(out: Bytes, at: Ints, values: Ints, width: int) -> None:
    raw = np.ascontiguousarray(values.astype(_LITTLE[width])).view(np.uint8).reshape(-1, width)
    for byte in range(width):
        out[at + byte] = raw[:, byte]


def read_one(
    buffer: memoryview, offset: int, count: int, mode: int, check: Check = lambda start, end: None
) -> tuple[npt.NDArray[Any], int]:
    """Read one run of `count` values; returns them (a fresh or read-only array) and the end offset.

    `check(start, end)` is called before those bytes are read.
    """
    if mode == ZERO:
        return np.zeros(count, np.uint8), offset
    if mode == BITS:
        return _read_one_of_bits(buffer, offset, count, check, 0)
    values, end = _packed(buffer, offset, count, mode, check)
    if mode == U32:
        return values, end
    escaped = np.flatnonzero(values == _ESCAPE[mode])
    if not len(escaped):
        return values, end
    extra, end = _exceptions(buffer, end, len(escaped), mode, check)
    values = values.astype(extra.dtype)
    values[escaped] = extra
    return values, end


def read_increased(
    buffer: memoryview, offset: int, count: int, mode: int, check: Check
) -> tuple[npt.NDArray[Any], int]:
    """`read_one` with 1 more in place of each value, in a type that has room for it."""
    if mode == BITS:
        return _read_one_of_bits(buffer, offset, count, check, 1)
    values, end = read_one(buffer, offset, count, mode, check)
    if values.max(initial=0) == np.iinfo(values.dtype).max:
        values = values.astype(_LITTLE[2 * values.itemsize])
    return values + values.dtype.type(1), end


def read_sums(
    buffer: memoryview, offset: int, count: int, mode: int, check: Check
) -> tuple[npt.NDArray[np.int32], int]:
    """The running sums of one run, a fresh array, and the run's end offset."""
    native = kernels()
    if not native or mode != U8X16:
        values, end = read_one(buffer, offset, count, mode, check)
        return np.cumsum(values, dtype=np.int32), end
    values, end = _packed(buffer, offset, count, mode, check)
    escapes = int(np.count_nonzero(values == _ESCAPE[mode]))
    extra, end = _exceptions(buffer, end, escapes, mode, check)
    sums = np.empty(count, np.int32)
    native.sums(values, extra.view(np.uint8), sums)
    return sums, end


def _read_one_of_bits(
    buffer: memoryview, offset: int, count: int, check: Check, more: int
) -> tuple[npt.NDArray[Any], int]:
    """Each value and so much `more`."""
    length = (count + 7) // 8
    check(offset, offset + length)
    packed = np.frombuffer(buffer, np.uint8, length, offset)
    flagged = int(np.bitwise_count(packed).sum(dtype=np.int64))
    end = offset + length + flagged
    check(offset + length, end)
    extra = np.frombuffer(buffer, np.uint8, flagged, offset + length)
    native, wide = kernels(), int(extra.max(initial=0)) + more > 254
    if native and not wide:
        values: npt.NDArray[Any] = np.empty(count, np.uint8)
        native.bits(packed, extra, more, values)
        return values, end
    values = np.unpackbits(packed, count=count, bitorder="little")
    places = np.flatnonzero(values.view(np.bool_))  # by far faster than a mask
    if wide:
        values, extra = values.astype(np.uint16), extra.astype(np.uint16)
    values[places] = extra + np.uint8(1)
    return values + np.uint8(more) if more else values, end


def read_some(
    buffer: memoryview,
    offset: int,
    count: int,
    mode: int,
    wanted: npt.NDArray[np.integer],
    check: Check,
) -> npt.NDArray[Any]:
    """Of a run of `count` values those at the ascending indexes `wanted`; the rest stays packed.

    Not for the modes ZERO and BITS.
    """
    end, half = offset + _packed_size(count, mode), int(HALF_BYTES[mode])
    if len(wanted) < FEW:
        for at in (offset + wanted * half // 2).tolist():
            check(at, at + (half + 1) // 2)
    else:
        check(offset, end)
    if mode == U12X32:
        raw = np.frombuffer(buffer, np.uint8, end - offset, offset)
        values = _gather_12(raw, (wanted >> 1) * 3 + (wanted & 1), wanted & 1)
    else:
        values = np.frombuffer(buffer, _LITTLE[half // 2], count, offset)[wanted]
    if mode == U32:
        return values
    escaped = np.flatnonzero(values == _ESCAPE[mode])
    if not len(escaped):
        return values
    ranks = _escapes_before(buffer, offset, mode, wanted[escaped], check)
    extra, _ = _exceptions(buffer, end, int(ranks[-1]) + 1, mode, check)
    values = values.astype(extra.dtype)
    values[escaped] = extra[ranks]
    return values


def _escapes_before(
    buffer: memoryview, offset: int, mode: int, places: npt.NDArray[np.integer], check: Check
) -> Ints:
    """How many values of a run are escapes before each of the ascending `places`."""
    count = int(places[-1]) + 1
    if native := kernels():
        size = _packed_size(count, mode)
        check(offset, offset + size)
        packed = np.frombuffer(buffer, np.uint8, size, offset)
        ranks = np.empty(len(places), np.int64)
        native.ranks(packed, int(HALF_BYTES[mode]), places.astype(np.int64), ranks)
        return ranks
    values, _ = _packed(buffer, offset, count, mode, check)
    return _ranks(values == _ESCAPE[mode], places)


def _ranks(flags: npt.NDArray[np.bool_], places: npt.NDArray[np.integer]) -> Ints:
    """How many of `flags` are true before each of `places`: counted in eights, since listing them
    takes five times as long."""
    octets = np.zeros(len(flags) // 8 + 1, "<u8")
    octets.view(np.bool_)[: len(flags)] = flags
    counts = np.bitwise_count(octets)
    ends = np.cumsum(counts, dtype=np.int64)
    at = places >> 3
    below = (np.uint64(1) << 8 * (places & 7).astype(np.uint64)) - np.uint64(1)
    ranks: Ints = ends[at] - counts[at] + np.bitwise_count(octets[at] & below)
    return ranks


def end_of(buffer: memoryview, offset: int, count: int, mode: int, check: Check) -> int:
    """Where a run of `count` values ends, in a fraction of the time that reading it takes."""
    if mode == ZERO:
        return offset
    if mode == BITS:
        end = offset + (count + 7) // 8
        check(offset, end)
        packed = np.frombuffer(buffer, np.uint8, end - offset, offset)
        return end + int(np.bitwise_count(packed).sum(dtype=np.int64))
    if mode == U32:
        return offset + 4 * count
    values, end = _packed(buffer, offset, count, mode, check)
    return end + int(np.count_nonzero(values == _ESCAPE[mode])) * int(EXCEPTION_WIDTH[mode])


def _packed(
    buffer: memoryview, offset: int, count: int, mode: int, check: Check
) -> tuple[npt.NDArray[Any], int]:
    """The values of a run, escapes as they are, and where its exceptions begin."""
    end = offset + _packed_size(count, mode)
    check(offset, end)
    if mode != U12X32:
        return np.frombuffer(buffer, _LITTLE[int(HALF_BYTES[mode]) // 2], count, offset), end
    raw = np.frombuffer(buffer, np.uint8, end - offset, offset)
    first, middle, last = (raw[byte::3].astype(np.uint16) for byte in range(3))
    values = np.empty(count, np.uint16)
    values[::2] = (middle & 15) << 8 | first
    values[1::2] = last << 4 | middle[: len(last)] >> 4
    return values, end


def _exceptions(
    buffer: memoryview, offset: int, count: int, mode: int, check: Check
) -> tuple[npt.NDArray[Any], int]:
    width = int(EXCEPTION_WIDTH[mode])
    end = offset + count * width
    check(offset, end)
    return np.frombuffer(buffer, _LITTLE[width], count, offset), end


def read(
    data: Bytes, offsets: Ints, counts: Ints, modes: npt.NDArray[np.uint8]
) -> tuple[Ints, Ints]:
    """Read many runs at once; returns all values (int64, runs one after another) and each run's
    end.
    """
    starts = starts_of(counts)
    values = np.zeros(int(starts[-1]), np.int64)
    ends = offsets.copy()
    if native := kernels():
        if not native.read(data, offsets, counts, modes, values, ends):
            raise IndexError("a run that does not end")
        return values, ends
    long = counts > LONG
    for run in np.flatnonzero(long).tolist():
        here = slice(int(starts[run]), int(starts[run + 1]))
        values[here], ends[run] = read_one(
            data.data, int(offsets[run]), int(counts[run]), int(modes[run])
        )
    for mode in np.unique(modes):
        if mode == ZERO:
            continue
        runs = np.flatnonzero((modes == mode) & ~long)
        if not len(runs):
            continue
        picked = counts[runs]
        local = starts_of(picked)
        rank = np.arange(local[-1]) - np.repeat(local[:-1], picked)
        target = np.repeat(starts[runs], picked) + rank
        if mode == BITS:
            part, ends[runs] = _read_bits(data, offsets[runs], picked, local, rank)
        else:
            part, ends[runs] = _read_patched(data, offsets[runs], picked, local, rank, int(mode))
        values[target] = part
    return values, ends


def _read_patched(
    data: Bytes, base: Ints, counts: Ints, starts: Ints, rank: Ints, mode: int
) -> tuple[Ints, Ints]:
    if mode == U12X32:
        odd = rank & 1
        values = _gather_12(data, np.repeat(base, counts) + (rank >> 1) * 3 + odd, odd)
    else:
        width = int(HALF_BYTES[mode]) // 2
        values = _gather(data, np.repeat(base, counts) + rank * width, width)
    ends = base + _packed_size(counts, mode)
    if mode == U32:
        return values, ends
    escaped = np.flatnonzero(values == _ESCAPE[mode])
    if len(escaped):
        extra = int(EXCEPTION_WIDTH[mode])
        run = np.searchsorted(starts, escaped, side="right") - 1
        bounds = np.searchsorted(escaped, starts)
        at = ends[run] + (np.arange(len(escaped)) - bounds[run]) * extra
        values[escaped] = _gather(data, at, extra)
        ends = ends + np.diff(bounds) * extra
    return values, ends


def _read_bits(
    data: Bytes, base: Ints, counts: Ints, starts: Ints, rank: Ints
) -> tuple[Ints, Ints]:
    lengths = (counts + 7) // 8
    at = np.repeat(base, counts) + (rank >> 3)
    values = ((data[at] >> (rank & 7).astype(np.uint8)) & 1).astype(np.int64)
    flagged = np.flatnonzero(values)
    run = np.searchsorted(starts, flagged, side="right") - 1
    bounds = np.searchsorted(flagged, starts)
    first = base + lengths
    values[flagged] += data[first[run] + np.arange(len(flagged)) - bounds[run]]
    return values, first + np.diff(bounds)


def _gather(data: Bytes, at: Ints, width: int) -> Ints:
    values = data[at].astype(np.int64)
    for byte in range(1, width):
        values |= data[at + byte].astype(np.int64) << (8 * byte)
    return values


def _gather_12(data: Bytes, at: Ints, odd: npt.NDArray[np.integer]) -> Ints:
    """Values of 12 bits from the two bytes at each place; `odd`: the upper 12 of these 16 bits."""
    return _gather(data, at, 2) >> 4 * odd & 4095
