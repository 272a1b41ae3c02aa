"""A server of this version over an index of another: it answers as soon as it can, and mends it."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from index import making
from index.store import IndexStore
from index.sync import sync

from ..conftest import Server, StartServer

SECONDS = 30


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "a.txt").write_text("Gặp gỡ đầu xuân\nMáy bay rơi\n", "utf-8")
    return folder


def health(server: Server) -> tuple[int, int]:
    """Documents and commit that it answers from."""
    status, body = server.get("/health")
    assert status == 200, body
    answer = json.loads(body)
    return answer["documents"], answer["generation"]


def made_by(monkeypatch: pytest.MonkeyPatch, seeds: Path, index: Path, **other: object) -> None:
    """An index that another version made."""
    with monkeypatch.context() as patch:
        current = making.current() | other
        patch.setattr(making, "current", lambda: current)
        patch.setattr(making, "check_readable", lambda meta, path: None)
        sync(seeds, IndexStore(index), processes=1)


def test_what_cannot_be_read_is_made_anew_before_anything_is_served(
    tmp_path: Path, seeds: Path, start_server: StartServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_by(monkeypatch, seeds, tmp_path / "index", schema_version=making.OLDEST_READABLE - 1)
    server = start_server(seeds, index=tmp_path / "index")
    assert health(server) == (2, 2)
    assert "older version" in server.log.read_text()


def test_what_can_be_read_answers_while_it_is_made_anew(
    tmp_path: Path, seeds: Path, start_server: StartServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_by(monkeypatch, seeds, tmp_path / "index", analysis="another")
    server = start_server(seeds, "--watch", index=tmp_path / "index")
    generations = []
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and generations[-1:] != [2]:
        documents, generation = health(server)
        assert documents == 2
        generations.append(generation)
        time.sleep(0.05)
    assert generations[-1] == 2
    assert not IndexStore(tmp_path / "index").snapshot().is_outdated
