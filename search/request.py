"""What a visitor asks for, checked: every front end turns its input into a `SearchRequest`.

A request that exists is valid. Whatever lies outside the contract raises `RequestError`, which
names the parameter and says what is allowed, so that front ends can pass it on as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import get_args

from search.parameters import (
    MAX_DEPTH,
    MAX_QUERY_CHARACTERS,
    MAX_SIZE,
    MAX_SOURCE_CHARACTERS,
    Facet,
    Mode,
    RequestError,
    SearchParameters,
    Several,
    Sort,
    Strings,
    clean,
    from_strings,
)

__all__ = [
    "MAX_DEPTH",
    "MAX_QUERY_CHARACTERS",
    "Facet",
    "Mode",
    "RequestError",
    "SearchRequest",
    "Sort",
]


_FACETS: tuple[Facet, ...] = get_args(Facet)


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search. `query` may be empty, which finds nothing; it is kept in NFC, without controls.

    `date_from` and `date_to` are both inclusive; `sources` are compared folded, as a whole; `names`
    and `places` are as the facets give them. A document passes that has any of these, and any of
    those; no values let all pass. `facets` names the counts wanted beside the hits. With
    `group`, of near duplicates only the best hit is given.
    """

    query: str
    page: int = 1
    size: int = 10
    sort: Sort = "relevance"
    date_from: date | None = None
    date_to: date | None = None
    sources: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    mode: Mode = "auto"
    facets: tuple[Facet, ...] = ()
    group: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "query", clean(self.query))
        if len(self.query) > MAX_QUERY_CHARACTERS:
            raise RequestError("q", f"at most {MAX_QUERY_CHARACTERS:,} characters are allowed")
        if not 1 <= self.size <= MAX_SIZE:
            raise RequestError("size", f"must be a whole number from 1 to {MAX_SIZE}")
        if not 1 <= self.page <= MAX_DEPTH // self.size:
            raise RequestError(
                "page",
                f"must be a whole number from 1 to {MAX_DEPTH // self.size} with size={self.size}: "
                f"pages go {MAX_DEPTH:,} hits deep",
            )
        if self.date_from and self.date_to and self.date_from > self.date_to:
            raise RequestError("from", f"must not be later than to ({self.date_to.isoformat()})")
        if not (self.sources or self.names or self.places):
            return
        for parameter in ("source", "name", "place"):
            values = tuple(dict.fromkeys(_cleaned(getattr(self, f"{parameter}s"), parameter)))
            object.__setattr__(self, f"{parameter}s", values)

    @classmethod
    def from_params(cls, params: Strings) -> SearchRequest:
        """Read the parameters of `GET /search` (q page size sort from to source …).

        An empty or missing value means the default, as forms send empty fields; unknown parameters
        are ignored. Raises `RequestError` for anything else that the contract does not allow.
        """
        return cls.from_parameters(from_strings(params, SearchParameters))

    @classmethod
    def from_parameters(cls, given: SearchParameters) -> SearchRequest:
        """The request that these parameters describe; raises `RequestError` if they contradict
        each other."""
        return cls(
            query=given.q,
            page=given.page,
            size=given.size,
            sort=given.sort,
            date_from=given.date_from,
            date_to=given.date_to,
            sources=_values(given.source),
            names=_values(given.name),
            places=_values(given.place),
            mode=given.mode,
            facets=given.facets and tuple(name for name in _FACETS if name in given.facets),
            group=given.group,
        )

    @property
    def offset(self) -> int:
        """How many hits come before this page."""
        return (self.page - 1) * self.size


def _values(given: Several) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else given


def _cleaned(values: tuple[str, ...], parameter: str) -> Iterator[str]:
    for value in map(clean, values):
        if len(value) > MAX_SOURCE_CHARACTERS:
            raise RequestError(parameter, f"at most {MAX_SOURCE_CHARACTERS} characters are allowed")
        if value:
            yield value
