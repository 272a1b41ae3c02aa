"""The lattice, compiled by Numba: all that `lattice` does with arrays, in one call.

A query has some ten slots of some ten candidates, so NumPy takes longer to be called than to count.
Here the slots lie one behind the other, each as long as it is, and an n-gram is looked for among
those that begin alike. Everything is a plain loop: that is compiled in a quarter of the time.
"""

from __future__ import annotations

from math import log

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def _place(ascending, low, high, wanted):  # type: ignore[no-untyped-def]
    """Where `wanted` is in `ascending[low:high]`, -1 if it is not there."""
    size = high - low
    if size <= 0:
        return -1
    while size > 1:  # no branch that could be foretold wrongly
        half = size >> 1
        low += half if ascending[low + half] <= wanted else 0
        size -= half
    return low if ascending[low] == wanted else -1


@njit(cache=True, nogil=True, error_model="numpy")
def _scaled(states, start, size):  # type: ignore[no-untyped-def]
    """Makes the sum of these states 1, and returns what it was."""
    total = 0.0
    for at in range(start, start + size):
        total += states[at]
    for at in range(start, start + size):
        states[at] /= total
    return total


@njit(cache=True, nogil=True, error_model="numpy")
def _forward_backward(states, sizes, steps, channel, counts, order):  # type: ignore[no-untyped-def]
    """Turns `states` into P(state) at each step, and returns ln P of all.

    A state is `order` - 1 neighbours, the first ones P(state, typed) when called; `sizes` tells how
    many there are at each step, and all lie in one array. From a state (a, b) a step goes to (b, c)
    for each c of the next slot: `steps` are P(c | a, b), and `channel` P(typed | c), slot by slot.
    """
    last = len(counts) - order + 1
    scales = np.empty(last + 1)
    scales[0] = _scaled(states, 0, sizes[0])
    state = step = typed = 0
    for slot in range(order - 1):
        typed += counts[slot]
    for at in range(last):
        size, width, after = sizes[at], counts[at + order - 1], sizes[at + 1]
        reached = state + size
        for to in range(after):
            states[reached + to] = 0.0
        for this in range(size):
            to = reached + this * width % after
            for c in range(width):
                states[to + c] += states[state + this] * steps[step + c]
            step += width
        for to in range(after):
            states[reached + to] *= channel[typed + to % width]
        scales[at + 1] = _scaled(states, reached, after)
        state, typed = reached, typed + width
    evidence = log(scales[last])
    onward = np.ones(sizes[last])
    for at in range(last - 1, -1, -1):
        size, width, after = sizes[at], counts[at + order - 1], sizes[at + 1]
        state, step, typed = state - size, step - size * width, typed - width
        for to in range(after):
            onward[to] *= channel[typed + to % width]
        further = np.empty(size)
        for this in range(size):
            to, total = this * width % after, 0.0
            for c in range(width):
                total += steps[step + this * width + c] * onward[to + c]
            further[this] = total / scales[at + 1]
            states[state + this] *= further[this]
        onward = further
        evidence += log(scales[at])
    return evidence


@njit(cache=True, nogil=True)
def _bigrams(  # type: ignore[no-untyped-def]
    counts, numbers, single, left, bigrams, parts, starts, probability, places
):
    """Puts P(next | this) of all neighbours into `probability`, and where their bigrams are kept
    into `places`, -1 for nowhere."""
    keys, pair, this = len(left), 0, 0
    for at in range(len(counts) - 1):
        after = this + counts[at]
        for a in range(this, after):
            first = numbers[a]
            for b in range(after, after + counts[at + 1]):
                second, found = numbers[b], -1
                probability[pair] = single[b]
                if 0 <= first < keys and 0 <= second < keys:
                    wanted = first * keys + second
                    found = _place(bigrams, starts[first], starts[first + 1], wanted)
                    probability[pair] *= left[first]
                    if found >= 0:
                        probability[pair] += parts[found]
                places[pair] = found
                pair += 1
        this = after


@njit(cache=True, nogil=True)
def _likely(weights, counts, few, likely, order, kept):  # type: ignore[no-untyped-def]
    """Puts the places of the likeliest candidates of each slot into `order`, one slot after the
    other, and into `kept` how many are likely enough."""
    start = first = 0
    for slot in range(len(counts)):
        count = 0
        for place in range(start, start + counts[slot]):
            at = count
            while at > 0 and weights[order[first + at - 1]] < weights[place]:
                at -= 1
            if at < few:
                count = min(count + 1, few)
                for later in range(count - 1, at, -1):
                    order[first + later] = order[first + later - 1]
                order[first + at] = place
        least = min(likely, weights[order[first]])
        while count > 1 and weights[order[first + count - 1]] < least:
            count -= 1
        kept[slot] = count
        first += count
        start += counts[slot]


@njit(cache=True, nogil=True)
def _among(counts, order, kept, pairs):  # type: ignore[no-untyped-def]
    """Puts into `pairs` which of all neighbours are those of candidates that were kept."""
    pair = first = start = before = 0
    for at in range(len(counts) - 1):
        second, after = first + kept[at], start + counts[at]
        for a in range(first, second):
            row = before + (order[a] - start) * counts[at + 1] - after
            for b in range(second, second + kept[at + 1]):
                pairs[pair] = row + order[b]
                pair += 1
        before += counts[at] * counts[at + 1]
        first, start = second, after


@njit(cache=True, nogil=True)
def _trigrams(  # type: ignore[no-untyped-def]
    numbers, probability, places, order, kept, pairs, keys, left, trigrams, parts, starts, steps
):
    """Puts P(c | a, b) of each three neighbours that were kept into `steps`."""
    step, pair, third = 0, 0, kept[0] + kept[1]
    for at in range(len(kept) - 2):
        middle, last = kept[at + 1], kept[at + 2]
        following = pair + kept[at] * middle
        for this in range(kept[at] * middle):
            begin = places[pairs[pair + this]]
            for c in range(last):
                shorter = probability[pairs[following + this % middle * last + c]]
                number = numbers[order[third + c]]
                if begin >= 0 and 0 <= number < keys:
                    shorter *= left[begin]
                    wanted = begin * keys + number
                    found = _place(trigrams, starts[begin], starts[begin + 1], wanted)
                    if found >= 0:
                        shorter += parts[found]
                steps[step] = shorter
                step += 1
        pair, third = following, third + last


@njit(cache=True, nogil=True)
def _on_trigrams(  # type: ignore[no-untyped-def]
    single, channel, probability, order, kept, pairs, steps, weights
):
    """Puts into `weights` the probability of the candidates that were kept, 0 for the others;
    returns ln P of what was typed."""
    # The states are pairs of neighbours now.
    sizes, total, members = np.empty(len(kept) - 1, np.int64), 0, kept[0]
    for at in range(len(sizes)):
        sizes[at] = kept[at] * kept[at + 1]
        total += sizes[at]
        members += kept[at + 1]
    states, typed = np.empty(total), np.empty(members)
    for place in range(members):
        typed[place] = channel[order[place]]
    for this in range(sizes[0]):
        a, b = this // kept[1], kept[0] + this % kept[1]
        states[this] = single[order[a]] * typed[a] * probability[pairs[this]] * typed[b]
    evidence = _forward_backward(states, sizes, steps, typed, kept, 3)
    for place in range(len(weights)):
        weights[place] = 0.0
    for this in range(sizes[0]):
        weights[order[this // kept[1]]] += states[this]
    state, second = 0, kept[0]
    for at in range(len(sizes)):
        for this in range(sizes[at]):
            weights[order[second + this % kept[at + 1]]] += states[state + this]
        state, second = state + sizes[at], second + kept[at + 1]
    return evidence


@njit(cache=True, nogil=True)
def _best(counts, places, weights, path, seen):  # type: ignore[no-untyped-def]
    """The likeliest candidate of each slot, and whether its bigram with the next is kept."""
    start = pair = 0
    for slot in range(len(counts)):
        best = start
        for place in range(start, start + counts[slot]):
            if weights[place] > weights[best]:
                best = place
        path[slot] = best - start
        if slot:
            seen[slot - 1] = places[pair + path[slot - 1] * counts[slot] + path[slot]] >= 0
            pair += counts[slot - 1] * counts[slot]
        start += counts[slot]


@njit(
    "float64(int64[::1], int64[::1], float64[::1], float64, float64[::1], float64[::1], int64[::1],"
    "float32[::1], int32[::1], float32[::1], int64[::1], float32[::1], int32[::1], int64, float64,"
    "float64[::1], int64[::1], boolean[::1])",
    cache=True,
    nogil=True,
)
def decode(  # type: ignore[no-untyped-def]
    counts,
    numbers,
    channel,
    unknown,
    unigrams,
    left,
    bigrams,
    bigram_parts,
    bigram_starts,
    left_after,
    trigrams,
    trigram_parts,
    trigram_starts,
    few,
    likely,
    weights,
    path,
    seen,
):
    """Puts into `weights` the probability of each candidate; returns ln P of what was typed.

    `counts` are the candidates of each slot, one at least; `numbers`, `channel` (P(typed | this))
    and `weights` belong to those of all slots. `unigrams` to `trigram_starts` are the model's
    `tables`. On to trigrams go the `few` likeliest candidates of a slot, if they are at least so
    `likely`. `path` and `seen` are as in `lattice.Decoded`.
    """
    slots, size, widest = len(counts), 0, counts[0]
    for at in range(1, slots):
        size += counts[at - 1] * counts[at]
        widest = max(widest, counts[at])
    single = np.empty(len(numbers))
    for place in range(len(numbers)):
        known = 0 <= numbers[place] < len(unigrams)
        single[place] = unigrams[numbers[place]] if known else unknown
    probability, places = np.empty(size), np.empty(size, np.int64)
    _bigrams(
        counts, numbers, single, left, bigrams, bigram_parts, bigram_starts, probability, places
    )
    for place in range(counts[0]):
        weights[place] = single[place] * channel[place]
    evidence = _forward_backward(weights, counts, probability, channel, counts, 2)
    if slots > 2 and widest > 1:
        order, kept = np.empty(slots * few, np.int64), np.empty(slots, np.int64)
        _likely(weights, counts, few, likely, order, kept)
        pairs = np.empty(size, np.int64)
        _among(counts, order, kept, pairs)
        triples = 0
        for at in range(slots - 2):
            triples += kept[at] * kept[at + 1] * kept[at + 2]
        steps = np.empty(triples)
        _trigrams(
            *(numbers, probability, places, order, kept, pairs, len(left)),
            *(left_after, trigrams, trigram_parts, trigram_starts, steps),
        )
        evidence = _on_trigrams(single, channel, probability, order, kept, pairs, steps, weights)
    _best(counts, places, weights, path, seen)
    return evidence
