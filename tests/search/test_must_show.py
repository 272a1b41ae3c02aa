"""What a visitor must see on the project's own seeds, from file to hit."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.store import IndexStore
from index.sync import sync
from search.engine import SearchEngine
from search.engines.whoosh_engine import WhooshEngine
from search.request import Mode, RequestError, SearchRequest
from search.results import Hit
from tests.search.conftest import KINDS, synced_cluster

SEEDS = Path(__file__).parents[2] / "seeds"
ARTICLE = "004_4ef29a01ff71ed4f"
LEAD = "000_3772e8170c534e90#"


@pytest.fixture(scope="module", params=KINDS)
def seeds_engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SearchEngine]:
    engine: SearchEngine
    if request.param == "whoosh":
        folder = tmp_path_factory.mktemp("seeds-index")
        report = sync(SEEDS, IndexStore(folder), processes=1)
        engine = WhooshEngine(folder)
    else:
        engine, report = synced_cluster(SEEDS)
    assert not report.failed
    yield engine
    engine.close()


def hits(engine: SearchEngine, query: str, mode: Mode = "auto") -> list[Hit]:
    return list(engine.search(SearchRequest(query, size=20, mode=mode)).hits)


def ids(engine: SearchEngine, query: str, mode: Mode = "auto") -> list[str]:
    return [hit.id for hit in hits(engine, query, mode)]


def text(engine: SearchEngine, document_id: str) -> str:
    document = engine.document(document_id)
    assert document is not None
    return document.text


def test_all_documents_of_both_seeds_are_there(seeds_engine: SearchEngine) -> None:
    assert seeds_engine.stats()["documents"] == 15


@pytest.mark.parametrize("query", ["máy bay rơi", "may bay roi", "Máy Bay RƠI"])
def test_the_plane_that_fell(seeds_engine: SearchEngine, query: str) -> None:
    assert ids(seeds_engine, query)[0] == f"{LEAD}2"


def test_meetings_of_2025_come_first(seeds_engine: SearchEngine) -> None:
    first = ids(seeds_engine, "gap go dau xuan 2025")[:5]
    assert len(first) == 5
    assert set(first) <= {f"{LEAD}{n}" for n in (3, 5, 8, 10, 12, 13, 14)}
    assert all("2025" in text(seeds_engine, document_id) for document_id in first)


@pytest.mark.parametrize("query", ['"kết nghĩa cụm dân cư"', '"ket nghia cum dan cu"'])
def test_a_phrase_finds_only_what_holds_it(seeds_engine: SearchEngine, query: str) -> None:
    assert ids(seeds_engine, query) == [f"{LEAD}6"]


def test_a_quotation(seeds_engine: SearchEngine) -> None:
    assert ids(seeds_engine, "quoc sach hang dau")[0] == f"{LEAD}7"


@pytest.mark.parametrize("query", ["cửa khẩu Tà Lùng", 'author:"Trần Kế"', "tran ke", "TRẦN KẾ"])
def test_the_article(seeds_engine: SearchEngine, query: str) -> None:
    assert ids(seeds_engine, query)[0] == ARTICLE


def test_what_is_excluded_does_not_come(seeds_engine: SearchEngine) -> None:
    found = ids(seeds_engine, 'Quảng Ninh -"Hà Giang"')
    assert found
    for document_id in found:
        assert "hà giang" not in text(seeds_engine, document_id).lower()


def test_in_exact_mode_marks_are_needed(seeds_engine: SearchEngine) -> None:
    assert ids(seeds_engine, "hoi nghi", "exact") == []
    assert ids(seeds_engine, "hội nghị", "exact")


def test_capitals_and_decomposed_letters_make_no_difference(seeds_engine: SearchEngine) -> None:
    plain = ids(seeds_engine, "gặp gỡ đầu xuân")
    assert plain
    assert ids(seeds_engine, "GẶP GỠ ĐẦU XUÂN") == plain
    assert ids(seeds_engine, unicodedata.normalize("NFD", "gặp gỡ đầu xuân")) == plain
    assert ids(seeds_engine, unicodedata.normalize("NFD", "GẶP GỠ ĐẦU XUÂN")) == plain


def test_every_hit_shows_why_it_was_found(seeds_engine: SearchEngine) -> None:
    for query in ("gặp gỡ đầu xuân", "gap go dau xuan", "hội nghị"):
        for hit in hits(seeds_engine, query):
            assert "<mark" in hit.highlights.title + "".join(hit.highlights.snippets)
            assert hit.title


@pytest.mark.parametrize(
    "query",
    ['"', "((", "-", "*", "title:", "a" * 1000, "🌸", "\0", '-"', "OR", "date:..", "a*" * 400],
)
@pytest.mark.parametrize("mode", ["auto", "exact", "raw"])
def test_nothing_breaks_it(seeds_engine: SearchEngine, query: str, mode: Mode) -> None:
    assert seeds_engine.search(SearchRequest(query, mode=mode)).total >= 0


def test_too_long_a_query_is_refused(seeds_engine: SearchEngine) -> None:
    with pytest.raises(RequestError):
        SearchRequest("a" * 1001)
