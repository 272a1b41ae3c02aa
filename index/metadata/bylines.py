"""Who wrote a text and where it came from: the byline and source lines that close an article.

`Tin, ảnh: TRẦN KẾ` gives the author *Trần Kế*; `Nguồn Hà Giang: http://…` gives source and url;
`Theo TTXVN` gives a source, `Theo Nguyễn Văn An (VnExpress)` an author and a source. These lines
become fields and leave the body; a line that only looks like one stays where it was.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from index.metadata import words
from index.metadata.addresses import MAX_URL_CHARS, web_address

CLOSING_LINES = 6  # How many lines from the end are looked at; captions may stand between them.


@dataclass(frozen=True, slots=True)
class Credits:
    """What a text says of its making; None where it says nothing."""

    author: str | None = None
    source: str | None = None
    url: str | None = None

    def filled(self, other: Credits) -> Credits:
        """These credits, with what is unknown taken from `other`."""
        return Credits(
            self.author or other.author, self.source or other.source, self.url or other.url
        )


def _any(options: Sequence[str]) -> str:
    return "(?:" + "|".join(sorted(options, key=len, reverse=True)) + ")"


_LABEL = _any((*words.WRITER_LABELS, *words.PICTURE_LABELS))
_BYLINE = re.compile(
    rf"\W*(?P<labels>{_LABEL}(?:(?:\s*[,/&+–-]\s*|\s+và\s+){_LABEL})*)\s*:\s*(?P<names>\S.*)",
    re.IGNORECASE,
)
_WRITER = re.compile(rf"\b{_any(words.WRITER_LABELS)}\b", re.IGNORECASE)
_PICTURES_BY = re.compile(rf"\W+{_any(words.PICTURE_LABELS)}\s*:.*", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s<>\"()\[\]]+", re.IGNORECASE)
_SOURCE = re.compile(
    r"[^\w\n]*Nguồn(?P<name>(?:\s+tin)?(?:\s+[^\s:]+){0,8}?)\s*:\s*(?P<rest>\S.*)", re.I
)
_LINK = re.compile(
    r"\W*(?:link|url|đường dẫn|bài gốc|xem bài gốc)[^:]{0,20}:\s*(?P<url>https?://\S+)\W*", re.I
)
_AFTER = re.compile(r"[^\w\n]*Theo\s*:?\s+(?P<names>\S.*?)[\s)\].]*")
_AGENCY = re.compile(
    rf"(?:[^\W\d_][^()\n.:;]{{1,30}}\s)?\(?(?P<name>{_any(words.AGENCIES)})\)?\s*[-–—]\s*\S"
)
_SITE = re.compile(r"\(?(?P<name>[\w.-]{1,40}\.(?:vn|com|net|org))\)?\s*[-–—]\s*\S", re.IGNORECASE)
_BRACKETED = re.compile(r"\((?P<name>[A-ZĐ][^()\n]{1,24})\)\s*[-–—]\s*\S")
_INITIALS = re.compile(r"(?P<name>[A-ZĐ]{3,7})\s+[-–—]\s+[^\W\d_]")
_AGENCY_ALONE = re.compile(rf"\(?(?P<name>{_any(words.AGENCIES)}(?:/[\w+.]+)?)\)?\.?")
_SOURCE_PLAIN = re.compile(
    rf"\(?Nguồn\s+(?P<name>(?:{_any(words.PUBLISHERS)})\b[^:.,;()]{{0,40}}|[\w-]+\.[\w.-]+)\)?\.?"
)
_SIGNED = re.compile(
    r"(?P<names>[^()/]{2,60}?)\s*"
    r"(?:\((?:[Tt]heo\s+(?P<source>[^()]{2,40})|t/h|[Tt]ổng hợp|lược ghi)\))?"
)
_STAFF = ("PV", "P.V", "CTV", "BTV", "BBT", "Nhóm PV", "PV - CTV")
_BETWEEN_NAMES = re.compile(r"\s*(?:[,;&]|\s[-–—]|\s+và\s)\s*")
_NOT_A_NAME = re.compile(r"[.!?:…\"“”]\s|[!?…]$|https?:")


def split_credits(lines: Sequence[str]) -> tuple[list[str], Credits]:
    """`lines` without the byline and source lines at their end, and what those said."""
    kept = list(lines)
    found = Credits()
    seen = 0
    for position in range(len(kept) - 1, -1, -1):
        if seen == CLOSING_LINES:
            break
        line = kept[position].strip()
        if not line:
            continue
        seen += 1
        credits = read_credit_line(line) or (_signature(line) if seen == 1 else None)
        if credits is not None:
            found = credits.filled(found)
            del kept[position]
    return kept, found


def read_credit_line(line: str) -> Credits | None:
    """What a byline or source line says, or None if `line` is neither."""
    if len(line) > MAX_URL_CHARS + 200:
        return None
    for read in (_byline, _source, _plain_source, _link, _according_to):
        if (credits := read(line)) is not None:
            return credits
    return None


def agency(text: str) -> str | None:
    """The agency that opens a dateline: *TTXVN* of `(TTXVN) - Sáng 26.2`."""
    match = _AGENCY.match(text) or _SITE.match(text)
    if match is None:
        match = _BRACKETED.match(text) or _INITIALS.match(text)
        if match and match["name"].lower().startswith((*words.PICTURE_LABELS, "minh họa")):
            return None
        if match and match["name"] in words.NO_AGENCIES:
            return None
    return match["name"].strip() if match else None


def display_names(written: str) -> str | None:
    """Names as they are shown: `TRẦN KẾ – LÊ LÂM (t/h)` → `Trần Kế, Lê Lâm`; None if not names."""
    written = re.sub(r"\([^()]*\)", " ", written).strip(" .,;:-–—/()[]")
    if not written or len(written) > 120 or _NOT_A_NAME.search(written):
        return None
    names = [_name(part) for part in _BETWEEN_NAMES.split(written) if part.strip()]
    if not names or any(not _looks_like_name(name) for name in names):
        return None
    return ", ".join(names)


def _byline(line: str) -> Credits | None:
    match = _BYLINE.fullmatch(line)
    if match is None or not _WRITER.search(match["labels"]):
        return None
    written = _PICTURES_BY.sub("", match["names"])
    author = display_names(written)
    return Credits(author=author) if author else None


def _source(line: str) -> Credits | None:
    match = _SOURCE.fullmatch(line)
    if match is None:
        return None
    name = re.sub(r"^tin\b", "", match["name"].strip(), flags=re.IGNORECASE).strip()
    if name.lower().startswith(words.PICTURE_LABELS) or (name and not name[0].isupper()):
        return None
    rest = match["rest"]
    url = _first_url(rest)
    said = _URL.sub(" ", rest).strip(" .,;:-–—()[]")
    if not name and len(said) <= 80:
        name = said
    if not name and url:
        name = (urlsplit(url).hostname or "").removeprefix("www.")
    if not name and not url:
        return None
    return Credits(source=name or None, url=url)


def _plain_source(line: str) -> Credits | None:
    match = _SOURCE_PLAIN.fullmatch(line) or _AGENCY_ALONE.fullmatch(line)
    return Credits(source=match["name"].strip()) if match else None


def _signature(line: str) -> Credits | None:
    """A last line that is nothing but names: `TRẦN KẾ`, `Đức Minh (Theo TTXVN)`, `PV`."""
    if line in _STAFF:
        return Credits(author=line)
    match = _SIGNED.fullmatch(line)
    if match is None or match["names"][-1] in ".,;:!?":
        return None
    source = match["source"]
    author = display_names(match["names"])
    if author is None:
        return None
    parts = author.split(", ")
    told = source or line.endswith(")")  # that it is no heading
    if not all(_is_person(part) or (told and 2 <= len(part.split()) <= 4) for part in parts):
        return None
    return Credits(author=author, source=source)


def _link(line: str) -> Credits | None:
    match = _LINK.fullmatch(line) or _URL.fullmatch(line)
    return Credits(url=_first_url(line)) if match else None


def _according_to(line: str) -> Credits | None:
    match = _AFTER.fullmatch(line)
    if match is None or len(match["names"]) > 80 or _NOT_A_NAME.search(match["names"]):
        return None
    parts = [part.strip() for part in re.split(r"[/()]|\s[-–—]\s", match["names"]) if part.strip()]
    if not parts or "," in line or not all(part[0].isupper() for part in parts):
        return None
    if any(len(part.split()) > 6 for part in parts):
        return None
    if len(parts) == 1 and not _is_person(parts[0]):
        return Credits(source=parts[0])
    if parts[0] in words.AGENCIES:
        return Credits(source="/".join(parts))
    author = display_names(parts[0])
    return Credits(author=author, source=parts[1] if len(parts) > 1 else None)


def _first_url(text: str) -> str | None:
    match = _URL.search(text)
    return web_address(match[0].rstrip(".,;")) if match else None


def _is_person(name: str) -> bool:
    syllables = name.lower().split()
    return (
        2 <= len(syllables) <= 4
        and syllables[0] in words.FAMILY_NAMES
        and " ".join(syllables) not in words.PROVINCES
        and all(part[0].isupper() for part in name.split())
    )


def _looks_like_name(name: str) -> bool:
    parts = name.split()
    return 1 <= len(parts) <= 6 and all(part[0].isupper() for part in parts)


def _name(written: str) -> str:
    """A name written in capitals in title case; abbreviations (PV, TTXVN) stay as they are."""
    parts = written.split()
    if any(character.islower() for character in written):
        return " ".join(parts)
    if len(parts) == 1 and len(written) <= 4 and written.isascii():
        return written
    return " ".join(part.title() if _has_vowel(part) else part for part in parts)


def _has_vowel(word: str) -> bool:
    return any(letter in "aeiouyAEIOUY" for letter in unicodedata.normalize("NFD", word))
