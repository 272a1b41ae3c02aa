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

from index.metadata import words
from index.metadata.calendar import calendar_day
from index.metadata.mentions import Mention, any_of, find_mentions, windows

MAX_DAYS = 62  # of one period that are told apart; a longer one is its first and its last day
MAX_YEARS = 12
EARLIEST_YEAR = 1000  # "năm 938" may be anything; "năm 1010" is a year


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
            years = range(int(self.first), int(self.last) + 1)[:MAX_YEARS]
            return [f"{year:04}0000" for year in years]
        if len(self.first) == 7:
            first, last = _months(self.first), _months(self.last)
            months = range(first, min(last, first + 12 * MAX_YEARS) + 1)
            return [f"{month // 12:04}{month % 12 + 1:02}00" for month in months]
        first_day, last_day = date.fromisoformat(self.first), date.fromisoformat(self.last)
        count = (last_day - first_day).days + 1
        steps = range(count) if count <= MAX_DAYS else (0, count - 1)
        return [_compact(first_day + timedelta(days=step)) for step in steps]


def find_periods(text: str, published: date | None = None, year: int | None = None) -> list[Period]:
    """The periods that NFC `text` names, in their order.

    `published` is the day of publication; without it, days without a year take `year`.
    """
    anchored = published is not None or year is not None
    found = [
        period
        for mention in find_mentions(text, limits=True, with_year=not anchored)
        for period in _days_of(mention, text, published, year)
    ]
    taken = [(period.start, period.end) for period in found]
    at = 0
    for match in _units(text, anchored=anchored):
        while at < len(taken) and taken[at][1] <= match.start():
            at += 1
        if at < len(taken) and taken[at][0] < match.end():
            continue
        if _NOT_SOLAR.match(text, match.end()) or _NOT_A_TIME.search(
            text[max(0, match.start() - _BEFORE) : match.start()]
        ):
            continue
        bounds = _bounds(match, published, year)
        if bounds is not None:
            found.append(Period(*bounds, match.start(), match.end()))
    return _joined(sorted(found, key=lambda period: period.start), text)


_YEAR = r"1\d{3}|20\d\d"
_MONTH = rf"(?:0?[1-9]|1[0-2]|(?i:{any_of(tuple(words.MONTH_NAMES))}))(?![\w%]|[.,]\d)"
_JOIN = r"\s?(?:[-–—]|đến|tới)\s?"
_OF_YEAR = rf"(?:,?\snăm\s|\s?[/.\-]\s?|,?\s)(?:{_YEAR})(?!\d|[.,]\d|-\d)"
_NUMBER = r"\d{1,3}|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười"
_SIDE = r"này|trước|sau|tới|vừa\squa|vừa\srồi|qua|rồi|nay"
_OF = r"[Nn]ăm\shọc|[Nn]ăm|[Gg]iai\sđoạn|[Nn]hiệm\skỳ|[Nn]iên\skhóa|[Mm]ùa\sgiải|[Vv]ụ\smùa|[Tt]ừ"
_SEASON = r"[Xx]uân|[Hh]è|[Tt]hu|[Đđ]ông|[Tt]ết(?:\s[^\W\d]+){0,3}"
_WEEKDAY = r"[Tt]hứ\s(?:[Hh]ai|[Bb]a|[Tt]ư|[Nn]ăm|[Ss]áu|[Bb]ảy|[2-7])|[Cc]hủ\s[Nn]hật"
_UNITS = re.compile(
    rf"""(?<!\w)(?:
      (?P<count>\d|1[0-2]|{_NUMBER})\stháng\s(?P<half>đầu|cuối)\snăm
        (?:\s(?P<hy>{_YEAR})(?!\d)|\s(?P<hyear>nay|ngoái|trước))?
    | [Tt]háng\s(?P<m>{_MONTH})
        (?:{_JOIN}(?:tháng\s)?(?P<m2>{_MONTH})
         | (?P<list>(?:(?:,\s|\svà\s)(?:tháng\s)?(?:{_MONTH}))+)(?={_OF_YEAR}))?
        (?:(?P<of>{_OF_YEAR})|\snăm\s(?P<myear>nay|ngoái|trước|sau|tới))?
    | (?:[Nn]gày\s(?P<d>[12]?\d|3[01])\s)?[Tt]háng\s(?P<month>{_SIDE})
    | [Qq]u[ýí]\s(?P<q>IV|III|II|I|[1-4])\b
        (?:{_JOIN}(?:quý\s)?(?P<q2>IV|III|II|[2-4])\b)?
        (?:(?:\snăm\s|\s?/\s?|\s)(?P<qy>{_YEAR})(?!\d))?
    | (?P<of_years>{_OF}|{_SEASON})\s
        (?P<y>{_YEAR})(?!\d|[.,]\d)
        (?:(?:{_JOIN}|/)(?:năm\s)?(?P<y2>{_YEAR})(?!\d)
         | (?P<years>(?:(?:,\s|\svà\s)(?:năm\s)?(?:{_YEAR})(?!\d|[.,]\d))+))?
    | [Nn]ăm\s(?P<year>nay|ngoái|trước|sau|tới|kia)
    | (?:[Ss]ang|[Nn]gay\ssang)\snăm(?P<nextyear>)(?!\s\d)
    | (?:[Hh]ôm|(?:[Ss]áng|[Tt]rưa|[Cc]hiều|[Tt]ối|[Đđ]êm|[Kk]huya)(?:\s(?:sớm|muộn))?)\s
        (?P<day>nay|qua|mai|kia)(?!\s(?:sau|đó))
    | [Nn]gày\s(?P<day2>hôm\snay|hôm\squa|hôm\skia|mai|kia)
    | (?P<weekday>{_WEEKDAY})\s(?:tuần\s)?(?P<ofweek>{_SIDE})
    | [Tt]uần\s(?P<week>{_SIDE})
    | (?P<ago>[Cc]ách\s(?:đây|nay))\s(?:khoảng\s|gần\s|hơn\s)?(?P<n>{_NUMBER})\s
        (?P<unit>ngày|tuần|tháng|năm)
    | (?P<n2>{_NUMBER})\s(?P<unit2>ngày|tuần|tháng|năm)\s(?P<side>trước|nữa)(?!\s(?:đó|khi))
    )\b""",
    re.VERBOSE,
)
# Words that all of these have one of; without their first letters, for these may be capitals.
_SIGN = re.compile(
    r"háng\s|ăm\b|uý\s|uí\s|uần\s|\s(?:nay|qua|mai|kia)\b|hứ\s|hủ\s[Nn]h|\s[12]\d{3}\b"
    r"|ày\s(?:trước|nữa)|uần\b|háng\b|ách\s(?:đây|nay)"
)
_SIGN_OF_YEAR = re.compile(r"[12]\d{3}")
_BEFORE = 16  # characters before a time that may say that it is none
# After "tháng 3", "10/3": the lunar calendar's; "tháng 3 tuổi" and the like are no time.
_NOT_SOLAR = re.compile(
    r"\s?\(?(?:âm\slịch|âl\b|Tết\b|tuổi\b|năm\s(?:Giáp|Ất|Bính|Đinh|Mậu|Kỷ|Canh|Tân|Nhâm|Quý)\s)",
    re.IGNORECASE,
)
_NOT_A_TIME = re.compile(
    r"(?:\b(?:mỗi|hằng|hàng|từng|sinh|SN|vài|mấy|nhiều|tròn|suốt|hai|ba|bốn|sáu|bảy|tám|chín|mười|rằm)"
    r"|những|thập\sniên|\b(?:rằm|mùng|mồng)\s(?:\d{1,2}|\w+)|(?<!ngày\s)\b\d{1,3})\s$"
)
_JOINED = re.compile(r"\s?(?:[-–—]|đến(?:\shết)?|tới)\s?(?:hết\s)?")
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


def _units(text: str, *, anchored: bool) -> Iterator[re.Match[str]]:
    """What `_UNITS` finds; without anything to count from only what may hold a year."""
    for begin, end in windows(text, _SIGN if anchored else _SIGN_OF_YEAR):
        yield from _UNITS.finditer(text, begin, end)


def _joined(periods: list[Period], text: str) -> list[Period]:
    """Two times with nothing but "đến" between them are one: "28/12/2024 đến 3/1/2025"."""
    joined: list[Period] = []
    for period in periods:
        last = joined[-1] if joined else None
        if (
            last is not None
            and len(last.last) == len(period.first)
            and last.first == last.last < period.first
            and _JOINED.fullmatch(text, last.end, max(last.end, period.start))
        ):
            joined[-1] = Period(last.first, period.last, last.start, period.end)
        else:
            joined.append(period)
    return joined


def _days_of(
    mention: Mention, text: str, published: date | None, year: int | None
) -> Iterator[Period]:
    """The days of a mention: one period, or one a day of a list."""
    if _NOT_SOLAR.match(text, mention.end):
        return
    first = _placed(mention, published, year)
    if first is None:
        return
    days = [first]
    for day, month in mention.more:
        after = calendar_day(days[-1].year + (month < days[-1].month), month, day)
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


def _bounds(
    match: re.Match[str], published: date | None, year: int | None
) -> tuple[str, str] | None:
    """The ends of what `_UNITS` found; None if there is nothing to count from."""
    if match["m"]:
        return _month_bounds(match, published, year)
    if match["q"]:
        return _quarter_bounds(match, published, year)
    if match["y"]:
        return _year_bounds(match)
    if match["half"]:
        return _half_bounds(match, published, year)
    return _relative(match, published) if published else None


def _relative(match: re.Match[str], published: date) -> tuple[str, str] | None:
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


def _year_bounds(match: re.Match[str]) -> tuple[str, str] | None:
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


def _half_bounds(
    match: re.Match[str], published: date | None, year: int | None
) -> tuple[str, str] | None:
    """ "6 tháng đầu năm 2024": its first six months."""
    of = int(match["hy"]) if match["hy"] else published.year if published else year
    count = _NUMBERS.get(match["count"]) or int(match["count"])
    if of is None or not 1 <= count <= 12:
        return None
    if match["hyear"] and match["hyear"] != "nay":
        of -= 1
    if match["half"] == "đầu":
        return f"{of:04}-01", f"{of:04}-{count:02}"
    return f"{of:04}-{13 - count:02}", f"{of:04}-12"


def _month_bounds(
    match: re.Match[str], published: date | None, year: int | None
) -> tuple[str, str] | None:
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


def _quarter_bounds(
    match: re.Match[str], published: date | None, year: int | None
) -> tuple[str, str] | None:
    of = match["qy"] or (published.year if published else year)
    if of is None:
        return None
    first = _QUARTERS[match["q"]]
    last = _QUARTERS[match["q2"]] if match["q2"] else first
    return (f"{of}-{first * 3 - 2:02}", f"{of}-{last * 3:02}") if first <= last else None


def _counted(match: re.Match[str], published: date) -> tuple[str, str] | None:
    """ "3 ngày trước", "cách đây 5 năm": as exact as the unit."""
    written, unit = match["n"] or match["n2"], match["unit"] or match["unit2"]
    count = _NUMBERS.get(written) or int(written)
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


def _month(written: str) -> int:
    return int(written) if written.isdecimal() else words.MONTH_NAMES[_spaced(written.lower())]


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _months(iso: str) -> int:
    return int(iso[:4]) * 12 + int(iso[5:]) - 1


def _iso_month(number: int) -> str:
    return f"{number // 12:04}-{number % 12 + 1:02}"


def _compact(day: date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"
