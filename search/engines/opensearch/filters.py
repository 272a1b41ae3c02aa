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
        *_term("names_key", request.name),
        *_term("places_key", request.place),
    ]


def by_date(request: SearchRequest) -> list[Dsl]:
    if not (request.date_from or request.date_to):
        return []
    days = {"gte": _number(request.date_from) if request.date_from else 1}
    if request.date_to:
        days["lte"] = _number(request.date_to)
    return [{"range": {"date": days}}]


def by_source(request: SearchRequest) -> list[Dsl]:
    if not request.source:
        return []
    return [{"term": {"source_key": source_key(request.source)}}]


def _term(field: str, name: str | None) -> list[Dsl]:
    return [{"term": {field: " ".join(spelling_key(name))}}] if name else []


def _number(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day
