"""What timtin is meant to reach on 100,000 articles, and whether a run reached it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from bench.box import PAGE, REAL
from bench.indexing import FIELDS_PEER, OURS, STOCK
from bench.report import markdown_table
from bench.timing import percentile

if TYPE_CHECKING:
    from bench.speed import SizeFigures

BASE, STOCK_SEARCH = "tantivy", "whoosh"
_MB = 1e6


class Target(NamedTuple):
    """`limit` is the most that is allowed, or the least if `at_least`."""

    what: str
    measured: float
    limit: float
    at_least: bool = False

    @property
    def met(self) -> bool:
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit


def targets(figures: SizeFigures) -> Iterator[Target]:
    """All targets that the run has figures for."""
    yield from _queries(figures)
    yield from _box(figures)
    yield from _indexing(figures)
    yield Target("one new article, seconds", figures.commit.seconds, 1.0)
    yield Target("one new article, MB written", figures.commit.written_bytes / _MB, 5.0)
    yield Target("serving, MB resident", figures.memory.rss / _MB, 700)
    opened = next(each for each in figures.opening if each.system == OURS)
    yield Target("opening, seconds", opened.open_seconds, 0.3)


def _queries(figures: SizeFigures) -> Iterator[Target]:
    for shape, timings in figures.queries.warm.items():
        if BASE in timings.systems():
            p50, p99 = timings.ratios(OURS, BASE)
            yield Target(f"{shape}: warm p50 ÷ Tantivy", p50, 1.0)
            yield Target(f"{shape}: warm p99 ÷ Tantivy", p99, 1.0)
        if STOCK_SEARCH in timings.systems() and shape not in ("rare", "prefix", "prefix c"):
            p50, _ = timings.ratios(STOCK_SEARCH, OURS)
            yield Target(f"{shape}: stock Whoosh p50 ÷ timtin", p50, 100, at_least=True)
    for shape, timings in figures.queries.cold.items():
        yield Target(f"{shape}: cold p50, ms", timings.spread(OURS).p50, 5.0)


def _box(figures: SizeFigures) -> Iterator[Target]:
    for name, label, p50, p99 in (
        (REAL, "real query of ten words", 2.0, 10.0),
        (PAGE, "whole page of ten words", 3.0, 12.0),
    ):
        ms = [
            1000 * seconds
            for timings in figures.box.warm.values()
            for seconds in timings.medians(name).values()
        ]
        yield Target(f"{label}: p50, ms", percentile(ms, 0.50), p50)
        yield Target(f"{label}: p99, ms", percentile(ms, 0.99), p99)


def _indexing(figures: SizeFigures) -> Iterator[Target]:
    rows = {row.system: row for row in figures.indexing}
    ours = rows[OURS]
    yield Target(
        "indexing 100,000 articles at this rate, minutes", 1e5 / ours.docs_per_second / 60, 4
    )
    if STOCK in rows:
        ratio = ours.docs_per_second / rows[STOCK].docs_per_second
        yield Target("indexing, times stock Whoosh + pyvi", ratio, 10, at_least=True)
    if FIELDS_PEER in rows:
        ratio = rows[FIELDS_PEER].docs_per_second / ours.docs_per_second
        yield Target("indexing, time ÷ Tantivy with the same tokens", ratio, 2.0)
    yield Target("size on disk ÷ text", ours.disk_bytes / ours.text_bytes, 1.2)
    yield Target("indexing, MB of memory", ours.peak_bytes / _MB, 2_000)


def targets_table(figures: SizeFigures) -> str:
    rows = [
        [each.what, f"{each.measured:.2f}", f"{'≥' if each.at_least else '≤'} {each.limit:g}",
         "yes" if each.met else "**no**"]
        for each in targets(figures)
    ]  # fmt: skip
    return "### Targets\n\n" + markdown_table(["", "measured", "target", "met"], rows)
