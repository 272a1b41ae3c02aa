"""`python -m bench cluster --engine URL SETDIR …`: a cluster beside the embedded engine.

For each judged set: how often both give the same ten ids, and the mean reciprocal rank of each.
With `--corpus CORPUS --docs N`: the time to index the first N documents, the latency of a page and
pages a second with several clients. Both engines run in this process, as a front end has them. The
index that the URL names is made anew.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

from bench.corpus import documents, lay_out
from bench.relevance import JudgedSet, metrics, read_set
from bench.report import markdown_table, write_section
from bench.shapes import typed_queries
from bench.timing import Spread
from index.cluster.address import Cluster, parse
from index.cluster.connection import Connection
from index.cluster.store import ClusterStore
from index.store import IndexStore
from search.engine import SearchEngine
from search.engines.opensearch import OpenSearchEngine
from search.engines.whoosh_engine import WhooshEngine
from search.request import SearchRequest

EMBEDDED, CLUSTER = "embedded", "cluster"


@dataclass(frozen=True, slots=True)
class Agreement:
    """`same`: share of queries with the same ten ids in the same order; `same_set`: in any order;
    `same_total`: that both count the same hits. Mean reciprocal ranks at 10."""

    name: str
    queries: int
    same: float
    same_set: float
    same_total: float
    mrr_embedded: float
    mrr_cluster: float


@dataclass(frozen=True, slots=True)
class EngineSpeed:
    """Seconds to index, and of all processors together, those of the nodes included; milliseconds
    of a page, one at a time, and of all processors for one; pages a second with `clients`."""

    engine: str
    docs: int
    seconds: float
    cpu_seconds: float
    index_bytes: int
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    clients: int
    per_second: float


class Stopwatch:
    """Seconds by the clock, and of all processors: this process, its children, the nodes."""

    def __init__(self, cluster: Cluster) -> None:
        self._client = Connection(cluster).client
        self._clock, self._cpu = perf_counter(), self._used()

    def read(self) -> tuple[float, float]:
        """(seconds, processor seconds) since it was made."""
        return perf_counter() - self._clock, self._used() - self._cpu

    def _used(self) -> float:
        own = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        nodes = self._client.nodes.stats(metric="process")["nodes"].values()
        ours: float = sum(used.ru_utime + used.ru_stime for used in own)
        theirs: int = sum(node["process"]["cpu"]["total_in_millis"] for node in nodes)
        return ours + theirs / 1000


def build(
    source: Path, limit: int | None, folder: Path, cluster: Cluster
) -> dict[str, tuple[float, float]]:
    """Index documents both ways; the seconds, and the processor seconds, that each took."""
    took = {}
    watch = Stopwatch(cluster)
    with IndexStore(folder).transaction(rebuild=True) as transaction:
        transaction.add(documents(source, limit))
        transaction.commit()
    took[EMBEDDED] = watch.read()
    watch = Stopwatch(cluster)
    with ClusterStore(cluster).transaction(rebuild=True, timeout=60) as change:
        change.add(documents(source, limit))
        change.commit()
    took[CLUSTER] = watch.read()
    return took


def agreement(judged: JudgedSet, engines: dict[str, SearchEngine]) -> Agreement:
    """Both engines over all queries of a set."""
    found: dict[str, dict[str, list[str]]] = {name: {} for name in engines}
    totals: dict[str, list[int]] = {name: [] for name in engines}
    for id, query in judged.queries.items():
        for name, engine in engines.items():
            results = engine.search(SearchRequest(query))
            found[name][id] = [hit.id for hit in results.hits]
            totals[name].append(results.total)
    ours, theirs = found[EMBEDDED], found[CLUSTER]
    count = len(judged.queries)
    both = zip(totals[EMBEDDED], totals[CLUSTER], strict=True)
    return Agreement(
        judged.name,
        count,
        sum(ours[id] == theirs[id] for id in ours) / count,
        sum(set(ours[id]) == set(theirs[id]) for id in ours) / count,
        sum(a == b for a, b in both) / count,
        metrics(judged.relevant, ours)[0],
        metrics(judged.relevant, theirs)[0],
    )


def speed(
    engine: SearchEngine, queries: Sequence[str], cluster: Cluster, clients: int, seconds: float
) -> tuple[Spread, float, float]:
    """The latency of a page, the second time that it is asked for; the processor milliseconds that
    it costs; and pages a second."""
    took: list[float] = []
    for _ in range(2):
        took.clear()
        watch = Stopwatch(cluster)
        for query in queries:
            started = perf_counter()
            engine.search(SearchRequest(query))
            took.append(perf_counter() - started)
    _, cpu = watch.read()
    rate = _per_second(engine, queries, clients, seconds)
    return Spread.of(took), 1000 * cpu / len(queries), rate


def _per_second(
    engine: SearchEngine, queries: Sequence[str], clients: int, seconds: float
) -> float:
    done: list[int] = []
    deadline = perf_counter() + seconds

    def ask(first: int) -> None:
        count = 0
        while perf_counter() < deadline:
            engine.search(SearchRequest(queries[(first + count) % len(queries)]))
            count += 1
        done.append(count)

    threads = [
        threading.Thread(target=ask, args=(at * len(queries) // clients,)) for at in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / seconds


def agreement_table(found: Sequence[Agreement]) -> str:
    head = ["set", "queries", "same ten, same order", "same ten", "same total"]
    rows = [
        [
            one.name,
            f"{one.queries:,}",
            *(f"{100 * share:.2f} %" for share in (one.same, one.same_set, one.same_total)),
            f"{one.mrr_embedded:.4f}",
            f"{one.mrr_cluster:.4f}",
        ]
        for one in found
    ]
    return markdown_table([*head, "MRR embedded", "MRR cluster"], rows)


def speed_table(found: Sequence[EngineSpeed]) -> str:
    head = ["engine", "docs", "indexing, s", "CPU s", "MB", "page p50, ms", "p99, ms", "CPU ms"]
    rows = [
        [
            one.engine,
            f"{one.docs:,}",
            f"{one.seconds:.0f}",
            f"{one.cpu_seconds:.0f}",
            f"{one.index_bytes / 1e6:.0f}",
            f"{one.p50_ms:.1f}",
            f"{one.p99_ms:.1f}",
            f"{one.cpu_ms:.1f}",
            f"{one.per_second:.0f}",
        ]
        for one in found
    ]
    return markdown_table([*head, "pages/s"], rows)


def compare_speed(corpus: Path, docs: int, cluster: Cluster, options: argparse.Namespace) -> str:
    """Index a corpus both ways and search it; a table."""
    with tempfile.TemporaryDirectory() as folder:
        layout = lay_out(corpus, docs, Path(folder) / "layout")
        queries = typed_queries(layout, options.queries)
        took = build(corpus, docs, Path(folder) / "index", cluster)
        rows = []
        for name, engine in _engines(Path(folder) / "index", cluster).items():
            spread, cpu, rate = speed(engine, queries, cluster, options.clients, options.seconds)
            size = engine.stats()["index_bytes"]
            rows.append(
                EngineSpeed(
                    name,
                    layout.docs,
                    *took[name],
                    size,
                    spread.p50,
                    spread.p99,
                    cpu,
                    options.clients,
                    rate,
                )
            )
            engine.close()
    return speed_table(rows)


def _engines(folder: Path, cluster: Cluster) -> dict[str, SearchEngine]:
    return {EMBEDDED: WhooshEngine(folder), CLUSTER: OpenSearchEngine(cluster)}


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench cluster", description=__doc__)
    parser.add_argument("setdirs", nargs="*", type=Path, help="folders with docs and queries")
    parser.add_argument("--engine", required=True, help="opensearch://HOST,…/INDEX, made anew")
    parser.add_argument("--shards", type=int, default=3, help="of that index (3)")
    parser.add_argument("--corpus", type=Path, help="a corpus to time both engines with")
    parser.add_argument("--docs", type=int, default=100_000, help="its first so many documents")
    parser.add_argument("--queries", type=int, default=200, help="queries that are timed (200)")
    parser.add_argument("--clients", type=int, default=8, help="that ask at a time (8)")
    parser.add_argument("--seconds", type=float, default=10, help="that they ask for (10)")
    parser.add_argument("--json", action="store_true", help="print the agreement as JSON")
    parser.add_argument("--write", action="store_true", help="also write bench/RESULTS.md")
    options = parser.parse_args(argv)
    cluster = parse(options.engine, shards=options.shards)
    found = []
    for setdir in options.setdirs:
        judged = read_set(setdir)
        with tempfile.TemporaryDirectory() as folder:
            build(judged.docs, None, Path(folder), cluster)
            engines = _engines(Path(folder), cluster)
            found.append(agreement(judged, engines))
            for engine in engines.values():
                engine.close()
    if options.json:
        print(json.dumps([asdict(one) for one in found], indent=1))
    elif found:
        print(agreement_table(found), flush=True)
    if found and options.write:
        write_section("cluster agreement", agreement_table(found))
    if options.corpus:
        table = compare_speed(options.corpus, options.docs, cluster, options)
        print(table)
        if options.write:
            write_section(f"cluster speed {options.docs:,}", table)
    return 0
