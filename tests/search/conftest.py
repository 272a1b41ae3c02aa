"""An index of a few documents, made once for all tests that only read it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from index.documents import Document
from index.store import IndexStore
from index.sync import sync
from index.sync.report import SyncReport
from index.sync.target import FolderTarget, Target
from search.engine import SearchEngine
from search.engines.whoosh_engine import WhooshEngine
from tests.cluster.running import cluster_at, new_cluster

KINDS = ("whoosh", "opensearch") if cluster_at() else ("whoosh",)
"""The engines that every behaviour is tested with."""

MakeEngine = Callable[..., SearchEngine]


def cluster_engine(*commits: Iterable[Document]) -> SearchEngine:
    """An engine over a new index of the cluster that the tests run with."""
    from index.cluster.store import ClusterStore
    from search.engines.opensearch import OpenSearchEngine

    cluster = new_cluster()
    fill(ClusterStore(cluster), *commits)
    return OpenSearchEngine(cluster)


def synced_cluster(seeds: Path) -> tuple[SearchEngine, SyncReport]:
    """An engine over a new index of that cluster, brought up to date with a folder of seeds."""
    from index.cluster.store import ClusterStore
    from search.engines.opensearch import OpenSearchEngine

    cluster = new_cluster()
    report = sync(seeds, ClusterStore(cluster), processes=1)
    return OpenSearchEngine(cluster), report


DOCUMENTS = (
    Document(
        "crash",
        "Máy bay rơi ở miền Nam",
        "Chiếc máy bay chở 132 người rơi xuống vùng đồi núi.\nKhông còn ai sống sót.",
        author="Trần Kế",
        source="VnExpress",
        url="https://example.org/crash",
        date="2022-03-21",
        path="news/crash.txt",
    ),
    Document(
        "meeting#1",
        "",
        "Chương trình Gặp gỡ đầu xuân 2025 tại Quảng Ninh, Hà Giang và <Quảng Tây> & nơi khác.",
        source="Hà Giang",
        date="2025-02-19",
        path="meeting.txt",
    ),
    Document(
        "meeting#2",
        "",
        "Gặp gỡ đầu xuân năm 2023 tại Quảng Ninh. COVID-19 vẫn còn.",
        source="hà giang",
        date="2023-02-22",
        path="meeting.txt",
    ),
    Document("road", "Con đường mới", "Đường về Quảng Ninh dài hơn.", path="road.txt"),
    Document("duong", "Ông Dương", "Ông Dương họp hội nghị với ông Kỷ ở Hòa Bình.", path="d.txt"),
    Document("decision", "Quyết định 2500/QĐ-BGDĐT", "Ban hành ngày 19-21/2.", path="e.txt"),
)


def fill(target: Target, *commits: Iterable[Document]) -> None:
    """Add documents to an index, one commit for each argument."""
    for number, documents in enumerate(commits):
        with target.transaction(rebuild=not number, timeout=5, processes=1) as change:
            change.add(documents)
            change.commit()


def build_index(folder: Path, documents: Iterable[Document]) -> IndexStore:
    """An index of `documents` in one commit."""
    store = IndexStore(folder)
    with store.transaction(processes=1) as transaction:
        transaction.add(documents)
        transaction.commit()
    return store


@pytest.fixture(scope="session")
def documents() -> tuple[Document, ...]:
    return DOCUMENTS


@pytest.fixture(scope="session")
def build() -> Callable[[Path, Iterable[Document]], IndexStore]:
    return build_index


@pytest.fixture(scope="session", params=KINDS)
def make_engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MakeEngine]:
    """Makes an engine over an index of documents, one commit for each argument: on one machine,
    and, if there is one to test with, in a cluster."""
    made: list[SearchEngine] = []

    def make(*commits: Iterable[Document]) -> SearchEngine:
        if request.param == "whoosh":
            folder = tmp_path_factory.mktemp("index")
            fill(FolderTarget(IndexStore(folder)), *commits)
            made.append(WhooshEngine(folder))
        else:
            made.append(cluster_engine(*commits))
        return made[-1]

    yield make
    for engine in made:
        engine.close()


@pytest.fixture(scope="session")
def index_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("index")
    build_index(folder, DOCUMENTS)
    return folder


@pytest.fixture(scope="session")
def engine(make_engine: MakeEngine) -> SearchEngine:
    return make_engine(DOCUMENTS)
