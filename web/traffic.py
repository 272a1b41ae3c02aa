"""How many searches a minute the server answers: sixty counters, one for each second.

Each process counts in a file of its own, if there are several, and adds up those of all.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

SECONDS = 60
_PREFIX = "traffic-"

Counters = npt.NDArray[np.int64]
"""Shape [SECONDS, 2]: a second of the monotonic clock, which all processes share, and a count."""


class Traffic:
    """Counts what happened in the last minute. Safe to share between threads.

    With a `folder`, what other processes count there is part of the sum.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, folder: Path | None = None
    ) -> None:
        self._clock = clock
        self._folder = folder
        self._lock = threading.Lock()
        self._own: Counters = np.full((SECONDS, 2), -1, np.int64)
        if folder is not None:
            path = folder / f"{_PREFIX}{os.getpid()}"
            self._own.tofile(path)
            # A plain array: rows of a memmap are ten times as slow.
            self._own = np.asarray(np.memmap(path, np.int64, "r+", shape=(SECONDS, 2)))

    def count(self, happened: int = 1) -> None:
        second = int(self._clock())
        row = self._own[second % SECONDS]
        with self._lock:
            if row[0] != second:
                row[:] = second, 0
            row[1] += happened

    def per_minute(self) -> int:
        """What all processes counted in the last sixty seconds."""
        first = int(self._clock()) - SECONDS + 1
        return sum(int(rows[rows[:, 0] >= first, 1].sum()) for rows in self._counters())

    def _counters(self) -> list[Counters]:
        if self._folder is None:
            return [self._own]
        files = self._folder.glob(f"{_PREFIX}*")
        read = (np.fromfile(path, np.int64) for path in files)
        return [rows.reshape(SECONDS, 2) for rows in read if rows.size == 2 * SECONDS]
