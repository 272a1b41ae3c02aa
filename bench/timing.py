"""Fair timing of several systems in one process: in turn, several rounds, ratios from one run.

In each round every system answers the whole query set, one system after the other, and the order
turns by one from round to round. The first round warms up. A query's figure is its median over the
other rounds, which takes the machine's hiccups out; p50 and p99 are then over the queries. A slow
system gets a budget: when it is used up, the system keeps the queries that it has answered (even
if once only), and ratios are taken on those alone.
"""

from __future__ import annotations

import gc
import statistics
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter, thread_time
from typing import Generic, TypeVar

Q = TypeVar("Q", bound=Hashable)
Clock = Callable[[], float]
CLOCKS: dict[str, Clock] = {"wall": perf_counter, "cpu": thread_time}
"""`cpu` counts only while this thread runs: for a machine that has other things to do."""


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (0-1) of the values do not exceed (nearest rank)."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    rank = -(-len(ordered) * share // 1)  # ceiling
    return ordered[max(0, min(len(ordered), int(rank)) - 1)]


@dataclass(frozen=True, slots=True)
class Spread:
    """Milliseconds over `count` queries."""

    p50: float
    p99: float
    count: int

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Spread:
        ms = [1000 * s for s in seconds]
        return cls(percentile(ms, 0.50), percentile(ms, 0.99), len(ms))


class Timings(Generic[Q]):
    """Seconds by system and query, several rounds of each."""

    def __init__(self, clock: Clock = perf_counter) -> None:
        self.now = clock
        self._seconds: dict[str, dict[Q, list[float]]] = {}

    def add(self, system: str, query: Q, seconds: float) -> None:
        self._seconds.setdefault(system, {}).setdefault(query, []).append(seconds)

    def clock(self, system: str, query: Q, answer: Callable[[], object]) -> None:
        """Call `answer` and add the seconds that it takes."""
        start = self.now()
        answer()
        self.add(system, query, self.now() - start)

    def systems(self) -> list[str]:
        return list(self._seconds)

    def spent(self, system: str) -> float:
        return sum(map(sum, self._seconds.get(system, {}).values()))

    def medians(self, system: str) -> dict[Q, float]:
        """A query's median; its first time counts only if there is no other."""
        return {q: statistics.median(s[1:] or s) for q, s in self._seconds.get(system, {}).items()}

    def spread(self, system: str) -> Spread:
        return Spread.of(list(self.medians(system).values()))

    def ratios(self, system: str, base: str) -> tuple[float, float]:
        """(p50, p99) of `system` ÷ those of `base`, over the queries that both answered."""
        ours, theirs = self.medians(system), self.medians(base)
        both = ours.keys() & theirs.keys()
        a, b = Spread.of([ours[q] for q in both]), Spread.of([theirs[q] for q in both])
        return a.p50 / b.p50, a.p99 / b.p99


def interleave(
    systems: Mapping[str, Callable[[Q], object]],
    queries: Sequence[Q],
    *,
    rounds: int = 6,
    budget: float = 20.0,
    clock: Clock = perf_counter,
) -> Timings[Q]:
    """Time every system's answer to every query, in turn. `budget`: seconds a system may use."""
    timings: Timings[Q] = Timings(clock)
    names = list(systems)
    # Peers hold millions of Python objects; without this each collection would walk them all.
    gc.collect()
    gc.freeze()
    for round_ in range(rounds):
        turn = round_ % len(names) if names else 0
        for name in names[turn:] + names[:turn]:
            if timings.spent(name) < budget:
                _one_turn(timings, name, systems[name], queries, budget)
    gc.unfreeze()
    return timings


def _one_turn(
    timings: Timings[Q],
    name: str,
    answer: Callable[[Q], object],
    queries: Sequence[Q],
    budget: float,
) -> None:
    now = timings.now
    deadline = now() + budget - timings.spent(name)
    for query in queries:
        start = now()
        answer(query)
        end = now()
        timings.add(name, query, end - start)
        if end > deadline:
            return
