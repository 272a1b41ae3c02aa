"""A model that is learnt beside merging is the one that is learnt after it."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

from index.codec.container import Container
from index.documents import Document
from index.language import upkeep
from index.language.apart import Learning
from index.store import IndexStore

DOCUMENTS = [
    Document(str(n), "Gặp gỡ", " ".join(f"đầu xuân lần thứ {n * m}" for m in range(1_000)))
    for n in range(40)
]
"""Enough for several batches, which are merged."""


def created(folder: Path) -> IndexStore:
    store = IndexStore(folder)
    store.create()
    return store


def model(store: IndexStore, *, processes: int) -> list[bytes]:
    """The sections of the model of an index of DOCUMENTS."""
    with store.transaction(memory=20_000_000, processes=processes) as change:
        change.add(DOCUMENTS)
        generation = change.commit()
    assert not store.verify().problems
    container = Container(upkeep.path_of(store.path, generation))
    assert len(container.meta["segments"]) == 1
    return [container.bytes(name) for name in container.names()]


def test_it_is_the_same_model(tmp_path: Path) -> None:
    store = created(tmp_path / "apart")
    with patch.object(upkeep, "learn_from", side_effect=AssertionError("not learnt apart")):
        apart = model(store, processes=2)
    assert apart == model(created(tmp_path / "here"), processes=1)


def test_a_process_that_dies_is_done_without(tmp_path: Path) -> None:
    class Dying(Learning):
        def wait_until_opened(self) -> None:
            self._process.kill()
            super().wait_until_opened()

    with patch.object(upkeep, "Learning", Dying):
        found = model(created(tmp_path / "dying"), processes=2)
    assert found == model(created(tmp_path / "here"), processes=1)
