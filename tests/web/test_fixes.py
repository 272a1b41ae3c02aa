"""Where nothing was found the page offers only what does find something, and says how much."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient

from index.store import IndexStore
from index.sync import sync
from search import deadline
from search.engines.whoosh_engine import WhooshEngine
from search.request import SearchRequest
from search.results import SearchResults
from web.app import create_app
from web.fixes import MOST_OFFERED, MOST_TRIED
from web.searching import time_of_one
from web.settings import Settings
from web.starters import EXAMPLES

from .conftest import StandInEngine

SEEDS = Path(__file__).parent.parent.parent / "seeds"
_FIX = re.compile(r'<li><a href="([^"]*)">(.*?)</a> <span class="tally">(\d+) kết quả</span></li>')


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client over the project's own texts."""
    folder = tmp_path_factory.mktemp("fixes") / "index"
    sync(SEEDS, IndexStore(folder))
    engine = WhooshEngine(folder)
    yield create_app(Settings(), engine, reindex=dict).test_client()
    engine.close()


def offered(client: FlaskClient, query: dict[str, str]) -> dict[str, int]:
    """What an empty page offers, and how much it says there is; that much there is."""
    page = client.get("/", query_string=query).text
    assert "Không tìm thấy" in page
    found = {}
    for url, text, count in _FIX.findall(page):
        there = client.get(unescape(url)).text
        assert f"{count} kết quả, " in there, (url, count)
        found[re.sub("<[^>]*>", "", unescape(text))] = int(count)
    return found


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ({"q": "gap go", "mode": "exact"}, "Tìm không phân biệt dấu"),
        ({"q": "gap go", "source": "Báo khác"}, "Bỏ bộ lọc"),
        ({"q": '"xuân gặp gỡ"'}, "Tìm không cần đúng cụm từ"),
        ({"q": '"máy bay" -rơi'}, "Bỏ các từ loại trừ"),
        ({"q": "title:132"}, "Tìm ở mọi chỗ, không chỉ trong tựa đề, tác giả hay nguồn"),
        ({"q": '"132 người" author:"Trần Kế"'}, 'Bỏ author:"Trần Kế"'),
    ],
)
def test_a_change_that_helps_is_offered(
    searcher: FlaskClient, query: dict[str, str], text: str
) -> None:
    assert offered(searcher, query)[text] > 0


def test_of_several_filters_those_in_the_way_are_named(searcher: FlaskClient) -> None:
    query = {"q": "gap go", "source": "Báo khác", "from": "2025-01-01", "to": "2025-12-31"}
    found = offered(searcher, query)
    assert found["Bỏ bộ lọc Báo khác"] > 0
    assert "Bỏ bộ lọc 2025" not in found  # the source would still find nothing
    assert found["Bỏ mọi bộ lọc"] >= found["Bỏ bộ lọc Báo khác"]


def test_if_no_single_change_helps_the_words_alone_may(searcher: FlaskClient) -> None:
    query = {"q": '"xuân gặp" -quảng title:gỡ', "mode": "exact", "source": "Báo khác"}
    assert list(offered(searcher, query)) == ["Chỉ tìm các từ, không có điều kiện nào khác"]


def test_what_finds_nothing_either_is_not_offered(searcher: FlaskClient) -> None:
    query = {"q": '"zzyx zzyy"', "mode": "exact", "source": "Báo khác"}
    assert offered(searcher, query) == {}


def test_an_empty_page_costs_few_searches_and_others_none(client: FlaskClient, engine) -> None:
    client.get("/", query_string={"q": "a b"})
    assert len(engine.requests) == 1
    engine.total = 0
    words = " ".join(f"từ{number}" for number in range(50))
    client.get("/", query_string={"q": f'"{words}" {words} -x', "mode": "exact", "source": "x"})
    assert len(engine.requests) <= 2 + MOST_TRIED + len(EXAMPLES)
    fixes = engine.requests[2 : 2 + MOST_TRIED]
    assert all((request.size, request.facets) == (1, ()) for request in fixes)


def test_no_more_is_tried_than_is_offered(client: FlaskClient, engine, monkeypatch) -> None:
    """As soon as enough changes find something the rest is left alone."""
    real = engine.search

    def search(request):
        engine.total = 0 if len(engine.requests) == 0 else 5
        return real(request)

    monkeypatch.setattr(engine, "search", search)
    page = client.get("/", query_string={"q": "một hai ba bốn năm sáu", "mode": "exact"}).text
    assert len(_FIX.findall(page)) == MOST_OFFERED
    assert len(engine.requests) == 1 + MOST_OFFERED + len(EXAMPLES)


def test_all_searches_of_a_request_share_the_time_of_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(SEEDS, IndexStore(tmp_path / "index"))
    engine = WhooshEngine(tmp_path / "index", query_seconds=60.0)
    client = create_app(Settings(query_seconds=60.0), engine, reindex=dict).test_client()
    search, now = engine.search, 0.0

    def slow(request: SearchRequest) -> SearchResults:
        nonlocal now
        now += 30.0
        return search(request)

    monkeypatch.setattr(deadline, "time", SimpleNamespace(monotonic=lambda: now))
    monkeypatch.setattr(engine, "search", slow)
    batch = {"searches": [{"q": "may bay"}] * 5}
    found = client.post("/search/batch", json=batch).json
    assert found is not None
    assert [one["partial"] for one in found["results"]] == [False, False, True, True, True]
    assert [one["total"] > 0 for one in found["results"]] == [True, True, False, False, False]
    now = 0.0
    page = client.get("/", query_string={"q": '"xuân gặp gỡ" "máy rơi"'})
    assert page.status_code == 200
    assert "Bỏ" not in page.text


@pytest.mark.parametrize(("engine", "bound"), [(None, True), ("opensearch://localhost/a", False)])
def test_the_time_of_a_query_does_not_bind_a_cluster(engine: str | None, bound: bool) -> None:
    settings = Settings(engine=engine, query_seconds=1e-9)
    app = create_app(settings, StandInEngine(), reindex=dict)
    with app.test_request_context(), time_of_one():
        assert deadline.is_up() is bound
