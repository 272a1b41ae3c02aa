"""One writer at a time: a lock that the operating system takes back from a process that dies.

The lock file holds who has the lock, for those who ask in vain. That text may be of a process long
gone; the lock itself never is.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.util.filelock import try_for

from index.contents import INDEX_NAME
from index.errors import IndexLockedError, index_folder
from index.processes import is_alive

LOCK_NAME = f"{INDEX_NAME}_WRITELOCK"  # as a stock writer's
RETRY_SECONDS = 0.05


class WriterLock:
    """The writer lock of an index folder, held from `acquire` to `release`."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK_NAME
        self._folder = folder
        self._lock: Any = FileStorage(str(folder)).lock(LOCK_NAME)

    def acquire(self, timeout: float) -> None:
        """Take the lock, waiting up to `timeout` seconds; IndexLockedError names who has it."""
        with index_folder(self._folder):
            if not try_for(self._lock.acquire, timeout=timeout, delay=RETRY_SECONDS):
                raise IndexLockedError(f"another process ({self._holder()}) writes to the index")
        with suppress(OSError):  # on a full disk: the lock holds, only nobody knows whose it is
            self._path.write_text(json.dumps({"pid": os.getpid(), "since": time.time()}))

    def release(self) -> None:
        self._lock.release()

    def _holder(self) -> str:
        try:
            holder = json.loads(self._path.read_text())
            pid, since = int(holder["pid"]), time.localtime(float(holder["since"]))
        except (OSError, ValueError, KeyError, TypeError, OverflowError):
            return "pid unknown"
        if not is_alive(pid):  # of another machine, or container
            return "pid unknown"
        return f"pid {pid}, since {time.strftime('%Y-%m-%d %H:%M:%S', since)}"
