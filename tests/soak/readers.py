"""Visitors that ask without pause, and hold every answer against what it must be."""

from __future__ import annotations

import http.client
import json
import re
import threading
from random import Random
from urllib.parse import urlencode, urlsplit

from .archive import QUESTIONS

PATIENCE_SECONDS = 60
CONNECTION_REQUESTS = 50
"""A visitor sends about so many over one connection; the next one may go to another process."""
OTHERS = (
    "/search?q=gap+go+dau+xuan&facets=source,year,names,places",
    "/search?q=duong+sat+cao+toc&sort=date&page=2",
    "/search?q=mays+bay+roi",
    "/search?q=qu%E1%BB%91c+s%C3%A1ch&source=H%C3%A0+Giang",
    "/?q=gap+go+dau+xuan",
    "/?q=kh%C3%B4ng+c%C3%B3+g%C3%AC",
    "/",
    "/suggest?q=gap+g",
    "/feed?q=xuan",
    "/status",
    "/health",
)
"""Addresses that must answer, whatever they answer."""


class States:
    """What each commit must find, by its number. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._totals: dict[int, list[int]] = {}

    def coming(self, generation: int, totals: list[int]) -> None:
        """To be said before the commit may happen."""
        with self._lock:
            self._totals[generation] = totals

    def possible(self, question: int, since: int) -> set[int]:
        """What the question may find in the commit `since` and those after it."""
        with self._lock:
            return {
                totals[question]
                for generation, totals in self._totals.items()
                if generation >= since
            }


class Readers:
    """`count` visitors, who ask until they are told to stop."""

    def __init__(self, url: str, states: States, random: Random, count: int) -> None:
        self._address = urlsplit(url).netloc
        self._states = states
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self.requests = 0
        self.checked = 0
        self.faults: list[str] = []
        self._threads = [
            threading.Thread(target=self._read, args=(Random(random.random()),), daemon=True)
            for _ in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Wait for the last answers."""
        self._stop.set()
        for thread in self._threads:
            thread.join(PATIENCE_SECONDS)

    def _read(self, random: Random) -> None:
        connection = http.client.HTTPConnection(self._address, timeout=PATIENCE_SECONDS)
        while not self._stop.is_set():
            try:
                checked, fault = self._ask(connection, random)
            except (OSError, http.client.HTTPException, ValueError) as error:
                checked, fault = False, f"{type(error).__name__}: {error}"
                connection.close()
            with self._lock:
                self.requests += 1
                self.checked += checked
                if fault:
                    self.faults.append(fault)
            if random.randrange(CONNECTION_REQUESTS) == 0:
                connection.close()
        connection.close()

    def _ask(self, connection: http.client.HTTPConnection, random: Random) -> tuple[bool, str]:
        """Whether a total was looked at, and what is wrong."""
        if random.random() < 0.4:
            path = random.choice(OTHERS)
            status, _, body = _get(connection, path)
            return False, "" if status == 200 else f"{path}: {status} {body[:200]!r}"
        number = random.randrange(len(QUESTIONS))
        parameters = {**QUESTIONS[number].parameters, "group": "0", "facets": "source"}
        path = f"/search?{urlencode(parameters)}"
        status, tag, body = _get(connection, path)
        if status != 200:
            return False, f"{path}: {status} {body[:200]!r}"
        answer = json.loads(body)
        since = re.match(r'W/"([0-9a-f]+)-', tag)
        if not since:
            return False, f"{path}: the tag {tag!r} names no commit"
        possible = self._states.possible(number, int(since[1], 16))
        total, counts = answer["total"], [value["count"] for value in answer["facets"]["source"]]
        if total not in possible:
            return True, f"{path}: {total} since commit {since[1]}, not one of {sorted(possible)}"
        if sum(counts) != total or len(answer["hits"]) != min(total, 10):
            return True, f"{path}: {total} hits, but {counts} by source: {len(answer['hits'])}"
        return True, ""


def _get(connection: http.client.HTTPConnection, path: str) -> tuple[int, str, bytes]:
    connection.request("GET", path)
    with connection.getresponse() as response:
        return response.status, response.headers.get("ETag", ""), response.read()
