"""When a text was published, as far as the text or its url says so.

Press datelines leave the year out ("Sáng 25/2"); it is taken from the url ("/202402/"), from a year
that the same sentence or the title states ("xuân 2025"), or from a full date close by. Without any
of these the date stays unknown.
"""

from __future__ import annotations

import re
from datetime import timedelta

from index.metadata import words
from index.metadata.calendar import calendar_day
from index.metadata.mentions import YEAR, Dated, Mention, any_of, find_mentions

HEAD_CHARS = 1_000  # How far into a text a dateline is looked for.
SEARCHED_CHARS = 100_000  # How far a full date is looked for.
NEAR_DAYS = 45  # A full date this near lends its year to a dateline without one.
NEAR_SINCE = 2000  # An earlier year is history: "Tối 1/11, kỷ niệm … 31/10/1968".

_ANY_YEAR = re.compile(YEAR)
_BEFORE_YEAR = re.compile(r"\d\s?[/.\-]\s?$|năm\s$", re.IGNORECASE)
_AROUND_YEAR = 120  # characters that hold any mention, with what leads it
_PUBLISHED = re.compile(
    r"(?:ngày đăng|đăng ngày|đăng lúc|ngày xuất bản|xuất bản ngày|cập nhật)[^\n]{0,30}$",
    re.IGNORECASE,
)
_STATING = re.compile(
    rf"\b(?:{any_of(words.YEAR_WORDS)}\s|tháng\s\d{{1,2}}\s?[/.\-]\s?)\Z", re.IGNORECASE
)
_STATING_CHARS = 16  # characters that hold what states a year, and one before it
_LONGER_NUMBER = re.compile(r"[\d/.,\-]*\d")
_OTHER_YEAR = re.compile(rf"\b{any_of(words.OTHER_YEAR_WORDS)}\b[^.;,:]{{0,25}}$", re.IGNORECASE)
_EVENT = re.compile(rf"\b{any_of(words.EVENT_WORDS)}\b[^.;,:]{{0,20}}$", re.IGNORECASE)
# A sentence ends after a small letter, figure or bracket: not after "TP." or "Q.".
_SENTENCE_END = re.compile(r"[^\W_A-ZĐ][)”\"’]*[.!?…]+[)”\"’]*\s|\n")
_URL_DAY = re.compile(
    r"/(20\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=[/.-]|$)"
    r"|-(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{0,11}(?=\.|/|$)"
)
_URL_MONTH = re.compile(r"/(20\d\d)[/-]?(0[1-9]|1[0-2])/")


def publication_date(
    text: str, *, title: str = "", url: str | None = None, year: int | None = None
) -> Dated | None:
    """The day that `text` (NFC, paragraphs on lines of their own) was published, if it says so.

    In this order: a full date in the url; a line such as "Ngày đăng: 26/2/2024"; the dateline,
    if its year is known; the first full date in title and text. `year` is that of datelines for
    which nothing in the text says it.
    """
    if (day := url_day(url)) is not None:
        return day
    text = f"{title}\n{text}" if title else text
    mentions = list(find_mentions(text[:SEARCHED_CHARS]))
    resolved: list[tuple[Mention, Dated]] = []
    for mention in mentions:
        dated = mention.dated() or _anchored(mention, mentions, text, title, url)
        if dated is None:
            continue
        if mention.year and _PUBLISHED.search(text[max(0, mention.start - 60) : mention.start]):
            return dated
        resolved.append((mention, dated))
    leading = next((pair for pair in resolved if pair[0].leading), None)
    if leading is None:
        return resolved[0][1] if resolved else _declared(mentions, year)
    if leading[0].year is None:
        return leading[1]
    return next(dated for mention, dated in resolved if mention.year)


def _declared(mentions: list[Mention], year: int | None) -> Dated | None:
    """The first dateline, in the year that somebody declared."""
    leading = (mention for mention in mentions if mention.leading and mention.year is None)
    dated = (mention.dated(year, "seeds.toml") for mention in leading if year)
    return next(filter(None, dated), None)


def first_full_date(text: str) -> Dated | None:
    """The first full date near the beginning of `text`. Cheap, for bulk."""
    for year in _ANY_YEAR.finditer(text, 0, HEAD_CHARS):
        # Most years stand alone ("năm 2018 là"); the costly search is for those that end a date.
        if text[year.end() : year.end() + 1] == "-" or _BEFORE_YEAR.search(
            text[max(0, year.start() - 4) : year.start()]
        ):
            around = text[max(0, year.start() - _AROUND_YEAR) : year.end() + _AROUND_YEAR]
            if dated := next(filter(None, map(Mention.dated, find_mentions(around))), None):
                return dated
    return None


def url_day(url: str | None) -> Dated | None:
    """The full date in a url, as in `/2024/02/26/` or `-20240226101530.htm`."""
    match = _URL_DAY.search(url) if url else None
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups() if part is not None)
    found = calendar_day(year, month, day)
    return Dated(found.isoformat(), match[0]) if found else None


def stated_years(text: str) -> dict[int, str]:
    """The years that `text` says it is about, each with the words: {2025: "xuân 2025"}."""
    years: dict[int, str] = {}
    for year in _ANY_YEAR.finditer(text):  # few, and found much faster than the words before them
        before = max(0, year.start() - _STATING_CHARS)
        stating = _STATING.search(text[before : year.start()])
        if stating is None or _LONGER_NUMBER.match(text, year.end()):
            continue
        start = before + stating.start()
        if not _OTHER_YEAR.search(text[max(0, start - 40) : start]):
            years.setdefault(int(year[0]), " ".join(text[start : year.end()].split()))
    return years


def _anchored(
    mention: Mention, mentions: list[Mention], text: str, title: str, url: str | None
) -> Dated | None:
    """A day without a year, dated by what is nearest to it; None if nothing says the year."""
    if mention.start > HEAD_CHARS:
        return None
    if url and (match := _URL_MONTH.search(url)):
        return _near_month(mention, int(match[1]), int(match[2]), match[0])
    if not mention.leading and not _EVENT.search(text[max(0, mention.start - 40) : mention.start]):
        return None
    for scope in (_sentence(text, mention.start), title):
        stated = {year: said for year, said in stated_years(scope).items() if year >= NEAR_SINCE}
        if len(stated) == 1:
            return mention.dated(*next(iter(stated.items())))
        if stated:
            return None  # Two years in one sentence: which one is anybody's guess.
    return _near_full(mention, mentions)


def _sentence(text: str, position: int) -> str:
    """The sentence around `position`, within its paragraph."""
    begin = max((m.end() for m in _SENTENCE_END.finditer(text, 0, position)), default=0)
    end = _SENTENCE_END.search(text, position)
    return text[begin : end.start() + 1 if end else len(text)]


def _near_month(mention: Mention, year: int, month: int, evidence: str) -> Dated | None:
    """The day in the month of the url, or in the month before it; None if it is neither."""
    if mention.month == month:
        return mention.dated(year, evidence)
    if mention.month == (month - 2) % 12 + 1:
        return mention.dated(year - (month == 1), evidence)
    return None


def _near_full(mention: Mention, mentions: list[Mention]) -> Dated | None:
    """The day in the year that puts it next to a full date of the same text."""
    if not mention.leading:
        return None
    for other in mentions:
        if other.year is None or other.year < NEAR_SINCE or not (near := other.on(other.year)):
            continue
        for year in (other.year, other.year - 1, other.year + 1):
            day = mention.on(year)
            if day and abs(day - near) <= timedelta(days=NEAR_DAYS):
                return mention.dated(year, other.words)
    return None
