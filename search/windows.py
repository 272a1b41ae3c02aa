"""The stretch of each text that shows best why it was found, for all texts of a page at once.

Each needle of the query counts once in a window, the rarer in this text the more; neighbours in the
query that are neighbours in the text count again, and so does the spelling as typed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from search.flat import Indexes
from search.highlight import Highlighted, Span, links
from search.occurrences import HighlightSpec, Occurrences

# What a window gains by showing a syllable of the query; by showing it as typed; and by showing it
# beside its neighbour. Each counts once, divided by the root of how often the text has it.
OCCURS_WEIGHT, EXACT_WEIGHT, NEIGHBOUR_WEIGHT = 1.0, 0.5, 1.0

SAME = 1e-9  # sums of the same numbers in another order differ by less


def best_windows(page: Highlighted, begins: Sequence[int], length: int) -> list[Span | None]:
    """For each text the window of at most `length` characters that is worth most, the first such.

    Text i is looked at from `begins[i]` on; None if it has nothing to mark there. A single
    occurrence longer than `length` is a window of its own.
    """
    offsets = page.texts.offsets
    windows: list[Span | None] = [None] * len(offsets)
    body = np.ones(len(page.columns.starts), np.bool_)
    texts, sizes = [], []
    for number, (low, high) in enumerate(pairwise(page.bounds.tolist())):
        first = bisect_left(page.columns.starts, offsets[number] + begins[number], low, high)
        body[low:first] = False
        if first < high:
            texts.append(number)
            sizes.append(high - first)
    if not texts:
        return windows
    found = page.found.where(body)
    firsts, lasts = _best(found, np.array(sizes), length, page.spec)
    starts, ends = found.starts[firsts].tolist(), found.ends
    for number, start, first, last in zip(texts, starts, firsts, lasts, strict=True):
        end = int(ends[first : last + 1].max())
        windows[number] = (start - offsets[number], end - offsets[number])
    return windows


def _best(
    found: Occurrences, sizes: Indexes, length: int, spec: HighlightSpec
) -> tuple[list[int], list[int]]:
    """The first and the last occurrence of the best window of each text, of which `found` has
    `sizes` each."""
    tails = np.cumsum(sizes) - 1
    heads = tails - sizes + 1
    firsts = _earliest(found, heads, sizes, length)
    worths = _worths(found, firsts, heads, sizes, spec)
    most = np.maximum.reduceat(worths, heads)
    winners = np.flatnonzero(worths > np.repeat(most, sizes) - SAME)
    lasts = winners[winners.searchsorted(heads)]
    firsts = firsts[lasts]
    # A text whose occurrences fit into one window shows them all.
    whole = np.maximum.reduceat(found.ends, heads) - found.starts[heads] <= length
    firsts, lasts = np.where(whole, heads, firsts), np.where(whole, tails, lasts)
    return firsts.tolist(), lasts.tolist()


def _earliest(found: Occurrences, heads: Indexes, sizes: Indexes, length: int) -> Indexes:
    """For each occurrence the first one of its text that a window ending with it can hold."""
    firsts = found.starts.searchsorted(found.ends - length)
    firsts = np.maximum(firsts, np.repeat(heads, sizes))
    firsts = np.minimum(firsts, np.arange(len(firsts)))
    return np.maximum.accumulate(firsts)


def _worths(
    found: Occurrences, firsts: Indexes, heads: Indexes, sizes: Indexes, spec: HighlightSpec
) -> NDArray[np.float64]:
    """What the window from `firsts[k]` to k is worth, for each occurrence k.

    An occurrence shows one to three features. It adds what a feature is worth to the windows that
    end with it and with those after it, until one shows the feature anew or no longer reaches back.
    """
    size, needles = len(firsts), len(spec.needles)
    slots = np.repeat(np.arange(len(sizes)), sizes) * needles + found.needles
    rarity = 1 / np.sqrt(np.bincount(slots).take(slots))
    tied = links(found)
    tied[heads] = False
    shown = (np.arange(size), np.flatnonzero(found.exact), np.flatnonzero(tied))
    at = np.concatenate(shown)
    features = found.needles.take(at) + np.repeat((0, needles, 2 * needles), [*map(len, shown)])
    occurs = [OCCURS_WEIGHT * len(needle.stems) for needle in spec.needles]
    weights = [*occurs, *[EXACT_WEIGHT] * needles, *[NEIGHBOUR_WEIGHT] * needles]
    return sums_of_distinct(
        features, at, np.array(weights).take(features) * rarity.take(at), firsts
    )


def sums_of_distinct(
    features: Indexes, at: Indexes, gains: NDArray[np.float64], firsts: Indexes
) -> NDArray[np.float64]:
    """For each occurrence k the sum of the gains of what the occurrences `firsts[k]` to k show,
    every feature once. Occurrence `at[i]` (ascending within a feature) shows `features[i]`, which
    gains `gains[i]`, the same wherever one window shows it."""
    size = len(firsts)
    unreached = firsts.searchsorted(np.arange(size), "right")
    ends = np.minimum(_next_of_same(features, at, size), unreached.take(at))
    rises = np.bincount(at, gains, size + 1) - np.bincount(ends, gains, size + 1)
    return np.cumsum(rises[:-1])


def _next_of_same(features: Indexes, at: Indexes, size: int) -> Indexes:
    """Where each feature is shown next: an entry of `at` (ascending within a feature) or `size`."""
    order = features.astype(np.int16).argsort(kind="stable")  # for 16 bits a radix sort
    sorted_features = features.take(order)
    following = np.full(len(at), size)
    again = np.flatnonzero(sorted_features[1:] == sorted_features[:-1])
    following[order.take(again)] = at.take(order.take(again + 1))
    return following
