"""A reindexing that a visitor asked for: one at a time, and how far it is for all to see."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from web.shared import SharedLock

TOLD_SECONDS = 0.5
"""How often the other processes of the server are told how far it is."""

LOOKS = 5
"""How often it is tried before somebody else is at it."""


class Reindexing(Struct, frozen=True):
    """How far it is: `done` of `total` (null if nobody knows) `what`; `seconds` since it began."""

    running: bool
    what: str = ""
    done: int = 0
    total: int | None = None
    seconds: float = 0.0


class LiveProgress:
    """A `Progress` of the index that other threads, and the processes that share `folder`, may look
    at while it moves."""

    def __init__(self, folder: Path) -> None:
        self._told = folder / "reindexing.json"
        self._lock = SharedLock(folder / "reindexing.lock")
        self._mine = False
        self._what, self._done = "", 0
        self._total: int | None = None
        self._started = self._next = 0.0

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether nobody else is at it; until the end of the block nobody else will be."""
        mine = self._taken()
        if mine:
            self._started = time.monotonic()
            self._mine = True
            self.start(None, "")
        try:
            yield mine
        finally:
            if mine:
                self._mine = False
                self._lock.release()

    def start(self, total: int | None, what: str) -> None:
        self._what, self._done, self._total = what, 0, total
        self._tell()

    def advance(self, count: int) -> None:
        self._done += count
        if time.monotonic() >= self._next:
            self._tell()

    def finish(self) -> None:
        """What comes last is the commit, which has no parts to count."""

    def now(self) -> Reindexing:
        """How far it is at this moment."""
        if self._mine:
            return self._state()
        if self._lock.acquire(wait=False):
            self._lock.release()
            return Reindexing(running=False)
        try:
            return msgspec.json.decode(self._told.read_bytes(), type=Reindexing)
        except (OSError, msgspec.DecodeError):  # between two states
            return Reindexing(running=True)

    def _taken(self) -> bool:
        for _ in range(LOOKS):
            if self._lock.acquire(wait=False):
                return True
            time.sleep(0.002)  # perhaps somebody only looks whether it is held
        return False

    def _state(self) -> Reindexing:
        seconds = round(time.monotonic() - self._started, 1)
        return Reindexing(True, self._what, self._done, self._total, seconds)

    def _tell(self) -> None:
        self._next = time.monotonic() + TOLD_SECONDS
        part = self._told.with_suffix(".part")
        part.write_bytes(msgspec.json.encode(self._state()))
        part.replace(self._told)
