"""Figures of an index in use: opening it, and the memory of a process that serves from it."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.corpus import Layout
from bench.indexing import OURS, index_folder
from bench.peers import Peer
from bench.processes import measured
from bench.shapes import typed_queries

OPENINGS = 3


@dataclass(frozen=True, slots=True)
class OpenFigures:
    """Seconds in a fresh process, imports done: opening, and opening plus a first rare term."""

    system: str
    open_seconds: float
    first_seconds: float


def open_times(layout: Layout, peers: Sequence[Peer], rare: str) -> list[OpenFigures]:
    figures = []
    for name in [OURS, *(peer.name for peer in peers)]:
        folder = str(index_folder(layout, name))
        runs = [measured("bench.builds:opening", name, folder, rare) for _ in range(OPENINGS)]
        figures.append(
            OpenFigures(
                name,
                statistics.median(run.value["open"] for run in runs),
                statistics.median(run.value["first"] for run in runs),
            )
        )
    return figures


@dataclass(frozen=True, slots=True)
class MemoryFigures:
    """Bytes of a process after it answered `queries` mixed queries with their ten highlighted
    hits. `rss`: all that is resident; `anonymous`: its own, the rest being mapped files, which the
    system takes back when it needs the room; `start`: `rss` before opening, modules loaded."""

    queries: int
    start: int
    rss: int
    anonymous: int
    seconds: float


def memory(layout: Layout, queries: int, say: Callable[[str], None]) -> MemoryFigures:
    say(f"{layout.docs:,} documents: memory after {queries:,} mixed queries")
    texts = layout.folder / "mixed.txt"
    texts.write_text("\n".join(typed_queries(layout, queries)), encoding="utf-8")
    run = measured("bench.builds:serving", str(index_folder(layout, OURS)), str(texts), queries)
    value = run.value
    return MemoryFigures(queries, value["start"], value["rss"], value["anonymous"], run.seconds)
