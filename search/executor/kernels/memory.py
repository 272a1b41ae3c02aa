"""Arrays that a loop is told of by their addresses, and places in sorted ones."""

from __future__ import annotations

from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic


@intrinsic
def pointer(context, address):  # type: ignore[no-untyped-def]
    """The pointer of an address."""

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        return builder.inttoptr(arguments[0], cgutils.voidptr_t)

    return types.voidptr(types.int64), generate


@njit(cache=True, nogil=True)
def first_from(ids, doc, place):  # type: ignore[no-untyped-def]
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
