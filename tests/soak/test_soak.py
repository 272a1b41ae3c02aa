"""A server under traffic while its index changes without pause: nothing fails, every total is that
of a commit, memory stays as it is.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import numpy as np
import pytest

from index.store import IndexStore

from .archive import Archive
from .conftest import Length
from .readers import Readers, States

ROOT = Path(__file__).parents[2]
READERS = 8
WORKERS = 2
MEBIBYTE = 1 << 20
CACHE_MB = 8  # fills up soon, so that what grows afterwards is no cache
SAMPLE_SECONDS = 5.0
WARM = 0.4  # of the time, until caches and allocators have grown to what they need
GROWTH = 0.05  # of memory, that noise may be
LONG_ENOUGH = 30  # samples, to tell growth from warming up


class World:
    """The archive, its index and a server of it, and a writer that is a process of its own."""

    def __init__(self, folder: Path, start_server) -> None:
        self.random = Random(1)
        self.archive = Archive(folder / "seeds", self.random)
        self.store = IndexStore(folder / "index")
        self.states = States()
        self.commits = 0
        self.sync()
        self.server = start_server(
            self.archive.path,
            "--workers",
            str(WORKERS),
            index=self.store.path,
            TIMTIN_CACHE_MB=str(CACHE_MB),
            TIMTIN_LOG_REQUESTS="0",
        )
        while f"timtin_processes {WORKERS}.0" not in self.server.get("/metrics")[1]:
            time.sleep(0.1)

    def sync(self, *options: str) -> None:
        """Bring the index up to date, by one commit exactly."""
        before = max(0, self.store.generation())
        self.states.coming(before + 1, self.archive.totals())
        line = [sys.executable, "-m", "web.cli", "index", str(self.archive.path)]
        line += ["--index-dir", str(self.store.path), *options]
        done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert self.store.generation() == before + 1
        self.commits += 1

    def readers(self) -> Readers:
        return Readers(self.server.url, self.states, self.random, READERS)


@dataclass
class Memory:
    """What the processes of a server hold, over time."""

    pid: int
    seconds: list[float] = field(default_factory=list)
    mebibytes: list[float] = field(default_factory=list)

    def sample(self) -> None:
        if not self.seconds or time.monotonic() - self.seconds[-1] >= SAMPLE_SECONDS:
            self.seconds.append(time.monotonic())
            self.mebibytes.append(sum(map(_held, _family(self.pid))) / MEBIBYTE)

    def slope(self) -> tuple[float, float]:
        """MB an hour after warming up, and the standard error of that (least squares)."""
        begin = int(len(self.seconds) * WARM)
        hours = np.array(self.seconds[begin:]) / 3600
        hours -= hours.mean()
        values = np.array(self.mebibytes[begin:])
        slope = float(hours @ values / (hours @ hours))
        rest = values - values.mean() - slope * hours
        error = float(np.sqrt(rest @ rest / max(1, len(values) - 2) / (hours @ hours)))
        return slope, error

    def thirds(self) -> tuple[float, float]:
        """The mean of the first and of the last third after warming up."""
        settled = self.mebibytes[int(len(self.mebibytes) * WARM) :]
        third = max(1, len(settled) // 3)
        return float(np.mean(settled[:third])), float(np.mean(settled[-third:]))


def test_soak(tmp_path: Path, start_server, length: Length) -> None:
    world = World(tmp_path, start_server)
    memory = Memory(world.server.process.pid)
    readers = world.readers()
    until = time.monotonic() + 60 * length.minutes
    try:
        while time.monotonic() < until and not readers.faults:
            world.archive.change()
            world.sync()
            memory.sample()
    finally:
        readers.stop()
    print(f"\nsoak: {told(world, readers)}")
    assert not readers.faults, readers.faults[:5]
    assert readers.checked
    shown(world)
    if len(memory.seconds) >= LONG_ENOUGH:
        begin, end = memory.thirds()
        slope, error = memory.slope()
        print(
            f"soak: memory of all processes {begin:.1f} MB after warming up, {end:.1f} MB at the"
            f" end; {slope:+.1f} ± {error:.1f} MB an hour"
        )
        assert end <= begin * (1 + GROWTH)


def test_requests_during_commits_and_a_rebuild(
    tmp_path: Path, start_server, length: Length
) -> None:
    world = World(tmp_path, start_server)
    readers = world.readers()
    first = world.commits
    try:
        while not readers.faults:
            done = world.commits - first
            if done >= length.during and readers.requests >= length.requests:
                break
            world.archive.change()
            world.sync(*["--rebuild"] * (done == length.during // 2))
    finally:
        readers.stop()
    print(f"\nrequests during commits and a rebuild: {told(world, readers)}")
    assert not readers.faults, readers.faults[:5]
    assert readers.requests >= length.requests
    assert world.commits - first >= length.during
    shown(world)


def told(world: World, readers: Readers) -> str:
    return (
        f"{readers.requests:,} requests of {READERS} readers during {world.commits} commits,"
        f" {readers.checked:,} totals compared: {len(readers.faults)} faults"
    )


def shown(world: World) -> None:
    """Nothing went wrong unseen, and the server is whole."""
    log = world.server.log.read_text()
    assert "Traceback" not in log, log[-2000:]
    assert " ERROR " not in log, log[-2000:]
    status, _ = world.server.get("/health")
    assert status == 200
    assert world.server.stop() == 0


def _family(pid: int) -> list[int]:
    """A process and all that descend from it, on Linux; none elsewhere."""
    found = [pid]
    for each in found:
        listed = Path(f"/proc/{each}/task/{each}/children")
        if listed.exists():
            found += map(int, listed.read_text().split())
    return found


def _held(pid: int) -> int:
    """Bytes of memory that are not files; files that are mapped come and go with the commits."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("utf-8", "replace")
    except OSError:
        return 0
    kilobytes = [int(line.split()[1]) for line in status.splitlines() if "RssAnon" in line]
    return sum(kilobytes) * 1024


pytestmark = pytest.mark.skipif(os.name != "posix", reason="stops servers by signals")
