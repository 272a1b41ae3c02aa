"""Postings into impacts: codes of one term, or the sum of many."""

from __future__ import annotations

import numpy as np
from numba import njit, types


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
    top = np.uint8(0)
    for freq in freqs:
        top = max(top, freq)
    parts = np.empty((np.int64(top) + 1) << 8, np.float32)  # to divide each time takes longer
    for number in range(1, np.int64(top) + 1):
        freq = np.float32(number)
        row = parts[number << 8 : (number + 1) << 8]
        for length in range(256):
            row[length] = freq / (norms[length] + freq)
    for term in range(len(weights)):
        weight = weights[term]
        for place in range(starts[term], starts[term + 1]):
            doc = np.uint32(ids[place])
            first = np.uint32(freqs[place]) << np.uint32(8)
            total[doc] += weight * parts[first | np.uint32(lengths[doc])]


@njit(
    types.int64(
        types.float64[::1], types.float64, types.uint8[::1], types.uint64[::1], types.int32[::1]
    ),
    cache=True,
    nogil=True,
)
def encode_sums(total, scale, codes, words, before):  # type: ignore[no-untyped-def]
    """Sets `codes`, `words` and `before` as `encode` does, by sums [documents]; returns the highest
    code."""
    for doc in range(len(total)):
        codes[doc] = np.uint8(min(np.ceil(total[doc] * scale), 255.0))
    return _pack(codes, words, before)
