"""The model file of an index: there from the first commit, learnt anew when the text changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.documents import Document
from index.errors import DamagedIndexError
from index.store import IndexStore


def commit(store: IndexStore, *documents: Document, delete: tuple[str, ...] = ()) -> None:
    with store.transaction(processes=1) as transaction:
        transaction.delete(delete)
        transaction.add(documents)
        transaction.commit()


def model_file(store: IndexStore) -> Path:
    (file,) = store.path.glob("language_*")
    return file


def lines(count: int) -> str:
    return "\n".join(f"Gặp gỡ đầu xuân lần thứ {n}" for n in range(count))


def test_every_commit_has_a_model(store: IndexStore) -> None:
    commit(store)
    assert store.snapshot().language is not None
    commit(store, Document("a", "Hà Giang", lines(3)))
    language = store.snapshot().language
    assert language is not None
    number = language.number("gặp")
    assert language.frequency(number) == 3
    assert [language.keys[n] for n in language.spellings("giang")] == ["giang"]
    assert language.number("không") == -1


def test_numbers_count_as_one(store: IndexStore) -> None:
    commit(store, Document("a", "", "năm 2024, năm 2025, B52"))
    language = store.snapshot().language
    assert language is not None
    assert language.frequency(language.number("0")) == 3
    assert language.number("2024") == -1


def test_a_small_change_keeps_the_model_and_a_large_one_does_not(store: IndexStore) -> None:
    commit(store, Document("a", "", lines(200)))
    before = model_file(store)
    first = store.snapshot()
    commit(store, Document("b", "", "Tin mới"))
    assert model_file(store) == before
    second = store.snapshot(first)
    assert second.language is first.language  # nor is it loaded again
    commit(store, Document("c", "", lines(20)))
    assert model_file(store) != before
    third = store.snapshot(second).language
    assert third is not None and second.language is not None
    assert third.frequency(third.number("gặp")) == 220


def test_deleted_documents_are_not_learnt_from(store: IndexStore) -> None:
    commit(store, Document("a", "", lines(50)), Document("b", "", "chuyện khác hẳn " * 50))
    commit(store, Document("c", "", lines(20)), delete=("b",))
    language = store.snapshot().language
    assert language is not None
    assert language.number("khác") == -1


def test_a_cancelled_change_leaves_the_model_alone(store: IndexStore) -> None:
    commit(store, Document("a", "", lines(10)))
    before = model_file(store)
    with store.transaction(processes=1) as transaction:
        transaction.add([Document("b", "", lines(100))])
        (store.path / "language_9.lm").write_bytes(b"of a commit that never was")
        (store.path / "language_9.tmp").write_bytes(b"half")
    assert model_file(store) == before


def test_a_model_of_a_later_commit_that_never_was_is_not_read(store: IndexStore) -> None:
    commit(store, Document("a", "", lines(10)))
    (store.path / "language_99.lm").write_bytes(b"half")
    assert store.snapshot().language is not None
    commit(store, Document("b", "", "một tin"))
    model_file(store)


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9])
def test_a_flipped_bit_is_an_error_that_names_the_file(store: IndexStore, at: float) -> None:
    commit(store, Document("a", "", lines(50)))
    file = model_file(store)
    data = bytearray(file.read_bytes())
    data[int(len(data) * at)] ^= 4
    file.write_bytes(data)
    with pytest.raises(DamagedIndexError, match=file.name):
        _ = store.snapshot().language
    assert any(file.name in problem for problem in store.verify().problems)
