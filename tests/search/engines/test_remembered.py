"""Pages that are asked for again: the same answer at once, and another one after a commit."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from index.documents import Document
from search.engines import newest
from search.engines.remembered import RememberedPages, size_of
from search.engines.whoosh_engine import WhooshEngine
from search.request import SearchRequest
from search.results import SearchResults

from ..conftest import DOCUMENTS, build_index

REQUESTS = (
    SearchRequest("gap go dau xuan"),
    SearchRequest("máy bay", facets=("source", "year")),
    SearchRequest("máy bay", size=1, page=2),
    SearchRequest("máy bay", mode="exact"),
    SearchRequest("qang ninh"),
    SearchRequest(""),
)


def untimed(results: SearchResults) -> SearchResults:
    return replace(results, took_ms=0.0)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    build_index(tmp_path / "index", DOCUMENTS)
    return tmp_path / "index"


def test_an_answer_is_the_same_again_and_none_is_mistaken_for_another(index: Path) -> None:
    plain, remembering = WhooshEngine(index), WhooshEngine(index, page_bytes=1 << 20)
    for _ in range(2):
        for request in REQUESTS:
            assert untimed(remembering.search(request)) == untimed(plain.search(request))
    assert remembering.stats()["page_hits"] == len(REQUESTS)
    assert plain.stats()["page_hits"] == 0


def test_a_commit_makes_all_pages_forgotten(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(newest, "CHECK_SECONDS", 0.0)
    engine = WhooshEngine(index, page_bytes=1 << 20)
    request = SearchRequest("bão lụt")
    assert engine.search(request).total == 0
    store = build_index(index, [*DOCUMENTS, Document("storm", "Bão lụt", "Bão đổ bộ.")])
    assert engine.search(request).total == 1
    assert engine.stats()["page_bytes"] < 2 * size_of(engine.search(request)) + 1_000
    engine.close()
    assert store.generation() > 0


def test_what_was_cut_short_is_not_kept() -> None:
    pages = RememberedPages(1 << 20)
    request = SearchRequest("a")
    results = SearchResults("a", 1, 0.1, 1, 10, 1, partial=True)
    pages.put("1", request, results)
    assert pages.get("1", request) is None
    pages.put("1", request, replace(results, partial=False))
    assert pages.get("1", request) is not None
    assert pages.get("2", request) is None


def test_memory_is_bounded(index: Path) -> None:
    limit = 20_000
    pages, results = RememberedPages(limit), WhooshEngine(index).search(SearchRequest("máy bay"))
    for number in range(500):
        pages.put("1", SearchRequest(f"máy bay {number}"), results)
        assert pages.stats().bytes <= limit
    assert pages.get("1", SearchRequest("máy bay 499")) is not None
    assert pages.get("1", SearchRequest("máy bay 0")) is None
    none = RememberedPages(0)
    none.put("1", SearchRequest("a"), results)
    assert none.get("1", SearchRequest("a")) is None


def test_the_size_of_a_page_is_not_made_too_small(index: Path) -> None:
    results = WhooshEngine(index).search(SearchRequest("máy bay"))
    texts = [text for hit in results.hits for text in (hit.title, *hit.highlights.snippets)]
    assert texts
    assert size_of(results) > sum(map(sys.getsizeof, texts))
