"""Favouring newer texts without hiding older ones: a little more for each age not yet reached."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from whoosh.query import AndMaybe, ConstantScoreQuery, NumericRange, Or, Query

AGES: Final = (7, 30, 180, 730)
"""Days before the newest text of the index; what is younger counts more, once for each age."""
BOOST: Final = 0.6
"""What each age adds for each syllable of the query. A rare syllable is worth ten times that, so a
text of this week comes before one of last year that matches a fifth better."""


def favoured(tree: Query, newest: date, syllables: int) -> Query:
    """What `tree` finds, newer texts first among those that match about as well."""
    last = _number(newest)
    boost = BOOST * max(syllables, 1)
    spans = [
        ConstantScoreQuery(NumericRange("date", _number(newest - timedelta(days)), last), boost)
        for days in AGES
    ]
    return AndMaybe(tree, Or(spans))


def _number(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day
