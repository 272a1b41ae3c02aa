"""A small picture of when the hits are from: bars that are links, each to its own days.

Months if they are few, else years, else several years a bar, so that every bar is wide enough to be
hit with a finger.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from search.results import FacetValue

MAX_BARS = 12
WIDTH, HEIGHT, GAP = 288, 64, 3
LEAST = 3
"""Height of the smallest bar, in the units of the picture."""


@dataclass(frozen=True, slots=True)
class Bar:
    """The hits from one day to another, ISO; x, y, width and height in a picture WIDTH × HEIGHT."""

    first: str
    last: str
    count: int
    x: float
    y: float
    width: float
    height: float

    @property
    def label(self) -> str:
        """`2025`, `2010–2014` or, for a month, `02/2025`."""
        begin, end = self.first[:4], self.last[:4]
        if self.first[5:] == "01-01" and self.last[5:] == "12-31":
            return begin if begin == end else f"{begin}–{end}"
        return f"{self.first[5:7]}/{begin}"


def histogram(facets: Mapping[str, Sequence[FacetValue]]) -> list[Bar]:
    """The bars, earliest first; none if all hits are of one time."""
    months = {value.value: value.count for value in facets.get("month", ())}
    years = {int(value.value): value.count for value in facets.get("year", ())}
    numbers = [_month_number(month) for month in months]
    if not numbers or max(numbers) == min(numbers):
        return []
    # The facet names the newest hundred months only: then the years say more.
    if max(numbers) - min(numbers) < MAX_BARS and len(years) <= 2:
        return _bars([(*_month(n), months.get(_month(n)[0][:7], 0)) for n in _range(numbers)])
    first, last = min(years), max(years)
    step = -(-(last - first + 1) // MAX_BARS)
    spans = [(year, min(year + step - 1, last)) for year in range(first, last + 1, step)]
    return _bars(
        [
            (
                f"{a:04}-01-01",
                f"{b:04}-12-31",
                sum(n for year, n in years.items() if a <= year <= b),
            )
            for a, b in spans
        ]
    )


def _bars(periods: Sequence[tuple[str, str, int]]) -> list[Bar]:
    most = max(count for _, _, count in periods)
    step = WIDTH / len(periods)
    bars = []
    for at, (first, last, count) in enumerate(periods):
        height = round(max(count / most * (HEIGHT - 1), LEAST) if count else 0, 1)
        x, width = round(at * step, 1), round(step - GAP, 1)
        bars.append(Bar(first, last, count, x, round(HEIGHT - height, 1), width, height))
    return bars


def _range(numbers: Sequence[int]) -> range:
    return range(min(numbers), max(numbers) + 1)


def _month_number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _month(number: int) -> tuple[str, str]:
    """First and last day, ISO."""
    year, month = number // 12, number % 12 + 1
    return f"{year:04}-{month:02}-01", f"{year:04}-{month:02}-{monthrange(year, month)[1]}"
