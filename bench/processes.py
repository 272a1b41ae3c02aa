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
_CHANGE = 0.02  # of what is resident of a process, after which its memory is looked at again


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
    sampled, memory = 0, _Memory()
    while True:
        try:
            out, _ = child.communicate(timeout=_SAMPLE_SECONDS)
            break
        except subprocess.TimeoutExpired:
            sampled = max(sampled, sum(map(memory.of, _tree(child.pid))))
    if child.returncode:
        raise RuntimeError(f"{function} ended with {child.returncode}; its message is above")
    report = json.loads(out.splitlines()[-1])
    return Measured(report["seconds"], max(sampled, report["peak_bytes"]), report["value"])


def _tree(pid: int) -> Iterator[int]:
    yield pid
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _tree(int(child))
    except OSError:
        return


class _Memory:
    """The memory of processes that are looked at again and again. To tell the shares of much memory
    takes long, and holds up whose it is: this is done where what is resident has changed."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, int]] = {}

    def of(self, pid: int) -> int:
        """Bytes (PSS), give or take _CHANGE of them."""
        resident = _resident(pid)
        before, share = self._known.get(pid, (0, 0))
        if abs(resident - before) > _CHANGE * before:
            share = _pss(pid)
            self._known[pid] = resident, share
        return share


def _resident(pid: int) -> int:
    """Bytes in memory, those shared with others included; 0 where the system does not tell."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()
    except OSError:
        return 0


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
