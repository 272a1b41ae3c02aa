"""A disk that runs full, at any moment of a sync: the old state serves, the message names the disk,
and once there is space again the next sync completes.

The disk is a small tmpfs, which root alone can make.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from index.errors import DiskFullError, IndexFolderError
from index.store import IndexStore
from index.sync import sync

from .world import Seeds, assert_sound, assert_tidy, held

MEBIBYTE = 1 << 20
DISK_MB = 8
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(folder)]
    if os.name != "posix" or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk can be made by root only")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


class Phase:
    """A progress that knows what the sync is at."""

    def __init__(self) -> None:
        self.name = "planning"

    def start(self, total: int | None, what: str) -> None:
        self.name = what

    def advance(self, count: int) -> None:
        pass

    def finish(self) -> None:
        self.name = f"after {self.name}"


def test_the_disk_runs_full(tmp_path: Path, disk: Path, stride: int, chance: int) -> None:
    seeds = Seeds(tmp_path / "seeds", Random(chance), files=30)
    store = IndexStore(disk / "index")
    full_in: Counter[str] = Counter()
    step = max(8192, stride * 2048)
    while not {"documents", "bytes merged"} <= set(full_in) or sum(full_in.values()) < 8:
        assert sum(full_in.values()) < 500, full_in
        sync(seeds.path, store, processes=1)
        seeds.change(0.2, much=True)
        old, new = held(store), seeds.docs()
        left = 0
        while held(store) == old:
            fill(disk, left)
            phase = Phase()
            try:
                sync(seeds.path, store, processes=1, memory=MEBIBYTE, progress=phase)
            except DiskFullError as error:
                full_in[phase.name.removeprefix("after ")] += 1
                assert str(disk) in str(error)
                assert "no space left" in str(error)
                assert "free some space" in str(error)
                assert held(store) == old
                assert_sound(store)
            left += step
            (disk / "filler").unlink()
        assert held(store) == new
        assert_sound(store)
        sync(seeds.path, store, processes=1)
        assert_tidy(store)
    print(f"\nfull disk: {sum(full_in.values())} syncs, full while at {dict(full_in)}")


def fill(disk: Path, left: int) -> None:
    """Leave only so many bytes free."""
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    with (disk / "filler").open("wb") as filler:
        filler.write(bytes(max(0, free - left)))


def test_the_command_line_says_which_disk_is_full(tmp_path: Path, disk: Path) -> None:
    seeds = Seeds(tmp_path / "seeds", Random(1), files=5)
    fill(disk, 4096)
    line = [sys.executable, "-m", "web.cli", "index", str(seeds.path)]
    done = subprocess.run(
        [*line, "--index-dir", str(disk / "index")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert f"(disk {disk}, " in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_disk_that_is_read_only(tmp_path: Path, disk: Path) -> None:
    """It can be searched; a sync says that it cannot write, and changes nothing."""
    seeds = Seeds(tmp_path / "seeds", Random(2), files=5)
    store = IndexStore(disk / "index")
    sync(seeds.path, store, processes=1)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    old = held(store)
    assert not sync(seeds.path, store, processes=1).committed
    seeds.change()
    with pytest.raises(IndexFolderError, match=r"read-only file system.*--index-dir"):
        sync(seeds.path, store, processes=1)
    assert held(store) == old
    assert_sound(store)
    subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    sync(seeds.path, store, processes=1)
    assert held(store) == seeds.docs()
