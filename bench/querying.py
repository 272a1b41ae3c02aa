"""Query figures: warm and cold times of the single-field shapes, and do the systems agree?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import perf_counter

from bench.corpus import Layout
from bench.indexing import index_folder
from bench.peers import Peer, Session
from bench.shapes import OPERATORS, Query, QuerySets
from bench.timing import Clock, Timings, interleave

SAME_SCORES = ("whoosh_all", "whoosh")
"""Systems with timtin's scoring. The first is the oracle: stock Whoosh with limit=None."""


@dataclass
class QueryFigures:
    """By shape. `agreement[shape][system]`: (queries with timtin's count of hits, queries asked);
    `same_top[shape][system]`: the same for the top ten, same documents in the same order."""

    warm: dict[str, Timings[Query]] = field(default_factory=dict)
    cold: dict[str, Timings[Query]] = field(default_factory=dict)
    agreement: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)
    same_top: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """How much to ask. `budget`: seconds that a system may use for a shape."""

    queries: int = 200
    cold_queries: int = 40
    checked_queries: int = 20
    rounds: int = 6
    budget: float = 20.0
    clock: Clock = perf_counter


def time_queries(
    layout: Layout, systems: Sequence[Peer], plan: Plan, say: Callable[[str], None]
) -> QueryFigures:
    """`systems` starts with timtin; their indexes lie where `bench.indexing` put them."""
    figures = QueryFigures()
    sets = QuerySets(layout)
    folders = {system.name: index_folder(layout, system.name) for system in systems}
    sessions = {system.name: system.open(folders[system.name]) for system in systems}
    warm_up = sets.draw("rare", plan.queries + 1)[-1]
    for shape, operator in OPERATORS.items():
        able = [system for system in systems if system.supports(operator)]
        queries = sets.draw(shape, plan.queries)
        say(f"{layout.docs:,} documents: {shape}, {len(queries)} queries")
        figures.cold[shape] = _cold(able, folders, queries[: plan.cold_queries], warm_up, plan)
        figures.warm[shape] = interleave(
            {system.name: _answer(sessions[system.name]) for system in able},
            queries,
            rounds=plan.rounds,
            budget=plan.budget,
            clock=plan.clock,
        )
        checked = queries[: plan.checked_queries]
        _compare(figures, shape, [(s.name, sessions[s.name]) for s in able], checked, plan.budget)
    for session in sessions.values():
        session.close()
    return figures


def _answer(session: Session) -> Callable[[Query], object]:
    top = session.top
    return lambda query: top(query.operator, query.terms)


def _cold(
    systems: Sequence[Peer],
    folders: dict[str, Path],
    queries: Sequence[Query],
    warm_up: Query,
    plan: Plan,
) -> Timings[Query]:
    """First use of a query's terms after opening. The index is opened anew for every query, and
    another term asked for first, so that what is read once for the whole field is not counted."""
    timings: Timings[Query] = Timings(plan.clock)
    used = dict.fromkeys((system.name for system in systems), 0.0)
    for query in queries:
        for system in systems:
            if used[system.name] >= plan.budget:
                continue
            started = perf_counter()
            session = system.open(folders[system.name])
            session.top(warm_up.operator, warm_up.terms)
            timings.clock(system.name, query, partial(session.top, query.operator, query.terms))
            session.close()
            used[system.name] += perf_counter() - started
    return timings


def _compare(
    figures: QueryFigures,
    shape: str,
    sessions: Sequence[tuple[str, Session]],
    queries: Sequence[Query],
    budget: float,
) -> None:
    """Hold the others' answers against ours, of each as many as it gives in `budget` seconds."""
    (_, ours), *others = sessions
    used = dict.fromkeys((name for name, _ in others), 0.0)
    agreement = figures.agreement.setdefault(shape, {})
    same_top = figures.same_top.setdefault(shape, {})
    for query in queries:
        expected, top = ours.count(query.operator, query.terms), _top(ours, query)
        for name, session in others:
            if used[name] >= budget:
                continue
            started = perf_counter()
            count = session.count(query.operator, query.terms)
            if count is not None:
                _tally(agreement, name, count == expected)
            if name in SAME_SCORES:
                _tally(same_top, name, _top(session, query) == top)
            used[name] += perf_counter() - started


def _tally(tallies: dict[str, tuple[int, int]], name: str, agrees: bool) -> None:
    right, asked = tallies.get(name, (0, 0))
    tallies[name] = (right + agrees, asked + 1)


def _top(session: Session, query: Query) -> list[int]:
    return session.lines(session.top(query.operator, query.terms))
