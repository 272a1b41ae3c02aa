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

from search.executor.bounds import EXACT
from search.executor.layout import (
    BEFORE,
    CODES,
    COUNT,
    FACTOR,
    FREQS,
    HIGHEST,
    IDF,
    IDS,
    LENGTHS,
    NORMS,
    PEAK,
    SLACK,
    STEP,
    VALUES,
    WIDTH,
    WORDS,
)

_BLOCK = 8192
"""Documents whose sums are made at once: they stay in the innermost cache."""
_PART = 4
"""One in so many lists of codes is added at once."""
_FEW = 40
"""Up to one in so many documents, summing up one by one beats adding a list for all of them."""
_HIGHEST = (1 << 16) - 1


@intrinsic
def _at(context, address):  # type: ignore[no-untyped-def]
    """The pointer of an address."""

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        return builder.inttoptr(arguments[0], cgutils.voidptr_t)

    return types.voidptr(types.int64), generate


@njit(cache=True, nogil=True)
def _from(ids, doc, place):  # type: ignore[no-untyped-def]
    """The first place from `place` on of a number that is at least `doc`: in growing steps, as it
    mostly is near."""
    step = 1
    while place + step <= len(ids) and ids[place + step - 1] < doc:
        place += step
        step *= 2
    high = min(place + step - 1, len(ids))
    while place < high:
        middle = (place + high) >> 1
        if ids[middle] < doc:
            place = middle + 1
        else:
            high = middle
    return place


@njit(cache=True, nogil=True)
def _add_values(block, start, table, weights, places, units):  # type: ignore[no-untyped-def]
    """Adds lists to the sums of the documents from `start` on; `places` tells how far each list is
    read, and `units` is room."""
    for at in range(len(table)):
        ids = carray(_at(table[at, IDS]), (table[at, COUNT],), np.int32)
        values = carray(_at(table[at, VALUES]), (table[at, COUNT],), np.float32)
        weight, first = np.float32(weights[at]), places[at]
        places[at] = _from(ids, start + len(block), first)
        docs, scores = ids[first : places[at]], values[first : places[at]]
        for place in range(len(docs)):  # rounding up takes three times as long as this
            units[place] = np.uint16(np.int32(scores[place] * weight) + 1)
        for place in range(len(docs)):  # apart from the loop before, which is vectorised
            block[np.uint32(docs[place] - start)] += units[place]


@njit(cache=True, nogil=True)
def _add_codes(block, start, table, units):  # type: ignore[no-untyped-def]
    for at in range(len(table)):
        codes = carray(_at(table[at, CODES] + start), block.shape, np.uint8)
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
        codes = carray(_at(table[at, CODES]), (doc + 1,), np.uint8)
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
        codes = carray(_at(row[CODES]), (docs[-1] + 1,), np.uint8)
        weight = number[STEP] * boost
        for at in range(len(docs)):
            scores[at] += codes[docs[at]] * weight
        return
    ids = carray(_at(row[IDS]), (row[COUNT],), np.int32)
    values = carray(_at(row[VALUES]), (row[COUNT],), np.float32)
    place = 0
    for at in range(len(docs)):
        place = _from(ids, docs[at], place)
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
        lengths = carray(_at(fields[field, LENGTHS]), (size,), np.uint8)
        norms = carray(_at(fields[field, NORMS]), (256,), np.float64)
        for number in range(len(docs)):
            normal[field, number] = norms[lengths[docs[number]]]
    for at in range(len(table)):
        if table[at, IDS]:
            ids = carray(_at(table[at, IDS]), (table[at, COUNT],), np.int32)
            _places_in_list(ids, docs, places)
        else:
            words = carray(_at(table[at, WORDS]), (slots,), np.uint64)
            before = carray(_at(table[at, BEFORE]), (slots,), np.int32)
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
            ids = carray(_at(table[at, IDS]), (table[at, COUNT],), np.int32)
            _count_listed(ids, counters, words)
        else:
            _count_mapped(carray(_at(table[at, WORDS]), words.shape, np.uint64), counters, words)


@njit(cache=True, nogil=True)
def _pack(codes, words, before):  # type: ignore[no-untyped-def]
    """Sets `words` and `before` to the bitmap of the codes that are not 0; returns the highest. To
    do so while codes are set takes four times as long: only plain loops are vectorised."""
    highest = np.uint8(0)
    for code in codes:
        highest = max(highest, code)
    whole = len(codes) // 64
    for slot in range(len(words)):
        word = np.uint64(0)
        if slot < whole:
            group = codes[slot * 64 : slot * 64 + 64]
            for bit in range(64):
                word |= np.uint64(group[bit] != 0) << np.uint64(bit)
        else:
            for bit in range(len(codes) - whole * 64):
                word |= np.uint64(codes[whole * 64 + bit] != 0) << np.uint64(bit)
        words[slot] = word
    count = 0
    for slot in range(len(words)):
        before[slot] = count
        count += _ones(words[slot])
    return np.int64(highest)


@njit(cache=True, nogil=True)
def _ones(word):  # type: ignore[no-untyped-def]
    """How many bits are set (Warren: Hacker's Delight, 5-1)."""
    word -= word >> np.uint64(1) & np.uint64(0x5555555555555555)
    fours = np.uint64(0x3333333333333333)
    word = (word & fours) + (word >> np.uint64(2) & fours)
    word = word + (word >> np.uint64(4)) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64(word * np.uint64(0x0101010101010101) >> np.uint64(56))


_LENGTHS = types.Array(types.uint8, 1, "C", readonly=True)


@njit(
    types.int64(
        types.uint32[::1],
        types.uint8[::1],
        _LENGTHS,
        types.float32[::1],
        types.float32,
        types.float32,
        types.uint8[::1],
        types.uint64[::1],
        types.int32[::1],
    ),
    cache=True,
    nogil=True,
)
def encode(  # type: ignore[no-untyped-def]
    ids, freqs, lengths, norms, weight, scale, codes, words, before
):
    """Sets `codes` [documents], which are 0, to the impacts of a term times `scale`, rounded up,
    and `words` and `before` to the bitmap of its documents. Returns the highest code.

    `lengths` uint8 [documents] are length bytes, `norms` float32 [256] what they come to. An impact
    depends on a frequency and such a byte, and there are few of both: all are worked out first.
    """
    top = np.uint8(0)
    for freq in freqs:
        top = max(top, freq)
    table = np.empty((np.int64(top) + 1) << 8, np.uint8)
    for number in range(1, np.int64(top) + 1):
        freq = np.float32(number)
        row = table[number << 8 : (number + 1) << 8]
        for length in range(256):
            impact = freq * weight / (norms[length] + freq)
            row[length] = np.uint8(min(np.ceil(impact * scale), np.float32(255)))
    for place in range(len(ids)):
        doc = ids[place]
        first = np.uint32(freqs[place]) << np.uint32(8)  # without a sign it is looked at only once
        codes[doc] = table[first | np.uint32(lengths[doc])]
    return _pack(codes, words, before)


@njit(
    types.void(
        types.int32[::1],
        types.uint8[::1],
        types.int64[::1],
        types.float32[::1],
        _LENGTHS,
        types.float32[::1],
        types.float64[::1],
    ),
    cache=True,
    nogil=True,
)
def add_up(ids, freqs, starts, weights, lengths, norms, total):  # type: ignore[no-untyped-def]
    """Adds the impacts of many terms to `total` [documents]. `starts` [terms + 1] tells whose the
    postings are, `weights` [terms] go with the terms; lengths and norms are as in `encode`."""
    for term in range(len(weights)):
        for place in range(starts[term], starts[term + 1]):
            doc, freq = ids[place], np.float32(freqs[place])
            total[doc] += freq * weights[term] / (norms[lengths[doc]] + freq)
