"""`sort=fresh`: of texts that match alike the newer comes first; a better match may be older."""

from __future__ import annotations

import pytest

from index.documents import Document
from search.engine import SearchEngine
from search.request import SearchRequest, Sort
from tests.search.conftest import MakeEngine

TEXT = "Lũ quét ở huyện vùng cao làm sập nhiều nhà dân"
DOCUMENTS = [
    Document("old", "", TEXT, date="2020-06-01"),
    Document("last year", "", TEXT, date="2024-03-01"),
    Document("last month", "", TEXT, date="2025-02-03"),
    Document("new", "", TEXT, date="2025-02-20"),
    Document("undated", "", TEXT),
    Document("best", "Lũ quét ở huyện vùng cao", TEXT, date="2020-06-01"),
    Document("other", "", "Giá vàng tăng, huyện họp bàn", date="2025-02-21"),
]


@pytest.fixture(scope="module")
def engine(make_engine: MakeEngine) -> SearchEngine:
    return make_engine(DOCUMENTS)


def ids(engine: SearchEngine, sort: Sort, query: str = "lũ quét vùng cao") -> list[str]:
    return [hit.id for hit in engine.search(SearchRequest(query, sort=sort, group=False)).hits]


def test_newer_texts_come_first_among_equals(engine: SearchEngine) -> None:
    found = [id for id in ids(engine, "fresh") if id != "best"]
    assert found[:3] == ["new", "last month", "last year"]
    assert set(found[3:]) == {"old", "undated"}


def test_nothing_is_found_or_lost_by_it(engine: SearchEngine) -> None:
    assert set(ids(engine, "fresh")) == set(ids(engine, "relevance")) == set(ids(engine, "date"))


def test_what_matches_better_may_be_older(engine: SearchEngine) -> None:
    assert ids(engine, "relevance")[0] == "best"
    found = ids(engine, "fresh", "lũ quét huyện")
    assert found.index("new") < found.index("old")
    assert found.index("best") < found.index("old")


def test_an_index_without_dates_is_as_by_relevance(make_engine: MakeEngine) -> None:
    engine = make_engine([Document("a", "", TEXT), Document("b", "Lũ quét", TEXT)])
    assert ids(engine, "fresh") == ids(engine, "relevance")


def test_its_scores_are_explained(engine: SearchEngine) -> None:
    request = SearchRequest("lũ quét vùng cao", sort="fresh", group=False)
    for hit in engine.search(request).hits:
        explanation = engine.explain(request, hit.id)
        assert explanation is not None
        assert explanation.score == pytest.approx(hit.score)
