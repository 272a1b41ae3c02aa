"""Nodes that die and a cluster that is away: nobody notices, or is told so at once."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from index.cluster.address import parse
from index.cluster.store import ClusterStore
from index.documents import Document
from index.sync import sync
from search.engines.opensearch import OpenSearchEngine
from search.request import SearchRequest
from tests.cluster.nodes import LocalCluster
from tests.cluster.running import FOLDER, cluster_at, new_address, new_cluster
from tests.cluster.wires import Wire
from web.app import create_app
from web.settings import Settings

DOCUMENTS = 400
VICTIM = 1
"""The node that is killed."""


@pytest.fixture
def nodes() -> Iterator[LocalCluster]:
    """The nodes that the tests run with; all of them are there again afterwards."""
    folder = os.environ.get(FOLDER)
    if not folder:
        pytest.skip("needs nodes that it may kill: scripts/cluster-test starts some")
    nodes = LocalCluster.attached(Path(folder))
    yield nodes
    nodes.start_apart(VICTIM)
    nodes.wait()


def documents(count: int = DOCUMENTS) -> Iterator[Document]:
    for number in range(count):
        yield Document(f"d{number}", f"Tin số {number}", f"Gặp gỡ đầu xuân lần {number}. " * 40)


def test_a_node_that_dies_fails_no_search(nodes: LocalCluster) -> None:
    cluster = new_cluster()
    with ClusterStore(cluster).transaction(rebuild=True, processes=1) as change:
        change.add(documents())
        change.commit()
    nodes.wait()  # until both copies of each shard are there
    engine = OpenSearchEngine(cluster)
    failures: list[object] = []
    done = [0] * 4
    stop = threading.Event()

    def search(own: int) -> None:
        while not stop.is_set():
            try:
                results = engine.search(SearchRequest("gặp gỡ đầu xuân", group=False))
                if results.total != DOCUMENTS:
                    failures.append(results.total)
                done[own] += 1
            except Exception as error:
                failures.append(error)

    threads = [threading.Thread(target=search, args=(own,)) for own in range(len(done))]
    for thread in threads:
        thread.start()
    _until(lambda: min(done) > 3)
    nodes.kill(VICTIM)
    before = sum(done)
    time.sleep(5)
    _until(lambda: sum(done) > before + 20 or bool(failures))
    stop.set()
    for thread in threads:
        thread.join()
    engine.close()
    assert not failures


def test_a_node_that_dies_loses_no_document(nodes: LocalCluster) -> None:
    cluster = new_cluster()
    store = ClusterStore(cluster)
    store.create()
    nodes.wait()
    many = 8_000
    killed = threading.Event()

    def stream() -> Iterator[Document]:
        for number, document in enumerate(documents(many)):
            if number == many // 2:
                nodes.kill(VICTIM)
                killed.set()
            yield document

    with store.transaction(processes=1) as change:
        assert change.add(stream()) == many
        change.commit()
    assert killed.is_set()
    expected = {document.id: document.digest() for document in documents(many)}
    assert {id: digest for id, _, digest in ClusterStore(cluster).snapshot().docs()} == expected


def test_a_cluster_that_is_away_is_told_of_at_once_and_found_again(
    seeds: Path, tmp_path: Path
) -> None:
    wire = Wire(cluster_at().split(",")[0])
    wire.mend()
    address = f"opensearch://127.0.0.1:{wire.port}/{new_address().rpartition('/')[2]}"
    assert sync(seeds, ClusterStore(parse(address))).added == 3
    client = create_app(Settings(seeds=tmp_path, engine=address)).test_client()
    assert _search(client) == (200, 3)
    assert client.get("/health").json["documents"] == 3
    wire.cut()
    for path in ("/search?q=ha+giang", "/health", "/suggest?q=ha", "/documents/a", "/status"):
        started = time.monotonic()
        response = client.get(path, headers={"Accept": "application/json"})
        assert response.status_code == 503, path
        assert response.mimetype == "application/problem+json"
        assert response.json["type"] == "urn:timtin:problem:cluster-unavailable"
        assert time.monotonic() - started < 10
    wire.mend()
    assert _search(client) == (200, 3)
    assert client.get("/health").status_code == 200
    wire.cut()


def test_a_server_may_start_before_its_cluster(tmp_path: Path, start_server, seeds: Path) -> None:
    wire = Wire(cluster_at().split(",")[0])
    address = f"opensearch://127.0.0.1:{wire.port}/{new_address().rpartition('/')[2]}"
    server = start_server(tmp_path / "none", TIMTIN_ENGINE=address)
    assert server.get("/health")[0] == 503
    wire.mend()
    _until(lambda: "no-index" in server.get("/health")[1])
    sync(seeds, ClusterStore(parse(address)))
    _until(lambda: server.get("/health")[0] == 200)
    assert server.get("/search?q=ha+giang")[0] == 200
    server.stop()
    wire.cut()


def _search(client: FlaskClient) -> tuple[int, int]:
    response = client.get("/search?q=ha+giang")
    return response.status_code, response.json["total"]


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 180
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)
