"""What a server tells Prometheus about itself, all of its processes together.

prometheus-client adds the processes up by files in a folder that its own variable names; without
that this process is all there is.
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

from flask import Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from index.errors import TimtinError
from web.shared import METRICS_FOLDER

MEDIA_TYPE = CONTENT_TYPE_LATEST
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
LOOKED_SECONDS = 1.0
"""How often a process that answers looks at its own index and cache, at most."""

Outcome = Literal["committed", "unchanged", "failed"]


def register(app: Flask, metrics: Metrics, stats: Callable[[], Mapping[str, Any]]) -> None:
    """Measure every request of an application; `stats` tells of its index."""

    @app.before_request
    def begin() -> None:
        g.measured_from = time.perf_counter()
        metrics.in_flight.inc()

    @app.after_request
    def end(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "none"
        seconds = time.perf_counter() - g.measured_from
        metrics.request(route, request.method, response.status_code, seconds)
        if metrics.index.due():
            with suppress(TimtinError):  # without an index there is nothing to tell
                metrics.index.look(stats())
        return response

    @app.teardown_request
    def over(_: BaseException | None) -> None:
        if "measured_from" in g:
            metrics.in_flight.dec()


class Metrics:
    """All metrics of this process. Safe to share between threads."""

    def __init__(self) -> None:
        folder = os.environ.get(METRICS_FOLDER)
        self._folder = Path(folder) if folder else None
        self._registry = CollectorRegistry()
        own = None if self._folder else self._registry
        self.seconds = Histogram(
            "timtin_request_seconds",
            "Time to answer a request, by route and method.",
            ["route", "method"],
            buckets=BUCKETS,
            registry=own,
        )
        self.requests = Counter(
            "timtin_requests",
            "Requests answered, by route, method and status.",
            ["route", "method", "status"],
            registry=own,
        )
        self.in_flight = Gauge(
            "timtin_requests_in_flight",
            "Requests that are being answered.",
            multiprocess_mode="livesum",
            registry=own,
        )
        self.partial = Counter(
            "timtin_partial_results", "Searches that were cut short.", registry=own
        )
        self.syncs = Counter(
            "timtin_syncs",
            "Syncs of this server by outcome: committed, unchanged or failed.",
            ["outcome"],
            registry=own,
        )
        self.last_sync = Gauge(
            "timtin_last_sync_timestamp_seconds",
            "When a sync of this server last ended well, in seconds since 1970.",
            multiprocess_mode="max",
            registry=own,
        )
        self.seeds_failed = Gauge(
            "timtin_seeds_failed",
            "Seeds that the last sync of this server could not read.",
            multiprocess_mode="mostrecent",
            registry=own,
        )
        self.processes = Gauge(
            "timtin_processes",
            "Server processes.",
            multiprocess_mode="livesum",
            registry=own,
        )
        self.index = _IndexMetrics(own)
        self._by_label: dict[tuple[str, str, int], tuple[Histogram, Counter]] = {}

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count an answer; `route` is a pattern of the routes, never an address."""
        known = method if method in METHODS else "other"
        found = self._by_label.get((route, known, status))
        if found is None:
            labelled = self.seconds.labels(route, known)
            found = labelled, self.requests.labels(route, known, str(status))
            self._by_label[route, known, status] = found
        found[0].observe(seconds)
        found[1].inc()

    def synced(self, outcome: Outcome, failed: int = 0) -> None:
        """Count a sync; `failed` is how many seeds it could not read."""
        self.syncs.labels(outcome).inc()
        if outcome != "failed":
            self.last_sync.set(time.time())
            self.seeds_failed.set(failed)

    def exposition(self) -> bytes:
        """All metrics in Prometheus' text format."""
        if self._folder is None:
            return generate_latest(self._registry)
        self._bury()
        together = CollectorRegistry()
        MultiProcessCollector(together, str(self._folder))  # type: ignore[no-untyped-call]
        return generate_latest(together)

    def _bury(self) -> None:
        """Forget what only living processes have, of those that died."""
        assert self._folder is not None
        for path in self._folder.glob("gauge_live*.db"):
            pid = re.search(r"_(\d+)\.db$", path.name)
            if pid and not _lives(int(pid[1])):
                mark_process_dead(pid[1], self._folder)  # type: ignore[no-untyped-call]


_STATES: dict[str, tuple[str, str, Literal["livemostrecent", "livesum"]]] = {
    "generation": ("timtin_index_generation", "The commit that answers.", "livemostrecent"),
    "documents": ("timtin_index_documents", "Documents of that commit.", "livemostrecent"),
    "segments": ("timtin_index_segments", "Segments of that commit.", "livemostrecent"),
    "index_bytes": ("timtin_index_bytes", "Size of that commit on disk.", "livemostrecent"),
    "cache_bytes": ("timtin_cache_bytes", "Decoded postings and texts in memory.", "livesum"),
    "cache_limit": ("timtin_cache_limit_bytes", "What these may take.", "livesum"),
    "page_bytes": ("timtin_page_bytes", "Pages of results that are remembered.", "livesum"),
}
"""Metrics by what an engine's `stats` call it."""


class _IndexMetrics:
    """What an engine's `stats` say, looked at now and then."""

    def __init__(self, registry: CollectorRegistry | None) -> None:
        self._lock = threading.Lock()
        self._next = 0.0
        self._last = {"cache_hits": 0, "cache_misses": 0, "page_hits": 0}
        self._now = {
            name: Gauge(metric, meaning, multiprocess_mode=mode, registry=registry)
            for name, (metric, meaning, mode) in _STATES.items()
        }
        self._grown = {
            "cache_hits": Counter(
                "timtin_cache_hits", "Look-ups of postings that were there.", registry=registry
            ),
            "cache_misses": Counter(
                "timtin_cache_misses", "Look-ups of postings that were not.", registry=registry
            ),
            "page_hits": Counter(
                "timtin_page_hits", "Searches that a remembered page answered.", registry=registry
            ),
        }

    def due(self) -> bool:
        """Whether it is time to look again; says so to one thread."""
        now = time.monotonic()
        if now < self._next:
            return False
        with self._lock:
            if now < self._next:
                return False
            self._next = now + LOOKED_SECONDS
            return True

    def look(self, stats: Mapping[str, Any]) -> None:
        """Take over what an engine says of itself."""
        with self._lock:
            for name, gauge in self._now.items():
                if name in stats:
                    gauge.set(stats[name])
            for name, counter in self._grown.items():
                grown = stats.get(name, 0) - self._last[name]
                if grown > 0:
                    counter.inc(grown)
                    self._last[name] += grown


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
