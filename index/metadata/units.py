"""Times that are no days in figures: months, quarters, years, decades, and what is counted from
the day of publication.

    tháng 4 năm 1342 · quý I/2025 · năm 2025 · nửa đầu năm 2024 · thập niên 1960
    hôm qua · tối nay · tuần trước · tháng này · 3 ngày trước · cách đây 5 năm
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from index.metadata import words
from index.metadata.mentions import any_of, matches
from index.metadata.reckoning import bounds
from index.metadata.signs import Signs

_YEAR = r"1\d{3}|20\d\d"
_MONTH = (
    rf"(?:0?[1-9]|1[0-2]|(?i:{any_of(tuple(words.MONTH_NAMES))}))(?![\w%]|[.,]\d(?!\d{{3}}(?!\d)))"
)
_JOIN = r"\s?(?:[-–—]|đến|tới)\s?"
_OF_YEAR = rf"(?:,?\snăm\s|\s?[/.\-]\s?|,?\s)(?:{_YEAR})(?!\d|[.,]\d|-\d)"
_NUMBER = r"\d{1,3}|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười"
_SIDE = r"này|trước|sau|tới|vừa\squa|vừa\srồi|qua|rồi|nay"
_OF = r"[Nn]ăm\shọc|[Nn]ăm|[Gg]iai\sđoạn|[Nn]hiệm\skỳ|[Nn]iên\skhóa|[Mm]ùa\sgiải|[Vv]ụ\smùa|[Tt]ừ"
_STEMS = "Giáp|Ất|Bính|Đinh|Mậu|Kỷ|Canh|Tân|Nhâm|Quý"
_SEASON = rf"[Xx]uân(?:\s(?:{_STEMS})\s\w+)?|[Hh]è|[Tt]hu|[Đđ]ông|[Tt]ết(?:\s[^\W\d]+){{0,3}}"
_BEARER = (
    rf"(?i:{any_of(words.YEARLY)})|(?i:{any_of(words.LAWS)})(?:\s(?!năm\b|từ\b)[^\W\d]+){{1,7}}"
)
_CENTURY = r"trước|này|XIX|19|XXI|21|XX|20"
_WEEKDAY = r"[Tt]hứ\s(?:[Hh]ai|[Bb]a|[Tt]ư|[Nn]ăm|[Ss]áu|[Bb]ảy|[2-7])|[Cc]hủ\s[Nn]hật"
_UNITS = re.compile(
    rf"""(?<!\w)(?:
      (?:(?P<count>\d|1[0-2]|{_NUMBER})\stháng|[Nn]ửa(?P<six>))\s(?:(?P<half>đầu|cuối)\s)?năm
        (?:\s(?P<hy>{_YEAR})(?!\d)|\s(?P<hyear>nay|ngoái|trước))?
    | T(?P<tm>0?[1-9]|1[0-2])[/.](?P<ty>{_YEAR})(?!\d)
    | [Tt]háng\s(?P<m>{_MONTH})
        (?:{_JOIN}(?:tháng\s)?(?P<m2>{_MONTH})
         | (?P<list>(?:(?:,\s|\svà\s)(?:tháng\s)?(?:{_MONTH}))+)(?={_OF_YEAR}))?
        (?:(?P<of>{_OF_YEAR})|\snăm\s(?P<myear>nay|ngoái|trước|sau|tới))?
    | (?:[Nn]gày\s(?P<d>[12]?\d|3[01])\s)?[Tt]háng\s(?P<month>{_SIDE})
    | [Qq]u[ýí]\s(?P<q>IV|III|II|I|[1-4])\b
        (?:{_JOIN}(?:quý\s)?(?P<q2>IV|III|II|[2-4])\b)?
        (?:(?:\snăm\s|\s?[/.\-]\s?|\s)(?P<qy>{_YEAR})(?!\d))?
    | (?P<of_years>{_OF}|{_SEASON})\s
        (?P<y>{_YEAR})(?!\d|[.,]\d)
        (?:(?:{_JOIN}|/)(?:năm\s)?(?P<y2>{_YEAR})(?!\d)
         | (?P<years>(?:(?:,\s|\svà\s)(?:năm\s)?(?:{_YEAR})(?!\d|[.,]\d))+))?
    | (?:[Tt]hập\s(?:niên|kỷ)|(?P<those>[Nn]hững\snăm))\s(?P<tens>(?:1\d|20)?\d0)
        (?!\d|%|[.,]\d|\s?[-–]\s?\d)(?:\s(?:của\s)?thế\skỷ\s(?P<century>{_CENTURY})\b)?
    | \((?P<py>{_YEAR})\s?[-–]\s?(?P<py2>{_YEAR})(?=\))
    | (?:{_BEARER})\s(?P<borne>{_YEAR})(?!\d|[.,]\d|\s?[-–]\s?\d)
    | (?:[Tt]ầm\snhìn(?:\sđến)?|[Đđ]ến)\s(?P<target>20[2-9]\d)(?=\s?[,.;)](?!\d)|\s?$)
    | (?<!một\s)(?<!cả\s)[Nn]ăm\s(?P<early>[1-9]\d\d)(?=\s?[,.;)](?!\d)|\s?$)
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
_BEGINNING = re.compile(r"(?<!\w)[\w(]")
_BEFORE = 16  # characters before a time that may say that it is none
# After "tháng 3", "10/3": the lunar calendar's; "tháng 3 tuổi" and the like are no time.
NOT_SOLAR = re.compile(
    rf"\s?\(?(?:âm\slịch|âl\b|Tết\b|tuổi\b|năm\s(?:{_STEMS})\s)",
    re.IGNORECASE,
)
_NOT_A_TIME = re.compile(
    r"(?:\b(?:mỗi|hằng|hàng|từng|sinh|SN|vài|mấy|nhiều|tròn|suốt|hai|ba|bốn|sáu|bảy|tám|chín|mười|rằm)"
    r"|những|thập\sniên|\b(?:rằm|mùng|mồng)\s(?:\d{1,2}|\w+)|(?<!ngày\s)\b\d{1,3})\s$"
)


class Unit(NamedTuple):
    """The ends of a time as `Period` has them, and where in the text it is named."""

    first: str
    last: str
    start: int
    end: int


def find_units(
    text: str,
    signs: Signs,
    published: date | None,
    year: int | None,
    taken: Sequence[tuple[int, int]],
) -> Iterator[Unit]:
    """The times in NFC `text`, which has these signs, but for days in figures, which are `taken`
    (start and end, sorted).

    Without `published` only those that have, or `year` gives, a year.
    """
    at = 0
    begun = signs.units if published or year else signs.years
    for match in matches(_UNITS, _BEGINNING, text, begun):
        while at < len(taken) and taken[at][1] <= match.start():
            at += 1
        if at < len(taken) and taken[at][0] < match.end():
            continue
        if NOT_SOLAR.match(text, match.end()) or _no_time(match, text):
            continue
        ends = bounds(match, published, year)
        if ends is not None:
            yield Unit(*ends, match.start(), match.end())


def _no_time(match: re.Match[str], text: str) -> bool:
    """Whether what stands before says that it is none: "mỗi năm", "hai năm trước"."""
    before = _NOT_A_TIME.search(text[max(0, match.start() - _BEFORE) : match.start()])
    if before is None:
        return False
    if match["borne"]:  # "điều 9 Luật Đất đai 2024"
        return False
    # "hai năm 2024 và 2025", "những năm 2010-2015" are times all the same.
    return not (match["years"] or match["y2"]) or "sinh" in before[0]
