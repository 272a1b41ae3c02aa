"""How many searches a minute this process answers: sixty counters, one for each second."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

SECONDS = 60


class Traffic:
    """Counts what happened in the last minute. Safe to share between threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._counts = [0] * SECONDS
        self._second = int(clock())

    def count(self, happened: int = 1) -> None:
        with self._lock:
            self._counts[self._now() % SECONDS] += happened

    def per_minute(self) -> int:
        with self._lock:
            self._now()
            return sum(self._counts)

    def _now(self) -> int:
        """This second; what is older than a minute is forgotten."""
        now = int(self._clock())
        for second in range(max(self._second, now - SECONDS) + 1, now + 1):
            self._counts[second % SECONDS] = 0
        self._second = now
        return now
