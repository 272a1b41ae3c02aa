"""The executor's innermost loops, compiled by Numba: what `native` gives out where it is installed.

Arrays come as addresses, many in one table, since a call with forty arrays would cost more than the
loops. Whoever calls keeps the arrays alive. A row of a table is what `layout.row` makes.
"""

from __future__ import annotations

from math import ceil

import numpy as np
from numba import carray, njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from search.executor.layout import BEFORE, CODES, COUNT, FREQS, IDS, VALUES, WIDTH, WORDS

_BLOCK = 8192
"""Documents whose sums are made at once: they stay in the innermost cache."""


@intrinsic
def _at(context, address):  # type: ignore[no-untyped-def]
    """The pointer of an address."""

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        return builder.inttoptr(arguments[0], cgutils.voidptr_t)

    return types.voidptr(types.int64), generate


@njit(cache=True, nogil=True)
def _sum_up(total, table, weights, units):  # type: ignore[no-untyped-def]
    size = total.size
    for start in range(0, size, _BLOCK):
        stop = min(start + _BLOCK, size)
        block = total[start:stop]
        block[:] = 0
        for at in range(len(table)):
            if table[at, CODES]:
                codes = carray(_at(table[at, CODES] + start), (stop - start,), np.uint8)
                each = units[at]
                for place in range(len(block)):  # from 0 on: only such a loop is vectorised
                    block[place] += np.uint16(codes[place]) * each
    for at in range(len(table)):
        if not table[at, CODES]:
            ids = carray(_at(table[at, IDS]), (table[at, COUNT],), np.int32)
            values = carray(_at(table[at, VALUES]), (table[at, COUNT],), np.float32)
            weight = np.float32(weights[at])
            for place in range(len(ids)):
                total[ids[place]] += np.uint16(ceil(values[place] * weight))


@njit(cache=True, nogil=True)
def _kth_best(total, words, count, maxima):  # type: ignore[no-untyped-def]
    """The `count`-th best of the documents of `words`; into `maxima` the best of each 64."""
    best = np.zeros(count, np.uint16)  # the least first
    for group in range(len(words)):
        first, word = group * 64, words[group]
        highest = np.uint16(0)
        for score in total[first : first + 64]:
            highest = max(highest, score)
        maxima[group] = highest
        if highest <= best[0] or not word:
            continue
        for doc in range(first, min(first + 64, total.size)):
            score = total[doc]
            if score > best[0] and word >> np.uint64(doc - first) & np.uint64(1):
                place = 0
                while place + 1 < count and best[place + 1] < score:
                    best[place] = best[place + 1]
                    place += 1
                best[place] = score
    return best[0]


@njit(
    "int64(uint16[::1], int64[:, ::1], float64[::1], uint16[::1], uint64[::1], int64, float64,"
    "float64, float64, float64, float64, uint16[::1], int32[::1])",
    cache=True,
    nogil=True,
)
def sift(  # type: ignore[no-untyped-def]
    total, table, weights, units, words, count, unit, constant, slack, floor, margin, maxima, found
):
    """Puts into `found` (int32 [size], sorted) the documents of the bitmap `words` whose score may
    be among the `count` best, and returns how many; −1 if that may be any of them.

    A list of values counts `weights` times, its boost over the unit; a code counts `units`. `total`
    uint16 [size] and `maxima` uint16 [words] are room. The other numbers are `bounds.Worst`'s.
    """
    _sum_up(total, table, weights, units)
    kth = _kth_best(total, words, count, maxima) * unit + constant
    reached = np.float64(np.float32(max(kth - slack, floor) * margin)) - constant
    if reached <= 0:
        return -1
    least = ceil(reached / unit)
    taken = 0
    for group in range(len(words)):
        word = words[group]
        if maxima[group] >= least and word:
            first = group * 64
            for doc in range(first, min(first + 64, total.size)):
                if total[doc] >= least and word >> np.uint64(doc - first) & np.uint64(1):
                    found[taken] = doc
                    taken += 1
    return taken


@njit(cache=True, nogil=True)
def _frequency(table, at, place):  # type: ignore[no-untyped-def]
    address, members = table[at, FREQS], (table[at, COUNT],)
    if table[at, WIDTH] == 1:
        return np.float64(carray(_at(address), members, np.uint8)[place])
    if table[at, WIDTH] == 2:
        return np.float64(carray(_at(address), members, np.uint16)[place])
    return np.float64(carray(_at(address), members, np.uint32)[place])


@njit(cache=True, nogil=True)
def _places_in_list(ids, docs, places):  # type: ignore[no-untyped-def]
    low = 0
    for number in range(len(docs)):
        doc, high = docs[number], len(ids)
        while low < high:
            middle = (low + high) >> 1
            if ids[middle] < doc:
                low = middle + 1
            else:
                high = middle
        places[number] = low if low < len(ids) and ids[low] == doc else -1


@njit(cache=True, nogil=True)
def _places_in_bitmap(words, before, docs, places):  # type: ignore[no-untyped-def]
    for number in range(len(docs)):
        slot, bit = docs[number] >> 6, np.uint64(1) << np.uint64(docs[number] & 63)
        if not words[slot] & bit:
            places[number] = -1
            continue
        place = np.int64(before[slot])
        below = words[slot] & (bit - np.uint64(1))
        while below:
            below &= below - np.uint64(1)
            place += 1
        places[number] = place


@njit(
    "void(int32[::1], int64[:, ::1], float64[::1], float64[::1], float64[:, ::1], int64[::1],"
    "int64, float64[:, ::1])",
    cache=True,
    nogil=True,
)
def score(docs, table, idfs, factors, norms, fields, size, scores):  # type: ignore[no-untyped-def]
    """Exact scores of sorted `docs`, float64 [terms, docs], 0 where a term is absent.

    `factors` are k1 + 1 of each term, 0 for one whose score is its frequency; `norms` float64
    [fields, docs], and `fields` the row of each term there. `FieldModel.score`, operation by
    operation.
    """
    slots = (size + 63) // 64
    places = np.empty(len(docs), np.int64)
    for at in range(len(table)):
        if table[at, IDS]:
            ids = carray(_at(table[at, IDS]), (table[at, COUNT],), np.int32)
            _places_in_list(ids, docs, places)
        else:
            words = carray(_at(table[at, WORDS]), (slots,), np.uint64)
            before = carray(_at(table[at, BEFORE]), (slots,), np.int32)
            _places_in_bitmap(words, before, docs, places)
        idf, factor, normal = idfs[at], factors[at], norms[fields[at]]
        for number in range(len(docs)):
            value = 0.0
            if places[number] >= 0:
                value = _frequency(table, at, places[number])
                if factor:
                    value = idf * ((value * factor) / (value + normal[number]))
            scores[at, number] = value


@njit(cache=True, nogil=True)
def _count_up(table, counters, carry):  # type: ignore[no-untyped-def]
    slots = len(carry)
    for at in range(len(table)):
        if table[at, IDS]:
            for doc in carray(_at(table[at, IDS]), (table[at, COUNT],), np.int32):
                slot, bit = doc >> 6, np.uint64(1) << np.uint64(doc & 63)
                place = 0
                while bit:
                    over = counters[place, slot] & bit
                    counters[place, slot] ^= bit
                    bit = over
                    place += 1
        else:
            carry[:] = carray(_at(table[at, WORDS]), (slots,), np.uint64)
            for counter in counters:
                for slot in range(slots):
                    over = counter[slot] & carry[slot]
                    counter[slot] ^= carry[slot]
                    carry[slot] = over


@njit("void(int64[:, ::1], int64, uint64[:, ::1], uint64[::1])", cache=True, nogil=True)
def enough(table, minimum, counters, words):  # type: ignore[no-untyped-def]
    """Sets in the bitmap `words` the documents that at least `minimum` of the sets hold.

    `counters` uint64 [bits of the number of sets, words] is room: binary counters, one bit of each
    to a bitmap.
    """
    counters[:] = 0
    equal = np.empty_like(words)
    _count_up(table, counters, equal)
    words[:] = 0
    equal[:] = ~np.uint64(0)
    for place in range(len(counters) - 1, -1, -1):
        counter, wanted = counters[place], minimum >> place & 1
        for slot in range(len(words)):
            if wanted:
                equal[slot] &= counter[slot]
            else:
                words[slot] |= equal[slot] & counter[slot]
                equal[slot] &= ~counter[slot]
    for slot in range(len(words)):
        words[slot] |= equal[slot]


@njit(
    types.int64(
        types.int32[::1],
        types.uint8[::1],
        types.Array(types.uint8, 1, "C", readonly=True),
        types.float32[::1],
        types.float32,
        types.float32,
        types.uint8[::1],
    ),
    cache=True,
    nogil=True,
)
def encode(ids, freqs, lengths, norms, weight, scale, codes):  # type: ignore[no-untyped-def]
    """Sets `codes` [documents] to the impacts of a term times `scale`, rounded up, and returns the
    highest.

    `lengths` uint8 [documents] are length bytes, `norms` float32 [256] what these come to. An
    impact depends on a frequency and such a byte, and there are few of both: each is worked out
    once.
    """
    known = np.zeros(1 << 16, np.uint8)
    highest = np.uint8(0)
    for place in range(len(ids)):
        doc = ids[place]
        pair = np.int64(freqs[place]) << 8 | lengths[doc]
        if not known[pair]:
            freq = np.float32(freqs[place])
            impact = freq * weight / (norms[lengths[doc]] + freq)
            known[pair] = min(ceil(impact * scale), 255)
            highest = max(highest, known[pair])
        codes[doc] = known[pair]
    return highest
