"""An index made anew, in part or as a whole: what the seeds do not give now is taken over."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest

from index.errors import DamagedIndexError, NewerIndexError, OutdatedIndexError
from index.store import IndexStore
from index.sync import sync
from index.sync.audit import audit, compare
from index.sync.report import SyncReport
from index.verification import Verification

BROKEN = b"\xff\xfe\x00 no text \x9c"


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.txt").write_text("tin một\ntin hai", "utf-8")
    (folder / "sub" / "b.txt").write_text("Tựa đề\n\nĐoạn văn.\n", "utf-8")
    (folder / "c.jsonl").write_text(records(x="tin x", y="tin y"), "utf-8")
    return folder


@pytest.fixture
def store(tmp_path: Path, seeds: Path) -> IndexStore:
    """Two segments: a.txt and c.jsonl in one, sub/b.txt in another."""
    store = IndexStore(tmp_path / "index")
    text = (seeds / "sub" / "b.txt").read_text("utf-8")
    (seeds / "sub" / "b.txt").unlink()
    run(seeds, store)
    (seeds / "sub" / "b.txt").write_text(text, "utf-8")
    run(seeds, store)
    assert len(segments(store)) == 2
    return store


def records(**texts: str) -> str:
    return "".join(json.dumps({"id": id, "text": text}) + "\n" for id, text in texts.items())


def run(seeds: Path, store: IndexStore, rebuild: bool = False) -> SyncReport:
    return sync(seeds, store, processes=1, rebuild=rebuild)


def repair(seeds: Path, store: IndexStore) -> SyncReport:
    return sync(seeds, store, processes=1, repair=audit(store))


def docs(store: IndexStore) -> dict[str, tuple[str, str]]:
    return {id: (path, digest) for id, path, digest in store.snapshot().docs()}


def segments(store: IndexStore) -> list[Path]:
    """Segment files, that of the most documents first."""
    parts = store.snapshot().segments
    return [part.file.path for part in sorted(parts, key=lambda part: -part.doc_count_all)]


def flip(path: Path, at: int) -> None:
    raw = bytearray(path.read_bytes())
    raw[at] ^= 1
    path.write_bytes(raw)


def record_of(store: IndexStore, id: str) -> tuple[Path, int]:
    """The file of a stored record and where it begins."""
    found = store.snapshot().find(id)
    assert found is not None
    segment, docnum = found
    container = segment.file.container
    lengths = container.array("stored.len", "<u4")
    return segment.file.path, container.extent("stored")[0] + int(lengths[:docnum].sum())


@pytest.mark.parametrize("again", [False, True])
def test_a_rebuild_keeps_what_cannot_be_read_just_then(
    seeds: Path, store: IndexStore, again: bool
) -> None:
    before = docs(store)
    (seeds / "a.txt").write_bytes(BROKEN)
    (seeds / "c.jsonl").write_text(records(x="tin x khác"), "utf-8")
    for _ in range(1 + again):
        report = run(seeds, store, rebuild=True)
        assert [failure.path for failure in report.failed] == ["a.txt"]
        assert (report.added, report.unchanged) == (2, 2)
    after = docs(store)
    assert set(after) == {"a#1", "a#2", "sub/b", "x"}
    assert all(after[id] == before[id] for id in ("a#1", "a#2", "sub/b"))
    assert after["x"] != before["x"]
    assert not run(seeds, store).committed
    (seeds / "a.txt").write_text("tin một\ntin ba", "utf-8")
    assert run(seeds, store).changed == 1


def test_a_rebuild_keeps_what_breaks_off_while_it_is_read(seeds: Path, store: IndexStore) -> None:
    """Some documents of the archive have gone into the new index when it turns out to be broken."""
    many = {f"z{number}": f"tin {number * 7919}" for number in range(3_000)}
    packed = gzip.compress(records(**many).encode())
    (seeds / "d.jsonl.gz").write_bytes(packed)
    run(seeds, store)
    before = docs(store)
    (seeds / "d.jsonl.gz").write_bytes(packed[:-9])
    report = run(seeds, store, rebuild=True)
    assert [failure.path for failure in report.failed] == ["d.jsonl.gz"]
    assert (report.added, report.unchanged) == (5, 3_000)
    assert docs(store) == before


def test_a_rebuild_keeps_what_lies_in_a_folder_that_cannot_be_listed(
    seeds: Path, store: IndexStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = docs(store)
    scandir = os.scandir

    def forbidden(path: str) -> object:
        if path.rstrip("/").endswith("/sub"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", forbidden)
    run(seeds, store, rebuild=True)
    assert docs(store) == before


def test_an_id_of_a_seed_that_cannot_be_read_stays_its_own(seeds: Path, store: IndexStore) -> None:
    (seeds / "d.jsonl").write_text(records(y="của d"), "utf-8")
    (seeds / "c.jsonl").write_bytes(BROKEN)
    report = run(seeds, store, rebuild=True)
    assert docs(store)["y"][0] == "c.jsonl"
    assert "id y is already taken by c.jsonl" in {failure.reason for failure in report.failed}


def test_a_repair_makes_anew_only_what_is_damaged(seeds: Path, store: IndexStore) -> None:
    before = docs(store)
    large, small = segments(store)
    flip(large, 3000)
    found = audit(store)
    assert [large.name in problem for problem in found.problems] == [True]
    assert found.segments == {large.stem}
    report = repair(seeds, store)
    assert (report.added, report.unchanged, report.committed) == (4, 1, True)
    assert docs(store) == before
    assert small in segments(store)
    assert not large.exists()
    assert audit(store) == Verification()
    assert not run(seeds, store).committed


@pytest.mark.parametrize("length", [0, 100])
def test_a_repair_of_a_file_that_is_cut_off(seeds: Path, store: IndexStore, length: int) -> None:
    before = docs(store)
    os.truncate(segments(store)[0], length)
    repair(seeds, store)
    assert docs(store) == before
    assert audit(store) == Verification()


def test_a_repair_keeps_last_good_versions_where_they_can_be_read(
    seeds: Path, store: IndexStore
) -> None:
    """Pages are damaged, not files: a record on another page is as good as ever."""
    filler = "\n".join(f"tin {number} {number**150}" for number in range(500))
    (seeds / "a.txt").write_text(filler, "utf-8")
    run(seeds, store, rebuild=True)
    before = docs(store)
    file, at = record_of(store, "a#250")
    flip(file, at)
    for name in ("a.txt", "c.jsonl"):
        (seeds / name).write_bytes(BROKEN)
    report = repair(seeds, store)
    lost = before.keys() - docs(store).keys()
    assert "a#250" in lost
    assert len(lost) < len(before) / 2
    reasons = {f.reason for f in report.failed}
    assert {f"what the index had of {id} is damaged too" for id in lost} < reasons
    assert {id: known for id, known in before.items() if id not in lost} == docs(store)
    assert audit(store) == Verification()


@pytest.mark.parametrize("unreadable", [(), ("a.txt",), ("a.txt", "c.jsonl", "sub/b.txt")])
def test_a_damaged_table_of_contents_costs_nothing(
    seeds: Path, store: IndexStore, unreadable: tuple[str, ...]
) -> None:
    before = docs(store)
    (contents,) = store.path.glob("*.toc")
    flip(contents, 100)
    assert audit(store).contents
    for name in unreadable:
        (seeds / name).write_bytes(BROKEN)
    with pytest.raises(DamagedIndexError, match="--repair"):
        run(seeds, store)
    report = repair(seeds, store)
    assert {failure.path for failure in report.failed} == set(unreadable)
    assert docs(store) == before
    assert audit(store) == Verification()


def test_a_damaged_language_model_is_learnt_anew(seeds: Path, store: IndexStore) -> None:
    before = docs(store)
    (model,) = store.path.glob("*.lm")
    flip(model, model.stat().st_size // 2)
    found = audit(store)
    assert found.language
    assert not found.segments
    report = repair(seeds, store)
    assert (report.added, report.unchanged, report.committed) == (0, 5, True)
    assert docs(store) == before
    assert audit(store) == Verification()


def test_a_missing_language_model_is_noticed(seeds: Path, store: IndexStore) -> None:
    (model,) = store.path.glob("*.lm")
    model.unlink()
    assert audit(store).language
    repair(seeds, store)
    assert audit(store) == Verification()


def test_a_damaged_manifest_is_noticed_and_written_anew(seeds: Path, store: IndexStore) -> None:
    (manifest,) = store.path.glob("seeds-*.json")
    flip(manifest, 50)
    assert [manifest.name in problem for problem in audit(store).problems] == [True]
    assert not run(seeds, store).committed  # a sync needs no repair for that
    assert audit(store) == Verification()


def test_what_another_analyzer_made_answers_until_it_is_made_anew(
    seeds: Path,
    store: IndexStore,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    before = docs(store)
    monkeypatch.setattr("index.making.fingerprint", lambda: "another")
    assert store.snapshot().is_outdated
    assert docs(store) == before
    (seeds / "a.txt").write_bytes(BROKEN)
    report = run(seeds, store)
    assert (report.added, report.unchanged, report.committed) == (3, 2, True)
    assert "made anew" in caplog.text
    assert not store.snapshot().is_outdated
    assert docs(store) == before
    assert not run(seeds, store).committed


def test_what_cannot_be_read_any_more_is_made_anew(
    seeds: Path, store: IndexStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = docs(store)
    monkeypatch.setattr("index.making.SCHEMA_VERSION", 99)
    monkeypatch.setattr("index.making.OLDEST_READABLE", 99)
    with pytest.raises(OutdatedIndexError, match="timtin index"):
        store.snapshot()
    (seeds / "a.txt").write_bytes(BROKEN)  # its records can be read all the same
    report = run(seeds, store)
    assert (report.added, report.unchanged) == (3, 2)
    assert docs(store) == before


def test_what_a_newer_version_made_is_left_alone_unless_asked(
    seeds: Path, store: IndexStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.making.SCHEMA_VERSION", 1)
    with pytest.raises(NewerIndexError, match="--rebuild"):
        run(seeds, store)
    assert run(seeds, store, rebuild=True).added == 5


def test_an_index_is_compared_with_its_seeds(seeds: Path, store: IndexStore) -> None:
    assert compare(seeds, store).is_current
    (seeds / "a.txt").write_text("tin một\ntin khác\ntin ba", "utf-8")
    (seeds / "c.jsonl").write_bytes(BROKEN)
    (seeds / "sub" / "b.txt").unlink()
    found = compare(seeds, store)
    assert (found.added, found.changed, found.deleted, found.unchanged) == (1, 1, 1, 3)
    assert [failure.path for failure in found.failures] == ["c.jsonl"]
    assert not found.is_current
    store.create()
    assert compare(seeds, store).added == 3
