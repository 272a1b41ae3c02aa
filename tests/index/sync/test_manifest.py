"""The manifest is a cache: whatever happens to it, only time is lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from index.sync import manifest
from index.sync.folder import Stamp
from index.sync.manifest import Entry
from index.sync.report import Failure

ENTRIES = {
    "a.txt": Entry("0" * 32, Stamp(10, 1, 2), 5, 1),
    "thư mục/b.jsonl": Entry(
        "f" * 32,
        Stamp(20, 3, 4),
        6,
        2,
        (Failure("thư mục/b.jsonl", "not JSON", 7), Failure("thư mục/b.jsonl", "id x is taken")),
        shared=True,
    ),
}


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    manifest.save(tmp_path, 3, ENTRIES)
    assert manifest.load(tmp_path, 3) == ENTRIES


def test_it_belongs_to_one_generation(tmp_path: Path) -> None:
    manifest.save(tmp_path, 3, ENTRIES)
    assert manifest.load(tmp_path, 4) == {}
    manifest.save(tmp_path, 4, {})
    assert [path.name for path in tmp_path.iterdir()] == ["seeds-4.json"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b'{"format":1,"readers":1,"seeds":{"a.txt":{"digest":"0"}}}',
        b'{"format":1,"readers":1,"seeds":{"a.txt":5}}',
        b'{"format":1,"readers":0,"seeds":{}}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_or_foreign_one_counts_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "seeds-3.json").write_bytes(content)
    assert manifest.load(tmp_path, 3) == {}
    assert manifest.load(tmp_path / "missing", 3) == {}


def test_a_file_touched_just_before_it_was_read_is_looked_at_again() -> None:
    second = 1_000_000_000
    stamp = Stamp(10, 100 * second, 90 * second)
    assert not Entry("0", stamp, 101 * second, 1).is_current(stamp)
    assert Entry("0", stamp, 103 * second, 1).is_current(stamp)
    assert not Entry("0", stamp, 103 * second, 1).is_current(Stamp(11, 100 * second, 90 * second))


def test_a_folder_that_cannot_be_written_is_no_failure(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    manifest.save(tmp_path / "missing", 3, ENTRIES)
    assert "cannot write the manifest" in caplog.text


def test_drafts_of_killed_writers_are_removed_in_time(tmp_path: Path) -> None:
    for name in ("seeds-2.77.tmp", "seeds-2.78.tmp"):
        (tmp_path / name).write_text("{")
    os.utime(tmp_path / "seeds-2.77.tmp", (0, 0))
    manifest.save(tmp_path, 3, ENTRIES)
    assert {path.name for path in tmp_path.iterdir()} == {"seeds-3.json", "seeds-2.78.tmp"}
