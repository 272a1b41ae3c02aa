"""A query has a limited time: whatever it is cut off at, there is an answer that says so."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from search import deadline
from search.deadline import OutOfTime, check, time_limit
from search.engines.whoosh_engine import WhooshEngine
from search.request import SearchRequest

from .conftest import DOCUMENTS, build_index

REQUESTS = (
    SearchRequest("gap go dau xuan"),
    SearchRequest('"máy bay" OR quang* -"hà nội"', facets=("source", "year", "names", "places")),
    SearchRequest("may bay roi", sort="date", facets=("month",)),
    SearchRequest("qang ninh", group=False, mode="exact"),
)


class Clock:
    """A clock that is past every limit, those that begin later too, after it was looked at `steps`
    times."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def monotonic(self) -> float:
        self.left -= 1
        return max(0.0, -1e9 * self.left)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    build_index(tmp_path / "index", DOCUMENTS)
    return tmp_path / "index"


def set_clock(monkeypatch: pytest.MonkeyPatch, steps: int) -> Clock:
    clock = Clock(steps)
    monkeypatch.setattr(deadline, "time", SimpleNamespace(monotonic=clock.monotonic))
    return clock


def test_outside_of_a_limit_there_is_any_time() -> None:
    check()
    with time_limit(None) as limit:
        check()
    assert not limit.passed


def test_a_limit_inside_another_gives_no_more_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(deadline, "time", SimpleNamespace(monotonic=lambda: now))
    with time_limit(1.0) as around:
        with time_limit(50.0) as inside:
            now += 2
            with pytest.raises(OutOfTime):
                check()
        assert (around.passed, inside.passed) == (False, True)
        with time_limit(None), pytest.raises(OutOfTime):
            check()
    check()


@pytest.mark.parametrize("request_", REQUESTS)
def test_cut_off_anywhere_it_answers_with_less_and_says_so(
    index: Path, monkeypatch: pytest.MonkeyPatch, request_: SearchRequest
) -> None:
    whole = WhooshEngine(index).search(request_)
    engine = WhooshEngine(index, query_seconds=1.0)
    partial = steps = 0
    while True:
        clock = set_clock(monkeypatch, steps)
        found = engine.search(request_)
        if clock.left >= 0:
            break
        partial += found.partial
        assert found.partial or len(found.hits) == len(whole.hits)
        if found.total:
            assert {hit.id for hit in found.hits} <= {hit.id for hit in whole.hits}
        assert set(found.facets) == set(request_.facets)
        steps += 1
    assert partial >= 4
    assert not found.partial
    assert found.to_json() | {"took_ms": 0} == whole.to_json() | {"took_ms": 0}


def test_hits_for_whose_marks_there_is_no_time_are_shown_without(
    loops: None, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = WhooshEngine(index, query_seconds=1.0)
    whole = engine.search(REQUESTS[0])  # from now on each search looks at the clock as often
    for steps in range(1000):
        set_clock(monkeypatch, steps)
        found = engine.search(REQUESTS[0])
        if found.hits:
            break
    assert found.partial
    assert found.total == whole.total
    assert {hit.id for hit in found.hits} == {hit.id for hit in whole.hits}
    for hit in found.hits:
        assert hit.title
        assert hit.highlights.snippets
        assert "<mark" not in "".join((hit.highlights.title, *hit.highlights.snippets))


def test_a_search_whose_turn_comes_too_late_is_not_begun(index: Path) -> None:
    request = REQUESTS[1]
    with time_limit(0.0):
        found = WhooshEngine(index, query_seconds=1.0).search(request)
    assert (found.total, found.hits, found.partial) == (0, (), True)
    assert set(found.facets) == set(request.facets)


def test_half_an_explanation_is_none(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = WhooshEngine(index, query_seconds=1.0)
    set_clock(monkeypatch, 4)
    with pytest.raises(OutOfTime):
        engine.explain(SearchRequest("máy bay"), "crash")


def test_without_time_nothing_is_suggested_and_nothing_marked(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = WhooshEngine(index, query_seconds=1.0)
    set_clock(monkeypatch, 1)
    assert engine.suggest("may b") in ((), WhooshEngine(index).suggest("may b"))
    set_clock(monkeypatch, 1)
    shown = engine.highlighted_document("crash", "máy bay")
    assert shown is not None
    assert "Chiếc" in shown.body_html[0]
