"""A reindexing that a visitor asked for: one at a time, and how far it is for all to see."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from msgspec import Struct


class Reindexing(Struct, frozen=True):
    """How far it is: `done` of `total` (null if nobody knows) `what`; `seconds` since it began."""

    running: bool
    what: str = ""
    done: int = 0
    total: int | None = None
    seconds: float = 0.0


class LiveProgress:
    """A `Progress` of the index that other threads may look at while it moves."""

    def __init__(self) -> None:
        self._busy = Lock()
        self._what, self._done = "", 0
        self._total: int | None = None
        self._started = 0.0

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether nobody else is at it; until the end of the block nobody else will be."""
        mine = self._busy.acquire(blocking=False)
        if mine:
            self._started = time.monotonic()
            self._what, self._done, self._total = "", 0, None
        try:
            yield mine
        finally:
            if mine:
                self._busy.release()

    def start(self, total: int | None, what: str) -> None:
        self._what, self._done, self._total = what, 0, total

    def advance(self, count: int) -> None:
        self._done += count

    def finish(self) -> None:
        """What comes last is the commit, which has no parts to count."""

    def now(self) -> Reindexing:
        """How far it is at this moment."""
        if not self._busy.locked():
            return Reindexing(running=False)
        seconds = round(time.monotonic() - self._started, 1)
        return Reindexing(True, self._what, self._done, self._total, seconds)
