"""Every write, fsync, rename and removal of a sync fails in turn: the state is the old or the new,
never between, and the next sync completes.
"""

from __future__ import annotations

import errno
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from index.errors import TimtinError
from index.store import IndexStore
from index.sync import sync

from .faults import Fault, watched
from .world import Docs, Seeds, assert_sound, assert_tidy, held

FULL = frozenset({"open", "write", "fsync", "mkdir"})  # what a full disk refuses


def faults(at: int, kind: str) -> Iterator[tuple[str, Fault]]:
    """All that can go wrong at an operation."""
    yield "EIO", Fault(at)
    yield "EIO from then on", Fault(at, lasts=True)
    if kind in FULL:
        yield "ENOSPC", Fault(at, errno.ENOSPC, kinds=FULL)
        yield "ENOSPC from then on", Fault(at, errno.ENOSPC, kinds=FULL, lasts=True)
    if kind == "write":
        yield "torn by EIO", Fault(at, torn=True)
        yield "torn by ENOSPC from then on", Fault(at, errno.ENOSPC, True, True, kinds=FULL)


Prepare = Callable[[Seeds, IndexStore], None]


def changed(seeds: Seeds, store: IndexStore) -> None:
    """Documents added, changed and deleted; three segments that the fourth is merged with."""
    for _ in range(3):
        sync(seeds.path, store, processes=1)
        seeds.change(0.1)


def first(seeds: Seeds, store: IndexStore) -> None:
    """No index yet."""


def outdated(seeds: Seeds, store: IndexStore) -> None:
    """An index that has to be made anew."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.making.fingerprint", lambda: "another")
        sync(seeds.path, store, processes=1)
    seeds.change(0.1)


@pytest.mark.parametrize("prepare", [changed, first, outdated])
def test_every_operation_fails_in_turn(
    tmp_path: Path, prepare: Prepare, stride: int, chance: int
) -> None:
    seeds = Seeds(tmp_path / "seeds", Random(chance), files=30)
    before = IndexStore(tmp_path / "before")
    prepare(seeds, before)
    old, new = held(before) if before.exists() else {}, seeds.docs()
    assert old != new
    operations = enumerate_operations(seeds, before, tmp_path / "trial")
    outcomes: Counter[str] = Counter()
    for at in range(chance % stride, len(operations), stride):
        kind, name = operations[at]
        for what, fault in faults(at, kind):
            outcome = outcome_of(fault, seeds, before, tmp_path / "index", old, new)
            outcomes[outcome] += 1
            assert outcome in {"old", "new"}, f"{what} at {kind} of {name}"
    tried = len(range(chance % stride, len(operations), stride))
    print(f"\nfaults, {prepare.__name__}: {tried} of {len(operations)} operations,", dict(outcomes))


def enumerate_operations(seeds: Seeds, before: IndexStore, trial: Path) -> list[tuple[str, str]]:
    """What a sync that succeeds does, in order."""
    if before.exists():
        shutil.copytree(before.path, trial)
    with watched(trial) as disk:
        sync(seeds.path, IndexStore(trial), processes=1)
    kinds = {kind for kind, _ in disk.done}
    assert kinds >= {"open", "write", "fsync", "replace"}, kinds
    return disk.done


def outcome_of(
    fault: Fault, seeds: Seeds, before: IndexStore, folder: Path, old: Docs, new: Docs
) -> str:
    """Whether the index holds the `old` or the `new` after a sync with this fault, or what is
    `between`; then the next sync completes.
    """
    shutil.rmtree(folder, ignore_errors=True)
    if before.exists():
        shutil.copytree(before.path, folder)
    store = IndexStore(folder)
    with watched(folder, fault) as disk:
        try:
            sync(seeds.path, store, processes=1)
        except TimtinError as error:
            refused = str(error)
            assert str(folder) in refused
            assert len(refused.splitlines()) == 1
        else:
            assert held(store) == new
    assert disk.struck
    found: Docs = {}
    if store.exists():
        assert_sound(store)
        found = held(store)
    sync(seeds.path, store, processes=1)
    assert held(store) == new
    assert_sound(store)
    assert_tidy(store)
    return "old" if found == old else "new" if found == new else "between"


def test_short_writes_do_no_harm(tmp_path: Path, chance: int) -> None:
    """An operating system may write less than it was asked to, and say so."""
    seeds = Seeds(tmp_path / "seeds", Random(chance), files=10)
    store = IndexStore(tmp_path / "index")
    with watched(store.path, Fault(-1, short=True)):
        sync(seeds.path, store, processes=1)
    assert held(store) == seeds.docs()
    assert_sound(store)
