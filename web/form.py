"""The search form as typed: what its fields show again, and the addresses its links lead to.

Everything a visitor chose lives in the address (query, filters, sort, page), so every link is the
same form with something changed.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import MINYEAR
from typing import Any, ClassVar, cast
from urllib.parse import urlencode

from search.parameters import Strings

FIELDS = (*("q", "source", "name", "place", "from", "to", "sort", "mode", "group", "size", "page"),)
DEFAULTS = {"sort": "relevance", "mode": "auto", "group": "1", "size": "10", "page": "1"}
CHOSEN = ("source", "name", "place")
"""Filters of which several values may be chosen: a document needs one of them."""
FILTERS = (*CHOSEN, "from", "to")

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Form:
    """Raw values by parameter name, valid or not; empty and default ones are left out."""

    values: Mapping[str, tuple[str, ...]]

    KEPT: ClassVar = ("source", "name", "place", "sort", "mode", "group", "size")
    """What a new query keeps, in hidden fields; the days have fields of their own."""
    LISTED: ClassVar = (("source", "source"), ("places", "place"), ("names", "name"))
    """Facets whose values are listed, and the parameter that each filters by."""

    @classmethod
    def from_params(cls, params: Strings) -> Form:
        given = {name: tuple(_texts(params.get(name, ""), name)) for name in FIELDS}
        return cls({k: v for k, v in given.items() if v and v != (DEFAULTS.get(k),)})

    def __getitem__(self, name: str) -> str:
        """The value, of several the first; empty if there is none."""
        return self.chosen(name)[0] if name in self.values else ""

    def chosen(self, name: str) -> tuple[str, ...]:
        """All values."""
        return self.values.get(name, ())

    def changed(self, **changes: Any) -> Form:
        """The form with some values replaced (None removes one, a tuple is several). Any
        change but of the page goes back to the first page. `from` is written `from_` here, as
        Python reserves the word."""
        named = {name.rstrip("_"): value for name, value in changes.items()}
        kept = {**self.values} if "page" in named else {**self.values, "page": ()}
        new = {
            name: value if isinstance(value, tuple) else ("" if value is None else str(value),)
            for name, value in named.items()
        }
        return replace(self, values=Form.from_params({**kept, **new}).values)

    def toggled(self, name: str, value: str) -> Form:
        """The form with one more value of a filter chosen, or without it if it is chosen."""
        others = tuple(other for other in self.chosen(name) if other != value)
        added = others if value in self.chosen(name) else (*others, value)
        return self.changed(**{name: added})

    def url(self, **changes: Any) -> str:
        """The address of the page with this form, changed as `changed` says."""
        values = self.changed(**changes).values if changes else self.values
        ordered = [(name, values[name]) for name in FIELDS if name in values]
        return f"/?{urlencode(ordered, doseq=True, errors='replace')}" if ordered else "/"

    def feed_url(self) -> str:
        """The address of the feed of this query."""
        return self.changed(page=None, sort=None, size=None).url().replace("/?", "/feed?", 1)

    def without_filters(self) -> Form:
        return self.changed(**dict.fromkeys(_changes(FILTERS)))

    @property
    def filters(self) -> int:
        """How many filters are set; the days of a year or a month are one."""
        return sum(len(self.chosen(name)) for name in FILTERS) - bool(self.year or self.month)

    @property
    def year(self) -> str | None:
        """The year that the days from and to make up, if they do."""
        first, last = self["from"], self["to"]
        whole = first[5:] == "01-01" and last[5:] == "12-31" and first[:4] == last[:4]
        return first[:4] if whole else None

    @property
    def month(self) -> str | None:
        """The month that the days from and to make up, as `02/2025`, if they do."""
        if not (_DAY.fullmatch(self["from"]) and _DAY.fullmatch(self["to"])):
            return None
        year, month = int(self["from"][:4]), int(self["from"][5:7])
        if not (year >= MINYEAR and 1 <= month <= 12):
            return None
        whole = f"{year:04}-{month:02}-{monthrange(year, month)[1]}"
        is_month = self["from"].endswith("-01") and self["to"] == whole
        return f"{month:02}/{year:04}" if is_month else None

    def page_links(self, current: int, pages: int) -> list[int | None]:
        """Page numbers to link: the ends, the current one and its neighbours; None is a gap."""
        near = {1, pages, current - 1, current, current + 1}
        if current <= 3:
            near |= {2, 3}
        if current >= pages - 2:
            near |= {pages - 2, pages - 1}
        numbers = sorted(number for number in near if 1 <= number <= pages)
        links: list[int | None] = []
        for number in numbers:
            if links and number - cast("int", links[-1]) == 2:
                links.append(number - 1)
            elif links and number - cast("int", links[-1]) > 2:
                links.append(None)
            links.append(number)
        return links


def _texts(given: str | Sequence[str], name: str) -> Iterator[str]:
    """The values of a parameter that are not empty, each once; one only if it can have but one."""
    texts = [given] if isinstance(given, str) else given
    stripped = dict.fromkeys(text.strip() for text in (texts if name in CHOSEN else texts[:1]))
    return (text for text in stripped if text)


def _changes(names: tuple[str, ...]) -> list[str]:
    """Parameter names as keywords."""
    return [f"{name}_" if name == "from" else name for name in names]
