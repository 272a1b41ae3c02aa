"""Measuring in fresh processes: seconds, peak memory of the whole process tree, size on disk.

`measured("bench.builds:peer", …)` runs that function in a new Python with the given JSON arguments
and watches the memory of the new process and all its children. On Linux memory is the
proportional set size (PSS: shared pages are split among those who share them), sampled, or the
process's own highest resident size if that is more; elsewhere only the latter.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
_SAMPLE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Measured:
    """`seconds`: of the function's own work, imports and process start excluded; `peak_bytes` of
    the process and its children together; `value`: what the function returned."""

    seconds: float
    peak_bytes: int
    value: Any


def measured(function: str, *arguments: str | int) -> Measured:
    """Run "module:function" with JSON-able arguments in a fresh process."""
    command = [sys.executable, "-m", "bench.processes", function, json.dumps(arguments)]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    sampled = 0
    while True:
        try:
            out, _ = child.communicate(timeout=_SAMPLE_SECONDS)
            break
        except subprocess.TimeoutExpired:
            sampled = max(sampled, tree_bytes(child.pid))
    if child.returncode:
        raise RuntimeError(f"{function} ended with {child.returncode}; its message is above")
    report = json.loads(out.splitlines()[-1])
    return Measured(report["seconds"], max(sampled, report["peak_bytes"]), report["value"])


def tree_bytes(pid: int) -> int:
    """Memory (PSS) of a process and its descendants now; 0 where the system does not tell."""
    return sum(_pss(each) for each in _tree(pid))


def _tree(pid: int) -> Iterator[int]:
    yield pid
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _tree(int(child))
    except OSError:
        return


def _pss(pid: int) -> int:
    return rollup(pid).get("Pss", 0)


def rollup(pid: int | str = "self") -> dict[str, int]:
    """Bytes by kind (Rss, Pss, Anonymous …) of /proc/PID/smaps_rollup; empty elsewhere."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    except OSError:
        return {}
    return {line.split(":")[0]: 1024 * int(line.split()[1]) for line in lines}


def _own_peak() -> int:
    # Not ru_maxrss on Linux: a spawned process starts out with its parent's.
    try:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return 1024 * int(line.split()[1])
    except OSError:
        pass
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak


def folder_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _main(function: str, arguments: str) -> None:
    module, name = function.split(":")
    run = getattr(import_module(module), name)
    started = time.perf_counter()
    value = run(*json.loads(arguments))
    if isinstance(value, dict) and "seconds" in value:
        seconds = float(value["seconds"])  # the function timed the part that matters
    else:
        seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "peak_bytes": _own_peak(), "value": value}))
    sys.stdout.flush()
    os._exit(0)  # no system's clean-up at exit belongs to its figures


if __name__ == "__main__":
    _main(sys.argv[1], sys.argv[2])
