"""The index folder's life: create, add, delete, merge, damage."""

from __future__ import annotations

import errno
import multiprocessing
import os
import pickle
import resource
import signal
from pathlib import Path

import pytest
import whoosh.index
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.builder import keyword_term
from index.codec.whoosh_codec import TimtinCodec
from index.documents import Document
from index.errors import (
    DamagedIndexError,
    IndexFolderError,
    IndexLockedError,
    MissingIndexError,
    NewerIndexError,
    OutdatedIndexError,
    WorkerError,
)
from index.store import IndexStore
from index.verification import Verification


def ids(store: IndexStore) -> list[str]:
    return sorted(id for id, _, _ in store.snapshot().docs())


def test_no_index_is_said_so(store: IndexStore) -> None:
    assert not store.exists()
    assert store.generation() == -1
    with pytest.raises(MissingIndexError, match="timtin index"):
        store.snapshot()


def test_documents_added_are_found_with_path_and_digest(
    store: IndexStore, documents: list[Document]
) -> None:
    with store.transaction() as change:
        assert change.add(documents) == len(documents)
        assert change.commit() == 1
    snapshot = store.snapshot()
    assert sorted(snapshot.docs()) == sorted((d.id, d.path, d.digest()) for d in documents)
    found = snapshot.find(documents[3].id)
    assert found is not None
    segment, docnum = found
    assert segment.stored(docnum) == {
        name: value
        for name in Document.__slots__
        if (value := getattr(documents[3], name)) is not None
    }
    assert int(segment.dates()[docnum]) == int((documents[3].date or "0").replace("-", ""))
    assert snapshot.find("nothing") is None
    assert store.verify() == Verification()


def test_leaving_without_commit_changes_nothing(
    store: IndexStore, documents: list[Document]
) -> None:
    with store.transaction() as change:
        change.add(documents[:2])
        change.commit()
    with store.transaction() as change:
        change.add(documents[2:])
        change.delete([documents[0].id])
    assert ids(store) == sorted(d.id for d in documents[:2])
    assert len(list(store.path.glob("*.tim"))) == 1


def test_a_snapshot_outlives_the_commits_after_it(
    store: IndexStore, documents: list[Document]
) -> None:
    with store.transaction() as change:
        change.add(documents)
        change.commit()
    old = store.snapshot()
    with store.transaction() as change:
        assert change.delete([d.id for d in documents]) == len(documents)
        change.commit()
    assert old.doc_count == len(list(old.docs())) == len(documents)
    new = store.snapshot(old)
    assert new.doc_count == 0
    assert new.segments == ()


def test_segments_are_reused_by_the_next_snapshot(
    store: IndexStore, documents: list[Document]
) -> None:
    with store.transaction() as change:
        change.add(documents[:5])
        change.commit()
    old = store.snapshot()
    with store.transaction() as change:
        change.add(documents[5:6])
        change.commit()
    new = store.snapshot(old)
    assert new.segments[0].file is old.segments[0].file
    assert new.doc_frequency("folded", b"khong-co") == 0
    assert new.doc_frequency("folded", b"ha") == old.doc_frequency("folded", b"ha") + int(
        "Hà" in documents[5].text or "Hạ" in documents[5].text
    )


def test_only_one_writer_and_the_other_is_told_who(store: IndexStore) -> None:
    with store.transaction(), pytest.raises(IndexLockedError, match="pid"):
        store.transaction()
    with store.transaction():
        pass


def test_large_changes_go_through_worker_processes(
    store: IndexStore, documents: list[Document]
) -> None:
    many = [
        Document(id=f"{number}", title="", body=documents[number % 6].body * 20 + str(number))
        for number in range(1_500)
    ]
    done: list[int] = []
    with store.transaction(memory=20_000_000, processes=2, progress=done.append) as change:
        change.add(iter(many))
        change.commit()
    assert sum(done) == len(many)
    assert len(done) > 1
    assert ids(store) == sorted(d.id for d in many)
    assert store.verify() == Verification()
    assert multiprocessing.active_children() == []


def test_a_damaged_file_is_named_with_the_remedy(
    store: IndexStore, documents: list[Document]
) -> None:
    with store.transaction() as change:
        change.add(documents)
        change.commit()
    (file,) = store.path.glob("*.tim")
    whole = file.read_bytes()
    file.write_bytes(whole[:-100])
    with pytest.raises(DamagedIndexError, match=rf"{file.name}.*--repair"):
        store.snapshot()
    file.unlink()
    with pytest.raises(DamagedIndexError, match=rf"{file.name}.*missing"):
        store.snapshot()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_flipped_bit_goes_unseen(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = IndexStore(tmp_path_factory.mktemp("flip") / "index")
    with store.transaction() as change:
        change.add([Document(id=str(n), title="tin", body="máy bay rơi " * n) for n in range(9)])
        change.commit()
    (file,) = store.path.glob("*.tim")
    raw = bytearray(file.read_bytes())
    at = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[at // 8] ^= 1 << at % 8
    file.write_bytes(raw)
    assert store.verify().problems


def test_a_damaged_table_of_contents_is_named(store: IndexStore) -> None:
    store.create()
    (contents,) = store.path.glob("*.toc")
    contents.write_bytes(pickle.dumps("nonsense"))
    with pytest.raises(DamagedIndexError, match="toc"):
        store.snapshot()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_table_of_contents_with_a_flipped_bit_is_refused_or_says_the_same(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """It names segments, counts and deleted documents: another one would give wrong hits."""
    store = IndexStore(tmp_path_factory.mktemp("flip") / "index")
    with store.transaction() as change:
        change.add([Document(id=str(n), title="tin", body="máy bay rơi") for n in range(9)])
        change.commit()
    with store.transaction() as change:
        change.delete(["3"])
        change.commit()
    before = list(store.snapshot().docs())
    (contents,) = store.path.glob("*.toc")
    raw = bytearray(contents.read_bytes())
    at = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[at // 8] ^= 1 << at % 8
    contents.write_bytes(raw)
    try:
        assert list(store.snapshot().docs()) == before  # the bit was of the checksum
    except DamagedIndexError as error:
        assert contents.name in str(error)
        assert store.verify().problems == (str(error),)


def test_a_table_of_contents_of_a_stock_writer_can_be_read(
    store: IndexStore, documents: list[Document]
) -> None:
    with store.transaction() as change:
        change.add(documents)
        change.commit()
    with whoosh.index.open_dir(store.path).writer(codec=TimtinCodec()) as writer:
        writer.delete_by_term("id", keyword_term(documents[0].id))
    assert ids(store) == sorted(document.id for document in documents[1:])


def test_a_rebuild_leaves_the_old_index_alone_until_its_commit(
    store: IndexStore, documents: list[Document]
) -> None:
    with store.transaction() as change:
        change.add(documents)
        change.commit()
    with store.transaction(rebuild=True) as change:
        change.add(documents[:2])
        assert ids(store) == sorted(document.id for document in documents)
        assert change.commit() == 2
    assert ids(store) == sorted(document.id for document in documents[:2])


def test_a_first_change_that_is_given_up_leaves_no_index(store: IndexStore) -> None:
    with store.transaction():
        pass
    assert not store.exists()


def test_what_a_killed_writer_left_is_removed(store: IndexStore, documents: list[Document]) -> None:
    with store.transaction() as change:
        change.add(documents)
        change.commit()
    (store.path / "_MAIN_2.toc.1700000000.5").write_bytes(b"half")
    (store.path / "MAIN_0123456789abcdef.tim").write_bytes(b"half")
    with store.transaction() as change:
        change.delete([documents[0].id])
        change.commit()
    assert len(list(store.path.glob("*.toc*"))) == len(list(store.path.glob("*.tim"))) == 1


def test_a_killed_worker_is_said_so_and_nothing_is_changed(store: IndexStore) -> None:
    many = (
        Document(id=str(number), title="", body="máy bay rơi " * 2_000) for number in range(2_000)
    )

    def kill(done: int) -> None:
        os.kill(multiprocessing.active_children()[0].pid or 0, signal.SIGKILL)

    with (
        store.transaction(memory=20_000_000, processes=2, progress=kill) as change,
        pytest.raises(WorkerError, match="--memory"),
    ):
        change.add(many)
    assert not store.exists()
    assert not list(store.path.glob("*.tim"))


@pytest.mark.parametrize("below", ["", "deeper"])
def test_a_file_where_the_folder_should_be_is_named(tmp_path: Path, below: str) -> None:
    (tmp_path / "index").write_text("")
    store = IndexStore(tmp_path / "index" / below)
    for use in (store.generation, store.snapshot, store.create, store.transaction):
        with pytest.raises(
            IndexFolderError, match=r"index(/deeper)?: (not a directory|file exists).*--index-dir"
        ):
            use()


def test_a_folder_that_cannot_be_written_is_named(
    store: IndexStore, documents: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.transaction() as change:
        change.add(documents)
        change.commit()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with store.transaction() as change, pytest.raises(IndexFolderError, match="no space left"):
        change.add([Document(id="new", title="", body="tin mới")])
    with (
        store.transaction() as change,
        pytest.raises(IndexFolderError, match="no space left"),
    ):
        change.delete([documents[0].id])
        change.commit()
    assert ids(store) == sorted(document.id for document in documents)
    assert len(list(store.path.glob("*.tim"))) == 1


def test_a_segment_that_does_not_fit_is_given_up_and_removed(store: IndexStore) -> None:
    soft, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    many = [Document(id=str(n), title="", body=str(n**20)) for n in range(3_000)]
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, most))
    try:
        with store.transaction() as change, pytest.raises(IndexFolderError, match="too large"):
            change.add(many)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, most))
    assert not list(store.path.glob("*.tim"))


def test_a_schema_too_old_or_too_new_to_be_read_is_said_so(
    store: IndexStore, documents: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.transaction() as change:
        change.add(documents)
        change.commit()
    monkeypatch.setattr("index.making.OLDEST_READABLE", 99)
    with pytest.raises(OutdatedIndexError, match=r"older version.*timtin index"):
        store.snapshot()
    monkeypatch.undo()
    monkeypatch.setattr("index.making.SCHEMA_VERSION", 1)
    with pytest.raises(NewerIndexError, match=r"newer version.*--rebuild"):
        store.snapshot()


def test_what_another_analyzer_made_can_be_read_and_is_known_as_such(
    store: IndexStore, documents: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.transaction() as change:
        change.add(documents)
        change.commit()
    assert not store.snapshot().is_outdated
    with monkeypatch.context() as patch:
        patch.setattr("index.making.fingerprint", lambda: "another")
        assert store.snapshot().is_outdated
        with store.transaction() as change:  # and stays so when segments are merged
            change.delete([document.id for document in documents[:15]])
            change.commit()
        assert store.snapshot().is_outdated
    assert not store.snapshot().is_outdated


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.tuples(st.booleans(), st.integers(0, 30)), max_size=25))
def test_any_sequence_of_commits_leaves_the_right_documents(
    steps: list[tuple[bool, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = IndexStore(tmp_path_factory.mktemp("life") / "index")
    expected: dict[str, str] = {}
    for number, (adding, key) in enumerate(steps):
        with store.transaction() as change:
            change.delete([str(key)])
            expected.pop(str(key), None)
            if adding:
                change.add([Document(id=str(key), title="", body=f"tin {key} lần {number}")])
                expected[str(key)] = f"tin {key} lần {number}"
            change.commit()
    if not store.exists():
        return
    snapshot = store.snapshot()
    found = {id: snapshot.find(id) for id, _, _ in snapshot.docs()}
    assert {id: hit[0].stored(hit[1])["body"] for id, hit in found.items() if hit} == expected
    assert snapshot.doc_count == len(expected)
    assert store.verify() == Verification()
    assert len(snapshot.segments) < 12


def test_a_stock_reader_reads_a_snapshot_even_after_later_commits(
    store: IndexStore, documents: list[Document]
) -> None:
    with store.transaction() as change:
        change.add(documents)
        change.commit()
    snapshot = store.snapshot()
    with store.transaction() as change:
        change.delete([document.id for document in documents])
        change.commit()
    assert not list(store.path.glob("*.tim"))
    with snapshot.whoosh_reader() as reader:
        assert reader.doc_count() == len(documents)
        assert ("folded", b"xuan") in reader
        assert reader.doc_frequency("folded", "xuan") == snapshot.doc_frequency("folded", b"xuan")
        assert reader.doc_frequency("folded", "nothing") == 0
    with store.snapshot().whoosh_reader() as reader:
        assert reader.doc_count() == 0
