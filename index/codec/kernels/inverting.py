"""Sorted keys of tokens into postings."""

from __future__ import annotations

from numba import njit, types

_INTS = types.int64[::1]


@njit(
    types.UniTuple(types.int64, 2)(_INTS, types.int64, types.int64, _INTS, _INTS, _INTS, _INTS),
    cache=True,
    nogil=True,
)
def invert(packed, shift, bits, dfs, ids, freqs, positions):  # type: ignore[no-untyped-def]
    """Write the postings of sorted keys `term | document | position`, of which the document has
    `bits` and the position `shift`; returns how many terms and documents there are."""
    terms = docs = 0
    last_term, last_key = -1, -1
    mask = (1 << bits) - 1
    for at in range(len(packed)):
        key = packed[at] >> shift
        if key != last_key:
            last_key = key
            if key >> bits != last_term:
                last_term = key >> bits
                dfs[terms] = 0
                terms += 1
            dfs[terms - 1] += 1
            ids[docs], freqs[docs] = key & mask, 0
            docs += 1
        freqs[docs - 1] += 1
        if shift:
            positions[at] = packed[at] & ((1 << shift) - 1)
    return terms, docs


@njit(
    types.void(_INTS, _INTS, _INTS, _INTS, _INTS, _INTS, _INTS, types.boolean[::1]),
    cache=True,
    nogil=True,
)
def rarer(parents, dfs, ids, freqs, starts, coarse_ids, coarse_freqs, own):  # type: ignore[no-untyped-def]
    """Whether a term is rarer in each of its documents than the coarser term that it belongs to,
    number `parents[term]`, whose documents begin at `starts` and hold all of its own."""
    at = 0
    for term in range(len(parents)):
        other = starts[parents[term]]
        for _ in range(dfs[term]):
            while coarse_ids[other] < ids[at]:
                other += 1
            own[at] = coarse_freqs[other] > freqs[at]
            at += 1
