"""The best windows of texts: for what a page shows of each, and for closeness."""

from __future__ import annotations

import numpy as np
from numba import njit, types

from search.closeness import WINDOWS
from search.kernels.common import INTS, WHOLE, flags, ints, linked, part, reals
from search.windows import EXACT_WEIGHT, NEIGHBOUR_WEIGHT, OCCURS_WEIGHT, SAME

_LENGTHS, _SHARES = np.array([*WINDOWS]), np.array([*WINDOWS.values()])


@part
def _sums_of_distinct(features, at, gains, firsts, kinds):  # type: ignore[no-untyped-def]
    """`windows.sums_of_distinct`, adding in the same order; `kinds` of features there are."""
    size = len(firsts)
    unreached, reached = ints(size), 0
    for place in range(size):
        while reached < size and firsts[reached] <= place:
            reached += 1
        unreached[place] = reached
    following = ints(kinds)
    for feature in range(kinds):
        following[feature] = size
    ends = ints(len(at))
    for one in range(len(at) - 1, -1, -1):
        ends[one] = min(following[features[one]], unreached[at[one]])
        following[features[one]] = at[one]
    rises, falls = reals(size + 1), reals(size + 1)
    for one in range(len(at)):
        rises[at[one]] += gains[one]
        falls[ends[one]] += gains[one]
    total = 0.0
    for place in range(size):
        total += rises[place] - falls[place]
        rises[place] = total
    return rises[:size]


@part
def _worths(starts, ends, needles, exact, heads, firsts, stems):  # type: ignore[no-untyped-def]
    """`windows._worths`; `heads[at]` is the first occurrence of the text of occurrence `at`."""
    size, count = len(starts), len(stems)
    often, rarity = ints(count), reals(size)
    low = 0
    while low < size:
        high = low
        often[:] = 0
        while high < size and heads[high] == low:
            often[needles[high]] += 1
            high += 1
        for place in range(low, high):
            rarity[place] = 1 / np.sqrt(np.float64(often[needles[place]]))
        low = high
    features, at, gains = ints(3 * size), ints(3 * size), reals(3 * size)
    shown = 0
    for kind in range(3):
        for place in range(size):
            if kind == 1 and not exact[place]:
                continue
            if kind == 2 and (heads[place] == place or not linked(starts, ends, needles, place)):
                continue
            needle = needles[place]
            if kind == 0:
                weight = OCCURS_WEIGHT * stems[needle]
            else:
                weight = EXACT_WEIGHT if kind == 1 else NEIGHBOUR_WEIGHT
            features[shown] = kind * count + needle
            at[shown] = place
            gains[shown] = weight * rarity[place]
            shown += 1
    return _sums_of_distinct(features[:shown], at[:shown], gains[:shown], firsts, 3 * count)


@part
def windows(starts, ends, needles, exact, bounds, begins, stems, length):  # type: ignore[no-untyped-def]
    """`windows.best_windows`: start and end for each text, −1 if it has none."""
    best = np.zeros((len(begins), 2), np.int64)
    body, heads = ints(len(starts)), ints(len(starts))
    firsts = ints(len(starts))
    size = 0
    for text in range(len(begins)):
        best[text, 0] = -1
        head = first = size
        for at in range(bounds[text], bounds[text + 1]):
            if starts[at] < begins[text]:
                continue
            body[size] = at
            while first < size and starts[body[first]] < ends[at] - length:
                first += 1
            heads[size], firsts[size] = head, first
            size += 1
    found, typed = np.zeros((3, size), np.int64), flags(size)
    for place in range(size):
        found[0, place], found[1, place] = starts[body[place]], ends[body[place]]
        found[2, place], typed[place] = needles[body[place]], exact[body[place]]
    starts, ends = found[0], found[1]
    worths = _worths(starts, ends, found[2], typed, heads, firsts[:size], stems)
    low = text = 0
    while low < size:
        high, most, furthest = low, worths[low], ends[low]
        while high < size and heads[high] == low:
            most, furthest = max(most, worths[high]), max(furthest, ends[high])
            high += 1
        first, last = low, high - 1
        if furthest - starts[low] > length:
            last = low
            while worths[last] <= most - SAME:
                last += 1
            first = firsts[last]
        while bounds[text + 1] <= body[low]:
            text += 1
        best[text, 0] = starts[first]
        for place in range(first, last + 1):
            best[text, 1] = max(best[text, 1], ends[place])
        low = high
    return best


@njit((INTS, INTS, INTS, types.float64[::1]), **WHOLE)
def closeness(places, needles, bounds, weights):  # type: ignore[no-untyped-def]
    """`closeness.closeness`; `places` are numbers of syllables."""
    added = reals(len(bounds) - 1)
    at, gains = ints(len(places)), reals(len(places))
    features, firsts = ints(len(places)), ints(len(places))
    heads, size = ints(len(bounds)), 0
    for text in range(len(added)):
        heads[text] = size
        for one in range(bounds[text], bounds[text + 1]):
            if weights[needles[one]] != 0:
                at[size], features[size] = places[one], needles[one]
                gains[size] = weights[needles[one]]
                size += 1
    heads[len(added)] = size
    numbers = ints(size)
    for one in range(size):
        numbers[one] = one
    for window in range(len(_LENGTHS)):
        for text in range(len(added)):
            first = heads[text]
            for one in range(heads[text], heads[text + 1]):
                while at[first] < at[one] - _LENGTHS[window] + 1:
                    first += 1
                firsts[one] = first
        sums = _sums_of_distinct(
            features[:size], numbers, gains[:size], firsts[:size], len(weights)
        )
        for text in range(len(added)):
            if heads[text] < heads[text + 1]:
                most = sums[heads[text]]
                for one in range(heads[text], heads[text + 1]):
                    most = max(most, sums[one])
                added[text] += _SHARES[window] * most
    return added
