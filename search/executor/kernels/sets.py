"""Documents that enough sets hold."""

from __future__ import annotations

import numpy as np
from numba import carray, njit

from search.executor.kernels.memory import pointer
from search.executor.layout import COUNT, IDS, WORDS


@njit(cache=True, nogil=True)
def _count_listed(ids, counters, words):  # type: ignore[no-untyped-def]
    for doc in ids:
        slot, bit = doc >> 6, np.uint64(1) << np.uint64(doc & 63)
        for place in range(len(counters)):
            over = counters[place, slot] & bit
            counters[place, slot] ^= bit
            bit = over
        words[slot] |= bit


@njit(cache=True, nogil=True)
def _count_mapped(bitmap, counters, words):  # type: ignore[no-untyped-def]
    carry = bitmap.copy()
    for counter in counters:
        for slot in range(len(carry)):
            over = counter[slot] & carry[slot]
            counter[slot] ^= carry[slot]
            carry[slot] = over
    for slot in range(len(carry)):
        words[slot] |= carry[slot]


@njit("void(int64[:, ::1], int64, uint64[:, ::1], uint64[::1])", cache=True, nogil=True)
def enough(table, minimum, counters, words):  # type: ignore[no-untyped-def]
    """Sets in the bitmap `words` the documents that at least `minimum` of the sets hold, as
    `docset._enough` does.

    `counters` uint64 [bits that count up to `minimum`, words] is room.
    """
    missing = (1 << len(counters)) - minimum
    for place in range(len(counters)):
        counters[place] = ~np.uint64(0) if missing >> place & 1 else np.uint64(0)
    words[:] = 0
    for at in range(len(table)):
        if table[at, IDS]:
            ids = carray(pointer(table[at, IDS]), (table[at, COUNT],), np.int32)
            _count_listed(ids, counters, words)
        else:
            _count_mapped(
                carray(pointer(table[at, WORDS]), words.shape, np.uint64), counters, words
            )
