"""What the processes of one server tell each other: files in a folder that lives as long as it.

Each answers requests by itself; but how often an address has asked, how many searches a minute
there are, and that somebody reindexes, are facts about the server as a whole. Whoever writes
holds a lock of the operating system, which a killed process lets go of.
"""

from __future__ import annotations

import os
import tempfile
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover (there is only one server process on Windows)
    fcntl = None  # type: ignore[assignment]

METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""prometheus-client's own variable: with it set, metrics of several processes are added up."""


@contextmanager
def shared_folder() -> Iterator[Path]:
    """A new folder for the processes started in this block, where metrics are kept as well.

    prometheus-client looks for the variable when it is first imported: that must come later.
    """
    with tempfile.TemporaryDirectory(prefix="timtin-") as name:
        os.environ[METRICS_FOLDER] = name
        try:
            yield Path(name)
        finally:
            del os.environ[METRICS_FOLDER]


class SharedLock:
    """Held by one thread of one process at a time; `path` is a file of its own."""

    def __init__(self, path: Path) -> None:
        self._thread = threading.Lock()
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        weakref.finalize(self, os.close, self._file)

    def acquire(self, *, wait: bool) -> bool:
        """Whether it is held now; without `wait` another holder means no."""
        if not self._thread.acquire(blocking=wait):
            return False
        try:
            if fcntl is not None:
                fcntl.flock(self._file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            self._thread.release()
            return False
        return True

    def release(self) -> None:
        if fcntl is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)
        self._thread.release()

    def __enter__(self) -> None:
        self.acquire(wait=True)

    def __exit__(self, *_: object) -> None:
        self.release()
