"""`date:` finds what was published on a day, and what tells of it; names and places are counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.documents import Document
from index.store import IndexStore
from index.sync import sync
from search.engine import SearchEngine
from search.engines.whoosh_engine import WhooshEngine
from search.request import SearchRequest
from tests.search.conftest import MakeEngine

DOCUMENTS = [
    Document("lead", "", "Gặp gỡ đầu xuân 2025 diễn ra từ ngày 19-21/2/2025.", date="2025-02-19"),
    Document(
        "report",
        "Họp báo",
        "Ngày 25.1.2024 có thư mời; sáng 27/2 lên đường.",
        date="2024-02-26",
    ),
    Document("history", "Chuyện cũ", "Quân khởi nghĩa ngày 14 tháng 4 năm 1945 ở Hà Giang."),
    Document("plain", "Không ngày", "Ông Nguyễn Mạnh Dũng ở Hà Giang, Quảng Ninh."),
]


@pytest.fixture(scope="module")
def engine(make_engine: MakeEngine) -> SearchEngine:
    return make_engine(DOCUMENTS)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("date:2025-02-19", {"lead"}),
        ("date:2024-01-25", {"report"}),
        ("date:2024-02-26", {"report"}),
        ("date:2024-02-27", {"report"}),  # the year is that of the publication
        ("date:14/4/1945", {"history"}),
        ("date:1945", {"history"}),
        ("date:1945-05", set()),
        ("date:2024-01..2025-02", {"lead", "report"}),
        ("-date:2000..", {"history", "plain"}),
    ],
)
def test_days_published_and_days_told_of(
    engine: SearchEngine, query: str, expected: set[str]
) -> None:
    assert {hit.id for hit in engine.search(SearchRequest(query)).hits} == expected
    assert engine.stats().get("fallbacks", 0) == 0


def test_the_filter_is_about_publication_alone(engine: SearchEngine) -> None:
    params = {"q": "-xyz", "from": "1945-01-01", "to": "2024-12-31"}
    assert [hit.id for hit in engine.search(SearchRequest.from_params(params)).hits] == ["report"]


def test_names_and_places_are_counted(engine: SearchEngine) -> None:
    request = SearchRequest("giang OR ninh", facets=("names", "places"))
    facets = engine.search(request).to_json()["facets"]
    assert facets["names"] == [{"value": "Nguyễn Mạnh Dũng", "count": 1}]
    assert facets["places"] == [
        {"value": "Hà Giang", "count": 2},
        {"value": "Quảng Ninh", "count": 1},
    ]


def test_spellings_of_a_name_count_as_one_in_any_commit(make_engine: MakeEngine) -> None:
    spellings = ("Nguyễn Thị Hòa", "Nguyễn Thị Hòa", "Nguyễn Thị Hoà")
    named = enumerate(spellings)
    engine = make_engine(*([Document(str(n), "", f"Bà {name} nói.")] for n, name in named))
    (value,) = engine.search(SearchRequest("bà", facets=("names",))).facets["names"]
    assert (value.value, value.count) == ("Nguyễn Thị Hòa", 3)


def test_the_project_seeds_tell_what_happened_when(tmp_path: Path) -> None:
    seeds = Path(__file__).parents[2] / "seeds"
    sync(seeds, IndexStore(tmp_path / "index"), processes=1)
    engine = WhooshEngine(tmp_path / "index")

    def on(day: str) -> set[str]:
        return {
            hit.id.partition("_")[0] + hit.id[20:]
            for hit in engine.search(SearchRequest(f"date:{day}", size=50, group=False)).hits
        }

    assert on("2025-02-20") == {"000#3", "000#13"}  # 19–21/2
    assert on("2025-02-21") == {"000#3", "000#12", "000#13", "000#14"}
    assert on("2023-02-22") == {"000#4"}
    assert on("2022-02-25") == {"000#1"}
    assert on("2024-01-25") == on("2024-02-27") == {"004"}
    assert on("2024-02-26") == {"004"}
    engine.close()
