"""Sorted keys read and put together."""

from __future__ import annotations

import numpy as np
from numba import njit, types

_STORED = types.Array(types.uint8, 1, "C", readonly=True)
_OCTETS = types.uint8[::1]
_INTS = types.int64[::1]


@njit(types.int64(_STORED, types.int64, _STORED, _STORED, _OCTETS, _OCTETS), cache=True, nogil=True)
def decode(added, at, lengths, shares, last, out):  # type: ignore[no-untyped-def]
    """Write keys that are front-coded from byte `at` of `added` on, `last` being the one before,
    which is replaced. Returns where the next one begins, -1 where they do not fit together."""
    written = 0
    for term in range(len(lengths)):
        length, share = lengths[term], shares[term]
        if share > length or at + length - share > len(added):
            return -1
        for i in range(length):
            if i >= share:
                last[i] = added[at]
                at += 1
            out[written] = last[i]
            written += 1
    return at


@njit(types.boolean(_OCTETS, _INTS, types.int64, types.int64), inline="always")
def _is_less(blob, starts, one, other):  # type: ignore[no-untyped-def]
    """Whether one key stands before another: of equal ones the first."""
    at, there = starts[one], starts[other]
    end, limit = starts[one + 1], starts[other + 1]
    while at < end and there < limit:
        if blob[at] != blob[there]:
            return blob[at] < blob[there]
        at += 1
        there += 1
    if at < end or there < limit:
        return there < limit
    return one < other


@njit(types.int64(_OCTETS, _INTS, _INTS, _INTS, _INTS), cache=True, nogil=True)
def unite(blob, starts, bounds, ranks, firsts):  # type: ignore[no-untyped-def]
    """Number the keys of several sorted lists in the order of all: `ranks`, equal keys alike.

    Key i is `blob[starts[i]:starts[i + 1]]`, list s the keys between `bounds[s]` and
    `bounds[s + 1]`. `firsts` is the first key of each number. Returns how many numbers there are.
    """
    heap = np.empty(len(bounds), np.int64)  # the next key of every list, and its list
    lists = np.empty(len(bounds), np.int64)
    size = 0
    for source in range(len(bounds) - 1):
        if bounds[source] == bounds[source + 1]:
            continue
        at = size
        size += 1
        key = bounds[source]
        while at and _is_less(blob, starts, key, heap[(at - 1) >> 1]):
            heap[at], lists[at] = heap[(at - 1) >> 1], lists[(at - 1) >> 1]
            at = (at - 1) >> 1
        heap[at], lists[at] = key, source
    count = 0
    while size:
        key, source = heap[0], lists[0]
        is_new = True
        if count:
            first = firsts[count - 1]
            length = starts[key + 1] - starts[key]
            if starts[first + 1] - starts[first] == length:
                same = length
                while same and blob[starts[key] + same - 1] == blob[starts[first] + same - 1]:
                    same -= 1
                is_new = same > 0
        if is_new:
            firsts[count] = key
            count += 1
        ranks[key] = count - 1
        key += 1
        if key == bounds[source + 1]:
            size -= 1
            key, source = heap[size], lists[size]
        at = 0
        while 2 * at + 1 < size:
            child = 2 * at + 1
            if child + 1 < size and _is_less(blob, starts, heap[child + 1], heap[child]):
                child += 1
            if _is_less(blob, starts, key, heap[child]):
                break
            heap[at], lists[at] = heap[child], lists[child]
            at = child
        heap[at], lists[at] = key, source
    return count
