"""Runs of integers read, and a dictionary looked through.

Whoever calls has checked the pages that are read, or is told which to check.
"""

from __future__ import annotations

import numpy as np
from numba import njit, types

from index.codec.container import PAGE
from index.codec.integers import (
    BITS,
    ESCAPES,
    EXCEPTION_WIDTH,
    HALF_BYTES,
    U12X32,
    U16X32,
    U32,
    ZERO,
)

_OCTETS = types.Array(types.uint8, 1, "C", readonly=True)
_INTS = types.Array(types.int64, 1, "C", readonly=True)
_ESCAPE = 255
_BLOCK = 64
"""Gaps that are looked through for exceptions at once."""
_ONES = np.array([octet.bit_count() for octet in range(256)], np.int64)


@njit(types.void(_OCTETS, _OCTETS, types.int32[::1]), cache=True, nogil=True)
def sums(gaps, exceptions, out):  # type: ignore[no-untyped-def]
    """The running sums of a run in mode U8X16, `exceptions` being the octets of its exceptions."""
    total, taken = 0, 0
    for start in range(0, len(gaps), _BLOCK):
        some = gaps[start : start + _BLOCK]
        room = out[start : start + _BLOCK]
        highest = 0
        for gap in some:
            highest = max(highest, gap)
        if highest < _ESCAPE:
            for at in range(len(some)):
                total += some[at]
                room[at] = total
            continue
        for at in range(len(some)):
            if some[at] == _ESCAPE and taken + 1 < len(exceptions):
                total += exceptions[taken] | exceptions[taken + 1] << 8
                taken += 2
            else:
                total += some[at]
            room[at] = total


@njit(types.void(_OCTETS, types.int64, types.int64[::1], types.int64[::1]), cache=True, nogil=True)
def ranks(packed, half_bytes, places, out):  # type: ignore[no-untyped-def]
    """How many values of a run, of two, three or four half bytes each, have all their bits set
    before each of the ascending `places`."""
    count, start = 0, 0
    for number in range(len(places)):
        end = places[number]
        if half_bytes == 2:
            for octet in packed[start:end]:
                count += octet == 255
        elif half_bytes == 4:
            for at in range(2 * start, 2 * end, 2):
                count += packed[at] & packed[at + 1] == 255
        else:
            for place in range(start, end):
                at, odd = (place >> 1) * 3, place & 1
                low = packed[at + odd] | (15 if odd else 0)
                high = packed[at + 1 + odd] | (0 if odd else 240)
                count += low & high == 255
        start = end
        out[number] = count


@njit(cache=True, nogil=True)
def _spread(octet, bits, exceptions, taken, more, out):  # type: ignore[no-untyped-def]
    """So many values of a run in mode BITS, after so many exceptions; returns how many after it.
    Numbers have no sign: an index that may be negative is looked at twice.
    """
    last, one, added = np.uint32(len(exceptions) - 1), np.uint32(1), np.uint32(more)
    for bit in range(bits):
        set_ = np.uint32(octet) >> np.uint32(bit) & one
        out[bit] = (np.uint32(exceptions[min(taken, last)]) + one) * set_ + added
        taken += set_
    return taken


@njit(types.void(_OCTETS, _OCTETS, types.int64, types.uint8[::1]), cache=True, nogil=True)
def bits(packed, exceptions, more, out):  # type: ignore[no-untyped-def]
    """A run in mode BITS, its values so much more than written if that fits a byte; `exceptions`
    is the last part of the run."""
    if not len(exceptions):
        out[:] = more
        return
    taken, whole = np.uint32(0), len(out) // 8
    for octet in range(whole):
        taken = _spread(packed[octet], 8, exceptions, taken, more, out[octet * 8 : octet * 8 + 8])
    if whole < len(packed):
        rest = out[whole * 8 :]
        _spread(packed[whole], len(rest), exceptions, taken, more, rest)


@njit(cache=True, nogil=True)
def _first_is_after(data, start, length, key):  # type: ignore[no-untyped-def]
    """Whether the key of so many bytes that begins at `start` comes after `key`."""
    for at in range(min(length, len(key))):
        if data[start + at] != key[at]:
            return data[start + at] > key[at]
    return length > len(key)


@njit(cache=True, nogil=True)
def _unread(checked, start, end):  # type: ignore[no-untyped-def]
    """The first page of the bytes [start, end) that has not been checked; −1 if all have."""
    for page in range(start // PAGE, (end + PAGE - 1) // PAGE):
        if page >= len(checked) or not checked[page]:
            return page
    return -1


@njit(
    types.int64(
        _OCTETS, types.uint8[::1], types.int64, types.int64, types.int32[::1], types.uint8[::1]
    ),
    cache=True,
    nogil=True,
)
def run(data, checked, at, count, ids, freqs):  # type: ignore[no-untyped-def]
    """Decode a term's documents and frequencies, gaps in mode U8X16 and frequencies less 1 in mode
    BITS, from byte `at` of `data` (the whole file) on. Returns where they end, −1 less a page that
    is to be checked first (`checked` uint8 [pages]), or 0 if a frequency does not fit a byte.
    """
    gaps = at + count
    page = _unread(checked, at, gaps)
    if page >= 0:
        return -1 - page
    escapes = 0
    for gap in data[at:gaps]:
        escapes += gap == _ESCAPE
    packed = gaps + 2 * escapes
    extra = packed + (count + 7) // 8
    page = _unread(checked, gaps, extra)
    if page >= 0:
        return -1 - page
    end = extra
    for octet in data[packed:extra]:
        end += _ONES[octet]
    page = _unread(checked, extra, end)
    if page >= 0:
        return -1 - page
    highest = np.uint8(0)
    for more in data[extra:end]:
        highest = max(highest, more)
    if highest > 253:  # 2 less than the frequency
        return 0
    sums(data[at:gaps], data[gaps:packed], ids)
    bits(data[packed:extra], data[extra:end], 1, freqs)
    return end


@njit(
    types.int64(
        _OCTETS, _OCTETS, types.uint8[::1], types.int64[::1], _OCTETS, _OCTETS, types.int64
    ),
    cache=True,
    nogil=True,
)
def seek(key, data, checked, bases, lengths, shares, block):  # type: ignore[no-untyped-def]
    """Twice the lower bound of `key` in a dictionary, and 1 if it is `key` itself; or −1 less a
    page of `data` (the whole file) that is to be checked first.

    `checked` uint8 [pages]; `bases` [blocks] where the keys of each `block` begin in `data`;
    `lengths` and `shares` [terms] as `dictionary` keeps them.
    """
    low, high = 0, len(bases)
    while low < high:
        middle = (low + high) // 2
        start, length = bases[middle], np.int64(lengths[middle * block])
        page = _unread(checked, start, start + length)
        if page >= 0:
            return -1 - page
        if _first_is_after(data, start, length, key):
            high = middle
        else:
            low = middle + 1
    ordinal = max(low - 1, 0) * block
    at = bases[ordinal // block] if len(bases) else 0
    same = 0  # what `key` has in common with the key before, which is less
    for ordinal in range(ordinal, min(ordinal + block, len(lengths))):  # noqa: B020
        share, length = np.int64(shares[ordinal]), np.int64(lengths[ordinal])
        if share < same:
            return ordinal * 2
        end = at + length - share
        if share == same:
            page = _unread(checked, at, end)
            if page >= 0:
                return -1 - page
            while at < end and same < len(key) and data[at] == key[same]:
                at += 1
                same += 1
            if same == len(key):
                return ordinal * 2 + (at == end)
            if at < end and data[at] > key[same]:
                return ordinal * 2
        at = end
    return min((max(low - 1, 0) + 1) * block, len(lengths)) * 2


@njit(types.int64(_OCTETS, types.int64), inline="always")
def _four(data, at):  # type: ignore[no-untyped-def]
    """An integer of four octets."""
    value = 0
    for octet in range(4):
        value |= types.int64(data[at + octet]) << 8 * octet
    return value


@njit(types.int64(_OCTETS, types.int64, types.int64[::1]), cache=True, nogil=True)
def _read_bits(data, at, values):  # type: ignore[no-untyped-def]
    """Fill `values` with a run in mode BITS; returns its end, or -1."""
    end = at + (len(values) + 7) // 8
    if end > len(data):
        return -1
    for i in range(len(values)):
        values[i] = 0
        if data[at + (i >> 3)] >> (i & 7) & 1:
            if end >= len(data):
                return -1
            values[i] = data[end] + 1
            end += 1
    return end


@njit(types.int64(_OCTETS, types.int64, types.uint8, types.int64[::1]), cache=True, nogil=True)
def _read_packed(data, at, mode, values):  # type: ignore[no-untyped-def]
    """Fill `values` with a run in one of the other modes; returns its end, or -1."""
    end = at + (len(values) * HALF_BYTES[mode] + 1) // 2
    if end > len(data):
        return -1
    for i in range(len(values)):
        if mode == U12X32:
            place = at + (i >> 1) * 3 + (i & 1)
            values[i] = (data[place] | data[place + 1] << 8) >> 4 * (i & 1) & 4095
        elif mode == U16X32:
            values[i] = data[at + 2 * i] | data[at + 2 * i + 1] << 8
        elif mode == U32:
            values[i] = _four(data, at + 4 * i)
        else:
            values[i] = data[at + i]
    if mode == U32:
        return end
    width = EXCEPTION_WIDTH[mode]
    for i in range(len(values)):
        if values[i] == ESCAPES[mode]:
            if end + width > len(data):
                return -1
            values[i] = _four(data, end) if width == 4 else data[end] | data[end + 1] << 8
            end += width
    return end


@njit(
    types.boolean(_OCTETS, _INTS, _INTS, _OCTETS, types.int64[::1], types.int64[::1]),
    cache=True,
    nogil=True,
)
def read(data, offsets, counts, modes, out, ends):  # type: ignore[no-untyped-def]
    """Runs one after another, and where each ends; False if one does not end within `data`."""
    written = 0
    for run in range(len(counts)):
        values = out[written : written + counts[run]]
        written += counts[run]
        if offsets[run] < 0:
            return False
        if modes[run] == ZERO:
            values[:] = 0
            end = offsets[run]
        elif modes[run] == BITS:
            end = _read_bits(data, offsets[run], values)
        else:
            end = _read_packed(data, offsets[run], modes[run], values)
        if end < 0:
            return False
        ends[run] = end
    return True
