"""Compiled loops, if Numba is installed (the extra `native`); otherwise NumPy does the same.

They are compiled when they are first asked for, which takes some seconds, and then kept on disk
beside the source or in the user's cache. Until they are there, and wherever they are not, the
executor goes its way by NumPy: the same answers, later.
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
_kernels: Any = None


def kernels() -> Any:
    """The module `search.executor.kernels`, or None if it is not loaded."""
    return _kernels


def load() -> bool:
    """Load the kernels, compiling them if need be; returns whether they are there."""
    global _kernels  # noqa: PLW0603 (one for the process)
    with _lock:
        if _kernels is None and is_installed():
            try:
                _kernels = import_module("search.executor.kernels")
            except Exception as error:  # a Numba that does not fit: NumPy remains
                logging.getLogger(__name__).warning("no compiled loops: %s", error)
    return _kernels is not None


def load_soon() -> None:
    """The same beside whatever goes on."""
    if _kernels is None and is_installed():
        Thread(target=load, name="native", daemon=True).start()


def is_installed() -> bool:
    """Whether Numba is."""
    return find_spec("numba") is not None


@contextmanager
def without() -> Iterator[None]:
    """NumPy alone for a while: to compare."""
    global _kernels  # noqa: PLW0603
    kept, _kernels = _kernels, None
    try:
        yield
    finally:
        _kernels = kept
