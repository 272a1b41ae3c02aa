"""`python -m bench suggest CORPUS`: suggestions for words that are half typed: time, and sense.

All documents but the last ones are indexed (or `--index FOLDER` names an index that is there). Of
titles of the last ones a compound is taken and typed up to the first keys of its last syllable, in
five ways. *Completed* is a word if a suggestion goes on with the syllable that was written. Times
are those of the engine, from the text in the box to the list: *cold* in an engine that was just
opened and warmed up as the server does, *warm* once all has been asked, though no answer is kept.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from time import perf_counter, thread_time

from bench.conditions import SEED, make
from bench.corpus import documents
from bench.report import markdown_table, write_section
from bench.restoration import keys
from bench.timing import percentile
from bench.timtin import build
from index.analysis.analyzers import JOINER
from index.analysis.words import segmenter
from search.engines.whoosh_engine import WhooshEngine
from search.request import SearchRequest
from web.server import WARMING_QUERY

WAYS = ("typed", "stripped", "partial", "telex", "vni")
OFFERED = 8
"""Suggestions asked for, as the page does; when warm one less, so that no kept answer serves."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A compound half typed: `text` is in the box, `meant` are the accented keys of all of it."""

    way: str
    text: str
    meant: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Completed:
    """Of `count` words typed one way: the share completed by the first suggestion, and by any."""

    way: str
    count: int
    first: float
    any: float


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds over `count` words: by the clock on the wall, and of the processor alone."""

    state: str
    count: int
    p50: float
    p95: float
    p50_cpu: float
    p95_cpu: float


def words(titles: Iterator[str], count: int) -> list[Begun]:
    """One compound of each title, in every way of typing."""
    rng = random.Random(SEED)
    found: dict[str, None] = {}
    for title in titles:
        compounds = [word for word in segmenter().compounds(title) if JOINER in word]
        if compounds:
            found[rng.choice(compounds).replace(JOINER, " ")] = None
        if len(found) == count:
            break
    return [_begun(way, word, rng) for word in found for way in WAYS]


def _begun(way: str, word: str, rng: random.Random) -> Begun:
    whole, _, last = make(way, word).rpartition(" ")
    return Begun(way, f"{whole} {last[: rng.choice((1, 1, 2))]}", tuple(keys(word)))


def completed(engine: WhooshEngine, begun: Sequence[Begun], way: str) -> Completed:
    places = [_place(engine, one) for one in begun if one.way == way]
    return Completed(
        way,
        len(places),
        sum(place == 0 for place in places) / len(places),
        sum(place is not None for place in places) / len(places),
    )


def _place(engine: WhooshEngine, begun: Begun) -> int | None:
    """Which of the suggested queries goes on as was meant."""
    queries = [s.text for s in engine.suggest(begun.text, OFFERED) if s.kind == "query"]
    fitting = (at for at, text in enumerate(queries) if _fits(tuple(keys(text)), begun.meant))
    return next(fitting, None)


def _fits(offered: tuple[str, ...], meant: tuple[str, ...]) -> bool:
    return offered[: len(meant)] == meant


def cold(folder: Path, begun: Sequence[Begun]) -> Times:
    """Each in an engine of its own."""
    taken = []
    for one in begun:
        engine = WhooshEngine(folder)
        engine.search(SearchRequest(WARMING_QUERY))
        taken.append(_taken(engine, one.text, OFFERED))
        engine.close()
    return _times("cold", taken)


def warm(engine: WhooshEngine, begun: Sequence[Begun]) -> Times:
    return _times("warm", [_taken(engine, one.text, OFFERED - 1) for one in begun])


def _taken(engine: WhooshEngine, text: str, limit: int) -> tuple[float, float]:
    started, busy = perf_counter(), thread_time()
    engine.suggest(text, limit)
    return perf_counter() - started, thread_time() - busy


def _times(state: str, taken: Sequence[tuple[float, float]]) -> Times:
    walls, busy = ([1000 * seconds for seconds in column] for column in zip(*taken, strict=True))
    return Times(
        state,
        len(taken),
        percentile(walls, 0.50),
        percentile(walls, 0.95),
        percentile(busy, 0.50),
        percentile(busy, 0.95),
    )


def run(
    folder: Path, begun: Sequence[Begun], cold_count: int
) -> tuple[list[Completed], list[Times]]:
    engine = WhooshEngine(folder)
    found = [completed(engine, begun, way) for way in WAYS]
    some = random.Random(SEED).sample(begun, min(cold_count, len(begun)))
    return found, [cold(folder, some), warm(engine, begun)]


def table(found: Sequence[Completed], times: Sequence[Times]) -> str:
    ways = [[one.way, f"{one.count:,}", f"{one.first:.1%}", f"{one.any:.1%}"] for one in found]
    clocks = [
        [
            one.state,
            f"{one.count:,}",
            *(f"{ms:.1f}" for ms in (one.p50, one.p95, one.p50_cpu, one.p95_cpu)),
        ]
        for one in times
    ]
    completions = markdown_table(["half a word", "words", "first", f"of {OFFERED}"], ways)
    head = ["ms", "words", "p50", "p95", "p50 CPU", "p95 CPU"]
    return f"{completions}\n\n{markdown_table(head, clocks)}"


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench suggest", description=__doc__)
    parser.add_argument("corpus", type=Path, help="documents, one JSON object a line, .gz or not")
    parser.add_argument("--docs", type=int, help="only the first so many documents")
    parser.add_argument("--index", type=Path, help="an index that is there, instead of a new one")
    parser.add_argument("--held-out", type=int, default=2000, help="how many (default: 2000)")
    parser.add_argument("--words", type=int, default=300, help="words to type (default: 300)")
    parser.add_argument("--cold", type=int, default=100, help="engines to open (default: 100)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument("--write", action="store_true", help="also write bench/RESULTS.md")
    options = parser.parse_args(argv)
    size = sum(1 for _ in documents(options.corpus, options.docs))
    indexed = size - options.held_out
    if options.held_out < 1 or indexed < 1:
        parser.error(f"--held-out {options.held_out}: the corpus has {size} documents")
    titles = (each.title for each in islice(documents(options.corpus, size), indexed, None))
    begun = words(titles, options.words)
    if not begun:
        raise SystemExit(f"{options.corpus}: the titles of the last documents have no compounds")
    with tempfile.TemporaryDirectory() as folder:
        if options.index is None:
            build(documents(options.corpus, indexed), Path(folder))
        found, times = run(options.index or Path(folder), begun, options.cold)
    text = table(found, times)
    figures = {"completed": [asdict(one) for one in found], "times": [asdict(one) for one in times]}
    print(json.dumps(figures, indent=1) if options.json else text)
    if options.write:
        write_section("suggest", f"## suggest\n\n{text}")
    return 0
