"""Texts that were read for a page: the same again from memory, within bounds, none of other
commits."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.documents import Document
from index.snapshot import Segment, Snapshot
from index.store import IndexStore
from search.engines.read_texts import ReadTexts

from ..conftest import DOCUMENTS, build_index

ROOM = 1 << 20


@pytest.fixture
def store(tmp_path: Path) -> IndexStore:
    build_index(tmp_path / "index", DOCUMENTS)
    return IndexStore(tmp_path / "index")


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the documents that are read from the segments."""
    numbers: list[int] = []
    stored = Segment.stored

    def counted(self: Segment, docnum: int) -> dict[str, object]:
        numbers.append(docnum)
        return stored(self, docnum)

    monkeypatch.setattr(Segment, "stored", counted)
    return numbers


def ids(texts: ReadTexts, snapshot: Snapshot) -> list[str]:
    return [each.id for each in texts.of(snapshot, range(snapshot.doc_count_all))]


def test_what_was_read_is_there_again(store: IndexStore, read: list[int]) -> None:
    texts, snapshot = ReadTexts(ROOM), store.snapshot()
    first = ids(texts, snapshot)
    assert first == [snapshot.segments[0].stored(n)["id"] for n in range(len(DOCUMENTS))]
    read.clear()
    assert ids(texts, snapshot) == first
    assert read == []


def test_a_commit_leaves_the_texts_of_the_segments_that_stay(
    store: IndexStore, read: list[int]
) -> None:
    texts, before = ReadTexts(ROOM), store.snapshot()
    first = ids(texts, before)
    with store.transaction() as transaction:
        transaction.add([Document("new", "Mới", "một bản tin mới")])
        transaction.commit()
    after = store.snapshot(before)
    read.clear()
    assert after.segments[0].segid == before.segments[0].segid
    assert ids(texts, after) == [*first, "new"]
    assert read == [0], "of the new segment"


def test_nothing_is_left_of_segments_that_are_gone(store: IndexStore) -> None:
    texts, before = ReadTexts(ROOM), store.snapshot()
    ids(texts, before)
    with store.transaction(rebuild=True) as transaction:
        transaction.add([Document("new", "Mới", "một bản tin mới")])
        transaction.commit()
    assert ids(texts, store.snapshot(before)) == ["new"]
    assert texts.stats().entries == 1


def test_it_takes_no_more_room_than_it_may(store: IndexStore) -> None:
    snapshot = store.snapshot()
    whole, texts = ReadTexts(ROOM), ReadTexts(ROOM)
    first = ids(whole, snapshot)
    tight = ReadTexts(whole.stats().bytes // 2)
    assert ids(tight, snapshot) == first == ids(texts, snapshot)
    assert 0 < tight.stats().bytes <= tight.stats().limit
