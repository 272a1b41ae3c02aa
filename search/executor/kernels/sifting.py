"""Which documents may be among the best: sums of all, or of a few, in units or floats."""

from __future__ import annotations

from math import ceil

import numpy as np
from numba import carray, njit

from search.executor.bounds import EXACT
from search.executor.kernels.memory import first_from, pointer
from search.executor.layout import CODES, COUNT, HIGHEST, IDS, PEAK, SLACK, STEP, VALUES

_BLOCK = 8192
"""Documents whose sums are made at once: they stay in the innermost cache."""
_PART = 4
"""One in so many lists of codes is added at once."""
_FEW = 40
"""Up to one in so many documents, summing up one by one beats adding a list for all of them."""
_HIGHEST = (1 << 16) - 1


@njit(cache=True, nogil=True)
def _add_values(block, start, table, weights, places, units):  # type: ignore[no-untyped-def]
    """Adds lists to the sums of the documents from `start` on; `places` tells how far each list is
    read, and `units` is room."""
    for at in range(len(table)):
        ids = carray(pointer(table[at, IDS]), (table[at, COUNT],), np.int32)
        values = carray(pointer(table[at, VALUES]), (table[at, COUNT],), np.float32)
        weight, first = np.float32(weights[at]), places[at]
        places[at] = first_from(ids, start + len(block), first)
        docs, scores = ids[first : places[at]], values[first : places[at]]
        for place in range(len(docs)):  # rounding up takes three times as long as this
            units[place] = np.uint16(np.int32(scores[place] * weight) + 1)
        for place in range(len(docs)):  # apart from the loop before, which is vectorised
            block[np.uint32(docs[place] - start)] += units[place]


@njit(cache=True, nogil=True)
def _add_codes(block, start, table, units):  # type: ignore[no-untyped-def]
    for at in range(len(table)):
        codes = carray(pointer(table[at, CODES] + start), block.shape, np.uint8)
        each = units[at]
        for place in range(len(block)):  # from 0 on: only such a loop is vectorised
            block[place] += np.uint16(codes[place]) * each


@njit(cache=True, nogil=True)
def _insert(best, score):  # type: ignore[no-untyped-def]
    """Put a score among the best, which come the least first, in place of that."""
    place = 0
    while place + 1 < len(best) and best[place + 1] < score:
        best[place] = best[place + 1]
        place += 1
    best[place] = score


@njit(cache=True, nogil=True)
def _reach(block, least):  # type: ignore[no-untyped-def]
    """How many documents have at least this score. A plain loop without a branch is vectorised."""
    found, threshold = 0, np.uint16(least)
    for place in range(len(block)):
        found += block[place] >= threshold
    return found


@njit(cache=True, nogil=True)
def _least(kth, unit, constant, slack, floor, margin):  # type: ignore[no-untyped-def]
    """The least score in units that may be among the best, if `kth` is the worst of these."""
    reached = max(kth * unit + constant - slack, floor) * margin
    return ceil((np.float64(np.float32(reached)) - constant) / unit)


@njit(cache=True, nogil=True)
def _whole(doc, score, table, units, peaks, rest, least):  # type: ignore[no-untyped-def]
    """`score` with what the codes add to it, `rest` at most; −1 as soon as it shows that this is
    below `least`."""
    for at in range(len(peaks)):
        codes = carray(pointer(table[at, CODES]), (doc + 1,), np.uint8)
        score += np.int64(codes[doc]) * np.int64(units[at])
        rest -= peaks[at]
        if score + rest < least:
            return -1
    return score


@njit(cache=True, nogil=True)
def _slack(numbers, boosts):  # type: ignore[no-untyped-def]
    """How far above the truth a sum may be."""
    slack = 0.0
    for at in range(len(boosts)):
        slack += numbers[at, SLACK] * boosts[at]
    return slack


@njit(cache=True, nogil=True)
def _unit(table, numbers, boosts, room):  # type: ignore[no-untyped-def]
    """What one unit of sums of two bytes stands for, 0 if they have not enough room: as
    `Additive.unit` has it."""
    rounded, peak, same = 0, 0.0, True
    weight = numbers[0, STEP] * boosts[0]
    for at in range(len(boosts)):
        rounded += max(table[at, HIGHEST], 1)
        peak += numbers[at, PEAK] * boosts[at]
        same = same and numbers[at, STEP] * boosts[at] == weight
    if 2 * rounded >= room:
        return 0.0
    if same and 0 < peak <= weight * room:
        return weight
    return peak / (room - rounded) if peak else 1.0


@njit(cache=True, nogil=True)
def _arranged(table, numbers, boosts, unit, rows, units, peaks, weights):  # type: ignore[no-untyped-def]
    """Puts into `rows` those with codes, the highest sums first, then those with values; `units`
    and `peaks` are of the first, `weights` of the others. Returns how many have codes, and how much
    too high rounding can make a sum."""
    coded, listed, rounding = 0, len(boosts), 0.0
    for at in range(len(boosts)):
        if not table[at, CODES]:
            listed -= 1
            rows[listed] = table[at]
            weights[listed] = boosts[at] / unit
            rounding += unit
            continue
        weight = numbers[at, STEP] * boosts[at]
        each = ceil(weight / unit * (1 - EXACT))
        rounding += table[at, HIGHEST] * max(each * unit - weight, 0.0)
        peak, place = each * table[at, HIGHEST], coded
        while place and peaks[place - 1] < peak:
            rows[place] = rows[place - 1]
            units[place], peaks[place] = units[place - 1], peaks[place - 1]
            place -= 1
        rows[place] = table[at]
        units[place], peaks[place] = each, peak
        coded += 1
    return coded, rounding


@njit(cache=True, nogil=True)
def _summed(block, start, table, units, peaks, least):  # type: ignore[no-untyped-def]
    """Adds codes for all documents of the block until few are left that can reach `least` whatever
    the rest of them adds; returns how many were added, and what the rest adds at most."""
    added, rest = 0, peaks.sum()
    while added < len(peaks):
        needed = least - rest
        if needed > _HIGHEST or (needed > 0 and _reach(block, needed) * _FEW <= len(block)):
            break
        more = min(len(peaks), added + max(1, len(peaks) // _PART))
        _add_codes(block, start, table[added:more], units[added:])
        added, rest = more, peaks[more:].sum()
    return added, rest


@njit(
    "int64(int64[:, ::1], float64[::1], uint64[::1], int64, float64, float64, float64, int64,"
    "int64, int32[::1], uint16[::1])",
    cache=True,
    nogil=True,
)
def sift(  # type: ignore[no-untyped-def]
    table, boosts, words, count, constant, floor, margin, room, size, found, scores
):
    """Puts into `found` (int32, sorted) those of the documents of the bitmap `words` whose score
    may be among the `count` best, and returns how many; −1 if two bytes, of which `room` is to be
    used, are too few for the sums.

    A score is `constant` and what the rows of `table` add, times their `boosts`. `found` and
    `scores` have room for all `size` documents. `floor` and `margin` are `bounds.Worst`'s.

    Of each block, codes are added for all documents only until few are left that can be among the
    best whatever the rest of them adds; these are then summed up one by one (MaxScore: Turtle and
    Flood, 1995).
    """
    numbers = table.view(np.float64)
    unit = _unit(table, numbers, boosts, room)
    if unit == 0.0:
        return -1
    rows, weights = np.empty_like(table), np.empty_like(boosts)
    units, peaks = np.empty(len(boosts), np.uint16), np.empty(len(boosts), np.int64)
    coded, slack = _arranged(table, numbers, boosts, unit, rows, units, peaks, weights)
    slack += _slack(numbers, boosts)
    units, peaks = units[:coded], peaks[:coded]
    places = np.zeros(len(rows) - coded, np.int64)
    sums, gains = np.empty(_BLOCK, np.uint16), np.empty(_BLOCK, np.uint16)
    best, taken = np.zeros(count, np.int64), 0
    least = _least(0, unit, constant, slack, floor, margin)
    for start in range(0, size, _BLOCK):
        block = sums[: min(_BLOCK, size - start)]
        block[:] = 0
        _add_values(block, start, rows[coded:], weights[coded:], places, gains)
        added, rest = _summed(block, start, rows[:coded], units, peaks, least)
        left, left_units, left_peaks = rows[added:], units[added:], peaks[added:]
        for first in range(0, len(block), 64):
            word, needed = words[(start + first) >> 6], max(least - rest, 0)
            group = block[first : first + 64]
            if not word or needed > _HIGHEST or not _reach(group, needed):
                continue
            for place in range(len(group)):
                if group[place] < least - rest or not word >> np.uint64(place) & np.uint64(1):
                    continue
                doc, score = start + first + place, np.int64(group[place])
                score = _whole(doc, score, left, left_units, left_peaks, rest, least)
                if score < least:
                    continue
                found[taken], scores[taken] = doc, score
                taken += 1
                if score > best[0]:
                    _insert(best, score)
                    least = max(least, _least(best[0], unit, constant, slack, floor, margin))
    likely = 0
    for at in range(taken):
        if scores[at] >= least:
            found[likely] = found[at]
            likely += 1
    return likely


@njit(cache=True, nogil=True)
def _add_scores(row, number, boost, docs, scores):  # type: ignore[no-untyped-def]
    """Adds what one row says of each of `docs`."""
    if row[CODES]:
        codes = carray(pointer(row[CODES]), (docs[-1] + 1,), np.uint8)
        weight = number[STEP] * boost
        for at in range(len(docs)):
            scores[at] += codes[docs[at]] * weight
        return
    ids = carray(pointer(row[IDS]), (row[COUNT],), np.int32)
    values = carray(pointer(row[VALUES]), (row[COUNT],), np.float32)
    place = 0
    for at in range(len(docs)):
        place = first_from(ids, docs[at], place)
        if place == len(ids):
            break
        if ids[place] == docs[at]:
            scores[at] += values[place] * boost


@njit(
    "int64(int32[::1], int64[:, ::1], float64[::1], int64, float64, float64, float64, int32[::1])",
    cache=True,
    nogil=True,
)
def choose(docs, table, boosts, count, constant, floor, margin, found):  # type: ignore[no-untyped-def]
    """What `sift` does for a few sorted `docs`, more than `count`: by sums of each of them."""
    numbers = table.view(np.float64)
    scores = np.full(len(docs), constant)
    for at in range(len(boosts)):
        _add_scores(table[at], numbers[at], boosts[at], docs, scores)
    best = np.zeros(count)
    for score in scores:
        if score > best[0]:
            _insert(best, score)
    least = max(best[0] - _slack(numbers, boosts), floor) * margin
    taken = 0
    for at in range(len(docs)):
        if scores[at] >= least:
            found[taken] = docs[at]
            taken += 1
    return taken
