"""A backup is the commit that it was made of; what is not sound is not restored."""

from __future__ import annotations

import io
import json
import os
import tarfile
from pathlib import Path

import pytest

from index.backup import backup, restore
from index.documents import Document
from index.errors import BackupError, DamagedIndexError, DiskFullError, MissingIndexError
from index.store import IndexStore
from index.sync import manifest
from index.verification import Verification

Docs = dict[str, str]


def held(store: IndexStore) -> Docs:
    return {id: digest for id, _, digest in store.snapshot().docs()}


@pytest.fixture
def filled(store: IndexStore, documents: list[Document]) -> IndexStore:
    """Two segments, of one of which a document is deleted."""
    for part in (documents[:15], documents[15:]):
        with store.transaction() as change:
            change.delete([documents[0].id])
            change.add(part)
            change.commit()
    assert len(store.snapshot().segments) == 2
    return store


@pytest.fixture(params=["copy", "copy.tar"])
def target(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    return tmp_path / "backups" / str(request.param)


def test_what_is_backed_up_is_restored(
    filled: IndexStore, target: Path, documents: list[Document]
) -> None:
    before = held(filled)
    made = backup(filled, target)
    assert (made.documents, len(before)) == (len(documents) - 1,) * 2
    assert [path.name for path in target.parent.iterdir()] == [target.name]
    with filled.transaction() as change:
        change.delete([document.id for document in documents[5:]])
        change.add([Document("new", "tin", "mới")])
        change.commit()
    old = filled.snapshot()
    found, generation = restore(filled, target)
    assert (found, generation) == (made, old.generation + 1)
    assert held(filled) == before
    assert filled.verify() == Verification()
    assert len(list(old.docs())) == 5  # who searches the state before goes on
    assert not list(filled.path.glob("restore-*"))


def test_a_backup_becomes_an_index_elsewhere(
    filled: IndexStore, target: Path, tmp_path: Path
) -> None:
    backup(filled, target)
    other = IndexStore(tmp_path / "elsewhere" / "index")
    restore(other, target)
    assert held(other) == held(filled)
    assert other.verify() == Verification()
    assert other.snapshot().language is not None


def test_a_damaged_index_is_replaced(filled: IndexStore, target: Path) -> None:
    before = held(filled)
    backup(filled, target)
    for path in filled.path.iterdir():
        os.truncate(path, path.stat().st_size // 2)
    restore(filled, target)
    assert held(filled) == before
    assert filled.verify() == Verification()


def test_the_commit_may_go_while_it_is_backed_up(
    filled: IndexStore, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files that a snapshot has open are copied although later commits have removed them."""
    before = held(filled)
    snapshot = filled.snapshot()
    filled.create()
    monkeypatch.setattr(filled, "snapshot", lambda **_: snapshot)
    backup(filled, target)
    monkeypatch.undo()
    assert held(filled) == {}
    restore(filled, target)
    assert held(filled) == before


def test_what_a_killed_restore_left_goes_with_the_next_writer(
    filled: IndexStore, documents: list[Document]
) -> None:
    (filled.path / "restore-killed").mkdir()
    (filled.path / "restore-killed" / "MAIN_0.tim").write_bytes(b"half")
    manifest.save(filled.path, filled.generation(), {})  # needs no lock, and leaves it alone
    assert (filled.path / "restore-killed").exists()
    with filled.transaction():
        pass
    assert not (filled.path / "restore-killed").exists()


def test_what_is_there_is_not_overwritten(filled: IndexStore, target: Path) -> None:
    backup(filled, target)
    with pytest.raises(BackupError, match="is there already; name another"):
        backup(filled, target)


def test_no_index_no_backup(store: IndexStore, target: Path) -> None:
    with pytest.raises(MissingIndexError):
        backup(store, target)
    with pytest.raises(BackupError, match="there is no backup"):
        restore(store, target)
    assert not store.exists()


def test_damage_is_not_backed_up(filled: IndexStore, target: Path) -> None:
    segment = filled.snapshot().segments[1].file.path
    raw = bytearray(segment.read_bytes())
    raw[100] ^= 1
    segment.write_bytes(raw)
    with pytest.raises(DamagedIndexError, match=segment.name):
        backup(filled, target)
    assert not list(target.parent.glob("*"))


def test_a_backup_that_cannot_be_written_leaves_nothing(
    filled: IndexStore, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(BackupError, match=r"copy.*no space left on device \(disk "):
            backup(filled, target)
    assert not list(target.parent.glob("*"))
    backup(filled, target)
    before = held(filled)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFullError):
        restore(filled, target)
    monkeypatch.undo()
    assert held(filled) == before
    assert not list(filled.path.glob("restore-*"))


@pytest.mark.parametrize("at", [0.0, 0.3, 0.6, 0.99])
@pytest.mark.parametrize("name", ["backup.json", "segment"])
def test_a_backup_that_has_changed_is_refused(
    filled: IndexStore, tmp_path: Path, at: float, name: str
) -> None:
    backup(filled, tmp_path / "copy")
    (segment, *_) = (tmp_path / "copy").glob("*.tim")
    path = tmp_path / "copy" / name if name == "backup.json" else segment
    raw = bytearray(path.read_bytes())
    raw[int(len(raw) * at)] ^= 0x80
    path.write_bytes(raw)
    refused(filled, tmp_path / "copy")


def refused(store: IndexStore, source: Path) -> None:
    """It is not restored, and the index is as it was."""
    before = held(store)
    with pytest.raises(BackupError) as caught:
        restore(store, source)
    assert str(source) in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1
    assert held(store) == before
    assert store.verify() == Verification()
    assert not list(store.path.glob("restore-*"))


@pytest.mark.parametrize("missing", ["backup.json", "segment"])
def test_a_backup_without_one_of_its_files_is_refused(
    filled: IndexStore, tmp_path: Path, missing: str
) -> None:
    backup(filled, tmp_path / "copy")
    (segment, *_) = (tmp_path / "copy").glob("*.tim")
    (tmp_path / "copy" / missing if missing == "backup.json" else segment).unlink()
    refused(filled, tmp_path / "copy")


def test_other_files_are_no_backups(filled: IndexStore, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("nothing of the kind")
    (tmp_path / "empty").mkdir()
    (tmp_path / "none.tar").write_bytes(b"")
    for name in ("text", "empty", "none.tar"):
        refused(filled, tmp_path / name)


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"segments": None},
        {"segments": [{"file": "../escaped.tim", "deleted": [], "digest": ""}]},
        {"segments": [{"file": "backup.json", "deleted": [], "digest": ""}]},
        {"segments": "twice"},
        {"segments": "deleted"},
    ],
)
def test_a_listing_that_is_not_true_is_refused(
    filled: IndexStore, tmp_path: Path, change: dict[str, object]
) -> None:
    backup(filled, tmp_path / "copy")
    path = tmp_path / "copy" / "backup.json"
    listing = json.loads(path.read_text())
    if change["segments" if "segments" in change else "format"] == "twice":
        change = {"segments": listing["segments"] * 2}
    elif change.get("segments") == "deleted":
        change = {"segments": [{**listing["segments"][0], "deleted": [99]}]}
    path.write_text(json.dumps({**listing, **change}))
    refused(filled, tmp_path / "copy")


def test_a_tar_cannot_write_anywhere_else(filled: IndexStore, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "evil.tar", "w") as archive:
        for name, kind in (
            ("../escaped", tarfile.REGTYPE),
            (str(tmp_path / "absolute"), tarfile.REGTYPE),
            ("backup.json", tarfile.SYMTYPE),
            ("MAIN_0.tim", tarfile.FIFOTYPE),
        ):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd"
            content = b"x" if kind == tarfile.REGTYPE else b""
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    refused(filled, tmp_path / "evil.tar")
    assert {path.name for path in tmp_path.iterdir()} == {"evil.tar", "index"}
