"""Threads that share Python's lock stay on one processor.

Only one of them computes at a time. Where they are spread over processors, every time that the lock
goes from one to the next a processor has to be woken, and both are slower where they share a core:
a fifth of the requests that eight clients get answered. Which processor it is the system chooses,
and again every now and then, for it knows what else is running.
"""

from __future__ import annotations

import ctypes
import os
import threading
import time

SECONDS = 1.0
"""After so long the system may choose again."""


class OneProcessor:
    """Keeps the threads that call `stay` on one processor, one thread calling at a time. Does
    nothing where the system has no such calls, or this process one processor only."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._local = threading.local()
        self._chosen, self._until = -1, 0.0
        self._all: set[int] = set()
        if hasattr(os, "sched_getaffinity"):
            self._here = getattr(ctypes.CDLL(None), "sched_getcpu", None)
            if self._here is not None:
                self._all = os.sched_getaffinity(0)
        self.possible = len(self._all) > 1

    def stay(self) -> None:
        """Keep this thread where the others are."""
        if not self.possible:
            return
        at: int | None = getattr(self._local, "at", None)
        if at is None and time.monotonic() >= self._until:
            assert self._here is not None
            self._chosen, self._until = self._here(), time.monotonic() + self._seconds
        if at != self._chosen:
            self._move({self._chosen}, self._chosen)

    def rest(self) -> None:
        """To be called when this thread waits for work: when it is time to choose again, it may
        wake up anywhere."""
        if self.possible and time.monotonic() >= self._until:
            self.leave()

    def leave(self) -> None:
        """Let this thread, and the processes that it starts, run anywhere."""
        if getattr(self._local, "at", None) is not None:
            self._move(self._all, None)

    def _move(self, processors: set[int], at: int | None) -> None:
        try:
            os.sched_setaffinity(0, processors)
        except OSError:  # processors have been taken away from this process
            self.possible = False
            at = None
        self._local.at = at
