"""`kill -9` at random moments of syncs that add, change and delete, in real processes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random

from index.store import IndexStore
from index.sync import sync

from .world import Seeds, assert_sound, assert_tidy, held

WRITER = Path(__file__).parent / "writer.py"
LARGE = 1 << 30
SMALL = 1 << 20  # so that a change goes to worker processes
FIRST_SECONDS = 0.3  # how long a sync takes, until one has been seen to end


@dataclass
class Tally:
    """What the rounds came to."""

    killed: int = 0
    ended: int = 0
    old: int = 0
    new: int = 0
    with_workers: int = 0
    seconds: dict[int, float] = field(default_factory=dict)
    """The longest sync seen so far, by the number of its processes."""

    def __str__(self) -> str:
        return (
            f"{self.killed} syncs killed ({self.with_workers} of them with worker processes),"
            f" {self.ended} ended before: old state {self.old}, new state {self.new} times;"
            " no document lost or half-applied, no index unreadable, no file left behind"
        )


def test_killed_at_random_moments(tmp_path: Path, rounds: int, chance: int) -> None:
    random = Random(chance)
    seeds, store = Seeds(tmp_path / "seeds", random), IndexStore(tmp_path / "index")
    sync(seeds.path, store, processes=1)
    tally = Tally()
    for number in count():
        if tally.killed >= rounds:
            break
        old = held(store)
        much = number % 6 == 5
        seeds.change(much=much)
        new = seeds.docs()
        assert old != new
        for _ in range(random.choice([1, 1, 1, 3])):  # killed again before any sync could finish
            kill(seeds.path, store, random, tally, processes=1 + much)
            assert_sound(store)
            found = held(store)
            assert found in (old, new)
            tally.old += found == old
            tally.new += found == new
        sync(seeds.path, store, processes=1, timeout=10)
        assert held(store) == new
        assert_sound(store)
        assert_tidy(store)
    print(f"\nkill -9: {tally}")


def kill(seeds: Path, store: IndexStore, random: Random, tally: Tally, *, processes: int) -> None:
    """Start a sync and kill it at a random moment, if it has not ended by then."""
    memory = LARGE if processes == 1 else SMALL
    line = [sys.executable, str(WRITER), str(seeds), str(store.path), str(processes), str(memory)]
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdin and writer.stdout
        assert writer.stdout.readline() == "ready\n"
        started = time.monotonic()
        writer.stdin.write("\n")
        writer.stdin.flush()
        longest = tally.seconds.get(processes, FIRST_SECONDS * processes**2)
        time.sleep(random.uniform(0, longest))
        children = children_of(writer.pid)
        writer.kill()
        ended = writer.stdout.readline() == "done\n"
    if ended:
        tally.ended += 1
        tally.seconds[processes] = time.monotonic() - started
        return
    tally.killed += 1
    tally.with_workers += bool(children)
    tally.seconds[processes] = longest * 1.02  # until one ends now and then
    for child in children:  # workers end by themselves
        wait_for_end(child)


def children_of(pid: int) -> list[int]:
    """The processes that a process has started, on Linux."""
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in listed.read_text().split()] if listed.exists() else []


def wait_for_end(pid: int, seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while Path(f"/proc/{pid}").exists():
        if "Z" in Path(f"/proc/{pid}/stat").read_text().split()[2]:
            return
        assert time.monotonic() < until, f"worker {pid} outlives its parent ({os.getpid()})"
        time.sleep(0.02)
