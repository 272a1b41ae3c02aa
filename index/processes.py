"""What processes know of each other, whether one is alive, and how workers live: they end with
their parent, and keep their memory until then."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import threading

# Of glibc's malloc.h, with the highest value that it takes for the second.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_NEVER, _HIGHEST = 1 << 30, 32 << 20


def keep_memory() -> None:
    """Let this process keep what it frees, for what it allocates next, where the C library can be
    told so: to get memory anew for one large array after another takes a worker a tenth of its
    time on some machines."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if os.name == "posix" else None
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _HIGHEST)
        mallopt(_TRIM_THRESHOLD, _NEVER)


def is_alive(pid: int) -> bool:
    """Whether there is a process of this number on this machine."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def end_with_parent() -> None:
    """Let this worker process end when the process that started it does, killed or not.

    Left alone, it would wait for work forever, and write files that nobody asks for any more.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
