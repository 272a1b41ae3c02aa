"""Seeds and the index of a cluster kept in step, as on one machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from index.cluster import commits
from index.cluster.address import Cluster, parse
from index.cluster.connection import Connection
from index.cluster.store import ClusterStore
from index.documents import Document
from index.errors import IndexLockedError
from index.sync import sync
from index.sync.report import SyncReport
from index.sync.watch import watch
from search.engines.opensearch import OpenSearchEngine
from search.request import SearchRequest
from tests.cluster.conftest import write
from tests.cluster.running import new_address, new_cluster

ROOT = Path(__file__).parents[2]
KILLED = """
import os, signal, sys
from index.cluster import lease
from index.cluster.address import parse
from index.cluster.store import ClusterStore
from index.documents import Document

lease.LEASE_SECONDS = 1.0
change = ClusterStore(parse(sys.argv[1])).transaction()
change.delete(["a"])
change.add(Document(f"d{n}", "", f"Tin số {n} " * 60) for n in range(6000))
os.kill(os.getpid(), signal.SIGKILL)
"""
"""A writer that dies after most of its documents were sent."""


def ids(cluster: Cluster, query: str = "hà giang") -> set[str]:
    engine = OpenSearchEngine(cluster)
    try:
        found = engine.search(SearchRequest(query, size=100, group=False))
        return {hit.id for hit in found.hits}
    finally:
        engine.close()


def counts(report: SyncReport) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.deleted, report.unchanged


def test_what_was_added_changed_and_deleted(seeds: Path) -> None:
    cluster = new_cluster()
    store = ClusterStore(cluster)
    first = sync(seeds, store)
    assert counts(first) == (3, 0, 0, 0)
    assert first.committed
    assert ids(cluster) == {"a", "b", "c"}
    again = sync(seeds, store)
    assert counts(again) == (0, 0, 0, 3)
    assert not again.committed
    assert again.generation == first.generation
    (seeds / "a.txt").unlink()
    write(seeds, "b", "Hội nghị")
    write(seeds, "d", "Đường mới")
    (seeds / "c.txt").write_bytes(b"\xff\x00\xff\x00\x81" * 9)
    third = sync(seeds, ClusterStore(cluster))
    assert (third.added, third.changed, third.deleted) == (1, 1, 1)
    assert [failure.path for failure in third.failed] == ["c.txt"]
    assert third.generation == first.generation + 1
    assert ids(cluster) == {"b", "c", "d"}, "the last good version of c stays"
    assert ids(cluster, "hội nghị") == {"b"}


def test_an_index_made_anew_takes_the_place_of_the_old_one_at_once(seeds: Path) -> None:
    cluster = new_cluster()
    store = ClusterStore(cluster)
    sync(seeds, store)
    connection = Connection(cluster)
    old = commits.newest(connection)
    engine = OpenSearchEngine(cluster)
    failures: list[object] = []
    stop = threading.Event()

    def search() -> None:
        while not stop.is_set():
            try:
                if engine.search(SearchRequest("hà giang")).total != 3:
                    failures.append("not all of them")
            except Exception as error:
                failures.append(error)

    thread = threading.Thread(target=search)
    thread.start()
    report = sync(seeds, store, rebuild=True)
    time.sleep(0.5)
    stop.set()
    thread.join()
    new = commits.newest(connection)
    assert not failures
    assert report.generation == new.generation == old.generation + 1
    assert new.index != old.index
    left = connection.client.indices.get(index=f"{cluster.index}-*")
    assert set(left) == {new.index, f"{cluster.index}-state"}
    engine.close()


def test_of_two_writers_one_wins_and_the_other_says_so(seeds: Path) -> None:
    cluster = new_cluster()
    ClusterStore(cluster).create()
    with ClusterStore(cluster).transaction() as change:
        with pytest.raises(IndexLockedError, match=rf"pid {os.getpid()} on .* writes"):
            sync(seeds, ClusterStore(cluster))
        change.add([Document("mine", "", "Tin ở Hà Giang")])
        change.commit()
    assert ids(cluster) == {"mine"}
    assert counts(sync(seeds, ClusterStore(cluster))) == (3, 0, 1, 0)


def test_a_writer_that_dies_is_followed_by_the_next(seeds: Path) -> None:
    address = new_address()
    cluster = parse(address)
    sync(seeds, ClusterStore(cluster))
    line = [sys.executable, "-c", KILLED, address]
    died = subprocess.run(line, cwd=ROOT, timeout=120, check=False)
    assert died.returncode == -signal.SIGKILL
    assert ids(cluster) == {"a", "b", "c"}, "nothing is shown before a commit"
    time.sleep(1.5)
    report = sync(seeds, ClusterStore(cluster))
    assert report.deleted > 0
    assert ids(cluster) == {"a", "b", "c"}
    assert [id for id, _, _ in ClusterStore(cluster).snapshot().docs()] == ["a", "b", "c"]


def test_a_change_that_is_given_up_is_put_right(seeds: Path) -> None:
    cluster = new_cluster()
    store = ClusterStore(cluster)
    sync(seeds, store)
    with store.transaction() as change:
        change.delete(["a"])
        change.add([Document("half", "", "Nửa chừng ở Hà Giang")])
    assert ids(cluster) == {"a", "b", "c"}
    assert counts(sync(seeds, store)) == (0, 0, 0, 3)


def test_a_new_seed_shows_while_the_folder_is_watched(seeds: Path) -> None:
    cluster = new_cluster()
    reports: list[SyncReport] = []
    stop = threading.Event()
    line = (seeds, ClusterStore(cluster), reports.append, stop)
    watcher = threading.Thread(target=watch, args=line)
    watcher.start()
    try:
        _until(lambda: len(reports) == 1)
        engine = OpenSearchEngine(cluster)
        assert engine.search(SearchRequest("hà giang")).total == 3
        write(seeds, "new", "Cầu mới")
        _until(lambda: engine.search(SearchRequest("cầu mới hà giang")).hits[0].id == "new")
        engine.close()
    finally:
        stop.set()
        watcher.join()


def test_ids_and_texts_of_any_kind_come_back_as_they_went(seeds: Path) -> None:
    odd = [
        Document("x" * 600, "Dài", "Tên rất dài ở Hà Giang"),
        Document("https://example.org/a?b=c#d", "", "Một địa chỉ ở Hà Giang " + "chữ" * 400),
        Document("khoảng trắng / và ấy", "", "Ở Hà Giang", source="  Hà   Giang ", path="a/b.txt"),
        Document("_id", "", "", date="1945-09-02"),
    ]
    cluster = new_cluster()
    store = ClusterStore(cluster)
    with store.transaction(rebuild=True) as change:
        change.add(odd)
        change.commit()
    assert {id: digest for id, _, digest in store.snapshot().docs()} == {
        document.id: document.digest() for document in odd
    }
    engine = OpenSearchEngine(cluster)
    for document in odd:
        assert engine.document(document.id) == document
    assert engine.search(SearchRequest("hà giang", sources=("ha giang",))).total == 1
    engine.close()


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)
