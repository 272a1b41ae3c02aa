"""Explanations agree with the search that they explain."""

from __future__ import annotations

from datetime import date

import pytest

from search.engine import SearchEngine
from search.request import SearchRequest

EVERY = ("crash", "meeting#1", "meeting#2", "road", "duong", "decision")


@pytest.mark.parametrize(
    "query",
    [
        *("gặp gỡ", "gap go dau xuan", '"quảng ninh"', "quảng -covid", "title:đường", "may*"),
        *("máy bay rơi ở quảng ninh hà giang", "covid-19", "date:2025-02", 'author:"trần kế" bay'),
        *("đường OR xuân", "nothing", "-quảng", "…", ""),
    ],
)
@pytest.mark.parametrize("narrowed", [{}, {"sort": "date"}, {"mode": "exact"}])
def test_what_is_found_and_its_score(
    engine: SearchEngine, query: str, narrowed: dict[str, str]
) -> None:
    request = SearchRequest.from_params({"q": query, "group": "0", **narrowed})
    hits = {hit.id: hit.score for hit in engine.search(request).hits}
    for id in EVERY:
        explanation = engine.explain(request, id)
        assert explanation
        assert explanation.found == (id in hits)
        assert explanation.score == pytest.approx(hits.get(id, 0.0), abs=1e-6)
        assert bool(explanation.unmet) == (id not in hits)
        if explanation.found:
            added = sum(leaf.score for leaf in explanation.part.leaves())
            assert added == pytest.approx(explanation.score, abs=1e-6)


def test_there_must_be_such_a_document(engine: SearchEngine) -> None:
    assert engine.explain(SearchRequest("gặp"), "none") is None


@pytest.mark.parametrize(
    ("request_", "id", "reason", "text"),
    [
        (SearchRequest("gặp gỡ", sources=("VnExpress",)), "meeting#1", "filtered", "source"),
        (SearchRequest("gặp gỡ", date_to=date(2024, 1, 1)), "meeting#1", "filtered", "date"),
        (SearchRequest("gặp gỡ", places=("Hòa Bình",)), "meeting#1", "filtered", "place"),
        (SearchRequest("gặp gỡ", names=("Không Ai",)), "meeting#1", "filtered", "name"),
        (SearchRequest("xuân -covid"), "meeting#2", "excluded", "folded:covid"),
        (SearchRequest("gặp gỡ"), "road", "absent", "folded:gap"),
        (SearchRequest("?"), "road", "empty", ""),
    ],
)
def test_why_not(
    engine: SearchEngine, request_: SearchRequest, id: str, reason: str, text: str
) -> None:
    explanation = engine.explain(request_, id)
    assert explanation
    assert (reason, text) in {(one.reason, one.text) for one in explanation.unmet}
    assert not explanation.found
    assert explanation.score == 0


def test_a_looser_search_is_said(engine: SearchEngine) -> None:
    explanation = engine.explain(SearchRequest("máy bay rơi nowhere"), "crash")
    assert explanation
    assert explanation.found
    assert explanation.strictness == "most"
