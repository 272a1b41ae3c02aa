"""Compiled loops, if Numba is installed (the extra `native`); otherwise NumPy does the same.

A room that has some keeps them in a module `kernels` of its own, which nothing else imports. They
are compiled when they are first asked for, which takes some seconds, and then kept on disk beside
the source or in the user's cache. Until they are there, and wherever they are not, all goes its way
by NumPy: the same answers, later.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from threading import Lock, Thread
from typing import Any

_lock = Lock()
_every: list[Loops] = []


class Loops:
    """The compiled loops of a module: called, it gives the module, or None if it is not loaded."""

    def __init__(self, module: str) -> None:
        self.module = module
        self.loaded: Any = None
        _every.append(self)

    def __call__(self) -> Any:
        return self.loaded


def load() -> bool:
    """Load all loops, compiling them if need be; returns whether they are there."""
    with _lock:
        missing = [loops for loops in _every if loops.loaded is None]
        if missing and not is_installed():
            return False
        try:
            for loops in missing:
                loops.loaded = import_module(loops.module)
        except Exception as error:  # a Numba that does not fit: NumPy remains
            logging.getLogger(__name__).warning("no compiled loops: %s", error)
            return False
    return True


def load_soon() -> None:
    """The same beside whatever goes on."""
    if is_installed():
        Thread(target=load, name="native", daemon=True).start()


def is_installed() -> bool:
    """Whether Numba is."""
    return find_spec("numba") is not None


@contextmanager
def without() -> Iterator[None]:
    """NumPy alone for a while: to compare."""
    kept = [(loops, loops.loaded) for loops in _every]
    for loops, _ in kept:
        loops.loaded = None
    try:
        yield
    finally:
        for loops, module in kept:
            loops.loaded = module
