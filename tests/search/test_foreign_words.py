"""A foreign name or an abbreviation is one term, and counts like the two syllables of a word."""

from __future__ import annotations

import pytest

from index.documents import Document
from search.engine import SearchEngine
from search.request import Mode, SearchRequest

from .conftest import MakeEngine

OTHERS = (
    "Mùa lúa chín vàng trên ruộng bậc thang của người dân vùng cao.",
    "Đội tuyển bước vào trận đấu quyết định tối nay trên sân nhà.",
    "Trường học mở cửa đón học sinh trở lại sau kỳ nghỉ lễ dài.",
)


@pytest.fixture(scope="module")
def engine(make_engine: MakeEngine) -> SearchEngine:
    verb = "Mũi tên biểu thị hướng gió của vùng trên bản đồ."
    documents = [
        Document("name", "", "Merdeka là nơi làm lễ độc lập hằng năm của cả nước."),
        Document("short", "", "Trụ sở UBND nằm ở phố chính, cạnh chợ và bến xe của huyện."),
        *(Document(f"verb{n}", "", verb) for n in range(6)),
        *(Document(f"other{n}", "", OTHERS[n % 3]) for n in range(30)),
    ]
    return make_engine(documents)


@pytest.mark.parametrize("mode", ["auto", "raw"])
@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("Merdeka biểu thị cho lòng tin của ai", "name"),
        ("UBND biểu thị cho lòng tin của ai", "short"),
        ("merdeka bieu thi cho long tin cua ai", "name"),
        ("biểu thị cho lòng tin của bản đồ", "verb0"),
    ],
)
def test_it_leads_before_a_word_of_two(
    engine: SearchEngine, query: str, first: str, mode: Mode
) -> None:
    assert engine.search(SearchRequest(query, mode=mode, group=False)).hits[0].id == first


def test_the_parts_of_the_score_say_so(engine: SearchEngine) -> None:
    request = SearchRequest("Merdeka biểu thị cho lòng tin của ai")
    explanation = engine.explain(request, "name")
    assert explanation
    assert explanation.score == pytest.approx(engine.search(request).hits[0].score)
