"""`python -m bench speed CORPUS`: indexing, opening and query times, beside other systems.

The corpus is a JSONL file, {"id", "title", "text"} a line. Nothing is downloaded; indexes are made
in a temporary folder (`--folder` to keep them elsewhere) and removed. bench/README.md defines the
shapes and figures.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.box import BoxFigures, time_box
from bench.corpus import Layout, documents, lay_out
from bench.indexing import CommitFigures, IndexFigures, index_all, one_article
from bench.machine import machine_lines
from bench.peers import NAMES, Peer, available
from bench.querying import Plan, QueryFigures, time_queries
from bench.report import write_section
from bench.serving import MemoryFigures, OpenFigures, memory, open_times
from bench.shapes import QuerySets
from bench.speed_tables import as_json, growth_table, size_tables
from bench.targets import targets_table
from bench.timing import CLOCKS

SIZES = (1_000, 10_000, 100_000)


@dataclass
class SizeFigures:
    """All figures of one corpus size."""

    layout: Layout
    indexing: list[IndexFigures]
    opening: list[OpenFigures]
    queries: QueryFigures
    box: BoxFigures
    commit: CommitFigures
    memory: MemoryFigures


def say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def run_size(layout: Layout, peers: Sequence[Peer], plan: Plan, options: Options) -> SizeFigures:
    from bench.timtin import Timtin

    indexing = list(
        index_all(layout, peers, stock_docs=options.stock_docs, reuse=options.reuse, say=say)
    )
    rare = QuerySets(layout).draw("rare", 1)[0].terms[0]
    opening = open_times(layout, peers, rare)
    commit = one_article(layout)
    kept = memory(layout, options.memory_queries, say)
    box = time_box(layout, plan, say)
    queries = time_queries(layout, [Timtin(layout.ids), *peers], plan, say)
    return SizeFigures(layout, indexing, opening, queries, box, commit, kept)


class Options(argparse.Namespace):
    corpus: Path
    docs: str | None
    peers: bool
    only: str
    queries: int
    budget: float
    stock_docs: int
    clock: str
    memory_queries: int
    folder: Path | None
    reuse: bool
    json: bool
    write: bool


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench speed", description=__doc__)
    add = parser.add_argument
    add("corpus", type=Path, metavar="CORPUS.jsonl[.gz]")
    add("--docs", help="sizes, with commas (1000,10000,100000 as far as the corpus goes)")
    add("--peers", action="store_true", help="also the systems compared with")
    add("--only", default=",".join(NAMES), help="which peers, with commas (%(default)s)")
    add("--queries", type=int, default=200, help="of each shape (%(default)s)")
    add("--budget", type=float, default=20.0, help="seconds per system and shape (%(default)s)")
    add("--stock-docs", type=int, default=2_000, help="at most, with pyvi (%(default)s)")
    add("--memory-queries", type=int, default=10_000, help="(%(default)s)")
    add("--clock", choices=CLOCKS, default="wall", help="cpu: if the machine is busy (%(default)s)")
    add("--folder", type=Path, help="for token files and indexes; kept")
    add("--reuse", action="store_true", help="take what an earlier run left there")
    add("--json", action="store_true", help="print JSON instead of tables")
    add("--write", action="store_true", help="also write bench/RESULTS.md and the plots")
    return parser


def _sizes(options: Options) -> list[int]:
    wanted = [int(n) for n in options.docs.split(",")] if options.docs else list(SIZES)
    there = sum(1 for _ in documents(options.corpus, max(wanted)))
    sizes = sorted({min(n, there) for n in wanted})
    return sizes if options.docs else [n for n in sizes if n in SIZES] or sizes


def main(argv: list[str]) -> int:
    parser = _parser()
    options = parser.parse_args(argv, Options())
    wanted = options.only.split(",") if options.peers else []
    if unknown := set(wanted) - set(NAMES):
        parser.error(f"--only: no peer is called {min(unknown)!r}; there are {', '.join(NAMES)}")
    if "whoosh_all" in wanted and "whoosh" not in wanted:
        parser.error("--only: whoosh_all searches the index of whoosh, so name both")
    peers, notes = available(wanted)
    plan = Plan(queries=options.queries, budget=options.budget, clock=CLOCKS[options.clock])
    figures = []
    with tempfile.TemporaryDirectory(prefix="timtin-bench-") as temporary:
        root = options.folder or Path(temporary)
        for docs in _sizes(options):
            say(f"{docs:,} documents: tokens")
            layout = lay_out(
                options.corpus, docs, root / str(docs), all_fields=bool(peers), reuse=options.reuse
            )
            figures.append(run_size(layout, peers, plan, options))
    sections = [size_tables(each) for each in figures]
    sections.append(targets_table(figures[-1]))
    if len(figures) > 1:
        sections.append(growth_table(figures))
    sections += [f"Clock of the queries: {options.clock}.", machine_lines(), *notes]
    print(json.dumps(as_json(figures), indent=1) if options.json else "\n\n".join(sections))
    if options.write:
        from bench.plots import plot_speed

        write_section("speed", "\n\n".join([*sections, *plot_speed(figures)]))
    return 0
