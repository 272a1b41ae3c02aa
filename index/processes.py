"""What processes know of each other: whether one is alive, and when to end with one's parent."""

from __future__ import annotations

import multiprocessing
import os
import threading


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
