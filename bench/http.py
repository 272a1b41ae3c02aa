"""`python -m bench http CORPUS`: the running server under load, beside two thin ones.

timtin as `timtin serve` runs it, and the thinnest Flask pages over SQLite FTS5 and over Tantivy
(see `bench.thin`) behind the same WSGI server with the same number of threads. All on loopback,
with the same queries; clients run in a process of their own. `GET /search`, ten highlighted hits.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path

from bench.corpus import Layout, documents, lay_out
from bench.machine import machine_lines
from bench.processes import ROOT, measured
from bench.report import markdown_table, write_section
from bench.shapes import typed_queries
from bench.timing import percentile

THIN = ("tantivy", "fts5")
REMEMBERING = "timtin, asked before"
"""timtin as it is; the one called just timtin makes every page anew, as the thin ones do."""
SETTINGS = {
    "timtin": {"TIMTIN_LOG_REQUESTS": "0", "TIMTIN_PAGES_MB": "0"},
    REMEMBERING: {"TIMTIN_LOG_REQUESTS": "0"},
}
"""Environment variables of a system's server; the thin ones log no requests either."""
WARM_UP_SECONDS = 6.0  # all queries several times, for every system
START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Load:
    """Answers to `clients` clients at a time. Milliseconds; `hits`: mean hits of an answer."""

    system: str
    clients: int
    per_second: float
    p50: float
    p99: float
    failures: int
    hits: float


def command(system: str, folder: Path, port: int) -> list[str]:
    if system not in THIN:
        serve = ["-m", "web.cli", "serve", "--index-dir", str(folder), "--host", "127.0.0.1"]
        return [sys.executable, *serve, "--port", str(port)]
    return [sys.executable, "-m", "bench.thin.server", system, str(folder), str(port)]


def build(system: str, layout: Layout) -> Path:
    folder = layout.folder / f"http-{system}"
    if system == "timtin":
        measured("bench.builds:timtin", str(layout.corpus), layout.docs, str(folder))
    else:
        folder.mkdir(parents=True)
        thin = import_module(f"bench.thin.{system}")
        thin.build(documents(layout.corpus, layout.docs), folder)
    return folder


@contextmanager
def running(system: str, folder: Path, **variables: str) -> Iterator[int]:
    """The server of `system` on a free port of loopback; ended, by its own handle, on leaving.

    `variables` are added to its environment."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    server = subprocess.Popen(
        command(system, folder, port),
        cwd=ROOT, stdout=subprocess.DEVNULL, env={**os.environ, **variables},
    )  # fmt: skip
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"the server ended with {server.returncode} before it answered")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"the server did not answer within {START_SECONDS} s")


def load(system: str, port: int, clients: int, seconds: float, queries: Sequence[str]) -> Load:
    plan = {"port": port, "clients": clients, "seconds": seconds, "queries": list(queries)}
    run = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        input=json.dumps(plan), text=True, stdout=subprocess.PIPE, cwd=ROOT, check=True,
    )  # fmt: skip
    report = json.loads(run.stdout)
    ms = report["ms"]
    return Load(
        system, clients, len(ms) / seconds, percentile(ms, 0.50), percentile(ms, 0.99),
        report["failures"], report["hits"] / max(1, report["parsed"]),
    )  # fmt: skip


def compare(layout: Layout, clients: Sequence[int], seconds: float, rounds: int) -> list[Load]:
    """Each system by itself, in turn, `rounds` times; the round of median rate is reported."""
    queries = typed_queries(layout, 300)
    systems = ["timtin", *THIN]
    folders = {system: build(system, layout) for system in systems}
    folders[REMEMBERING] = folders["timtin"]
    seen: dict[tuple[str, int], list[Load]] = {}
    for _ in range(rounds):
        for system, folder in folders.items():
            with running(system, folder, **SETTINGS.get(system, {})) as port:
                load(system, port, 4, WARM_UP_SECONDS, queries)
                for count in clients:
                    found = load(system, port, count, seconds, queries)
                    seen.setdefault((system, count), []).append(found)
    return [
        sorted(loads, key=lambda each: each.per_second)[len(loads) // 2] for loads in seen.values()
    ]


def tables(layout: Layout, loads: Sequence[Load]) -> str:
    tantivy = {each.clients: each.per_second for each in loads if each.system == "tantivy"}
    rows = [
        [
            f"Flask over {each.system}" if each.system in THIN else each.system,
            str(each.clients), f"{each.per_second:,.0f}", f"{each.p50:.2f}", f"{each.p99:.2f}",
            f"{each.per_second / tantivy[each.clients]:.2f}",
            f"{each.hits:.1f}", str(each.failures),
        ]
        for each in loads
    ]  # fmt: skip
    head = ["", "clients", "requests/s", "p50 ms", "p99 ms", "÷ Tantivy", "hits", "failures"]
    return f"## GET /search, {layout.docs:,} documents\n\n" + markdown_table(head, rows)


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench http", description=__doc__)
    parser.add_argument("corpus", type=Path, metavar="CORPUS.jsonl[.gz]")
    parser.add_argument("--docs", type=int, default=10_000, help="the first so many documents")
    parser.add_argument("--seconds", type=float, default=5.0, help="per system and load")
    parser.add_argument("--clients", default="1,8,32", help="at a time: numbers with commas")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument("--write", action="store_true", help="also write bench/RESULTS.md")
    options = parser.parse_args(argv)
    clients = [int(count) for count in options.clients.split(",")]
    with tempfile.TemporaryDirectory(prefix="timtin-bench-") as folder:
        layout = lay_out(options.corpus, options.docs, Path(folder))
        loads = compare(layout, clients, options.seconds, options.rounds)
    if options.json:
        print(
            json.dumps({"docs": layout.docs, "loads": [asdict(each) for each in loads]}, indent=1)
        )
    else:
        print(tables(layout, loads))
    if options.write:
        write_section("http", "\n\n".join([tables(layout, loads), machine_lines(["granian"])]))
    return 0
