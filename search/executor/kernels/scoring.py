"""Exact scores of a few documents, and their sums in the order of Whoosh."""

from __future__ import annotations

import numpy as np
from numba import carray, njit

from search.executor.kernels.memory import first_from, pointer
from search.executor.layout import (
    BEFORE,
    COUNT,
    FACTOR,
    FREQS,
    IDF,
    IDS,
    LENGTHS,
    NORMS,
    WIDTH,
    WORDS,
)


@njit(cache=True, nogil=True)
def _frequency(table, at, place):  # type: ignore[no-untyped-def]
    address, members = table[at, FREQS], (table[at, COUNT],)
    if table[at, WIDTH] == 1:
        return np.float64(carray(pointer(address), members, np.uint8)[place])
    if table[at, WIDTH] == 2:
        return np.float64(carray(pointer(address), members, np.uint16)[place])
    return np.float64(carray(pointer(address), members, np.uint32)[place])


@njit(cache=True, nogil=True)
def _places_in_list(ids, docs, places):  # type: ignore[no-untyped-def]
    place = 0
    for number in range(len(docs)):
        place = first_from(ids, docs[number], place)
        places[number] = place if place < len(ids) and ids[place] == docs[number] else -1


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
    "void(int32[::1], int64[:, ::1], float64[::1], int64[:, ::1], int64[::1], int64,"
    "float64[:, ::1])",
    cache=True,
    nogil=True,
)
def score(docs, table, boosts, fields, owners, size, scores):  # type: ignore[no-untyped-def]
    """Exact scores of sorted `docs`, float64 [terms, docs], 0 where a term is absent.

    `fields` is a table of fields, `owners` the row of each term there. `FieldModel.score`,
    operation by operation.
    """
    slots = (size + 63) // 64
    places = np.empty(len(docs), np.int64)
    numbers, factors = table.view(np.float64), fields.view(np.float64)
    normal = np.empty((len(fields), len(docs)))
    for field in range(len(fields)):
        lengths = carray(pointer(fields[field, LENGTHS]), (size,), np.uint8)
        norms = carray(pointer(fields[field, NORMS]), (256,), np.float64)
        for number in range(len(docs)):
            normal[field, number] = norms[lengths[docs[number]]]
    for at in range(len(table)):
        if table[at, IDS]:
            ids = carray(pointer(table[at, IDS]), (table[at, COUNT],), np.int32)
            _places_in_list(ids, docs, places)
        else:
            words = carray(pointer(table[at, WORDS]), (slots,), np.uint64)
            before = carray(pointer(table[at, BEFORE]), (slots,), np.int32)
            _places_in_bitmap(words, before, docs, places)
        idf, boost, field = numbers[at, IDF], boosts[at], owners[at]
        factor = factors[field, FACTOR]
        for number in range(len(docs)):
            value = 0.0
            if places[number] >= 0:
                value = _frequency(table, at, places[number])
                if factor:
                    value = idf * ((value * factor) / (value + normal[field, number]))
            scores[at, number] = value * boost


@njit("int64(float64[:, ::1], int64[::1])", cache=True, nogil=True)
def tree(rows, weights):  # type: ignore[no-untyped-def]
    """Sums `rows`, float64 [rows, docs], up as `boolean.weighted_tree` does by their `weights`, and
    returns which of them is the sum now; both are overwritten."""
    count = len(weights)
    order = np.arange(count)
    for at in range(1, count):  # few: sorted by insertion, which keeps the order of equal ones
        mine, place = order[at], at
        while place and weights[order[place - 1]] > weights[mine]:
            order[place] = order[place - 1]
            place -= 1
        order[place] = mine
    for at in range(count - 1):
        first, second = order[at], order[at + 1]
        for place in range(rows.shape[1]):
            rows[second, place] = rows[first, place] + rows[second, place]
        weights[second] += weights[first]
        place = at + 2
        while place < count and weights[order[place]] <= weights[second]:
            order[place - 1] = order[place]
            place += 1
        order[place - 1] = second
    return order[count - 1]
