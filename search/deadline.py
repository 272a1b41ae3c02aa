"""How long a query may take: a limit that is set around the work and looked at between its steps.

The limit travels with the thread's context, as a language's decimal precision or an async
framework's cancel scope does, so that what works deep inside need not be handed it. Work that
checks nothing is cut short by nothing: steps between two checks take some milliseconds each.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

SHOWING = 0.25
"""Of the time for a query, the share that marking the hits found may take besides."""

_FOREVER = float("inf")


class OutOfTime(Exception):
    """The time for this query is up."""


@dataclass(slots=True)
class Deadline:
    """A moment of the monotonic clock; `passed` once somebody was told that it has."""

    at: float
    passed: bool = False


_current: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


@contextmanager
def time_limit(seconds: float | None) -> Iterator[Deadline]:
    """Whatever runs inside has this many seconds (None: no limit of its own), or what is left of
    the limit around it if that is less."""
    around = _current.get()
    at = _FOREVER if seconds is None else time.monotonic() + seconds
    deadline = Deadline(at if around is None else min(at, around.at))
    token = _current.set(deadline)
    try:
        yield deadline
    finally:
        _current.reset(token)


def check() -> None:
    """Raise OutOfTime if the time is up. Costs a tenth of a microsecond."""
    if is_up():
        raise OutOfTime


def is_up() -> bool:
    """Whether the time is up: for work that can be left out rather than given up."""
    deadline = _current.get()
    if deadline is None or time.monotonic() < deadline.at:
        return False
    deadline.passed = True
    return True
