"""Abbreviations are found by what they stand for and the other way round, and words run together
or torn apart as what they are; less than what was typed counts, and not at all in other modes."""

from __future__ import annotations

import pytest

from index.documents import Document
from search.engine import SearchEngine
from search.request import Mode, SearchRequest
from tests.search.conftest import MakeEngine

DEFINED = "Hợp tác xã vận tải (HTXVT) Vạn Phúc họp. Khách đi xe của HTXVT."
DOCUMENTS = [
    Document("short", "", "UBND tỉnh Hà Giang họp phiên thường kỳ tháng hai"),
    Document("long", "", "Ủy ban nhân dân tỉnh Hà Giang họp phiên thường kỳ tháng ba"),
    Document("apart", "", "Nhân dân tỉnh Hà Giang và ủy ban phòng chống lụt bão họp"),
    Document("defined", "", DEFINED),
    Document("defined too", "", DEFINED + " Thêm một tin."),
    Document("abbreviated", "", "Xe của HTXVT đã đến bến."),
    Document("spelt out", "", "Xe của hợp tác xã vận tải đã về."),
    Document("plain", "", "Đường không phải của riêng ai, nghiêng về một phía."),
]


@pytest.fixture(scope="module")
def engine(make_engine: MakeEngine) -> SearchEngine:
    return make_engine(DOCUMENTS)


def ids(engine: SearchEngine, query: str, mode: Mode = "auto") -> list[str]:
    return [hit.id for hit in engine.search(SearchRequest(query, mode=mode)).hits]


@pytest.mark.parametrize(
    ("query", "first", "second"),
    [
        ("UBND tỉnh Hà Giang", "short", "long"),
        ("ubnd tinh", "short", "long"),
        ("ủy ban nhân dân tỉnh", "long", "short"),
        ("uy ban nhan dan tinh", "long", "short"),
        ("xe HTXVT", "abbreviated", "spelt out"),
        ("xe hợp tác xã vận tải", "spelt out", "abbreviated"),
    ],
)
def test_both_ways(engine: SearchEngine, query: str, first: str, second: str) -> None:
    found = [id for id in ids(engine, query) if not id.startswith("defined")]
    assert found[0] == first
    assert second in found


def test_a_name_is_more_than_its_syllables(engine: SearchEngine) -> None:
    assert "apart" not in ids(engine, "UBND tỉnh")


def test_both_forms_are_marked(engine: SearchEngine) -> None:
    hits = {hit.id: hit for hit in engine.search(SearchRequest("UBND tỉnh")).hits}
    assert "<mark>UBND tỉnh</mark>" in hits["short"].highlights.snippets[0]
    assert "<mark>Ủy ban nhân dân tỉnh</mark>" in hits["long"].highlights.snippets[0]


@pytest.mark.parametrize("mode", ["raw", "exact"])
def test_only_in_mode_auto(engine: SearchEngine, mode: Mode) -> None:
    assert ids(engine, "UBND tỉnh", mode) == ["short"]


def test_phrases_and_exclusions_are_meant_as_they_stand(engine: SearchEngine) -> None:
    assert ids(engine, '"UBND"') == ["short"]
    assert "long" in ids(engine, "tỉnh -UBND")


@pytest.mark.parametrize("query", ["khôngphải", "khongphai", "nghi êng về"])
def test_spaces_forgotten_or_added(engine: SearchEngine, query: str) -> None:
    assert ids(engine, query) == ["plain"]


def test_an_acronym_is_shown_as_typed_and_case_does_not_matter(engine: SearchEngine) -> None:
    assert engine.search(SearchRequest("UBND tinh Ha Giang")).interpretation == "UBND tỉnh Hà Giang"
    found = ids(engine, "UBND tinh Ha Giang")
    assert found == ids(engine, "ubnd tinh ha giang") == ids(engine, "UBND TINH HA GIANG")
