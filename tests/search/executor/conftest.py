"""An index of our own codec with several segments and deletions, beside the same in stock Whoosh.

The stock reader of `snapshot.whoosh_reader()` runs on the same files: the oracle of these tests.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from whoosh.query import Query
from whoosh.searching import Searcher

from index.documents import Document
from index.snapshot import Snapshot
from index.store import IndexStore
from search.ranking import WEIGHTING

from .stock import repaired
from .strategies import SYLLABLES

SOURCES = ("Báo Hà Giang", "VnExpress", None)


def make_documents(count: int, seed: int, name: str) -> list[Document]:
    rng = random.Random(seed)
    words = (*SYLLABLES, *(f"chữ{number}" for number in range(40)), "Hà-Giang", "HOÀ", "hòa")

    def text(longest: int) -> str:
        return " ".join(rng.choices(words, k=rng.randint(0, longest)))

    return [
        Document(
            id=f"{name}{number}",
            title=text(6),
            body=text(60),
            source=rng.choice(SOURCES),
            date=rng.choice((None, f"2025-0{rng.randint(1, 9)}-1{rng.randint(0, 9)}")),
            path=f"{name}.txt",
        )
        for number in range(count)
    ]


def fill(store: IndexStore, batches: list[list[Document]], deleted: list[str]) -> None:
    """One segment for each batch, and documents deleted from them."""
    with patch("index.transaction.choose_merge", lambda sizes: []):
        for batch in batches:
            with store.transaction(processes=1) as change:
                change.add(batch)
                change.commit()
        with store.transaction(processes=1) as change:
            change.delete(deleted)
            change.commit()


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Three segments of 300, 40 and 7 documents, each with some deleted."""
    store = IndexStore(Path(tmp_path_factory.mktemp("executor")) / "index")
    batches = [make_documents(count, count, f"s{count}-") for count in (300, 40, 7)]
    fill(store, batches, [f"s{count}-{at}" for count in (300, 40, 7) for at in range(0, count, 5)])
    return store.snapshot()


@pytest.fixture(scope="session")
def whoosh(snapshot: Snapshot) -> Any:
    """Answers of stock Whoosh over the snapshot's own files: (document, score), best first."""
    reader = snapshot.whoosh_reader()

    def answers(query: Query) -> list[tuple[int, float]]:
        with repaired():
            searcher = Searcher(reader, weighting=WEIGHTING.whoosh(), closereader=False)
            return [(hit.docnum, hit.score) for hit in searcher.search(query, limit=None)]

    return answers
