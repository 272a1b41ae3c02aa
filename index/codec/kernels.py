"""The codec's innermost loops, compiled by Numba: what `native` gives out where it is installed.

Whoever calls has counted how many exceptions there are, and checked the pages that hold them.
"""

from __future__ import annotations

from numba import njit, types

_OCTETS = types.Array(types.uint8, 1, "C", readonly=True)
_ESCAPE = 255
_BLOCK = 64
"""Gaps that are looked through for exceptions at once."""


@njit(types.void(_OCTETS, _OCTETS, types.int32[::1]), cache=True, nogil=True)
def sums(gaps, exceptions, out):  # type: ignore[no-untyped-def]
    """The running sums of a run in mode U8X16, `exceptions` being the octets of its exceptions."""
    total, taken = 0, 0
    for start in range(0, len(gaps), _BLOCK):
        some = gaps[start : start + _BLOCK]
        room = out[start : start + _BLOCK]
        highest = 0
        for gap in some:
            highest = max(highest, gap)
        if highest < _ESCAPE:
            for at in range(len(some)):
                total += some[at]
                room[at] = total
            continue
        for at in range(len(some)):
            if some[at] == _ESCAPE and taken + 1 < len(exceptions):
                total += exceptions[taken] | exceptions[taken + 1] << 8
                taken += 2
            else:
                total += some[at]
            room[at] = total


@njit(types.void(_OCTETS, _OCTETS, types.uint8[::1]), cache=True, nogil=True)
def bits(packed, exceptions, out):  # type: ignore[no-untyped-def]
    """A run in mode BITS whose values fit a byte, `exceptions` being the last part of it."""
    last, taken = len(exceptions) - 1, 0
    if last < 0:
        out[:] = 0
        return
    whole = len(out) // 8
    for octet in range(whole):
        eight = packed[octet]
        for bit in range(8):
            set_ = eight >> bit & 1
            out[octet * 8 + bit] = (exceptions[min(taken, last)] + 1) * set_
            taken += set_
    for bit in range(len(out) - whole * 8):
        set_ = packed[whole] >> bit & 1
        out[whole * 8 + bit] = (exceptions[min(taken, last)] + 1) * set_
        taken += set_
