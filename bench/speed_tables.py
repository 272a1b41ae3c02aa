"""The speed bench's figures as markdown tables and as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from bench.indexing import FIELDS_PEER, OURS, STOCK, IndexFigures
from bench.querying import QueryFigures
from bench.report import markdown_table
from bench.shapes import Query
from bench.timing import Timings

if TYPE_CHECKING:
    from bench.speed import SizeFigures

BASE = "tantivy"
MB = 1e6


def ms(value: float) -> str:
    """Three significant digits at most; a dash for no value."""
    if math.isnan(value):
        return "–"
    return f"{value:.3f}" if value < 1 else f"{value:.2f}" if value < 100 else f"{value:.0f}"


def size_tables(figures: SizeFigures) -> str:
    """All tables of one corpus size."""
    layout = figures.layout
    tokens = layout.token_count / layout.docs
    parts = [
        f"## {layout.docs:,} documents, {layout.text_bytes / MB:.1f} MB of text, "
        f"{tokens:.0f} words each",
        "### Indexing\n\n" + indexing_table(figures.indexing),
        goals(figures.indexing),
        one_article(figures),
        "### Opening, seconds\n\n"
        + markdown_table(
            ["", "open", "open and a first rare term"],
            [
                [o.system, f"{o.open_seconds:.3f}", f"{o.first_seconds:.3f}"]
                for o in figures.opening
            ],
        ),
        "### The search box, ms p50 / p99\n\n" + box_table(figures),
        "### One field, warm, ms p50 / p99\n\n" + spread_table(figures.queries.warm),
        "### One field, first use of the terms after opening, ms p50 / p99\n\n"
        + spread_table(figures.queries.cold),
    ]
    if any(BASE in timings.systems() for timings in figures.queries.warm.values()):
        parts.append("### Warm ÷ Tantivy, p50 / p99\n\n" + ratio_table(figures.queries.warm, BASE))
    if figures.queries.agreement:
        parts.append("### Do the systems agree?\n\n" + agreement_table(figures.queries))
    return "\n\n".join(part for part in parts if part)


def indexing_table(rows: Iterable[IndexFigures]) -> str:
    head = ["", "what", "documents", "docs/s", "peak MB", "disk MB", "÷ text"]
    return markdown_table(
        head,
        [
            [
                row.system, row.content, f"{row.docs:,}", f"{row.docs_per_second:,.0f}",
                f"{row.peak_bytes / MB:,.0f}", f"{row.disk_bytes / MB:,.1f}",
                f"{row.disk_bytes / row.text_bytes:.2f}",
            ]
            for row in rows
        ],
    )  # fmt: skip


def goals(rows: Sequence[IndexFigures]) -> str:
    by_name = {row.system: row for row in rows}
    ours, lines = by_name[OURS].docs_per_second, []
    if stock := by_name.get(STOCK):
        ratio = ours / stock.docs_per_second
        lines.append(f"timtin indexes {ratio:.1f} times as fast as stock Whoosh with pyvi.")
    if fields := by_name.get(FIELDS_PEER):
        ratio = fields.docs_per_second / ours
        lines.append(
            f"It takes {ratio:.2f} times as long as Tantivy fed with the tokens of all its fields."
        )
    return " ".join(lines)


def one_article(figures: SizeFigures) -> str:
    commit, memory = figures.commit, figures.memory
    return (
        f"One new article: found after {commit.seconds:.3f} s, {commit.written_bytes / MB:.2f} MB "
        f"written (medians of {commit.repeats}).\n\n"
        f"Serving: {memory.rss / MB:.0f} MB resident after {memory.queries:,} mixed pages "
        f"({memory.anonymous / MB:.0f} MB the process's own, the rest mapped files; "
        f"{memory.start / MB:.0f} MB before opening), {memory.queries / memory.seconds:,.0f} "
        "pages/s in one thread."
    )


def box_table(figures: SizeFigures) -> str:
    rows = []
    for shape, warm in figures.box.warm.items():
        for name in warm.systems():
            rows.append([f"{shape}: {name}", _spread(warm, name)])
            rows[-1].append(_spread(figures.box.cold[shape], name))
    return markdown_table(["ten words, all fields", "warm", "cold"], rows)


def spread_table(timings: Mapping[str, Timings[Query]]) -> str:
    return _by_shape(timings, _spread)


def ratio_table(timings: Mapping[str, Timings[Query]], base: str) -> str:
    def ratio(of: Timings[Query], name: str) -> str:
        return " / ".join(f"{value:.2f}" for value in of.ratios(name, base))

    return _by_shape(timings, lambda of, name: ratio(of, name) if base in of.systems() else "–")


def _by_shape(timings: Mapping[str, Timings[Query]], cell: Any) -> str:
    names = list(dict.fromkeys(name for of in timings.values() for name in of.systems()))
    names.sort(key=lambda name: name != OURS)
    rows = [
        [name, *(cell(of, name) if name in of.systems() else "–" for of in timings.values())]
        for name in names
    ]
    return markdown_table(["", *timings], rows)


def _spread(timings: Timings[Query], name: str) -> str:
    spread = timings.spread(name)
    return f"{ms(spread.p50)} / {ms(spread.p99)}"


def agreement_table(figures: QueryFigures) -> str:
    """How many of the sampled queries have timtin's number of hits, and its top ten."""
    rows = []
    for what, tallies in (
        ("as many hits", figures.agreement),
        ("same ten, same order", figures.same_top),
    ):
        for name in dict.fromkeys(name for of in tallies.values() for name in of):
            shares = [_share(tallies[shape].get(name)) for shape in tallies]
            rows.append([f"{name}: {what}", *shares])
    return markdown_table(["", *figures.agreement], rows)


def _share(counted: tuple[int, int] | None) -> str:
    return f"{counted[0]}/{counted[1]}" if counted else "–"


def growth_table(sizes: Sequence[SizeFigures]) -> str:
    """timtin's warm p50 by size; the exponent of a power law through the last two sizes; and what
    a straight line through them, the worse case of the two, would give for a million documents."""
    rows = []
    for shape in sizes[0].queries.warm:
        p50 = [each.queries.warm[shape].spread(OURS).p50 for each in sizes]
        (low, high), (before, now) = [each.layout.docs for each in sizes[-2:]], p50[-2:]
        power = math.log(now / before) / math.log(high / low)
        million = now + (now - before) / (high - low) * (1_000_000 - high)
        rows.append([shape, *map(ms, p50), f"{power:.2f}", ms(max(million, now))])
    head = ["p50 ms", *(f"{each.layout.docs:,}" for each in sizes), "exponent", "1,000,000"]
    return (
        "## Growth\n\n" + markdown_table(head, rows) + "\n\nExponent 1 is linear. The last column "
        "is not measured: it lies on a straight line through the last two sizes."
    )


def as_json(sizes: Sequence[SizeFigures]) -> list[dict[str, Any]]:
    return [
        {
            "docs": each.layout.docs,
            "text_bytes": each.layout.text_bytes,
            "tokens": each.layout.token_count,
            "indexing": [asdict(row) for row in each.indexing],
            "opening": [asdict(row) for row in each.opening],
            "commit": asdict(each.commit),
            "memory": asdict(each.memory),
            "warm_ms": _spreads(each.queries.warm),
            "cold_ms": _spreads(each.queries.cold),
            "box_warm_ms": _spreads(each.box.warm),
            "box_cold_ms": _spreads(each.box.cold),
            "agreement": each.queries.agreement,
            "same_top": each.queries.same_top,
        }
        for each in sizes
    ]


def _spreads(timings: Mapping[str, Timings[Query]]) -> dict[str, dict[str, Any]]:
    return {
        shape: {name: asdict(of.spread(name)) for name in of.systems()}
        for shape, of in timings.items()
    }
