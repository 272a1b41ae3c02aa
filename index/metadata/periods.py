"""When: every day, month and year that a text names, in full or as readers of that day took it.

    Sáng 25/2 · ngày 19-21/2 · 25.1.2024          days, the year by the publication or the text
    tháng 4 năm 1342 · quý I/2025 · năm 2025      months and years
    hôm qua · tối nay · tuần trước · tháng này    by the day of publication alone
    3 ngày trước · 5 năm sau                      likewise

A day without a year is the one nearest to the publication; without that it takes the year that the
text states, if it states one. Dates of the lunar calendar (mùng 3 Tết, rằm tháng Giêng) are left
alone: their days are others every year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from index.metadata.calendar import any_day
from index.metadata.mentions import Mention, find_mentions
from index.metadata.signs import NEAR_CHARS, Signs, find_signs
from index.metadata.units import NOT_SOLAR, find_units

MAX_DAYS = 62  # of one period that are told apart; a longer one is its first and its last day
MAX_YEARS = 12  # likewise


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time: ISO days ("2025-02-19"), months ("2025-02") or years, both ends included.

    `text[start:end]` names it.
    """

    first: str
    last: str
    start: int
    end: int

    def terms(self) -> list[str]:
        """Its days, months or years as terms of the index: 20250219, 20250200, 20250000."""
        if len(self.first) == 4:
            years = range(int(self.first), int(self.last) + 1)
            if len(years) > MAX_YEARS:
                years = range(years[0], years[-1] + 1, years[-1] - years[0])
            return [f"{year:04}0000" for year in years]
        if len(self.first) == 7:
            first, last = _months(self.first), _months(self.last)
            months = range(first, min(last, first + 12 * MAX_YEARS) + 1)
            return [f"{month // 12:04}{month % 12 + 1:02}00" for month in months]
        first_day, last_day = date.fromisoformat(self.first), date.fromisoformat(self.last)
        count = (last_day - first_day).days + 1
        steps = range(count) if count <= MAX_DAYS else (0, count - 1)
        return [_compact(first_day + timedelta(days=step)) for step in steps]


def find_periods(
    text: str,
    published: date | None = None,
    year: int | None = None,
    signs: Signs | None = None,
) -> list[Period]:
    """The periods that NFC `text` names, in their order.

    `published` is the day of publication; without it, days without a year take `year`, or that of
    the date right before them. `signs` are those in the text, if they are known.
    """
    signs = find_signs(text) if signs is None else signs
    found = list(_days(text, signs, published, year))
    taken = [(period.start, period.end) for period in found]
    found += (Period(*unit) for unit in find_units(text, signs, published, year, taken))
    return _joined(sorted(found, key=lambda period: period.start), text)


_HOUR = r"\d{1,2}\s?(?:h|giờ)\s?(?:\d{1,2}\s?)?(?:phút\s)?"
_JOINED = re.compile(rf"\s?(?:(?P<dash>[-–—])|đến(?:\shết)?|tới)\s?(?:hết\s)?(?:{_HOUR})?")


def _joined(periods: list[Period], text: str) -> list[Period]:
    """Two times with nothing but "đến" between them are one: "28/12/2024 đến 3/1/2025"."""
    joined: list[Period] = []
    for period in periods:
        last = joined[-1] if joined else None
        if (
            last is not None
            and len(last.last) == len(period.first)
            and last.first == last.last < period.first
            and (between := _JOINED.fullmatch(text, last.end, max(last.end, period.start)))
            and not (between["dash"] and _far_apart(last.last, period.first))
        ):
            joined[-1] = Period(last.first, period.last, last.start, period.end)
        else:
            joined.append(period)
    return joined


def _far_apart(first: str, last: str) -> bool:
    """Whether two days are a life or an anniversary: "(25/8/1911 - 4/10/2013)", not a stretch."""
    return len(first) == 10 and int(last[:4]) - int(first[:4]) > 1


def _days(text: str, signs: Signs, published: date | None, year: int | None) -> Iterator[Period]:
    """The days in figures. Without an anchor one without a year is near the one before it."""
    anchored = published is not None or year is not None
    before: Period | None = None
    for mention in find_mentions(text, signs, limits=True, with_year=not anchored):
        near = published
        if not anchored and before and mention.start - before.end <= NEAR_CHARS:
            near = date.fromisoformat(before.last)
        for period in _days_of(mention, text, near, year):
            before = period
            yield period


def _days_of(
    mention: Mention, text: str, published: date | None, year: int | None
) -> Iterator[Period]:
    """The days of a mention: one period, or one a day of a list."""
    if NOT_SOLAR.match(text, mention.end):
        return
    first = _placed(mention, published, year)
    if first is None:
        return
    days = [first]
    for day, month in mention.more:
        after = any_day(days[-1].year + (month < days[-1].month), month, day)
        if after is None or after < days[-1]:
            break
        days.append(after)
    pairs = [(day, day) for day in days]
    if mention.through and len(days) > 1:
        pairs = [*pairs[:-2], (days[-2], days[-1])]
    for one, other in pairs:
        yield Period(one.isoformat(), other.isoformat(), mention.start, mention.end)


def _placed(mention: Mention, published: date | None, year: int | None) -> date | None:
    """The first day of a mention in its year: stated, or nearest to the publication, or `year`."""
    if mention.year is not None or published is None:
        return mention.on(mention.year or year or 0)
    years = (published.year, published.year - 1, published.year + 1)
    days = [day for near in years if (day := mention.on(near))]
    return min(days, key=lambda day: abs(day - published), default=None)


def _months(iso: str) -> int:
    return int(iso[:4]) * 12 + int(iso[5:]) - 1


def _compact(day: date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"
