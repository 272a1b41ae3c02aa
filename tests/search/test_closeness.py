"""The first hits are those that have the words of the query close together, besides the rest."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.documents import Document
from search.closeness import FIRST, WINDOWS, closeness
from search.engine import SearchEngine
from search.highlight import highlight
from search.occurrences import HighlightSpec, Needle, Stem
from search.request import SearchRequest

from .conftest import MakeEngine

FILLER = ["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"]


def needle(key: str) -> Needle:
    return Needle((Stem((key,), (key,)),))


def naive(words: list[str], weights: dict[str, float]) -> float:
    """Every window tried."""
    return sum(
        share
        * max(
            sum(weights.get(word, 0.0) for word in set(words[first : first + length]))
            for first in range(len(words))
        )
        for length, share in WINDOWS.items()
    )


TEXTS = st.lists(
    st.lists(st.sampled_from(["a", "b", "c", *FILLER[:3]]), min_size=1, max_size=150),
    min_size=1,
    max_size=4,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(TEXTS)
def test_the_best_windows_are_found(loops: None, texts: list[list[str]]) -> None:
    weights = {"a": 3.0, "b": 1.5, "c": 0.25}
    spec = HighlightSpec(tuple(map(needle, weights)), weights=tuple(weights.values()))
    page = highlight(spec, [" ".join(words) for words in texts], [0] * len(texts))
    assert closeness(page) == pytest.approx([naive(words, weights) for words in texts])


def apart(*words: str) -> str:
    """The words with a hundred others between each two."""
    return f" {' '.join(FILLER * 10)} ".join(words)


@pytest.fixture(scope="module")
def engine(make_engine: MakeEngine) -> SearchEngine:
    far = [Document(f"far{n}", "", apart("đập", "thủy", "điện")) for n in range(6)]
    near = [Document("near", "", apart("đập", "điện", "đập điện thủy lợi"))]
    other = [Document(f"other{n}", "", apart("đập", "nước")) for n in range(12)]
    return make_engine([*far, *near, *other])


def ids(engine: SearchEngine, request: SearchRequest) -> list[str]:
    return [hit.id for hit in engine.search(request).hits]


ASKED = SearchRequest("điện thủy đập", group=False)


def test_words_close_together_come_first(engine: SearchEngine) -> None:
    assert ids(engine, ASKED)[0] == "near"
    assert ids(engine, replace(ASKED, size=1)) == ["near"]


def test_pages_of_any_size_are_of_one_order(engine: SearchEngine) -> None:
    request = SearchRequest("đập", group=False)
    whole = ids(engine, replace(request, size=100))
    assert len(whole) == 19 > FIRST
    for size in (1, 3, 4, 7, 10, 11):
        pages = [
            ids(engine, replace(request, size=size, page=page))
            for page in range(1, -(-len(whole) // size) + 1)
        ]
        assert [id for page in pages for id in page] == whole, size


def test_scores_fall_and_are_explained(engine: SearchEngine) -> None:
    hits = engine.search(replace(ASKED, size=20)).hits
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        explanation = engine.explain(ASKED, hit.id)
        assert explanation
        assert explanation.score == pytest.approx(hit.score)
        leaves = {leaf.kind: leaf.score for leaf in explanation.part.leaves()}
        assert "closeness" in leaves
        assert sum(leaf.score for leaf in explanation.part.leaves()) == pytest.approx(hit.score)


def test_by_date_it_does_not_matter(engine: SearchEngine) -> None:
    hits = engine.search(replace(ASKED, sort="date")).hits
    assert all(hit.score < engine.search(ASKED).hits[-1].score for hit in hits if hit.id != "near")


def test_one_word_is_close_to_itself(engine: SearchEngine) -> None:
    explanation = engine.explain(SearchRequest("nước"), "other0")
    assert explanation
    assert "closeness" not in {leaf.kind for leaf in explanation.part.leaves()}
