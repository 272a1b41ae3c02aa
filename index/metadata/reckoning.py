"""From the words of a time, as `units` finds them, to its first and last day, month or year."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TypeAlias

from index.metadata import words
from index.metadata.calendar import calendar_day

EARLIEST_YEAR = 1000  # "năm 938" may be anything; "năm 938," is a year
_NUMBERS = {
    **{"một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9},
    "mười": 10,
}
_SHIFTS = {
    **dict.fromkeys(("này", "nay"), 0),
    **dict.fromkeys(("trước", "qua", "rồi", "vừa qua", "vừa rồi", "ngoái"), -1),
    **dict.fromkeys(("sau", "tới"), 1),
    "kia": -2,
}
_DAY_SHIFTS = {"nay": 0, "hôm nay": 0, "qua": -1, "hôm qua": -1, "mai": 1, "hôm kia": -2}
_WEEKDAYS = {
    **{"thứ hai": 0, "thứ ba": 1, "thứ tư": 2, "thứ năm": 3, "thứ sáu": 4, "thứ bảy": 5},
    **{"thứ 2": 0, "thứ 3": 1, "thứ 4": 2, "thứ 5": 3, "thứ 6": 4, "thứ 7": 5, "chủ nhật": 6},
}
_QUARTERS = {"I": 1, "II": 2, "III": 3, "IV": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_UNIT_DAYS = {"ngày": 1, "tuần": 7}

Ends: TypeAlias = tuple[str, str] | None


def bounds(match: re.Match[str], published: date | None, year: int | None) -> Ends:
    """The ends of what was found; None if there is nothing to count from."""
    for group, read in _READ_BY.items():
        if match[group] is not None:
            return read(match, published, year)
    return _relative(match, published) if published else None


def _relative(match: re.Match[str], published: date) -> Ends:
    """What is counted from the day of publication."""
    if match["month"]:
        number = _month_number(published) + _SHIFTS[_spaced(match["month"])]
        if match["d"]:
            day = calendar_day(number // 12, number % 12 + 1, int(match["d"]))
            return _same(day) if day else None
        return _iso_month(number), _iso_month(number)
    if match["year"] or match["nextyear"] is not None:
        shifted = str(published.year + (_SHIFTS[match["year"]] if match["year"] else 1))
        return shifted, shifted
    if match["day"] or match["day2"]:
        return _same(published + timedelta(days=_day_shift(match)))
    if match["week"] or match["weekday"]:
        return _week_bounds(match, published)
    return _counted(match, published)


def _week_bounds(match: re.Match[str], published: date) -> tuple[str, str]:
    """A week from Monday to Sunday, or the day of it that is named."""
    said = _spaced(match["week"] or match["ofweek"])
    monday = published - timedelta(days=published.weekday())
    if match["week"] or "tuần" in match[0]:
        monday += timedelta(weeks=_SHIFTS[said])
        if match["week"]:
            return monday.isoformat(), (monday + timedelta(days=6)).isoformat()
    day = monday + timedelta(days=_WEEKDAYS[_spaced(match["weekday"].lower())])
    if "tuần" not in match[0]:  # "thứ Hai tới" is the next one, "thứ Hai vừa qua" the last
        if _SHIFTS[said] > 0 and day <= published:
            day += timedelta(weeks=1)
        elif _SHIFTS[said] < 0 and day >= published:
            day -= timedelta(weeks=1)
    return _same(day)


def _year_bounds(match: re.Match[str], _: date | None, __: int | None) -> Ends:
    first = last = match["y"]
    if match["years"]:
        years = [int(first), *map(int, re.findall(r"\d{4}", match["years"]))]
        if years == list(range(years[0], years[0] + len(years))):
            last = str(years[-1])
    elif match["y2"]:
        last = match["y2"]
    elif match["of_years"].lower() == "từ":
        return None  # "từ 2000 đồng"
    return (first, last) if int(first) <= int(last) else None


def _part_of_year(match: re.Match[str], published: date | None, year: int | None) -> Ends:
    """ "6 tháng đầu năm 2024", "nửa đầu năm 2024": its first six months. "9 tháng năm 2024"."""
    of = int(match["hy"]) if match["hy"] else published.year if published else year
    count = 6 if match["count"] is None else _number(match["count"])
    if of is None or not 1 <= count <= 12 or not (match["half"] or match["hy"]):
        return None
    if match["hyear"] and match["hyear"] != "nay":
        of -= 1
    if match["half"] == "cuối":
        return f"{of:04}-{13 - count:02}", f"{of:04}-12"
    return f"{of:04}-01", f"{of:04}-{count:02}"


def _decade(match: re.Match[str], _: date | None, __: int | None) -> Ends:
    """ "thập niên 1960", "thập niên 90", "những năm 90 của thế kỷ trước": ten years."""
    tens, century = match["tens"], match["century"]
    if len(tens) == 2:
        if match["those"] and not century:
            return None  # "những năm 90 tuổi"
        tens = {"XIX": "18", "19": "18", "XXI": "20", "21": "20", "này": "20"}.get(
            century or "", "19"
        ) + tens
    return tens, f"{tens[:3]}9"


def _month_bounds(match: re.Match[str], published: date | None, year: int | None) -> Ends:
    first = _month(match["m"])
    last = _month(match["m2"]) if match["m2"] else first
    if match["list"]:
        last = _month(re.split(r"\s|,", match["list"])[-1])
    if match["of"]:
        of = int(match["of"].strip(" ,/.-–năm"))
    elif match["myear"] and published:
        of = published.year + _SHIFTS[match["myear"]]
    elif published is not None:
        # The nearest: in January "tháng 12" is the one before, in December "tháng 1" the next.
        near = (published.year - 1, published.year, published.year + 1)
        now = _month_number(published)
        of = min(near, key=lambda of: (abs(of * 12 + last - 1 - now), of))
    elif year is not None:
        of = year
    else:
        return None
    begins = of - (first > last)
    return f"{begins:04}-{first:02}", f"{of:04}-{last:02}"


def _short_month(match: re.Match[str], _: date | None, __: int | None) -> Ends:
    """ "T10/2024"."""
    month = f"{match['ty']}-{int(match['tm']):02}"
    return month, month


def _span(match: re.Match[str], _: date | None, __: int | None) -> Ends:
    """ "(1954 - 1975)"."""
    return (match["py"], match["py2"]) if match["py"] < match["py2"] else None


def _named_year(match: re.Match[str], _: date | None, __: int | None) -> Ends:
    """ "AFF Cup 2024", "tầm nhìn đến 2050", "năm 938,"."""
    year = match["borne"] or match["target"] or match["early"].zfill(4)
    return year, year


def _quarter_bounds(match: re.Match[str], published: date | None, year: int | None) -> Ends:
    of = match["qy"] or (published.year if published else year)
    if of is None:
        return None
    first = _QUARTERS[match["q"]]
    last = _QUARTERS[match["q2"]] if match["q2"] else first
    return (f"{of}-{first * 3 - 2:02}", f"{of}-{last * 3:02}") if first <= last else None


def _counted(match: re.Match[str], published: date) -> Ends:
    """ "3 ngày trước", "cách đây 5 năm": as exact as the unit."""
    written, unit = match["n"] or match["n2"], match["unit"] or match["unit2"]
    count = _number(written)
    steps = -count if match["ago"] or match["side"] == "trước" else count
    if unit == "năm":
        of = published.year + steps
        return (f"{of:04}", f"{of:04}") if of >= EARLIEST_YEAR else None
    if unit == "tháng":
        month = _iso_month(_month_number(published) + steps)
        return month, month
    return _same(published + timedelta(days=steps * _UNIT_DAYS[unit]))


def _day_shift(match: re.Match[str]) -> int:
    said = match["day2"]
    if said:
        return {"mai": 1, "kia": 2}.get(said) or _DAY_SHIFTS[_spaced(said)]
    if match["day"] == "kia":
        return -2
    return _DAY_SHIFTS[match["day"]]


def _same(day: date) -> tuple[str, str]:
    return day.isoformat(), day.isoformat()


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _number(written: str) -> int:
    return _NUMBERS.get(written) or int(written)


def _month(written: str) -> int:
    return int(written) if written.isdecimal() else words.MONTH_NAMES[_spaced(written.lower())]


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _iso_month(number: int) -> str:
    return f"{number // 12:04}-{number % 12 + 1:02}"


_READ_BY = {
    **{"m": _month_bounds, "tm": _short_month, "q": _quarter_bounds, "y": _year_bounds},
    **{"count": _part_of_year, "six": _part_of_year, "tens": _decade, "py": _span},
    **dict.fromkeys(("borne", "target", "early"), _named_year),
}
"""What reads a match in which this group took part."""
