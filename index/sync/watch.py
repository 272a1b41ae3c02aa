"""Keep the index up to date while seeds come, change and go.

Whatever the file system tells only says *when* to look; what changed is found by `sync`, so that a
lost or doubled event does no harm. A burst of changes is one sync. Where the system tells nothing
the folder is polled by syncing often, and now and then it is looked through in any case.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

import watchfiles

from index.errors import TimtinError
from index.readers.limits import LIMITS, Limits
from index.store import IndexStore
from index.sync import sync
from index.sync.report import Failure, SyncReport
from index.sync.target import Target

QUIET_MS = 200  # A burst is over when nothing has happened for so long,
BURST_MS = 1_500  # and one that does not end is interrupted after this.
LOOK_MS = 500  # How often the folder itself is looked after.
RESCAN_SECONDS = 60.0
POLL_SECONDS = 1.0
POLL_SHARE = 0.1  # of the time that polling may take: a large folder is polled less often.
RETRY_SECONDS = 2.0  # after a sync that failed as a whole
LOCK_SECONDS = 5.0  # to wait for another writer

_log = logging.getLogger(__name__)


def watch(
    seeds: Path,
    target: IndexStore | Target,
    on_report: Callable[[SyncReport], None],
    stop: Event,
    *,
    on_error: Callable[[Exception], None] | None = None,
    on_sync: Callable[[SyncReport | None], None] | None = None,
    processes: int | None = None,
    memory: int | None = None,
    limits: Limits = LIMITS,
    polling: bool = False,
) -> None:
    """Sync now and after every change in the folder `seeds`, until `stop` is set.

    `on_report` gets the first report and every later one that says something new; `on_error` gets
    what kept a sync from being made, once (by default it is logged); `on_sync` every report, and
    None for every sync that was not made. A folder that is missing, or vanishes, is waited for.
    With `polling` the file system is not asked to tell about changes; otherwise that is the last
    resort.
    """

    def run() -> SyncReport:
        report = None
        try:
            report = sync(
                seeds,
                target,
                processes=processes,
                memory=memory,
                limits=limits,
                timeout=LOCK_SECONDS,
            )
        finally:
            if on_sync is not None:
                on_sync(report)
        return report

    watcher = _Watcher(seeds, target.path, run, on_report, on_error or _log_error, stop, polling)
    while not stop.is_set():
        watcher.sync()
        if not seeds.is_dir():
            stop.wait(LOOK_MS / 1000)
        elif watcher.polling:
            stop.wait(watcher.pause)
        else:
            watcher.follow()


class _Watcher:
    def __init__(
        self,
        seeds: Path,
        index: Path | None,
        run: Callable[[], SyncReport],
        on_report: Callable[[SyncReport], None],
        on_error: Callable[[Exception], None],
        stop: Event,
        polling: bool,
    ) -> None:
        self._seeds, self._index, self._run = seeds, index and index.resolve(), run
        self._on_report, self._on_error = on_report, on_error
        self._stop, self.polling = stop, polling
        self.pause = POLL_SECONDS
        self._last_failures: tuple[Failure, ...] | None = None
        self._last_error = ""
        self._next = 0.0  # when a sync is due even though nothing was told

    def sync(self) -> None:
        """Sync once; report what is new, whether a result or an error."""
        started = time.monotonic()
        try:
            report = self._run()
        except Exception as error:
            self._next = time.monotonic() + RETRY_SECONDS
            self._tell(error)
            return
        self._next = time.monotonic() + RESCAN_SECONDS
        self.pause = max(POLL_SECONDS, (time.monotonic() - started) / POLL_SHARE)
        self._last_error = ""
        if report.committed or report.failed != self._last_failures:
            self._last_failures = report.failed
            self._on_report(report)

    def follow(self) -> None:
        """Sync after every change; returns when the folder must be watched anew."""
        folder = _identity(self._seeds)
        armed = False
        try:
            for changes in watchfiles.watch(
                self._seeds,
                watch_filter=self._matters,
                debounce=BURST_MS,
                step=QUIET_MS,
                stop_event=self._stop,
                rust_timeout=LOOK_MS,
                yield_on_timeout=True,
                force_polling=False,
                ignore_permission_denied=True,
            ):
                if _identity(self._seeds) != folder:
                    return
                # The first time: for what happened before the watch was set up.
                if changes or not armed or time.monotonic() >= self._next:
                    armed = True
                    self.sync()
        except (OSError, watchfiles._rust_notify.WatchfilesRustInternalError) as error:
            if self._seeds.is_dir():  # No inotify, or no more watches to be had.
                self.polling = True
                self._tell(error)

    def _matters(self, change: watchfiles.Change, path: str) -> bool:
        changed = Path(path)
        if self._index is not None and changed.is_relative_to(self._index):
            return False
        inside = changed.parts[len(self._seeds.resolve().parts) :]
        return not any(part.startswith(".") for part in inside)

    def _tell(self, error: Exception) -> None:
        if str(error) != self._last_error:
            self._last_error = str(error)
            self._on_error(error)


def _identity(folder: Path) -> tuple[int, int] | None:
    """Which folder this is, or None if there is none: a new one of the same name is another."""
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _log_error(error: Exception) -> None:
    _log.error("%s", error, exc_info=None if isinstance(error, TimtinError) else error)
