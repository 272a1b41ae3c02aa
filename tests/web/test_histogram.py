"""Bars of when hits are from: their days, their heights, and that a finger can hit them."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.results import FacetValue
from web.histogram import HEIGHT, MAX_BARS, WIDTH, histogram


def facets(counts: dict[str, int]) -> dict[str, list[FacetValue]]:
    """As an engine gives them for so many hits a month."""
    months = sorted(counts, reverse=True)
    years: dict[str, int] = {}
    for month in months:
        years[month[:4]] = years.get(month[:4], 0) + counts[month]
    return {
        "month": [FacetValue(month, counts[month]) for month in months],
        "year": [FacetValue(year, count) for year, count in years.items()],
    }


def test_months_if_they_are_few() -> None:
    bars = histogram(facets({"2025-02": 4, "2024-12": 1}))
    assert [(bar.first, bar.last, bar.count, bar.label) for bar in bars] == [
        ("2024-12-01", "2024-12-31", 1, "12/2024"),
        ("2025-01-01", "2025-01-31", 0, "01/2025"),
        ("2025-02-01", "2025-02-28", 4, "02/2025"),
    ]
    assert bars[1].height == 0
    assert bars[2].height > bars[0].height > 0


def test_years_if_there_are_several() -> None:
    bars = histogram(facets({"2025-02": 1, "2022-12": 3}))
    assert [bar.label for bar in bars] == ["2022", "2023", "2024", "2025"]
    assert (bars[0].first, bars[0].last) == ("2022-01-01", "2022-12-31")


def test_several_years_a_bar_if_there_are_many() -> None:
    bars = histogram(facets({"1990-02": 1, "2025-12": 3}))
    assert bars[0].label == "1990–1992"
    assert bars[-1].last == "2025-12-31"


@pytest.mark.parametrize("counts", [{}, {"2025-02": 7}])
def test_one_time_is_no_picture(counts: dict[str, int]) -> None:
    assert histogram(facets(counts)) == []


@given(
    st.dictionaries(
        st.builds("{:04}-{:02}".format, st.integers(1900, 2030), st.integers(1, 12)),
        st.integers(1, 10**6),
        min_size=2,
        max_size=90,
    )
)
def test_every_hit_is_in_one_bar_that_can_be_hit(counts: dict[str, int]) -> None:
    bars = histogram(facets(counts))
    assert sum(bar.count for bar in bars) == sum(counts.values())
    assert len(bars) <= MAX_BARS
    for bar, after in itertools.pairwise(bars):
        assert bar.last < after.first
        assert bar.x + bar.width <= after.x
    # The first and the last stand over the labels at the ends.
    assert bars[0].x == 0
    assert bars[-1].x + bars[-1].width == pytest.approx(WIDTH, abs=5)
    for bar in bars:
        assert bar.width >= 20
        assert 0 <= bar.x <= WIDTH - bar.width + 0.1
        assert (bar.height > 0) == (bar.count > 0)
        assert bar.y + bar.height == pytest.approx(HEIGHT, abs=0.1)
