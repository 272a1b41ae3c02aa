"""Whom and where a text names: proper names, for facets, and provinces among them apart.

Names are made of the compounds in title case that segmentation finds anyway, and of given names
that it leaves behind them; no model is asked. Of a long text only those are kept that it has most
often, for a facet shows what documents are about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from index.metadata.provinces import province
from index.metadata.words import FAMILY_NAMES

MAX_NAMES = 6
MAX_PLACES = 6
"""Names and provinces kept of one document: those it has most often, the first of them first."""
MAX_NAME_CHARACTERS = 60
MAX_SYLLABLES = 4  # of a Vietnamese person's name: beyond that another name begins

# The city has its person's name, and one of its names is a single syllable, hence no compound.
_SAIGON = "Hồ Chí Minh"
# `re` skips what cannot begin a match, if it begins with one class of characters.
_CITY = re.compile(r"[Hh](?:(?P<person>ồ Chí Minh)|CM)\b", re.I)
_BEFORE_CITY = re.compile(r"(?:\bTP|\b(?P<town>thành phố))\.?\s?\Z", re.I)
_BEFORE_CITY_CHARS = len(" thành phố. ")
_HUE = re.compile(r"\bHuế\b")


class Named(NamedTuple):
    """Distinct proper names, and provinces in their usual spelling, of one document."""

    names: list[str]
    places: list[str]


def named(text: str, runs: Iterable[tuple[str, ...]]) -> Named:
    """The names in `runs`, the runs of words in title case of NFC `text` (`analysis.words`)."""
    names: dict[str, int] = {}
    places: dict[str, int] = {}
    for run in runs:
        for name, place in _told(run):
            if place is None:
                names[name] = names.get(name, 0) + 1
            else:
                places[place] = places.get(place, 0) + 1
    if ("Chí Minh" in text or "HCM" in text) and (cities := _cities(text)):
        places[_SAIGON] = places.get(_SAIGON, 0) + cities
        names[_SAIGON] = names.get(_SAIGON, 0) - cities
        names = {name: count for name, count in names.items() if count > 0}
    if "Huế" in text and (found := len(_HUE.findall(text))):
        places["Huế"] = max(places.get("Huế", 0), found)
    return Named(_most_common(names, MAX_NAMES), _most_common(places, MAX_PLACES))


def _cities(text: str) -> int:
    """How often the city is named, not the person: `TP HCM`, `thành phố Hồ Chí Minh`."""
    count = 0
    for name in _CITY.finditer(text):
        before = text[max(0, name.start() - _BEFORE_CITY_CHARS) : name.start()]
        city = _BEFORE_CITY.search(before)
        count += city is not None and (name["person"] is not None or city["town"] is None)
    return count


def _most_common(counts: dict[str, int], most: int) -> list[str]:
    return sorted(counts, key=counts.__getitem__, reverse=True)[:most]  # of equals the first


@lru_cache(maxsize=1 << 16)
def _told(run: tuple[str, ...]) -> tuple[tuple[str, str | None], ...]:
    """The names in a run, each with the province that it is; texts have the same ones again."""
    told = []
    for name in _names(run):
        place = province(name)
        told.append((name, None if place == _SAIGON == name else place))
    return tuple(told)


def _names(run: Sequence[str]) -> Iterator[str]:
    """The names of two and more syllables in words next to each other.

    Every compound is one; with a family name it takes given names after it (`Nguyễn_Văn An`), and
    a family name alone takes what follows (`Đỗ Mười`, `Võ Nguyên_Giáp`).
    """
    name: list[str] = []
    for word in run:
        syllables = word.split()
        if name and _takes(name, syllables):
            name += syllables
            continue
        if len(name) > 1:
            yield " ".join(name)
        name = syllables if len(syllables) > 1 or _is_family(word) else []
    if len(name) > 1:
        yield " ".join(name)


def _takes(name: Sequence[str], syllables: Sequence[str]) -> bool:
    """Whether a name that has begun goes on with these syllables."""
    if not _is_family(name[0]) or len(name) + len(syllables) > MAX_SYLLABLES:
        return False
    return len(name) == 1 or (len(syllables) == 1 and province(" ".join(name)) is None)


def _is_family(syllable: str) -> bool:
    return syllable.lower() in FAMILY_NAMES
