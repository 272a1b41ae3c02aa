"""A sync killed at any step leaves the old state or the new one, and the next does the rest."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

from index.store import IndexStore
from index.sync import sync
from index.verification import Verification

ROOT = Path(__file__).parent.parent.parent
MOST_STEPS = 40
KILLED_AT = """
import os, signal, sys
from pathlib import Path
from index.store import IndexStore
from index.sync import sync
from index.verification import Verification

left = int(sys.argv[3])

def killing(call):
    def step(*arguments, **options):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*arguments, **options)
    return step

for name in ("fsync", "replace", "rename", "unlink", "remove"):
    setattr(os, name, killing(getattr(os, name)))
sync(Path(sys.argv[1]), IndexStore(Path(sys.argv[2])), processes=1)
"""
"""Ends the process before the so-manyth call that makes something on disk last or go."""


def run_until(step: int, seeds: Path, folder: Path) -> int:
    line = [sys.executable, "-c", KILLED_AT, str(seeds), str(folder), str(step)]
    return subprocess.run(line, cwd=ROOT, timeout=60, check=False).returncode


def ids(store: IndexStore) -> set[str]:
    return {id for id, _, _ in store.snapshot().docs()}


def test_killed_at_any_step(tmp_path: Path) -> None:
    seeds, before = tmp_path / "seeds", tmp_path / "before"
    seeds.mkdir()
    for name in ("a", "b", "c"):
        (seeds / f"{name}.txt").write_text("Sáng nay\n\nMáy bay rơi.\n", "utf-8")
    sync(seeds, IndexStore(before), processes=1)
    (seeds / "a.txt").unlink()
    (seeds / "b.txt").write_text("Chiều nay\n\nMáy bay bay.\n", "utf-8")
    (seeds / "d.txt").write_text("Tối nay\n\nMáy bay đến.\n", "utf-8")
    old, new = {"a", "b", "c"}, {"b", "c", "d"}
    states = []
    for step in range(MOST_STEPS):
        store = IndexStore(tmp_path / str(step))
        shutil.copytree(before, store.path)
        ended = run_until(step, seeds, store.path)
        assert store.verify() == Verification()
        states.append(ids(store))
        report = sync(seeds, store, processes=1)
        assert report.committed == (states[-1] == old)
        assert ids(store) == new
        assert store.verify() == Verification()
        if not ended:
            break
        assert ended == -signal.SIGKILL
    assert states[0] == old
    assert states[-1] == new
    assert states == sorted(states, key=[old, new].index)


def test_killed_while_the_first_index_is_made_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "a.txt").write_text("Sáng nay\n\nMáy bay rơi.\n", "utf-8")
    store = IndexStore(tmp_path / "index")
    assert run_until(0, tmp_path / "seeds", store.path) == -signal.SIGKILL
    assert not store.exists()
    assert sync(tmp_path / "seeds", store, processes=1).added == 1
