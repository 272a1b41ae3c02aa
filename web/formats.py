"""Numbers, times and dates as people write them, in either language."""

from __future__ import annotations

from datetime import date

from web.messages import Language

# Written out, since `strftime` would ask the server's locale.
ENGLISH_MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


def format_number(language: Language, value: float, decimals: int = 0) -> str:
    """`1250` → `1.250` in Vietnamese, `1,250` in English."""
    text = f"{value:,.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "vi" else text


def format_milliseconds(language: Language, value: float) -> str:
    """`4 ms`, and one decimal below ten: `0,4 ms`."""
    return f"{format_number(language, value, 0 if value >= 10 else 1)} ms"


def format_day(language: Language, iso: str) -> str:
    """`2025-02-20` → `20/02/2025`, or `20 Feb 2025` in English."""
    day = date.fromisoformat(iso)
    if language == "vi":
        return f"{day:%d/%m/%Y}"
    return f"{day.day} {ENGLISH_MONTHS[day.month - 1]} {day.year}"
