"""When the things happened that a text tells of: the times it names, as terms of the index.

A day is `20250219`. A month or year that is named without a day is `20250400` or `13420000`: it
stands before its days, so that the range of its month or year holds it, and no day's range does.
"""

from __future__ import annotations

from datetime import date

from index.metadata.dates import NEAR_SINCE, stated_years
from index.metadata.periods import find_periods
from index.metadata.signs import Signs, find_signs

MAX_TERMS = 40  # of one document
SEARCHED_CHARS = 100_000  # how far into a text
HEAD_CHARS = 1_000  # how far the year of a text without a date is looked for


def mentioned_days(text: str, published: str | None, signs: Signs | None = None) -> list[str]:
    """The distinct terms of NFC `text`, in its order; `published` is an ISO day. `signs` are those
    in the text, if they are known."""
    if signs is None or len(text) > SEARCHED_CHARS:
        signs = find_signs(text[:SEARCHED_CHARS])
    day = date.fromisoformat(published) if published else None
    named = signs.years and signs.years[0][0] < HEAD_CHARS
    year = _stated_year(text[:HEAD_CHARS]) if named and not day else None
    periods = find_periods(text[:SEARCHED_CHARS], day, year, signs)
    return list(dict.fromkeys(term for period in periods for term in period.terms()))[:MAX_TERMS]


def _stated_year(text: str) -> int | None:
    """The one year that a text says it is about, if it is a recent one."""
    years = [year for year in stated_years(text) if year >= NEAR_SINCE]
    return years[0] if len(years) == 1 else None
