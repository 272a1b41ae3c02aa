"""How a compiled kernel is told of terms: where their arrays lie, a row of int64 each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.native import Loops

kernels = Loops("search.executor.kernels")

CODES, VALUES, IDS, WORDS, BEFORE, FREQS, COUNT, WIDTH = range(8)
"""What a row holds: addresses, 0 for an array that is not there; the number of documents; bytes a
frequency."""
Row = bytes
"""The numbers of a row; so kept, forty are put together in a microsecond."""


def address(array: NDArray[Any] | None) -> int:
    """Where the items of a contiguous array begin; 0 for none."""
    return 0 if array is None else int(array.__array_interface__["data"][0])


def row(
    *,
    codes: NDArray[np.uint8] | None = None,
    values: NDArray[np.float32] | None = None,
    ids: NDArray[np.int32] | None = None,
    words: NDArray[np.uint64] | None = None,
    before: NDArray[np.int32] | None = None,
    freqs: NDArray[Any] | None = None,
    count: int = 0,
) -> Row:
    """The row of these arrays, which the caller keeps alive; `count` documents are in the list."""
    addresses = map(address, (codes, values, ids, words, before, freqs))
    numbers = [*addresses, count, 0 if freqs is None else freqs.itemsize]
    return np.array(numbers, np.int64).tobytes()


def table(rows: Iterable[Row]) -> NDArray[np.int64]:
    """The rows one below the other."""
    return np.frombuffer(bytearray().join(rows), np.int64).reshape(-1, WIDTH + 1)
