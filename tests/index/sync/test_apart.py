"""Readers of another package that hang, grow, crash or shout: in a process of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index import readers
from index.readers import Limits
from index.store import IndexStore
from index.sync import apart, sync
from index.sync.apart import Readers

LIMITS = Limits(seconds=1, memory_bytes=128 << 20)
PACKAGE = """
import os, signal, time
from index.documents import Document
from index.errors import SeedError
from index.readers import Format, Problem

def busy(seed):
    while True:
        pass
    yield

def asleep(seed):
    time.sleep(1_000_000)
    yield

def greedy(seed):
    held = []
    while True:
        held.append(bytearray(1 << 20))
    yield

def crashing(seed):
    yield Document("half", "", "half")
    os.kill(os.getpid(), signal.SIGSEGV)

def refusing(seed):
    raise SeedError("not this one", "take another")
    yield

def buggy(seed):
    yield Document(seed.stem, "", 1 / 0)

def loud(seed):
    print("noise" * 100)
    os.write(1, b"more noise")
    yield Problem(seed.name, 7, "a line")
    yield Document(seed.stem, "", seed.path.read_text("utf-8"), path=seed.name)

FORMATS = {
    name: Format(name, (f".{name}",), read, apart=True)
    for name, read in list(globals().items())
    if name in ("busy", "asleep", "greedy", "crashing", "refusing", "buggy", "loud")
}
globals().update({f"format_{name}": format for name, format in FORMATS.items()})
"""
REASONS = {
    "busy": "more than 1 s are needed to read it",
    "asleep": "more than 1 s are needed to read it",
    "greedy": "more than 128 MB of memory are needed to read it",
    "crashing": "its reader came to an end (SIGSEGV)",
    "refusing": "not this one; take another",
    "buggy": "its reader failed (ZeroDivisionError)",
}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Another package is installed that has formats of its own."""
    site = tmp_path / "site"
    (site / "strange-1.0.dist-info").mkdir(parents=True)
    (site / "strange.py").write_text(PACKAGE, "utf-8")
    (site / "strange-1.0.dist-info" / "METADATA").write_text("Name: strange\nVersion: 1.0\n")
    (site / "strange-1.0.dist-info" / "entry_points.txt").write_text(
        "[timtin.readers]\n"
        + "".join(f"{name} = strange:format_{name}\n" for name in (*REASONS, "loud"))
    )
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.setenv("PYTHONPATH", str(site))
    _forget()
    yield
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    readers.formats.cache_clear()
    readers._suffixes.cache_clear()
    readers.readers_key.cache_clear()


def test_each_is_named_and_the_others_are_read(
    package: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "WAIT", 2)
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for name in REASONS:
        (seeds / f"a.{name}").write_text("x")
    for name in ("a", "b", "z"):
        (seeds / f"{name}.loud").write_text(f"văn bản {name}", "utf-8")
    report = sync(seeds, IndexStore(tmp_path / "index"), processes=1, limits=LIMITS)
    assert report.added == 3
    told = {f.path: f.reason for f in report.failed if f.line is None}
    assert told == {f"a.{name}": reason for name, reason in REASONS.items()}
    assert [(f.path, f.line, f.reason) for f in report.failed if f.line] == [
        (f"{name}.loud", 7, "a line") for name in ("a", "b", "z")
    ]


def test_one_process_serves_many_seeds_and_ends_with_them(package: None, tmp_path: Path) -> None:
    path = tmp_path / "a.loud"
    path.write_text("một", "utf-8")
    seed = readers.seed_file(path, "a.loud", limits=LIMITS)
    with Readers() as reading:
        assert len(list(reading.read(seed))) == 2
        process = reading._process
        assert process is not None
        assert len(list(reading.read(seed))) == 2
        assert reading._process is process
    assert process.returncode is not None
