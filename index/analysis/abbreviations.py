"""Abbreviations that a text defines itself: `Ủy ban nhân dân (UBND)`, `UBND (Ủy ban nhân dân)`.

The method of Schwartz and Hearst ("A simple algorithm for identifying abbreviation definitions in
biomedical text", PSB 2003), adapted: a Vietnamese abbreviation has one capital for each syllable,
sometimes with the letters after it (`TTg`, `ThS`), and leaves out little words (`GD&ĐT`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.analysis.fold import fold_key
from index.analysis.normalize import accented_key
from index.analysis.syllables import surfaces

JOINER = "_"
_MAX_TERM_BYTES = 255
_LONGEST = 12  # letters of an abbreviation
_REACH = 12  # characters before a parenthesis, for each letter in it, that may be its long form
_PARENTHESIS = re.compile(r"\(\s{0,3}([^()\n]{2,80}?)\s{0,3}\)")
_LEAD = re.compile(
    r"(?:sau đây\s+)?(?:được\s+)?(?:gọi|viết)\s+tắt(?:\s+là)?\s*:?\s*", re.IGNORECASE
)
_SHORT = re.compile(r"[^\W\d_](?:[^\W\d_]|[&./–-](?=[^\W\d_])){1,11}")
_QUOTES = "\"'“”"
_CLAUSE_END = re.compile(r"[.;:!?\"“”\n]")
_UNIT = re.compile(r"[^\W\d_]")
_LITTLE_WORDS = frozenset(("và", "của", "về", "các", "cho", "trong", "theo", "với", "tại", "ở"))


class Definition(NamedTuple):
    """An abbreviation and what it stands for: accented keys, each of one syllable."""

    short: tuple[str, ...]
    long: tuple[str, ...]

    def term(self) -> str:
        """The definition as an index term: `ubnd=ủy_ban_nhân_dân`, `gd_đt=giáo_dục_và_đào_tạo`."""
        return JOINER.join(self.short) + "=" + JOINER.join(self.long)


def parse_term(term: str) -> Definition:
    """The definition of which `term` is the `Definition.term()`."""
    short, _, long = term.partition("=")
    return Definition(tuple(short.split(JOINER)), tuple(long.split(JOINER)))


def definitions(text: str) -> set[Definition]:
    """The abbreviations that NFC `text` defines."""
    return set(_definitions(text)) if "(" in text else set()


def _definitions(text: str) -> Iterator[Definition]:
    for parenthesis in _PARENTHESIS.finditer(text):
        inside = parenthesis[1]
        before = text[max(0, parenthesis.start() - _REACH * _LONGEST) : parenthesis.start()]
        if short := _short_form(_without_lead(inside)):
            clause = _CLAUSE_END.split(before[-_REACH * len(short) :])[-1]
            long = _long_form(short, _keys(clause), whole=False)
        elif short := _short_form(before[before.rstrip().rfind(" ") + 1 :].strip(_QUOTES + " ")):
            long = _long_form(short, _keys(inside), whole=True)
        else:
            continue
        definition = Definition(tuple(_keys(short)), long)
        if long and len(definition.term().encode()) <= _MAX_TERM_BYTES:
            yield definition


def _without_lead(inside: str) -> str:
    """`inside` without "viết tắt là" and quotation marks."""
    return (_LEAD.sub("", inside, count=1) if "tắt" in inside else inside).strip(_QUOTES)


def _short_form(token: str) -> str:
    """`token` if it looks like an abbreviation: a few letters, two capitals among them; else ""."""
    if not 2 <= len(token) <= _LONGEST or token.islower() or sum(map(str.isupper, token)) < 2:
        return ""
    return token if _SHORT.fullmatch(token) else ""


def _keys(text: str) -> list[str]:
    return [accented_key(surface) for surface in surfaces(text)]


def _long_form(short: str, keys: Sequence[str], *, whole: bool) -> tuple[str, ...]:
    """The last of `keys` that the letters of `short` stand for (all of them, if `whole`), or ()."""
    units = _units(short)
    at = len(keys)
    for unit in reversed(units):
        at -= 1
        while at > 0 and not _stands_for(unit, keys[at]) and keys[at] in _LITTLE_WORDS:
            at -= 1
        if at < 0 or not _stands_for(unit, keys[at]):
            return ()
    return () if (whole and at) or len(units) < 2 else tuple(keys[at:])


def _units(short: str) -> list[str]:
    """A capital each, with the small letters after it: TTg → T, Tg; none of an ordinary word."""
    units: list[str] = []
    for letter in _UNIT.findall(short):
        if letter.isupper():
            units.append(letter.lower())
        elif units:
            units[-1] += letter
        else:
            return []
    return units


def _stands_for(unit: str, key: str) -> bool:
    """Whether `key` begins with the first letter of `unit` and has the others in order."""
    if (unit[0] == "đ") != (key[0] == "đ"):
        return False
    folded = fold_key(key)
    if not folded.startswith(fold_key(unit[0])):
        return False
    rest = iter(folded[1:])
    return all(letter in rest for letter in fold_key(unit)[1:])
