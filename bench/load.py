"""`python -m bench.load`: the clients of the HTTP bench, in a process of their own.

Reads {"port", "clients", "seconds", "queries"} as JSON from standard input; every client keeps one
connection and asks one query after the other until the time is over. Prints as JSON
{"ms": [...], "failures": n, "parsed": n, "hits": n}: the time of each answer, from sending the
request to its last byte.
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter
from urllib.parse import quote


@dataclass
class Tally:
    """One client's answers. `hits`: those of the `parsed` answers; parsing them all is slow."""

    ms: list[float] = field(default_factory=list)
    failures: int = 0
    parsed: int = 0
    hits: int = 0


PARSED_ANSWERS = 20


def ask(port: int, paths: Sequence[str], first: int, deadline: float, tally: Tally) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    at = first
    while perf_counter() < deadline:
        started = perf_counter()
        try:
            connection.request("GET", paths[at % len(paths)])
            response = connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException):
            tally.failures += 1
            connection.close()
            continue
        tally.ms.append(1000 * (perf_counter() - started))
        if response.status != 200:
            tally.failures += 1
        elif tally.parsed < PARSED_ANSWERS:
            tally.parsed += 1
            tally.hits += len(json.loads(body)["hits"])
        at += 1
    connection.close()


def main() -> None:
    plan = json.load(sys.stdin)
    paths = [f"/search?q={quote(query)}" for query in plan["queries"]]
    tallies = [Tally() for _ in range(plan["clients"])]
    deadline = perf_counter() + plan["seconds"]
    threads = [
        threading.Thread(
            target=ask,
            args=(plan["port"], paths, i * len(paths) // len(tallies), deadline, tally),
        )
        for i, tally in enumerate(tallies)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report = {
        "ms": [round(ms, 3) for tally in tallies for ms in tally.ms],
        "failures": sum(tally.failures for tally in tallies),
        "parsed": sum(tally.parsed for tally in tallies),
        "hits": sum(tally.hits for tally in tallies),
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
