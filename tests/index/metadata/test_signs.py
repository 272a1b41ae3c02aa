"""Times are looked for only where signs say that they may begin, and yet none is missed."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.analysis.chunks import Chunks
from index.metadata.mentions import find_mentions
from index.metadata.periods import find_periods
from index.metadata.signs import BulkSigns, Signs, find_signs

ROWS = [
    row.split("\t")[2]
    for table in ("expressions.tsv", "expressions_held_out.tsv")
    for row in (Path(__file__).parent / table).read_text("utf-8").splitlines()[1:]
]
WORDS = (
    *("ngày", "tháng", "năm", "quý", "Quý", "tuần", "thứ", "Hai", "hai", "ba", "Chủ", "nhật", "từ"),
    *("đến", "và", "hôm", "sáng", "Tối", "qua", "nay", "mai", "này", "trước", "sau", "tới", "nửa"),
    *("đầu", "cuối", "cách", "đây", "những", "thập", "niên", "thế", "kỷ", "XX", "giai", "đoạn"),
    *(
        "Luật",
        "Đất",
        "đai",
        "mùa",
        "xuân",
        "Ất",
        "Tỵ",
        "sang",
        "một",
        "mười",
        "vừa",
        "rồi",
        "I/2025",
    ),
    *("25/2", "25/2/2024", "19-21/2", "(25-2)", "2024", "2024,", "(1945-1975)", "2021-2025", "60"),
    *("T4/2025", "4/2025", "25.1.2024", "2024-05-06", "938,", "3", "12", "1.000", "1/2", "-", "/"),
    *("5/", "/6", "ngày\u00a05", "tháng\t4", "x(2024)", "họp,", "tại", "Hà", "Giang.", "", "\n"),
)
TEXTS = st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)
DAYS = st.none() | st.dates(date(2000, 1, 1), date(2030, 1, 1))


def everywhere(text: str) -> Signs:
    """As if times might begin in any chunk."""
    spans = [match.span() for match in re.finditer(r"[^ \n]+", text)]
    return Signs(spans, spans, spans, spans, iso=True)


@pytest.mark.parametrize("published", [None, date(2025, 2, 26)])
def test_no_expression_is_without_a_sign(published: date | None) -> None:
    for text in ROWS:
        expected = find_periods(text, published, signs=everywhere(text))
        assert find_periods(text, published, signs=find_signs(text)) == expected, text


@settings(max_examples=500)
@given(TEXTS, DAYS, st.none() | st.just(2025))
def test_nothing_is_missed(text: str, published: date | None, year: int | None) -> None:
    expected = find_periods(text, published, year, everywhere(text))
    assert find_periods(text, published, year) == expected


@given(TEXTS)
def test_days_are_found_without_signs_too(text: str) -> None:
    assert list(find_mentions(text)) == list(find_mentions(text, find_signs(text)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TEXTS | st.text("ab1/ -\n(T4"), max_size=130))
def test_many_texts_are_told_like_each(loops: None, texts: list[str]) -> None:
    chunks = Chunks()
    bulk = BulkSigns(chunks)
    for _ in range(2):
        assert list(bulk.of(chunks.cut(texts))) == [find_signs(text) for text in texts]


def test_text_without_figures_and_words_of_time_has_none() -> None:
    assert find_signs("Gặp gỡ các nhà báo ở Hà Giang") == Signs([], [], [], [], iso=False)
    assert find_signs("") == Signs([], [], [], [], iso=False)
    signs = find_signs("Sáng 25/2/2025 họp")
    assert signs.days == signs.dates == [(5, 15)] and not signs.units
