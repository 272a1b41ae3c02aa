"""The filters of a request in the cluster's language."""

from __future__ import annotations

from datetime import date

from index.metadata.spellings import source_key, spelling_key
from search.engines.opensearch.dsl import Dsl
from search.request import SearchRequest


def clauses(request: SearchRequest) -> list[Dsl]:
    """What a document must be to pass; a document without a date passes no date filter."""
    return [
        *by_date(request),
        *by_source(request),
        *by_name(request),
        *by_place(request),
    ]


def by_date(request: SearchRequest) -> list[Dsl]:
    if not (request.date_from or request.date_to):
        return []
    days = {"gte": _number(request.date_from) if request.date_from else 1}
    if request.date_to:
        days["lte"] = _number(request.date_to)
    return [{"range": {"date": days}}]


def by_source(request: SearchRequest) -> list[Dsl]:
    return _any("source_key", [source_key(source) for source in request.sources])


def by_name(request: SearchRequest) -> list[Dsl]:
    return _any("names_key", [" ".join(spelling_key(name)) for name in request.names])


def by_place(request: SearchRequest) -> list[Dsl]:
    return _any("places_key", [" ".join(spelling_key(place)) for place in request.places])


def _any(field: str, values: list[str]) -> list[Dsl]:
    return [{"terms": {field: values}}] if values else []


def _number(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day
