"""The search form as typed: what its fields show again, and the addresses its links lead to.

Everything a visitor chose lives in the address (query, filters, sort, page), so every link is the
same form with something changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast
from urllib.parse import urlencode

FIELDS = ("q", "source", "from", "to", "sort", "mode", "size", "page")
DEFAULTS = {"sort": "relevance", "mode": "auto", "size": "10", "page": "1"}


@dataclass(frozen=True, slots=True)
class Form:
    """Raw values by parameter name, valid or not; empty and default ones are left out."""

    values: Mapping[str, str]

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Form:
        given = {name: params.get(name, "").strip() for name in FIELDS}
        return cls({k: v for k, v in given.items() if v and v != DEFAULTS.get(k)})

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def changed(self, **changes: Any) -> Form:
        """The form with some values replaced (None removes one). Any change but of the page goes
        back to the first page. `from` is written `from_` here, as Python reserves the word."""
        named = {name.rstrip("_"): value for name, value in changes.items()}
        kept = dict(self.values) if "page" in named else {**self.values, "page": ""}
        merged = {**kept, **{name: "" if v is None else str(v) for name, v in named.items()}}
        return replace(self, values=Form.from_params(merged).values)

    def url(self, **changes: Any) -> str:
        """The address of the page with this form, changed as `changed` says."""
        values = self.changed(**changes).values if changes else self.values
        ordered = [(name, values[name]) for name in FIELDS if name in values]
        return f"/?{urlencode(ordered, errors='replace')}" if ordered else "/"

    def without_filters(self) -> str:
        return self.url(source=None, from_=None, to=None)

    @property
    def filters(self) -> int:
        """How many filters are set."""
        return sum(name in self.values for name in ("source", "from", "to"))

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
