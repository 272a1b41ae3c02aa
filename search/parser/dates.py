"""`date:` values → ranges of days.

2025            2025-02           2025-02-19
21/2/2025       2/2025            as people write dates
2025-02-19..2025-02-21            both ends included
..2024          2025-02..         open
"""

from __future__ import annotations

import re

# Days are YYYYMMDD numbers, as the index keeps them; 0 there means unknown and is in no range. The
# day 00 stands for a month as a whole, the month 00 for a year, when a text names no day.
EARLIEST = 101
LATEST = 99991231

_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
_DAY_FIRST = re.compile(r"(?:(\d{1,2})[/.])?(\d{1,2})[/.](\d{4})", re.ASCII)


def day_range(text: str) -> tuple[int, int] | None:
    """The first and last day (YYYYMMDD) that `text` names, or None if it is not a date."""
    first, dots, last = text.partition("..")
    if not dots:
        return _period(text)
    if not first and not last:
        return None
    start = _period(first) if first else (EARLIEST, EARLIEST)
    end = _period(last) if last else (LATEST, LATEST)
    if start is None or end is None or start[0] > end[1]:
        return None
    return start[0], end[1]


def _period(text: str) -> tuple[int, int] | None:
    if match := _ISO.fullmatch(text):
        year, month, day = match.groups()
    elif match := _DAY_FIRST.fullmatch(text):
        day, month, year = match.groups()
    else:
        return None
    if not 1 <= int(month or 1) <= 12 or not 1 <= int(day or 1) <= 31:
        return None
    # The 31st is a safe last day of any month: days are only compared.
    start = int(year) * 10_000 + int(month or 0) * 100 + int(day or 0)
    end = int(year) * 10_000 + int(month or 12) * 100 + int(day or 31)
    return max(start, EARLIEST), end
