"""An index of a few documents, made once for all tests that only read it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from index.documents import Document
from index.store import IndexStore
from search.engines.whoosh_engine import WhooshEngine

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


@pytest.fixture(scope="session")
def index_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("index")
    build_index(folder, DOCUMENTS)
    return folder


@pytest.fixture(scope="session")
def engine(index_dir: Path) -> Iterator[WhooshEngine]:
    engine = WhooshEngine(index_dir)
    yield engine
    engine.close()
