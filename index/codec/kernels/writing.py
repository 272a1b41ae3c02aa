"""Runs of integers written: the modes are those of `integers`."""

from __future__ import annotations

from numba import njit, types

from index.codec.integers import (
    BITS,
    ESCAPES,
    EXCEPTION_WIDTH,
    HALF_BYTES,
    U8X16,
    U8X32,
    U12X32,
    U16X32,
    U32,
    ZERO,
)

_IMPOSSIBLE = 1 << 60
_OCTETS = types.uint8[::1]
_INTS = types.int64[::1]


@njit(types.void(_INTS, _INTS, _OCTETS, _OCTETS, _INTS), cache=True, nogil=True)
def plan(values, starts, modes, chosen, sizes):  # type: ignore[no-untyped-def]
    """Write the cheapest of `modes` for each run, and its size; none for a run without values."""
    for run in range(len(starts) - 1):
        count = starts[run + 1] - starts[run]
        if count == 0:
            continue
        top, nonzero, over_8, over_12, over_16 = 0, 0, 0, 0, 0
        for at in range(starts[run], starts[run + 1]):
            value = values[at]
            top = max(top, value)
            nonzero += value > 0
            over_8 += value >= 255
            over_12 += value >= 4095
            over_16 += value >= 65535
        least = _IMPOSSIBLE + 1
        for mode in modes:
            if mode == ZERO:
                cost = 0 if top == 0 else _IMPOSSIBLE
            elif mode == U8X16:
                cost = count + 2 * over_8 if top < 65536 else _IMPOSSIBLE
            elif mode == U8X32:
                cost = count + 4 * over_8
            elif mode == U12X32:
                cost = (3 * count + 1) // 2 + 4 * over_12
            elif mode == U16X32:
                cost = 2 * count + 4 * over_16
            elif mode == U32:
                cost = 4 * count
            else:
                cost = (count + 7) // 8 + nonzero if top <= 256 else _IMPOSSIBLE
            if cost < least:
                least = cost
                chosen[run] = mode
        sizes[run] = least


@njit(types.void(_OCTETS, types.int64, types.int64, types.int64), inline="always")
def _put(out, at, value, width):  # type: ignore[no-untyped-def]
    for octet in range(width):
        out[at + octet] = value >> 8 * octet & 255


@njit(types.void(_OCTETS, types.int64, _INTS), cache=True, nogil=True)
def _write_bits(out, at, values):  # type: ignore[no-untyped-def]
    end = at + (len(values) + 7) // 8
    for i in range(len(values)):
        if values[i] > 0:
            out[at + (i >> 3)] |= 1 << (i & 7)
            out[end] = values[i] - 1
            end += 1


@njit(types.void(_OCTETS, types.int64, _INTS, types.uint8), cache=True, nogil=True)
def _write_packed(out, at, values, mode):  # type: ignore[no-untyped-def]
    end = at + (len(values) * HALF_BYTES[mode] + 1) // 2
    escape, width = ESCAPES[mode], EXCEPTION_WIDTH[mode]
    for i in range(len(values)):
        value = values[i]
        small = value if mode == U32 else min(value, escape)
        if mode == U12X32:
            place = at + (i >> 1) * 3
            if i & 1:
                out[place + 1] |= (small & 15) << 4
                out[place + 2] = small >> 4
            else:
                out[place] = small & 255
                out[place + 1] = small >> 8
        elif mode == U16X32:
            _put(out, at + 2 * i, small, 2)
        elif mode == U32:
            _put(out, at + 4 * i, small, 4)
        else:
            out[at + i] = small
        if mode != U32 and value >= escape:
            _put(out, end, value, width)
            end += width


@njit(types.void(_OCTETS, _INTS, _INTS, _INTS, _OCTETS), cache=True, nogil=True)
def write(out, offsets, values, starts, modes):  # type: ignore[no-untyped-def]
    """Write every run, run i from byte `offsets[i]` on, into `out`, which holds zeros there."""
    for run in range(len(starts) - 1):
        some = values[starts[run] : starts[run + 1]]
        if modes[run] == BITS:
            _write_bits(out, offsets[run], some)
        elif modes[run] != ZERO:
            _write_packed(out, offsets[run], some, modes[run])
