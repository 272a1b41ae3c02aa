"""What each form of query finds, in a real index."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.engine import SearchEngine
from search.parser import parse
from search.request import Mode, SearchRequest

MEETINGS = {"meeting#1", "meeting#2"}


def found(engine: SearchEngine, query: str, mode: Mode = "auto") -> set[str]:
    """The ids found, all of them by the executor, without help from Whoosh's matchers."""
    hits = engine.search(SearchRequest(query, mode=mode)).hits
    assert engine.stats().get("fallbacks", 0) == 0
    return {hit.id for hit in hits}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("gặp gỡ", MEETINGS),
        ("GAP GO", MEETINGS),
        ("gặp gỡ 2025", {"meeting#1"}),
        ('"gặp gỡ đầu xuân"', MEETINGS),
        ('"go dau xuan nam"', {"meeting#2"}),
        ("“Hà Giang”", {"meeting#1"}),
        ("«Hà Giang»", {"meeting#1"}),
        ('"giang hà"', set()),
        ('"quảng"', MEETINGS | {"road"}),
        ("quảng ninh -xuân", {"road"}),
        ('quảng ninh -"hà giang"', {"meeting#2", "road"}),
        ("quảng ninh NOT 2025", {"meeting#2", "road"}),
        ("gặp gỡ OR máy bay", MEETINGS | {"crash"}),
        ("gặp gỡ 2025 OR máy bay -núi", {"meeting#1"}),
        ("gặp AND gỡ", MEETINGS),
        ("title:đường", {"road", "duong"}),
        ('title:"máy bay"', {"crash"}),
        ("author:kế", {"crash"}),
        ('author:"tran ke"', {"crash"}),
        ("tran ke", {"crash"}),
        ("source:vnexpress", {"crash"}),
        ('TITLE:"con đường" quảng', {"road"}),
        ("xuân -source:giang", set()),
        ("date:2025", {"meeting#1"}),
        ("date:2025-02 xuân", {"meeting#1"}),
        ("date:2025-02-19", {"meeting#1"}),
        ("date:19/2/2025", {"meeting#1"}),
        ("date:2/2025", {"meeting#1"}),
        ("date:2022-03-21..2023-02-22", {"crash", "meeting#2"}),
        ("date:..2022", {"crash"}),
        ("date:2023-02-23..", {"meeting#1"}),
        ("xuân -date:2025", {"meeting#2"}),
        ("-date:2020..", {"road", "duong", "decision"}),
        ('~"Hà Giang"', {"meeting#1"}),
        ('~"ninh bình"', set()),
        ('~"Phú Thọ"', {"duong"}),  # which Hòa Bình was merged into
        ("~quảng", MEETINGS | {"road"}),
        ('quảng -~"Tuyên Quang"', {"meeting#2", "road"}),
        ("gặ*", MEETINGS),
        ("hội ngh*", {"duong"}),
        ("title:du*", {"road", "duong"}),
        ("-quảng -ông", {"crash", "decision"}),
        ("COVID-19", {"meeting#2"}),
        ("covid19", set()),
        ("2500/QĐ-BGDĐT", {"decision"}),
        ("qd bgddt", {"decision"}),
        ("19-21/2", {"decision"}),
        ("kỉ hoà bình", {"duong"}),
        ("ki*", {"duong"}),
        ("NOT RUOI", set()),
    ],
)
def test_what_a_query_finds(engine: SearchEngine, query: str, expected: set[str]) -> None:
    assert found(engine, query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("hội nghị", {"duong"}),
        ("hoi nghi", set()),
        ("hội nghi", set()),
        ("hoà bình kỉ", {"duong"}),
        ("đường", {"road"}),
        ('"đường về"', {"road"}),
        ('"đường ve"', set()),
        ("title:dương", {"duong"}),
        ("ngh*", {"duong"}),
        ("hộ*", {"duong"}),
        ("ho*", set()),
        ("quảng -đường", MEETINGS),
    ],
)
def test_in_exact_mode_marks_are_binding(
    engine: SearchEngine, query: str, expected: set[str]
) -> None:
    assert found(engine, query, "exact") == expected


@pytest.mark.parametrize(
    ("malformed", "plain"),
    [
        ('"gặp gỡ', "gặp gỡ"),
        ('gặp" gỡ', "gặp gỡ"),
        ("(gặp gỡ", "gặp gỡ"),
        ("gặp - gỡ", "gặp gỡ"),
        ("gặp OR", "gặp or"),
        ("OR gặp gỡ", "or gặp gỡ"),
        ("date:2025-13", "2025-13"),
        ("title: gặp", "title gặp"),
        ("NOT", "not"),
        ("g*p", "g/p"),
    ],
)
def test_what_is_malformed_is_searched_as_plain_words(malformed: str, plain: str) -> None:
    assert parse(malformed).tree == parse(plain).tree


@pytest.mark.parametrize("nothing", ["", " ", '"', '""', "((", "-", "*", "🌸", "\0", "–", "__"])
def test_a_query_without_a_syllable_is_empty(engine: SearchEngine, nothing: str) -> None:
    assert parse(nothing).empty
    assert engine.search(SearchRequest(nothing)).total == 0


def test_only_filters() -> None:
    assert parse("date:2025 source:vnexpress -title:xuân").only_filters
    assert not parse("date:2025 xuân").only_filters
    assert not parse('"xuân"').only_filters


def test_too_much_is_ignored_not_refused(engine: SearchEngine) -> None:
    for query in ("a " * 500, "-a " * 300, '"a b" ' * 160, "a* " * 300, "a OR " * 200, "a/" * 500):
        assert engine.search(SearchRequest(query)).total >= 0


PIECES = """
    " - OR NOT AND * title: date: author: gặp gỡ xuân 2025 .. -02 ( “ : 🌸 kỷ ký* 19/2
"""
pieces = st.sampled_from([*PIECES.split(), " ", "\u0301"])
queries = st.one_of(
    st.text(max_size=50),
    st.lists(pieces, max_size=20).map("".join),
    st.lists(pieces, max_size=12).map(" ".join),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(queries, st.sampled_from(["auto", "exact", "raw"]), st.sampled_from(["date", "relevance"]))
def test_no_query_is_an_error(engine: SearchEngine, query: str, mode: Mode, sort: str) -> None:
    results = engine.search(SearchRequest(query, mode=mode, sort=sort))  # type: ignore[arg-type]
    assert results.total >= len(results.hits)
    assert engine.stats().get("fallbacks", 0) == 0
