"""The search box's own figures: timtin's real query, and the whole page in process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bench.corpus import Layout
from bench.indexing import OURS, index_folder
from bench.querying import Plan
from bench.shapes import Query, box_queries
from bench.timing import Timings, interleave

REAL = "real query: parse, match all fields"
PAGE = "whole page: parse, match, ten highlighted hits"


@dataclass
class BoxFigures:
    """By what was typed ("typed", "unaccented"): warm and cold times of REAL and PAGE."""

    warm: dict[str, Timings[Query]] = field(default_factory=dict)
    cold: dict[str, Timings[Query]] = field(default_factory=dict)


def time_box(layout: Layout, plan: Plan, say: Callable[[str], None]) -> BoxFigures:
    from bench.timtin import Box

    folder = index_folder(layout, OURS)
    say(f"{layout.docs:,} documents: the search box")
    figures = BoxFigures()
    queries = box_queries(layout, 2 * plan.queries)
    box = Box(folder)
    for shape in ("typed", "unaccented"):
        asked = [query for query in queries if query.shape == shape]
        figures.cold[shape] = _cold(folder, asked[: plan.cold_queries], plan)
        figures.warm[shape] = interleave(
            {REAL: lambda q: box.match(q.text), PAGE: lambda q: box.page(q.text)},
            asked,
            rounds=plan.rounds,
            budget=plan.budget,
            clock=plan.clock,
        )
    box.close()
    return figures


def _cold(folder: Path, queries: Sequence[Query], plan: Plan) -> Timings[Query]:
    """A query's first time after opening; one of no known word was asked before it."""
    from bench.timtin import Box

    timings: Timings[Query] = Timings(plan.clock)
    for query in queries:
        for name, method in ((REAL, "match"), (PAGE, "page")):
            box = Box(folder)
            ask = getattr(box, method)
            ask("zzzz")
            timings.clock(name, query, partial(ask, query.text))
            box.close()
    return timings
