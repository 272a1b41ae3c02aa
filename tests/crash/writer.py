"""A process that syncs once, to be killed: writer.py SEEDS INDEX PROCESSES MEMORY.

It says so when everything is loaded, and waits for a line before it begins.
"""

from __future__ import annotations

import sys
from pathlib import Path

from index.store import IndexStore
from index.sync import sync


def main() -> None:
    seeds, index, processes, memory = sys.argv[1:]
    print("ready", flush=True)
    sys.stdin.readline()
    sync(Path(seeds), IndexStore(Path(index)), processes=int(processes), memory=int(memory))
    print("done", flush=True)


if __name__ == "__main__":
    main()
