"""Wire copies of one story: one hit, how many more there are, and all of them when asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from index.documents import Document
from index.store import IndexStore
from search.engine import SearchEngine
from search.engines.whoosh_engine import WhooshEngine
from search.request import SearchRequest
from search.results import SearchResults
from tests.search.conftest import MakeEngine

Build = Callable[[Path, Iterable[Document]], IndexStore]

STORY = """Sáng 21/2, tại thành phố Hạ Long, tỉnh Quảng Ninh chủ trì tổ chức Chương trình Gặp gỡ
đầu Xuân giữa Bí thư Tỉnh ủy các tỉnh Quảng Ninh, Lạng Sơn, Cao Bằng, Hà Giang và Bí thư Khu ủy Khu
tự trị dân tộc Choang Quảng Tây. Tham dự chương trình có đại diện các bộ, ngành và lãnh đạo các địa
phương. Phát biểu tại chương trình, các đại biểu khẳng định quan hệ hợp tác ngày càng đi vào thực
chất, hiệu quả, đạt được nhiều kết quả tích cực trên mọi lĩnh vực."""
OTHER = """Chiếc máy bay chở 132 người rơi xuống vùng đồi núi miền Nam đã gây nên vụ cháy lớn, lực
lượng cứu hộ không tìm được người nào sống sót trong thảm họa hàng không tồi tệ này. Nguyên nhân của
vụ việc đang được điều tra, hai hộp đen đã được tìm thấy và đưa về Quảng Ninh để phân tích."""
ORIGINAL = Document("a", "Gặp gỡ đầu xuân tại Hạ Long", STORY, source="TTXVN", date="2025-02-21")
COPY = Document(
    "b",
    "Năm địa phương hội đàm",
    STORY.replace("Sáng 21/2", "(TTXVN) - Sáng nay"),
    source="Hà Giang",
    date="2025-02-22",
)
LATER = Document("c", "Xuân sau", STORY.replace("21/2", "12/2"), source="TTXVN", date="2026-02-12")
CRASH = Document("d", "Máy bay rơi", OTHER, source="VnExpress", date="2022-03-21")


@pytest.fixture(scope="module")
def engine(make_engine: MakeEngine) -> SearchEngine:
    return make_engine([ORIGINAL, COPY, LATER, CRASH])


def shown(results: SearchResults) -> dict[str, int]:
    return {hit.id: hit.similar for hit in results.hits}


def test_the_best_copy_is_shown_with_how_many_stand_behind_it(engine: SearchEngine) -> None:
    results = engine.search(SearchRequest("lãnh đạo địa phương"))
    assert next(iter(shown(results).items())) == ("b", 1)
    assert results.total == 2  # the other is the meeting of another year
    assert shown(engine.search(SearchRequest("hạ long"))) == {"a": 1, "c": 0}


def test_all_of_them_when_asked(engine: SearchEngine) -> None:
    results = engine.search(SearchRequest.from_params({"q": "quảng ninh", "group": "0"}))
    assert shown(results) == {"a": 0, "b": 0, "c": 0, "d": 0}
    assert results.total == 4


def test_pages_by_date_and_facets(engine: SearchEngine) -> None:
    request = SearchRequest("quảng ninh", sort="date", facets=("source", "year"), size=2)
    first = engine.search(request)
    assert shown(first) == {"c": 0, "b": 1}
    assert (first.total, first.pages) == (3, 2)
    assert shown(engine.search(replace(request, page=2))) == {"d": 0}
    assert [(value.value, value.count) for value in first.facets["source"]] == [
        ("TTXVN", 2),
        ("Hà Giang", 1),
        ("VnExpress", 1),
    ]


def test_filters_choose_among_copies(engine: SearchEngine) -> None:
    assert shown(engine.search(SearchRequest("quảng ninh", sources=("Hà Giang",)))) == {"b": 0}
    assert shown(engine.search(SearchRequest('quảng ninh -"hội đàm"', sources=("TTXVN",)))) == {
        "a": 0,
        "c": 0,
    }


def test_a_copy_of_a_later_commit_joins_the_first(make_engine: MakeEngine) -> None:
    engine = make_engine([ORIGINAL], [COPY, CRASH])
    assert shown(engine.search(SearchRequest("gặp gỡ đầu xuân hạ long"))) == {"a": 1}


def test_copies_find_each_other_across_commits(tmp_path: Path, build: Build) -> None:
    store = build(tmp_path / "index", [ORIGINAL])
    engine = WhooshEngine(tmp_path / "index")
    assert shown(engine.search(SearchRequest("quảng ninh"))) == {"a": 0}
    with store.transaction(processes=1) as transaction:
        transaction.add([COPY, CRASH])
        transaction.commit()
    fresh = WhooshEngine(tmp_path / "index")
    assert shown(fresh.search(SearchRequest("gặp gỡ đầu xuân hạ long"))) == {"a": 1}
    with store.transaction(processes=1) as transaction:
        transaction.delete(["a"])
        transaction.commit()
    last = WhooshEngine(tmp_path / "index")
    assert shown(last.search(SearchRequest("gặp gỡ đầu xuân hạ long"))) == {"b": 0}
    for opened in (engine, fresh, last):
        opened.close()
