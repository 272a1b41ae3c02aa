"""An index copied into a cluster and back is the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.cluster.address import parse
from index.cluster.store import ClusterStore
from index.store import IndexStore
from index.sync import sync
from index.sync.target import FolderTarget
from search.engines.opensearch import OpenSearchEngine
from search.engines.whoosh_engine import WhooshEngine
from search.request import SearchRequest
from tests.cluster.running import new_address
from web.cli import main

SEEDS = Path(__file__).parents[2] / "seeds"


def documents(store: IndexStore | ClusterStore) -> dict[str, tuple[str, str]]:
    return {id: (path, digest) for id, path, digest in store.snapshot().docs()}


def test_there_and_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first, last, address = tmp_path / "first", tmp_path / "last", new_address()
    sync(SEEDS, IndexStore(first), processes=1)
    assert main(["migrate", "--index-dir", str(first), "--to", address]) == 0
    assert "copied 15 documents" in capsys.readouterr().out
    cluster = ClusterStore(parse(address))
    assert documents(cluster) == documents(IndexStore(first))
    again = sync(SEEDS, cluster)
    assert not again.committed
    assert again.unchanged == 15
    monkeypatch.setenv("TIMTIN_ENGINE", address)
    for command in (["search", "gap go dau xuan"], ["stats"], ["verify"]):
        assert main(command) == 0
    assert main(["migrate", "--to", str(last)]) == 0
    assert documents(IndexStore(last)) == documents(IndexStore(first))
    assert list(FolderTarget(IndexStore(last)).documents()) == list(
        FolderTarget(IndexStore(first)).documents()
    )
    request = SearchRequest("gặp gỡ đầu xuân 2025", facets=("places", "month"))
    engines = WhooshEngine(first), OpenSearchEngine(parse(address)), WhooshEngine(last)
    pages = [engine.search(request).to_json() for engine in engines]
    for page in pages:
        page.pop("took_ms")
    assert pages[0] == pages[1] == pages[2]


def test_an_index_is_replaced_only_if_told_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = new_address()
    ClusterStore(parse(address)).create()
    sync(SEEDS, IndexStore(tmp_path), processes=1)
    line = ["migrate", "--index-dir", str(tmp_path), "--to", address]
    assert main(line) == 2
    assert "--replace" in capsys.readouterr().err
    assert main([*line, "--replace"]) == 0
    assert len(documents(ClusterStore(parse(address)))) == 15


def test_there_must_be_something_to_copy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["migrate", "--index-dir", str(tmp_path / "none"), "--to", new_address()]) == 2
    assert "no index to copy" in capsys.readouterr().err
