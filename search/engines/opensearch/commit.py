"""The newest commit of a cluster's index, noticed when another writer makes one."""

from __future__ import annotations

import logging
import threading
import time
from datetime import date
from typing import NamedTuple

from index.cluster import commits, language
from index.cluster.commits import CommitRecord
from index.cluster.connection import Connection
from index.cluster.state import State
from index.errors import TimtinError
from index.language.model import LanguageModel
from search.engines.opensearch.scoring import Scorer
from search.engines.opensearch.statistics import Statistics
from search.interpret.interpreter import Interpreter
from search.ranking import Weighting

CHECK_SECONDS = 0.25
"""How often the cluster is asked for a newer commit, at most."""
RETRY_SECONDS = 1.0
"""How long to stay with the old commit when the newer one cannot be read."""

log = logging.getLogger(__name__)


class ClusterCommit(NamedTuple):
    """One commit, ready to be searched by any number of threads. `ratio` is how much greater our
    score of a document may be than the cluster's."""

    record: CommitRecord
    statistics: Statistics
    scorer: Scorer
    interpreter: Interpreter | None
    ratio: float

    @property
    def newest_day(self) -> date | None:
        """The latest day of any document."""
        day = self.record.newest
        return date(day // 10_000, day // 100 % 100, day % 100) if day else None


class NewestClusterCommit:
    """Gives the newest commit of a cluster's index; safe to share between threads."""

    def __init__(self, connection: Connection, weighting: Weighting) -> None:
        self._connection, self._weighting = connection, weighting
        self._state = State(connection)
        self._lock = threading.Lock()
        self._current: ClusterCommit | None = None
        self._next_check = 0.0

    def get(self) -> ClusterCommit:
        """The commit to answer from. Raises MissingIndexError, OutdatedIndexError, ClusterError.

        One thread at a time reads a newer commit; meanwhile the others go on with the old one.
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

    def _refreshed(self) -> ClusterCommit:
        current = self._current
        if current is not None and time.monotonic() < self._next_check:
            return current  # another thread was faster
        wait = CHECK_SECONDS
        try:
            record = commits.newest(self._connection)
            if current is None or record.id != current.record.id:
                current = self._opened(record, current)
        except TimtinError as error:
            if current is None:
                raise
            wait = RETRY_SECONDS
            log.warning("still at commit %d: %s", current.record.generation, error)
        self._current = current
        self._next_check = time.monotonic() + wait
        return current

    def _opened(self, record: CommitRecord, previous: ClusterCommit | None) -> ClusterCommit:
        statistics = Statistics(self._connection, record.index, record.documents, self._weighting)
        interpreter = None
        model = self._model(record, previous)
        if model is not None:
            known = language.abbreviations(self._connection, record.index)
            interpreter = Interpreter(model, known)
        ratio = statistics.greatest_ratio()
        return ClusterCommit(record, statistics, Scorer(statistics), interpreter, ratio)

    def _model(self, record: CommitRecord, previous: ClusterCommit | None) -> LanguageModel | None:
        if previous and previous.interpreter and previous.record.language == record.language:
            return previous.interpreter.model
        return language.model(self._state, record.language)
