"""The newest commit, kept open: one snapshot and one executor, replaced when another is made.

A request takes the commit that is current when it starts and keeps it to its end, so a commit never
disturbs a running search; the old one's files go when the last request has let go of them.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import NamedTuple

from index.errors import TimtinError
from index.language.abbreviations import FIELD, read_abbreviations
from index.snapshot import Snapshot
from index.store import IndexStore
from search.executor import ArrayCache, Executor
from search.interpret.interpreter import Interpreter
from search.ranking import WEIGHTING, Weighting

CHECK_SECONDS = 0.05
"""How often the folder is looked at for a newer commit, at most."""
RETRY_SECONDS = 1.0
"""How long to stay with the old commit when the newer one cannot be opened."""

log = logging.getLogger(__name__)


class Commit(NamedTuple):
    """One commit, ready to be searched by any number of threads.

    `interpreter` is None if a stock Whoosh writer made the index: then there is no language model.
    """

    snapshot: Snapshot
    executor: Executor
    id: str
    """Unlike the generation also told apart from those of an index made anew."""
    interpreter: Interpreter | None


def interpreter_of(snapshot: Snapshot) -> Interpreter | None:
    """What understands queries by the text of this commit."""
    if snapshot.language is None:
        return None
    definitions = (segment.field(FIELD) for segment in snapshot.segments)
    return Interpreter(snapshot.language, read_abbreviations(definitions))


class NewestCommit:
    """Gives the newest commit of an index folder; safe to share between threads."""

    def __init__(self, store: IndexStore, cache: ArrayCache, weighting: Weighting = WEIGHTING):
        self._store = store
        self._cache = cache
        self._weighting = weighting
        self._lock = threading.Lock()
        self._current: Commit | None = None
        self._stamp = (-1, 0, 0)
        self._next_check = 0.0

    def get(self) -> Commit:
        """The commit to answer from. Raises what `IndexStore.snapshot` does if there is none yet.

        One thread at a time opens a newer commit; meanwhile the others go on with the old one.
        """
        current = self._current
        if current is not None and time.monotonic() < self._next_check:
            return current
        if self._lock.acquire(blocking=current is None):
            try:
                current = self._refreshed()
            finally:
                self._lock.release()
        assert current is not None
        return current

    def close(self) -> None:
        with self._lock:
            self._current = None
            self._cache.clear()

    def _refreshed(self) -> Commit:
        current = self._current
        wait = CHECK_SECONDS
        try:
            stamp = self._store.stamp()
            exists = stamp[0] >= 0
            if current is None or (exists and stamp != self._stamp):
                current = self._opened(current.snapshot if current else None, stamp)
                self._stamp = stamp
        except TimtinError as error:
            if current is None:
                raise
            wait = RETRY_SECONDS
            log.warning("still answering from commit %d: %s", current.snapshot.generation, error)
        self._current = current
        self._next_check = time.monotonic() + wait
        return current

    def _opened(self, previous: Snapshot | None, stamp: tuple[int, int, int]) -> Commit:
        snapshot = self._store.snapshot(previous=previous)
        if snapshot.is_outdated:
            log.warning(
                "another version of timtin made the index: it answers until the next sync, or"
                " 'timtin index', has made it anew"
            )
        interpreter = interpreter_of(snapshot)
        executor = Executor(snapshot, self._weighting, self._cache)
        # If there was another commit meanwhile, the name will change once more: no harm.
        name = "-".join(f"{part:x}" for part in stamp)
        return Commit(snapshot, executor, name, interpreter)
