"""How high a score must be to be among the k best: lower bounds that cost one pass."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

COLUMNS = 1024
"""Documents are dealt into at least so many columns to bound the k-th best score."""
EXACT = 1e-9
"""Relative error of a quotient that is a whole number but for rounding."""


class Worst(NamedTuple):
    """Turns the k-th best approximate score into the least that can still be among the k best.

    `margin` allows for float32's rounding, `slack` for coarse impacts; nothing below `floor`, an
    exact score, is wanted.
    """

    margin: float
    slack: float
    floor: float

    def below(self, kth: float) -> float:
        return float(np.float32(max(kth - self.slack, self.floor) * self.margin))

    def looser(self, slack: float) -> Worst:
        """The same for scores that may be another `slack` above the truth."""
        return self._replace(slack=self.slack + slack)


def bound(scores: NDArray[Any], count: int) -> float:
    """A lower bound of the `count`-th best of many scores: that of the best of each column.

    Any `count` columns with a maximum as high hold `count` documents as good.
    """
    columns = max(COLUMNS, 8 * count)
    rows = len(scores) // columns
    if rows > 1:
        columns = len(scores) // rows
        scores = scores[: rows * columns].reshape(rows, columns).max(axis=0)
    if len(scores) < count:
        return 0.0
    return kth_best(scores, count)


def kth_best(scores: NDArray[Any], count: int) -> float:
    """The `count`-th best of at least so many scores."""
    at = len(scores) - count
    return float(np.partition(scores, at)[at])
