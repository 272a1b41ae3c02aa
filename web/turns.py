"""Requests take turns while each is quick.

One thread at a time holds Python's lock, so that two requests are answered no sooner together than
one after the other; but together they hinder each other. Every time that NumPy or zstandard lets go
of the lock another thread takes it, and the first has to wait in the middle of its work: with eight
clients that were 38 switches a request, and a tenth of its time.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from web.processor import OneProcessor

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATIENCE = 0.02
"""Seconds that others wait for a request. It takes a few thousandths as a rule; a slow one must not
hold up the quick ones, so that beside it all go in at once."""
WITHOUT_BODY = ("GET", "HEAD")
"""Methods that take turns: other requests may have to wait for their bodies."""


class Turns:
    """WSGI middleware: of requests without a body one is in `application` at a time, in the order
    in which they came, unless it has been there for longer than `patience` seconds."""

    def __init__(self, application: WSGIApplication, patience: float = PATIENCE) -> None:
        self._application = application
        self._patience = patience
        self._lock = threading.Lock()  # of what follows
        self._line: deque[threading.Lock] = deque()
        self._taken = False
        self._began = 0.0
        self._processor = OneProcessor()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in WITHOUT_BODY or not self._take():
            self._processor.leave()  # reindexing starts processes; several at a time need room
            return self._application(environ, start)
        self._began = time.monotonic()
        try:
            if self._line:
                self._processor.stay()
            return self._application(environ, start)
        finally:
            self._processor.rest()
            self._pass_on()

    @property
    def waiting(self) -> int:
        """How many requests wait for their turns."""
        return len(self._line)

    def _take(self) -> bool:
        """Wait for the turn; False once whoever has it is slow."""
        with self._lock:
            if not self._taken:
                self._taken = True
                return True
            called = threading.Lock()
            called.acquire()  # whoever calls releases it
            self._line.append(called)
        while (left := self._began + self._patience - time.monotonic()) > 0:
            if called.acquire(timeout=left):
                return True
        with self._lock:
            if called in self._line:
                self._line.remove(called)
                return False
        return True  # called just now

    def _pass_on(self) -> None:
        """Give the turn to who waits longest."""
        with self._lock:
            if self._line:
                self._began = time.monotonic()
                self._line.popleft().release()
            else:
                self._taken = False


def threads_share_a_lock() -> bool:
    """Whether this Python has one lock for all threads; builds without it answer many at once."""
    is_enabled: Callable[[], bool] = getattr(sys, "_is_gil_enabled", lambda: True)
    return is_enabled()
