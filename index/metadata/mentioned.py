"""When the things happened that a text tells of: the days it names, as terms of the index.

A day is `20250219`. A month or year that is named without a day is `20250400` or `13420000`: it
stands before its days, so that the range of its month or year holds it, and no day's range does.
"""

from __future__ import annotations

from datetime import date

from index.metadata.mentions import find_mentions

MAX_DAYS = 32  # terms of one document
SEARCHED_CHARS = 100_000  # how far into a text


def mentioned_days(text: str, published: str | None) -> list[str]:
    """The distinct terms of NFC `text`, in its order.

    Days without a year get that of `published` (an ISO day), or none at all.
    """
    year = date.fromisoformat(published).year if published else 0
    days = (mention.on(mention.year or year) for mention in find_mentions(text[:SEARCHED_CHARS]))
    terms = dict.fromkeys(day.strftime("%Y%m%d") for day in days if day)
    return list(terms)[:MAX_DAYS]
