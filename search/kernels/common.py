"""What the loops over a page have in common: types, how they are compiled, and small parts."""

from __future__ import annotations

import numpy as np
from numba import njit, types

from search.highlight import MAX_GAP

NONE, ZERO = np.uint8(0), np.int64(0)

LETTERS = types.Array(types.uint32, 1, "C", readonly=True)
INTS, FLAGS = types.int64[::1], types.boolean[::1]
TABLE = types.int64[:, ::1]


WHOLE = {"cache": True, "nogil": True, "no_cfunc_wrapper": True, "error_model": "numpy"}
part = njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, error_model="numpy")
"""A loop that only others call: to be called from Python would cost time to compile."""


def points(characters: str) -> tuple[int, ...]:
    return tuple(map(ord, characters))


SPACES = np.array([code for code in range(0x10000) if chr(code).isspace()], np.uint32)


@part
def ints(size):  # type: ignore[no-untyped-def]
    """Room. Made here only, since each call of NumPy takes a tenth of a second to compile."""
    return np.zeros(size, np.int64)


@part
def reals(size):  # type: ignore[no-untyped-def]
    return np.zeros(size)


@part
def flags(size):  # type: ignore[no-untyped-def]
    return np.zeros(size, np.bool_)


@part
def is_one_of(letter, letters):  # type: ignore[no-untyped-def]
    for one in letters:
        if letter == one:
            return True
    return False


@part
def linked(starts, ends, needles, at):  # type: ignore[no-untyped-def]
    """Whether an occurrence follows in the text the one it follows in the query: `links`."""
    return at > 0 and needles[at] == needles[at - 1] + 1 and starts[at] - ends[at - 1] <= MAX_GAP
