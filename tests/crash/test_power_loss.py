"""The power fails at any moment of a sync: what was not made to last may be gone, in any mixture.

The operations of a sync are recorded with their bytes. From them every state is made that the disk
may be left in: contents as of the last fsync of the file, names as of the last fsync of the folder,
and of what came after it nothing, the names alone, or any part.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from index.store import IndexStore
from index.sync import sync
from index.sync.audit import audit

from .faults import watched
from .world import Docs, Seeds, assert_sound, assert_tidy, held


@dataclass(eq=False)
class File:
    """A file's bytes as they are, and as they were when they were last made to last."""

    now: bytes
    lasting: bytes = b""


class Recorder:
    """A folder as the operating system shows it, and what of that is surely on the disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names: dict[str, File] = {}
        self._inodes: dict[int, File] = {}
        self._pending: list[tuple[str, File | None]] = []  # names since the folder's last fsync
        self.look()
        for file in self._names.values():
            file.lasting = file.now
        self._synced = self._sync_names()

    def look(self) -> None:
        """Take in what was done since the last look."""
        paths = list(self._folder.iterdir()) if self._folder.exists() else []
        shown = {path.name: path for path in paths if path.is_file()}
        for name in self._names.keys() - shown.keys():
            self._pending.append((name, None))
            del self._names[name]
        inodes = {path.stat().st_ino: path for path in shown.values()}
        self._inodes = {inode: self._inodes.get(inode) or File(b"") for inode in inodes}
        for inode, path in inodes.items():
            file = self._inodes[inode]
            file.now = path.read_bytes()
            if self._names.get(path.name) is not file:
                self._pending.append((path.name, file))
                self._names[path.name] = file

    def sync(self, name: str) -> None:
        """The contents of a file, or the names in the folder ("."), are made to last."""
        if name == ".":
            self._synced = self._sync_names()
        elif name in self._names:
            self._names[name].lasting = self._names[name].now

    def _sync_names(self) -> dict[str, File]:
        self._pending.clear()
        return dict(self._names)

    def leave(self, into: Path, random: Random, names: float, data: float) -> None:
        """Make `into` what the power leaves of the folder: changes of names and bytes that were not
        made to last are there all the same with these probabilities.
        """
        left = dict(self._synced)
        for name, file in self._pending:
            if random.random() >= names:
                continue
            if file is None:
                left.pop(name, None)
            else:
                left[name] = file
        into.mkdir()
        for name, file in left.items():
            content = file.lasting
            if random.random() < data:
                content = file.now[
                    : random.randint(min(len(content), len(file.now)), len(file.now))
                ]
            (into / name).write_bytes(content)


MIXTURES = ((0.0, 0.0), (1.0, 0.0), (0.5, 0.5), (0.5, 0.0), (0.8, 0.8))
"""Nothing that was not made to last is there; all names, but not the bytes; any part of it."""


@pytest.mark.parametrize("rebuild", [False, True])
def test_the_power_fails_at_any_moment(
    tmp_path: Path, rebuild: bool, stride: int, chance: int
) -> None:
    random = Random(chance)
    seeds, store = Seeds(tmp_path / "seeds", random, files=30), IndexStore(tmp_path / "index")
    for _ in range(3):
        sync(seeds.path, store, processes=1)
        seeds.change(0.1)
    old, new = held(store), seeds.docs()
    left: list[Path] = []
    with watched(store.path) as disk:
        recorder = Recorder(store.path)

        def before(kind: str, name: str) -> None:
            recorder.look()
            for names, data in MIXTURES:
                left.append(tmp_path / f"left-{len(left)}")
                recorder.leave(left[-1], random, names, data)
            if kind == "fsync":
                recorder.sync(name)

        disk.before = before
        sync(seeds.path, store, processes=1, rebuild=rebuild)
    recorder.look()
    committed = []
    for names, data in MIXTURES:
        committed.append(tmp_path / f"committed-{names}-{data}")
        recorder.leave(committed[-1], random, names, data)
    tried = left[chance % stride :: stride]
    for folder in tried:
        check(IndexStore(folder), seeds, [old, new], new)
    for folder in committed:
        check(IndexStore(folder), seeds, [new], new)
    print(
        f"\npower loss: {len(tried) + len(committed)} states of the disk, {len(disk.done)} moments"
    )


def check(store: IndexStore, seeds: Seeds, allowed: list[Docs], new: Docs) -> None:
    """What answers after the power is back is one of the states, and the next sync completes."""
    found = audit(store).problems
    # The manifest is a cache that nobody waits for: a torn one counts as none.
    assert all("seeds-" in problem for problem in found), found
    assert held(store) in allowed
    sync(seeds.path, store, processes=1)
    assert held(store) == new
    assert_sound(store)
    assert_tidy(store)
