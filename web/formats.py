"""Numbers, times and dates as people write them, in either language."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

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


UNITS = {"kB": 1e3, "MB": 1e6, "GB": 1e9}
VIETNAM = timezone(timedelta(hours=7), "UTC+7")


def today() -> date:
    """The day in Vietnam, where the readers are."""
    return datetime.now(VIETNAM).date()


def format_recent_day(language: Language, iso: str, now: date) -> str:
    """`hôm nay`, `hôm qua`, `3 ngày trước` within a week, else as `format_day`."""
    days = (now - date.fromisoformat(iso)).days
    if not 0 <= days < 7:
        return format_day(language, iso)
    if days < 2:
        return (("hôm nay", "hôm qua") if language == "vi" else ("today", "yesterday"))[days]
    return f"{days} ngày trước" if language == "vi" else f"{days} days ago"


def format_moment(language: Language, iso: str) -> str:
    """`20/02/2025 14:05`, by Vietnam's clocks."""
    moment = datetime.fromisoformat(iso).astimezone(VIETNAM)
    return f"{format_day(language, moment.date().isoformat())} {moment:%H:%M}"


def format_size(language: Language, size: float) -> str:
    """Bytes as `310 kB`, `1,2 MB`, `12 MB` or `3,4 GB`."""
    unit = next(unit for unit in ("kB", "MB", "GB") if unit == "GB" or size < 1000 * UNITS[unit])
    amount = size / UNITS[unit]
    return f"{format_number(language, amount, 0 if amount >= 10 else 1)} {unit}"
