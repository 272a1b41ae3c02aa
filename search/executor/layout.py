"""How a compiled kernel is told of terms: where their arrays lie and what they are worth, a row of
eight-byte numbers each."""

from __future__ import annotations

from collections.abc import Iterable
from struct import Struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.native import Loops

kernels = Loops("search.executor.kernels")

CODES, VALUES, IDS, WORDS, BEFORE, FREQS, COUNT, WIDTH, HIGHEST = range(9)
"""What a row holds: addresses, 0 for an array that is not there; the number of documents; bytes a
frequency; the highest code."""
STEP, PEAK, SLACK, IDF = range(9, 13)
"""And as float64: see `postings.Impacts`; the inverse document frequency."""
LENGTHS, NORMS, FACTOR = range(3)
"""What a row of a field holds: addresses, of the documents' length bytes and of what each such byte
comes to; and as float64 k1 + 1, 0 for a field whose terms score their frequency."""
Row = bytes
"""The numbers of a row; so kept, forty are put together in a microsecond."""

_TERM, _FIELD = Struct("9q4d"), Struct("2qd")


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
    highest: int = 0,
    worth: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0),
) -> Row:
    """The row of these arrays, which the caller keeps alive; `count` documents are in the list, and
    `worth` is what the row holds as float64."""
    addresses = map(address, (codes, values, ids, words, before, freqs))
    width = 0 if freqs is None else freqs.itemsize
    return _TERM.pack(*addresses, count, width, highest, *worth)


def field_row(lengths: NDArray[np.uint8], norms: NDArray[np.float64], factor: float) -> Row:
    """The row of a field, whose arrays the caller keeps alive."""
    return _FIELD.pack(address(lengths), address(norms), factor)


def table(rows: Iterable[Row]) -> NDArray[np.int64]:
    """Rows of terms one below the other."""
    return np.frombuffer(bytearray().join(rows), np.int64).reshape(-1, IDF + 1)


def field_table(rows: Iterable[Row]) -> NDArray[np.int64]:
    """Rows of fields one below the other."""
    return np.frombuffer(bytearray().join(rows), np.int64).reshape(-1, FACTOR + 1)
