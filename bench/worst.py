"""`python -m bench worst INDEX`: what the costliest requests cost, each cold and warm.

Cold: with a cache too small to keep anything. The clock is the thread's own, so that another
program's load does not count; what a request waits for others is bounded by the same time limit.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, thread_time

from flask.testing import FlaskClient

from bench.hostile import Hostile, Vocabulary, requests
from bench.machine import machine_lines
from bench.report import markdown_table
from index.store import IndexStore
from web.app import create_app
from web.setting_values import MEBIBYTE
from web.settings import Settings

SHOWN = 25


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of CPU of one request, the first time and again, and by the clock on the wall;
    whether an answer was cut short."""

    request: Hostile
    cold: float
    warm: float
    wall: float
    status: int
    partial: bool

    @property
    def worst(self) -> float:
        return max(self.cold, self.warm)


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench worst", description=__doc__)
    parser.add_argument("index", type=Path, help="an index folder; it is only read")
    parser.add_argument("--only", default="", help="requests whose names hold this")
    parser.add_argument("--shown", type=int, default=SHOWN, help="rows of the table")
    given = parser.parse_args(argv)
    words = Vocabulary.of(IndexStore(given.index).snapshot())
    cold, warm = (_client(given.index, megabytes) for megabytes in (1, 176))
    costs = [_cost(r, cold, warm) for r in requests(words) if given.only in r.name]
    costs.sort(key=lambda cost: -cost.worst)
    rows = [
        (
            cost.request.name,
            f"{cost.cold:.0f}",
            f"{cost.warm:.0f}",
            f"{cost.wall:.0f}",
            str(cost.status),
            "yes" if cost.partial else "",
        )
        for cost in costs[: given.shown]
    ]
    print(machine_lines())
    print(f"\n{len(costs)} requests, {sum(cost.partial for cost in costs)} cut short; ms of CPU:\n")
    print(markdown_table(("request", "cold", "warm", "wall", "status", "cut short"), rows))
    failed = [cost for cost in costs if cost.status >= 500 and not cost.partial]
    for cost in failed:
        print(f"FAILED {cost.status}: {cost.request.name} {cost.request.path[:200]}")
    return 1 if failed else 0


def _client(index: Path, megabytes: int) -> FlaskClient:
    settings = Settings(index_dir=index, cache_bytes=megabytes * MEBIBYTE, page_bytes=0)
    client = create_app(settings).test_client()
    client.get("/?q=tin+tuc")  # what is loaded on first use is no query's cost
    client.get("/suggest?q=tin+t")
    return client


def _cost(request: Hostile, cold: FlaskClient, warm: FlaskClient) -> Cost:
    first, wall, _, _ = _timed(cold, request)
    _timed(warm, request)
    again, _, status, partial = _timed(warm, request)
    return Cost(request, first, again, wall, status, partial)


def _timed(client: FlaskClient, request: Hostile) -> tuple[float, float, int, bool]:
    wall, cpu = perf_counter(), thread_time()
    method = "GET" if request.body is None else "POST"
    response = client.open(request.path, method=method, json=request.body)
    data = response.get_data()
    cpu, wall = (thread_time() - cpu) * 1000, (perf_counter() - wall) * 1000
    partial = re.search(rb'"partial": ?true|problem:out-of-time', data) is not None
    return cpu, wall, response.status_code, partial
