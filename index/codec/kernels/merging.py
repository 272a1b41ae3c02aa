"""Postings of several segments put together."""

from __future__ import annotations

from numba import njit, types

_INTS = types.int64[::1]


@njit(types.void(_INTS, _INTS, _INTS, _INTS, _INTS), cache=True, nogil=True)
def place(terms, counts, values, ends, out):  # type: ignore[no-untyped-def]
    """Append the blocks of one segment, `counts[i]` of `values`, to what `out` has of each term up
    to `ends[terms[i]]`, which goes on."""
    at = 0
    for i in range(len(terms)):
        end = ends[terms[i]]
        for _ in range(counts[i]):
            out[end] = values[at]
            end += 1
            at += 1
        ends[terms[i]] = end


@njit(types.void(_INTS, _INTS), cache=True, nogil=True)
def undo(gaps, counts):  # type: ignore[no-untyped-def]
    """Make gaps the values again, in groups of these sizes."""
    at = 0
    for count in counts:
        value = 0
        for _ in range(count):
            value += gaps[at]
            gaps[at] = value
            at += 1


@njit(types.void(_INTS, _INTS, _INTS), cache=True, nogil=True)
def distances(values, starts, out):  # type: ignore[no-untyped-def]
    """The gaps of groups that begin at these places."""
    for group in range(len(starts) - 1):
        before = 0
        for at in range(starts[group], starts[group + 1]):
            out[at] = values[at] - before
            before = values[at]
