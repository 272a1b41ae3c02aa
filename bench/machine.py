"""Which machine and which versions the figures come from."""

from __future__ import annotations

import os
import platform
import sqlite3
import timeit
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("whoosh3", "numpy", "pyvi", "tantivy", "bm25s", "numba", "xapian-bindings-binary")

LOAD_BEFORE = os.getloadavg()[0]
"""Of the minute before this module was imported: above half a core, figures are of little worth."""


def machine_lines(packages: Sequence[str] = PACKAGES) -> str:
    """Two lines: the machine, its load when the bench began and how quick it is; versions of what
    is installed."""
    found = [f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}"]
    for package in packages:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return (
        f"Machine: {_processor()}, {os.cpu_count()} cores, {_memory()}, {platform.system()} "
        f"{platform.release()}; load before {LOAD_BEFORE:.1f}; a million additions in a loop of "
        f"Python: {_loop_milliseconds():.0f} ms.  \nVersions: {', '.join(found)}."
    )


def _loop_milliseconds() -> float:
    """How quick the machine is just now: best of five, so that milliseconds of two runs compare."""
    return min(timeit.repeat("for i in numbers: i + i", "numbers = range(10**6)", number=1)) * 1e3


def _processor() -> str:
    for line in _lines("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def _memory() -> str:
    for line in _lines("/proc/meminfo"):
        if line.startswith("MemTotal"):
            return f"{int(line.split()[1]) / 2**20:.0f} GiB"
    return "memory unknown"


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
