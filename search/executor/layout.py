"""How a compiled kernel is told of a term: where its arrays lie, as one row of int64."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

CODES, VALUES, IDS, WORDS, BEFORE, FREQS, COUNT, WIDTH = range(8)
"""What a row holds: addresses, 0 for an array that is not there; the number of documents; bytes a
frequency."""
Row = NDArray[np.int64]


def address(array: NDArray[Any] | None) -> int:
    """Where the items of a contiguous array begin; 0 for none."""
    return 0 if array is None else int(array.__array_interface__["data"][0])


def row_of(ids: NDArray[np.int32], values: NDArray[np.float32]) -> Row:
    """The row of a scored list that is none of a term's."""
    return np.array([0, address(values), address(ids), 0, 0, 0, len(ids), 0], np.int64)
