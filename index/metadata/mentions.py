"""Days that a text names: `Sáng 25/2`, `ngày 19-21/2`, `25.1.2024`, `ngày 9 tháng 1 năm 2025`.

A day without a year counts only after a word of time (sáng, chiều, ngày, thứ Hai …), for 25/2 alone
may as well be a fraction, an article of a law or a score. The numbers are found first, and what
leads them is looked at afterwards, which keeps this fast on long texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from index.metadata import words
from index.metadata.calendar import PRESS_YEARS, any_day, calendar_day
from index.metadata.signs import REACH, Signs, Span


@dataclass(frozen=True, slots=True)
class Dated:
    """An ISO day, and the words, or the part of the url, that it was read from."""

    date: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A day in a text, or several; `year` is None where the text leaves it out.

    `day` and `month` are those of the first day. `more` are the days after it, of "19-21/2" as of
    "19, 20 và 21/2"; `through` says that the days between the last two belong to them.
    """

    day: int
    month: int
    year: int | None
    words: str
    start: int
    leading: bool  # the way a dateline begins: with a part of the day, or opening a sentence
    end: int = 0
    more: tuple[tuple[int, int], ...] = ()  # (day, month)
    through: bool = False

    def dated(self, year: int | None = None, evidence: str = "") -> Dated | None:
        """This day of its own year, or of `year`, for which `evidence` is quoted too; None if it
        is before there was a press."""
        day = self.on(self.year or year or 0)
        if day is None or day.year not in PRESS_YEARS:
            return None
        return Dated(day.isoformat(), f"{self.words} + {evidence}" if evidence else self.words)

    def on(self, year: int) -> date | None:
        """This day in `year`, or None if the calendar has no such day (29/2)."""
        return any_day(year, self.month, self.day)


def any_of(options: Sequence[str]) -> str:
    """A pattern for any of these words; a space stands for any white space."""
    longest_first = sorted(options, key=len, reverse=True)
    return "(?:" + "|".join(option.replace(" ", r"\s") for option in longest_first) + ")"


YEAR = r"(?:19|20)\d\d"
_ANY_YEAR = r"(?:1\d|20)\d\d"
CENTURY_FROM = 50  # "5/3/49" is of 2049, "5/3/50" of 1950
# Days joined to the one that carries the month: "19-21/2", "31/1 - 2/2", "19, 20 và 21/2".
_TIMES = rf"(?:{any_of((*words.PARTS_OF_DAY, *words.FILLERS, 'ngày'))}\s){{0,3}}"
_JOIN = rf"(?:\s?[-–—,]\s?|\s(?:đến|tới|và)\s(?:hết\s)?){_TIMES}"
_FIRST = rf"""(?:(?P<d0>\d{{1,2}})(?:\s?(?:[/.]|-(?=\d\d?\s))\s?(?P<m0>\d{{1,2}}))?
    (?:{_JOIN}\d{{1,2}})??{_JOIN})?"""
_NUMBERS = re.compile(
    rf"""
    (?:(?<![\w/.,\-–])|(?<=[^\W\d_],)|(?<=ngày)|(?<=/\d{{4}}[-–]))(?<!\bthứ\s)
    {_FIRST}(?P<d>\d{{1,2}})
    (?:
        \s?(?P<sep>[/.\-])\s?(?P<m>\d{{1,2}})
        (?:\s?(?P=sep)\s?(?P<y>{_ANY_YEAR}|\d\d(?!\d))|\snăm\s(?P<y2>{_ANY_YEAR}))?
      | \stháng\s(?P<mw>\d{{1,2}}|{any_of(tuple(words.MONTH_NAMES))})\b
        (?:,?\snăm\s(?P<y3>{_ANY_YEAR})|(?:\s?/\s?|,\s)(?P<y4>{_ANY_YEAR}))?
    )
    (?![\w%]|[/.,]\d|-(?!\d\d?/\d\d?/\d{{4}})\d|\s/\s\d)
    (?P<unit>\s?{any_of(words.UNIT_WORDS)}(?!\w))?
    """,
    re.IGNORECASE | re.VERBOSE,
)
_TIME_WORDS = (*words.PARTS_OF_DAY, *words.DAY_WORDS, *words.WEEKDAYS)
_HEAD_WORD = rf"\b{any_of((*_TIME_WORDS, *words.FILLERS))}"
_HEAD = re.compile(rf"(?:{_HEAD_WORD},?\s){{0,4}}{_HEAD_WORD}[,:]?\s?\(?\s?$", re.IGNORECASE)
_HEAD_CHARS = 40
_TIME = re.compile(rf"\b{any_of(_TIME_WORDS)}\b", re.IGNORECASE)
_PART_OF_DAY = re.compile(rf"\b{any_of(words.PARTS_OF_DAY)}\b", re.IGNORECASE)
_FORWARD = re.compile(rf"\b{any_of(words.FORWARD_WORDS)}\b", re.IGNORECASE)
# "Hà Giang, 25/2 - ": a place and a day open what a correspondent writes.
_PLACE = re.compile(r"(?:^|\n)\s*(?:[^\W\d_a-zà-ỹ][^\W\d_]*[\s.]?){1,5},\s?$")
_DASH = re.compile(r"\s?[-–—(]")
_PLACE_CHARS = 40
# "Ngày Nhà giáo Việt Nam 20/11": a day with a name.
_NAMED_DAY = re.compile(r"\b[Nn]gày\s[^\W\d_a-zà-ỹ][^\W\d_]*(?:\s[^\W\d_]+){0,6}\s$")
_NAMED_DAY_CHARS = 60
_SENTENCE_START = re.compile(r"(?:^|[.!?;:–—\-)\n])\s*$")
_LAST_WORD = re.compile(r"(\w+)\s+\(?$")
_TIGHT_RANGE = re.compile(r"\d+\s?[-–—]\s?|.*\d\s?[/.]\s?\d.*", re.DOTALL)
_FIGURES = re.compile(r"\d{1,2}")
_THROUGH = re.compile(r"[-–—]|đến|tới", re.IGNORECASE)
_ISO = re.compile(rf"({YEAR})-(\d\d)-(\d\d)(?![\d\-])")
_NUMBER = re.compile(r"(?<!\d)\d")
# `re` skips what cannot begin a match, if it begins with one class of characters.
_SIGN = re.compile(r"\d(?:\s?[/.\-]\s?\d|\s[tT]háng\s)")
_IN_A_WORD = re.compile(r"[\w\-]")


def find_mentions(
    text: str,
    signs: Signs | None = None,
    *,
    limits: bool = False,
    with_year: bool = False,
) -> Iterator[Mention]:
    """The days that `text` (NFC) names, in their order; `signs` are those in it, if they are known.

    With `limits` also those without a year that are no day of the news: "trước ngày 30/6", "Quốc
    khánh 2/9". With `signs` and `with_year` those without a year may be missing, which is faster.
    """
    if signs is None:
        found = _SIGN.finditer(text)
        chunks = [(max(match.start() - REACH, 0), match.end()) for match in found]
    else:
        chunks = signs.dates if with_year else signs.days
    iso: list[Mention] = []
    if signs is None or signs.iso:
        iso = [mention for match in _ISO.finditer(text) if (mention := _iso_mention(match, text))]
    for match in matches(_NUMBERS, _NUMBER, text, chunks):
        mention = _mention(match, text, limits)
        while iso and mention and iso[0].start < mention.start:
            yield iso.pop(0)
        if mention is not None:
            yield mention
    yield from iso


def matches(
    pattern: re.Pattern[str], beginning: re.Pattern[str], text: str, chunks: Sequence[Span]
) -> Iterator[re.Match[str]]:
    """What `pattern` finds where `beginning` is found, in these stretches of `text`, which may
    overlap."""
    end = seen = 0
    for start, stop in chunks:
        for begun in beginning.finditer(text, max(start, seen), stop):
            if begun.start() >= end and (match := pattern.match(text, begun.start())):
                yield match
                end = match.end()
        seen = max(seen, stop)


def _iso_mention(match: re.Match[str], text: str) -> Mention | None:
    year, month, day = (int(part) for part in match.groups())
    if match.start() and _IN_A_WORD.match(text, match.start() - 1):
        return None
    if calendar_day(year, month, day) is None:
        return None
    opens = _opens(text, match.start())
    return Mention(day, month, year, match[0], match.start(), opens, match.end())


def _mention(match: re.Match[str], text: str, limits: bool) -> Mention | None:
    head = _head(text, match.start())
    # "điều 19/2 năm 2025" is an article of a law: figures apart from the year need a word before.
    stated = match["y"] or match["y3"] or match["y4"] or (match["y2"] if head else None)
    feast = limits and not head and _is_feast(match, text)
    from_ = match["d0"] is not None and _word_before(text, match.start()) == "từ"
    opens = not (head or stated) and _after_place(match, text)
    if (not stated or len(stated) == 2) and (
        not (head or feast or from_ or opens) or match["unit"]
    ):
        return None
    joined = match["d0"] is not None and (bool(head) or from_ or _is_range(match))
    start = match.start("d0" if joined else "d") - len(head)
    before = _word_before(text, start)
    if before in words.BIRTH_WORDS and not (limits and stated):
        return None
    if before in words.LUNAR_DAY_WORDS or (match["unit"] or "").strip() in words.LUNAR_WORDS:
        return None
    if not stated and before in (words.RATE_WORDS if limits else words.NO_DATELINE_WORDS):
        return None
    day, month, year = _first_day(match, _full_year(stated) if stated else None, joined)
    if any_day(year or 2024, month, day) is None:
        return None
    leading = opens or (
        before not in words.LIMIT_WORDS
        and not _FORWARD.search(head)
        and (bool(_PART_OF_DAY.search(head)) or (bool(head) and _opens(text, start)))
    )
    more, through = _more(match) if joined else ((), False)
    end = match.start("unit") if match["unit"] else match.end()
    quoted = _quoted(match, text, start)
    return Mention(day, month, year, quoted, start, leading, end, more, through)


def _is_feast(match: re.Match[str], text: str) -> bool:
    """Whether a day and month need no word of time: "Quốc khánh 2/9", "Ngày Phụ nữ 8/3"."""
    start = match.start()
    if _word_before(text, start) in words.FEASTS:
        return True
    named = _NAMED_DAY.search(text[max(0, start - _NAMED_DAY_CHARS) : start])
    return named is not None and (match["sep"] == "/" or int(match["d"]) > 12)  # "2-1" is a score


def _after_place(match: re.Match[str], text: str) -> bool:
    """Whether a day follows a place that opens a paragraph: "Hà Giang, 25/2 - "."""
    before = text[max(0, match.start() - _PLACE_CHARS) : match.start()]
    return bool(_DASH.match(text, match.end()) and _PLACE.search(before))


def _more(match: re.Match[str]) -> tuple[tuple[tuple[int, int], ...], bool]:
    """The days after the first, and whether those between are meant: "19-21/2", but "19, 21/2"."""
    joined = match.string[match.end("m0") if match["m0"] else match.end("d0") : match.start("d")]
    written = match["m"] or match["mw"]
    month = int(written) if written.isdecimal() else _month_named(written)
    days = [int(day) for day in _FIGURES.findall(joined)]
    through = bool(_THROUGH.search(_FIGURES.split(joined)[-1]))
    return tuple((day, month) for day in (*days, int(match["d"]))), through


def _full_year(written: str) -> int:
    """The year of "5/3/25" and "5/3/1998"."""
    year = int(written)
    return year if len(written) > 2 else year + (2000 if year < CENTURY_FROM else 1900)


def _head(text: str, start: int) -> str:
    """The words of time right before `start`: "Sáng ", "chiều nay (", or "" if there are none."""
    match = _HEAD.search(text[max(0, start - _HEAD_CHARS) : start])
    return match[0] if match and _TIME.search(match[0]) else ""


def _first_day(match: re.Match[str], year: int | None, joined: bool) -> tuple[int, int, int | None]:
    """Day, month and year that a mention begins with: 19, 2 of "19-21/2"."""
    day, written = int(match["d"]), match["m"] or match["mw"]
    month = int(written) if written.isdecimal() else _month_named(written)
    if not joined:
        return day, month, year
    first = int(match["d0"])
    if match["m0"] is None:
        return (first if first <= day else day), month, year
    first_month = int(match["m0"])
    return first, first_month, year - 1 if year and first_month > month else year


def _is_range(match: re.Match[str]) -> bool:
    """Whether the first figures belong to the date even without a word before them: "19-21/2/2025"
    and "31/1 - 2/2/2025" do, but "4, 25/2/2024" is a four and a date."""
    return bool(_TIGHT_RANGE.fullmatch(match.string[match.start("d0") : match.start("d")]))


def _month_named(written: str) -> int:
    return words.MONTH_NAMES[" ".join(written.lower().split())]


def _quoted(match: re.Match[str], text: str, start: int) -> str:
    end = match.start("unit") if match["unit"] else match.end()
    quoted = text[start:end]
    if "(" in quoted and text[end : end + 1] == ")":
        quoted += ")"
    return " ".join(quoted.split())


def _word_before(text: str, start: int) -> str:
    match = _LAST_WORD.search(text[max(0, start - 20) : start])
    return match[1].lower() if match else ""


def _opens(text: str, start: int) -> bool:
    """Whether a sentence, or what follows an agency's name ("BHG - "), begins at `start`."""
    return _SENTENCE_START.search(text[max(0, start - 8) : start]) is not None
