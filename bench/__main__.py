"""`python -m bench COMMAND …`: speed, relevance, encodings … (each has --help)."""

from __future__ import annotations

import sys
from importlib import import_module

COMMANDS = {
    "speed": "indexing, opening and query times beside other systems",
    "http": "requests a second and latency of the running server beside two thin ones",
    "relevance": "how good the first page is under nine ways of typing the query",
    "restoration": "marks put back on titles that were stripped of them",
    "spelling": "misspelt syllables in their sentences put right",
    "suggest": "suggestions for half a word: how long they take, and whether it is among them",
    "encodings": "how often a text is read rightly whatever its encoding",
    "lighthouse": "Lighthouse's scores of every kind of page, phone and desktop",
    "worst": "the costliest requests that can be sent to a server",
    "dates": "expressions of time beside dateparser",
    "cluster": "a cluster beside the embedded engine: agreement and speed",
    "segmentation": "word segmentation beside pyvi: speed and differences",
}

OWN = ("bench", "index", "search", "web")
"""What is missing of these is a fault, not a library to install."""


def main(argv: list[str]) -> int:
    if not argv or argv[0] not in COMMANDS:
        print("usage: python -m bench COMMAND …\n")
        for name, purpose in COMMANDS.items():
            print(f"  {name:14}{purpose}")
        return 0 if argv[:1] in ([], ["-h"], ["--help"]) else 2
    try:
        run = import_module(f"bench.{argv[0]}").main
        return int(run(argv[1:]))
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] in OWN:
            raise
        print(
            f"python -m bench {argv[0]}: {error.name} is missing: pip install -e '.[bench]'",
            file=sys.stderr,
        )
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
