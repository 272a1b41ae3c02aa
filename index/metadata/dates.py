"""When a text was published, as far as the text or its url says so.

Press datelines leave the year out ("Sáng 25/2"); it is taken from the url ("/202402/") or from a
year that stands in the same paragraph ("xuân 2025"), and without either the date stays unknown.
A number like 25/2 alone is never a date: a word such as *sáng*, *chiều* or *ngày* must lead it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from index.metadata import words

HEAD_CHARS = 1_000  # How far into a text a dateline is looked for.
SEARCHED_CHARS = 100_000  # How far a full date is looked for.
NEAR_DAYS = 45  # A full date this near lends its year to a dateline without one.


@dataclass(frozen=True, slots=True)
class Dated:
    """An ISO day, and the words (and the part of the url) that it was read from."""

    date: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A day in a text; `year` is None where the text leaves it out."""

    day: int
    month: int
    year: int | None
    words: str
    start: int
    leading: bool  # the way a dateline begins: with a part of the day, or opening a sentence

    def dated(self, year: int | None = None, evidence: str = "") -> Dated | None:
        """This day of its own year, or of `year`, for which `evidence` is quoted too."""
        day = self.on(self.year or year or 0)
        if day is None:
            return None
        return Dated(day.isoformat(), f"{self.words} + {evidence}" if evidence else self.words)

    def on(self, year: int) -> date | None:
        """This day in `year`, or None if the calendar has no such day (29/2)."""
        return calendar_day(year, self.month, self.day)


def calendar_day(year: int, month: int, day: int) -> date | None:
    """The day, or None where the calendar or the press of 1900–2099 has none."""
    try:
        return date(year, month, day) if 1900 <= year <= 2099 else None
    except ValueError:
        return None


def _any(options: Sequence[str]) -> str:
    longest_first = sorted(options, key=len, reverse=True)
    return "(?:" + "|".join(option.replace(" ", r"\s") for option in longest_first) + ")"


_HEAD_WORD = _any((*words.PARTS_OF_DAY, *words.DAY_WORDS, *words.WEEKDAYS, *words.FILLERS))
_YEAR = r"(?:19|20)\d\d"
# Days joined to the one that carries the month: "19-21/2", "31/1 - 2/2", "19, 20 và 21/2".
_JOIN = r"(?:\s?[-–—,]\s?|\s(?:đến|tới|và)\s(?:hết\s)?)(?:ngày\s)?"
_FIRST = rf"(?:(?P<d0>\d{{1,2}})(?:\s?[/.]\s?(?P<m0>\d{{1,2}}))?(?:{_JOIN}\d{{1,2}})??{_JOIN})?"
_MENTION = re.compile(
    rf"""
    (?P<head>\b{_HEAD_WORD}(?:,?\s{_HEAD_WORD}){{0,4}}[,:]?\s?\(?\s?)?
    (?<![\w/.,\-–])
    {_FIRST}(?P<d>\d{{1,2}})
    (?:
        \s?(?P<sep>[/.\-])\s?(?P<m>\d{{1,2}})
        (?:\s?(?P=sep)\s?(?P<y>{_YEAR})|,?\snăm\s(?P<y2>{_YEAR}))?
      | \stháng\s(?P<mw>\d{{1,2}}|{_any(tuple(words.MONTH_NAMES))})\b
        (?:,?\snăm\s(?P<y3>{_YEAR})|\s?/\s?(?P<y4>{_YEAR}))?
    )
    (?![\w%]|[/.,\-]\d|\s[/]\s\d)
    (?P<unit>\s?{_any(words.UNIT_WORDS)}(?!\w))?
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ISO = re.compile(rf"(?<![\w\-])({_YEAR})-(\d\d)-(\d\d)(?![\d\-])")
_HAS_FULL = re.compile(rf"(?:[/.\-]\s?|năm\s){_YEAR}|{_YEAR}-\d\d", re.IGNORECASE)
_LEADING = re.compile(rf"\b{_any(words.PARTS_OF_DAY)}\b", re.IGNORECASE)
_ANCHOR = re.compile(
    rf"\b{_any((*words.PARTS_OF_DAY, *words.DAY_WORDS, *words.WEEKDAYS))}\b", re.IGNORECASE
)
_FORWARD = re.compile(rf"\b{_any(words.FORWARD_WORDS)}\b", re.IGNORECASE)
_SENTENCE_START = re.compile(r"(?:^|[.!?;:–—\-)\n])\s*$")
_PUBLISHED = re.compile(
    r"(?:ngày đăng|đăng ngày|đăng lúc|ngày xuất bản|xuất bản ngày|cập nhật)[^\n]{0,30}$",
    re.IGNORECASE,
)
_STATED_YEAR = re.compile(
    rf"(?:\b{_any(words.YEAR_WORDS)}\s|\btháng\s\d{{1,2}}\s?[/.\-]\s?)({_YEAR})(?![\d/.,\-]*\d)",
    re.IGNORECASE,
)
_OTHER_YEAR = re.compile(rf"\b{_any(words.OTHER_YEAR_WORDS)}\b[^.;,:]{{0,25}}$", re.IGNORECASE)
_URL_DAY = re.compile(
    r"/(20\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=[/.-]|$)"
    r"|-(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{0,11}(?=\.|/|$)"
)
_URL_MONTH = re.compile(r"/(20\d\d)[/-]?(0[1-9]|1[0-2])/")


def publication_date(text: str, *, title: str = "", url: str | None = None) -> Dated | None:
    """The day that `text` (NFC, paragraphs on lines of their own) was published, if it says so.

    In this order: a full date in the url; a line such as "Ngày đăng: 26/2/2024"; the dateline,
    with the year of the url, or of its own paragraph or title; the first full date in the text.
    """
    if (day := url_day(url)) is not None:
        return day
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
        return resolved[0][1] if resolved else None
    if leading[0].year is None:
        return leading[1]
    return next(dated for mention, dated in resolved if mention.year)


def first_full_date(text: str, *, url: str | None = None) -> Dated | None:
    """The url's date, or the first full date near the beginning of `text`. Cheap, for bulk."""
    if (day := url_day(url)) is not None:
        return day
    head = text[:HEAD_CHARS]
    if not _HAS_FULL.search(head):
        return None
    return next((dated for mention in find_mentions(head) if (dated := mention.dated())), None)


def url_day(url: str | None) -> Dated | None:
    """The full date in a url, as in `/2024/02/26/` or `-20240226101530.htm`."""
    match = _URL_DAY.search(url) if url else None
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups() if part is not None)
    found = calendar_day(year, month, day)
    return Dated(found.isoformat(), match[0]) if found else None


def find_mentions(text: str) -> Iterator[Mention]:
    """Days written in `text` in their order; a day without a year only after a word of time."""
    iso = [mention for match in _ISO.finditer(text) if (mention := _iso_mention(match, text))]
    for match in _MENTION.finditer(text):
        mention = _mention(match, text)
        while iso and mention and iso[0].start < mention.start:
            yield iso.pop(0)
        if mention is not None:
            yield mention
    yield from iso


def _iso_mention(match: re.Match[str], text: str) -> Mention | None:
    year, month, day = (int(part) for part in match.groups())
    if calendar_day(year, month, day) is None:
        return None
    return Mention(day, month, year, match[0], match.start(), _opens(text, match.start()))


def _mention(match: re.Match[str], text: str) -> Mention | None:
    head = match["head"] or ""
    if head and not _ANCHOR.search(head):
        head = ""
    stated = match["y"] or match["y2"] or match["y3"] or match["y4"]
    year = int(stated) if stated else None
    before = _word_before(text, match.start())
    if before in words.FOREIGN_WORDS or (match["unit"] or "").strip() in words.LUNAR_WORDS:
        return None
    if year is None and (
        not head
        or match["unit"]
        or before in words.RATE_WORDS
        or before in words.LIMIT_WORDS
        or before in words.FEAST_WORDS
    ):
        return None
    day, month = _first_day(match, bool(head))
    if calendar_day(year or 2024, month, day) is None:
        return None
    leading = (
        before not in words.LIMIT_WORDS
        and not _FORWARD.search(head)
        and (bool(_LEADING.search(head)) or (bool(head) and _opens(text, match.start())))
    )
    return Mention(day, month, year, _words(match, text), match.start(), leading)


def _first_day(match: re.Match[str], has_head: bool) -> tuple[int, int]:
    """Day and month that the mention begins with: 19 and 2 of "19-21/2"."""
    day, month = int(match["d"]), _month(match["m"] or match["mw"])
    if match["d0"] is None:
        return day, month
    first = int(match["d0"])
    # Without a leading word "4, 25/2/2024" may be a four and a date: only a tight dash joins.
    if not has_head and not re.fullmatch(
        r"[/.\d]*[-–—]", match.string[match.start("d0") : match.start("d")]
    ):
        return day, month
    if match["m0"] is not None:
        return first, int(match["m0"])
    return (first, month) if first <= day else (day, month)


def _month(written: str) -> int:
    return (
        int(written)
        if written.isdecimal()
        else words.MONTH_NAMES[" ".join(written.lower().split())]
    )


def _words(match: re.Match[str], text: str) -> str:
    end = match.start("unit") if match["unit"] else match.end()
    quoted = text[match.start() : end]
    if "(" in quoted and text[end : end + 1] == ")":
        quoted += ")"
    return " ".join(quoted.split())


def _word_before(text: str, start: int) -> str:
    preceding = text[max(0, start - 20) : start]
    found = re.search(r"(\w+)\s+\(?$", preceding)
    return found[1].lower() if found else ""


def _opens(text: str, start: int) -> bool:
    """Whether a sentence, or what follows an agency's name ("BHG - "), begins at `start`."""
    return _SENTENCE_START.search(text[max(0, start - 8) : start]) is not None


def _anchored(
    mention: Mention, mentions: list[Mention], text: str, title: str, url: str | None
) -> Dated | None:
    """A day without a year, dated by what is nearest to it; None if nothing says the year."""
    if mention.start > HEAD_CHARS:
        return None
    if url and (match := _URL_MONTH.search(url)):
        return _near_month(mention, int(match[1]), int(match[2]), match[0])
    begin = text.rfind("\n", 0, mention.start) + 1
    end = text.find("\n", mention.start)
    for scope in (text[begin : end if end >= 0 else len(text)], title):
        stated = stated_years(scope)
        if len(stated) == 1:
            return mention.dated(*next(iter(stated.items())))
        if stated:
            return None  # Two years in one paragraph: which one is anybody's guess.
    for other in mentions:
        if other.year is None:
            continue
        day, near = mention.on(other.year), other.on(other.year)
        if day and near and abs(day - near) <= timedelta(days=NEAR_DAYS):
            return mention.dated(other.year, other.words)
    return None


def _near_month(mention: Mention, year: int, month: int, evidence: str) -> Dated | None:
    """The dateline's day in the month of the url, or in the month before it."""
    if mention.month == month:
        return mention.dated(year, evidence)
    if mention.month == (month - 2) % 12 + 1:
        return mention.dated(year - (month == 1), evidence)
    return None


def stated_years(text: str) -> dict[int, str]:
    """The years that `text` says it is about, each with the words: {2025: "xuân 2025"}."""
    years: dict[int, str] = {}
    for match in _STATED_YEAR.finditer(text):
        if not _OTHER_YEAR.search(text[max(0, match.start() - 40) : match.start()]):
            years.setdefault(int(match[1]), " ".join(match[0].split()))
    return years
