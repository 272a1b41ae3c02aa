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


@njit(
    "int64(int32[::1], int32[::1], int64[::1], uint64[::1], int64[::1], int32[::1], int32[::1])",
    cache=True,
    nogil=True,
)
def among(docs, ids, starts, words, places, owners, columns):  # type: ignore[no-untyped-def]
    """The postings `ids` of many terms that are of sorted `docs`: sets `places` to their numbers,
    `owners` to those of their terms (the n-th has the postings from `starts[n]` on) and `columns`
    to those of the documents among `docs`; returns how many there are. `words` is a bitmap, empty.
    Postings that do not ascend, as in no index that is whole, are passed over.
    """
    for doc in docs:
        words[doc >> 6] |= np.uint64(1) << np.uint64(doc & 63)
    count, members = 0, np.uint32(len(words) * 64)
    for term in range(len(starts) - 1):
        column = 0
        for place in range(starts[term], starts[term + 1]):
            doc = np.uint32(ids[place])
            if doc < members and words[doc >> 6] >> np.uint64(doc & 63) & np.uint64(1):
                column = first_from(docs, ids[place], column)
                if column == len(docs):
                    break
                if docs[column] == ids[place] and count < len(places):
                    places[count], owners[count], columns[count] = place, term, column
                    count += 1
    return count


@njit(
    "void(float64[::1], int32[::1], int32[::1], int64[::1], int64[::1], float64[::1])",
    cache=True,
    nogil=True,
)
def tree_of_many(scores, owners, columns, order, weights, total):  # type: ignore[no-untyped-def]
    """Adds the `scores` of many terms up to `total` [docs], which is 0, in the order of
    `boolean.merge_order`. `owners`, ascending, and `columns` are as of `among`; `order` are the
    terms by their `weights` [terms], those that weigh as much by number.
    """
    terms, width = len(weights), len(total)
    rows = np.full(2 * terms - 1, -1, np.int32)  # of each term and each sum; none where it is 0
    kept = 0
    for at in range(len(owners)):
        if at == 0 or owners[at] != owners[at - 1]:
            rows[owners[at]] = kept
            kept += 1
    sums = np.zeros((kept, width))
    for at in range(len(owners)):
        sums[rows[owners[at]], columns[at]] = scores[at]
    heavy = np.empty(terms, np.int64)  # of each sum
    leaf = used = 0
    for made in range(terms - 1):
        heavy[made] = 0
        row = -1
        for _ in range(2):
            if leaf < terms and (used == made or weights[order[leaf]] <= heavy[used]):
                part, weight = order[leaf], weights[order[leaf]]
                leaf += 1
            else:
                part, weight = terms + used, heavy[used]
                used += 1
            heavy[made] += weight
            if row < 0:
                row = rows[part]
            elif rows[part] >= 0:
                for column in range(width):
                    sums[row, column] += sums[rows[part], column]
        rows[terms + made] = row
    if rows[2 * terms - 2] >= 0:
        total[:] = sums[rows[2 * terms - 2]]
