"""Calendar days: which exist, and how a date that a record states is read."""

from __future__ import annotations

import re
from datetime import date

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ ,].*)?")


PRESS_YEARS = range(1900, 2100)
YEARS = range(1000, 2100)  # that texts tell of by the day


def any_day(year: int, month: int, day: int) -> date | None:
    """The day, of any time that texts tell of, or None where the calendar has none."""
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


def calendar_day(year: int, month: int, day: int) -> date | None:
    """The day, or None where the calendar, or the press of 1900–2099, has none."""
    return any_day(year, month, day) if year in PRESS_YEARS else None


def stated_day(value: object) -> str | None:
    """ISO day of a record's date field: `2025-02-19` with or without a time, `19/2/2025`, 20250219.

    None for anything else.
    """
    written = str(value).strip() if isinstance(value, str | int) else ""
    if match := _ISO.fullmatch(written) or _COMPACT.fullmatch(written):
        found = calendar_day(int(match[1]), int(match[2]), int(match[3]))
    elif match := _DAY_FIRST.fullmatch(written):
        found = calendar_day(int(match[3]), int(match[2]), int(match[1]))
    else:
        return None
    return found.isoformat() if found else None
