"""What a request may hold, and what is said when it holds something else."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.request import MAX_DEPTH, RequestError, SearchRequest


def test_defaults_are_those_of_the_contract() -> None:
    request = SearchRequest.from_params({"q": "gặp gỡ"})
    assert request == SearchRequest(query="gặp gỡ", page=1, size=10, sort="relevance", mode="auto")


def test_every_parameter_is_read() -> None:
    request = SearchRequest.from_params(
        {
            "q": " gặp gỡ ",
            "page": "3",
            "size": "20",
            "sort": "date",
            "from": "2025-01-01",
            "to": "2025-12-31",
            "source": "Hà Giang",
            "mode": "exact",
            "facets": "year,source",
            "utm_source": "ignored",
        }
    )
    assert request == SearchRequest(
        query="gặp gỡ",
        page=3,
        size=20,
        sort="date",
        date_from=date(2025, 1, 1),
        date_to=date(2025, 12, 31),
        sources=("Hà Giang",),
        mode="exact",
        facets=("source", "year"),
    )
    assert request.offset == 40


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("size", "0"),
        ("size", "101"),
        ("size", "ten"),
        ("size", "-1"),
        ("size", "1_0"),
        ("size", "9" * 5000),
        ("page", "0"),
        ("page", "1001"),
        ("page", "1.5"),
        ("sort", "newest"),
        ("mode", "fuzzy"),
        ("from", "2025-02-30"),
        ("from", "20250219"),
        ("to", "19/2/2025"),
        ("q", "a" * 1001),
        ("source", "a" * 301),
        ("facets", "source,color"),
    ],
)
def test_a_value_outside_is_an_error_that_names_the_parameter(name: str, value: str) -> None:
    with pytest.raises(RequestError) as caught:
        SearchRequest.from_params({"q": "a", name: value})
    assert caught.value.parameter == name
    assert caught.value.detail


def test_a_range_of_dates_must_not_be_reversed() -> None:
    with pytest.raises(RequestError, match="from"):
        SearchRequest.from_params({"from": "2025-02-02", "to": "2025-02-01"})


@pytest.mark.parametrize(("page", "size"), [(100, 100), (1000, 10), (10_000, 1)])
def test_pages_go_as_deep_as_promised(page: int, size: int) -> None:
    assert page * size == MAX_DEPTH
    assert SearchRequest.from_params({"page": str(page), "size": str(size)}).offset == (
        MAX_DEPTH - size
    )
    with pytest.raises(RequestError, match="page"):
        SearchRequest.from_params({"page": str(page + 1), "size": str(size)})


def test_the_length_of_a_query_does_not_depend_on_its_normal_form() -> None:
    query = unicodedata.normalize("NFD", "ệ" * 1000)
    assert SearchRequest.from_params({"q": query}).query == "ệ" * 1000


def test_empty_fields_of_a_form_mean_the_defaults() -> None:
    names = ("q", "page", "size", "sort", "from", "to", "source", "mode", "facets")
    assert SearchRequest.from_params(dict.fromkeys(names, "")) == SearchRequest(query="")


def test_controls_and_surrogates_do_not_survive() -> None:
    assert (
        SearchRequest.from_params({"q": "gặp\0gỡ\u2028đầu\ud800\r\n"}).query == "gặp gỡ đầu\ufffd"
    )


def test_a_filter_may_have_several_values() -> None:
    request = SearchRequest.from_params({"source": ["a, b", " ", "c", "a, b"], "q": ["x", "y"]})
    assert request.sources == ("a, b", "c")
    assert request.query == "x"
    with pytest.raises(RequestError, match=r"source.*at most 20"):
        SearchRequest.from_params({"source": [f"{number}" for number in range(21)]})
    with pytest.raises(RequestError, match=r"place.*300"):
        SearchRequest.from_params({"place": ["a", "b" * 301]})


@given(st.dictionaries(st.sampled_from(["q", "page", "size", "from", "sort"]), st.text()))
def test_any_parameters_give_a_request_or_a_request_error(params: dict[str, str]) -> None:
    try:
        request = SearchRequest.from_params(params)
    except RequestError:
        return
    assert request.page * request.size <= MAX_DEPTH
