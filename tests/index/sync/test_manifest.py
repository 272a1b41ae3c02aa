"""The manifest is a cache: whatever happens to it, only time is lost."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import DamagedIndexError
from index.seal import seal
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
        b'{"format":3,"readers":1,"seeds":{"a.txt":{"digest":"0"}}}',
        b'{"format":3,"readers":1,"seeds":{"a.txt":5}}',
        b'{"format":3,"readers":0,"seeds":{}}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_or_foreign_one_counts_as_none(tmp_path: Path, content: bytes) -> None:
    for written in (content, content + seal(content)):
        (tmp_path / "seeds-3.json").write_bytes(written)
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


def test_drafts_of_killed_writers_are_removed(tmp_path: Path) -> None:
    dead = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    for pid in (dead, str(os.getppid())):
        (tmp_path / f"seeds-2.{pid}.tmp").write_text("{")
    manifest.save(tmp_path, 3, ENTRIES)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"seeds-3.json", f"seeds-2.{os.getppid()}.tmp"}


@given(data=st.data())
def test_a_flipped_bit_is_noticed(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        manifest.save(folder, 3, ENTRIES)
        manifest.check(folder, 3)
        (path,) = folder.iterdir()
        raw = bytearray(path.read_bytes())
        at = data.draw(st.integers(0, len(raw) * 8 - 1))
        raw[at // 8] ^= 1 << at % 8
        path.write_bytes(raw)
        assert manifest.load(folder, 3) == {}
        with pytest.raises(DamagedIndexError, match=path.name):
            manifest.check(folder, 3)
