"""Compiled loops, if Numba is installed (the extra `native`); otherwise NumPy does the same.

A room that has some keeps them in a module `kernels` of its own, which nothing else imports. They
are compiled when they are first asked for, which takes half a minute, and then kept on disk beside
the source or in the user's cache. Until they are there, and wherever they are not, all goes its way
by NumPy: the same answers, later.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Lock, Thread
from typing import Any

KEPT = 3
"""Versions of this code whose compiled loops stay on disk: of servers that are replaced in turn."""

_IMPORTED = re.compile(r"^from ((?:index|search)\.[\w.]+) import", re.MULTILINE)
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


def load(rooms: str = "", *, compiling: bool = True) -> bool:
    """Load the loops of all rooms imported so far, or of those whose name begins so, compiling them
    if need be; returns whether they are there. Without `compiling` only those that some process has
    compiled before."""
    with _lock:
        chosen = [loops for loops in _every if loops.module.startswith(rooms)]
        missing = [loops for loops in chosen if loops.loaded is None]
        if missing and not is_installed():
            return False
        try:
            for loops in missing:
                ready = _kept_by_version(loops.module)
                if compiling or (ready and ready.exists()):
                    loops.loaded = import_module(loops.module)
                    if ready:
                        ready.touch()
        except Exception as error:  # a Numba that does not fit: NumPy remains
            logging.getLogger(__name__).warning("no compiled loops: %s", error)
            return False
        return all(loops.loaded is not None for loops in missing)


def is_wanted() -> bool:
    """Whether loops are to be loaded for large changes. Processes that analyze and merge know no
    other settings than those of the environment."""
    return is_installed() and os.environ.get("TIMTIN_NATIVE", "").strip() != "0"


def _kept_by_version(module: str) -> Path | None:
    """Let Numba keep what it compiles apart for each version of the loops and of what they import.
    By itself it looks only whether the file of a loop has changed, and not, say, the columns of the
    tables that this imports. Returns a file that is there once all of a version is compiled.
    """
    from numba import config  # noqa: PLC0415 (an extra)

    digest = blake2b(digest_size=8)
    for source in sorted(set(_sources(module))):
        digest.update(source.read_bytes())
    for place in _places():
        folder = place / f"timtin-{module}-{digest.hexdigest()}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            os.utime(folder)
        except OSError:
            continue
        config.CACHE_DIR = str(folder)
        with suppress(OSError):  # another process may be at it as well
            every = place.glob(f"timtin-{module}-*")
            versions = sorted(every, key=lambda path: path.stat().st_mtime)
            for old in versions[:-KEPT]:
                shutil.rmtree(old, ignore_errors=True)
        return folder / "compiled"
    return None


def _sources(module: str) -> Iterator[Path]:
    """The files of a module of loops, and of the modules of ours that it takes something from."""
    root = Path(__file__).parent.parent
    place = root.joinpath(*module.split("."))
    own = [*place.glob("*.py"), *root.glob(f"{module.replace('.', '/')}.py")]
    for source in own:
        names = _IMPORTED.findall(source.read_text(encoding="utf-8"))
        yield from (root.joinpath(*name.split(".")).with_suffix(".py") for name in names)
    yield from own


def _places() -> Iterator[Path]:
    """Where compiled loops may be kept, the best place first."""
    if given := os.environ.get("NUMBA_CACHE_DIR"):
        yield Path(given)
        return
    yield Path(__file__).parent / "__pycache__"
    with suppress(RuntimeError):  # a user without a home
        yield Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "timtin"


def load_soon(rooms: str = "") -> None:
    """Load them beside whatever goes on."""
    if is_installed():
        Thread(target=load, args=(rooms,), name="native", daemon=True).start()


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
