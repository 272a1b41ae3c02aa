"""How all the hits of a query divide, counted by the cluster (on one machine: `search.facets`)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from index.metadata.spellings import source_key, spelling_key
from search.engines.opensearch.dsl import Dsl
from search.engines.opensearch.filters import clauses
from search.facets import CANDIDATES, MAX_VALUES
from search.filters import as_if_not_chosen
from search.request import Facet, SearchRequest
from search.results import FacetValue

Aggregation = dict[str, Any]

PAST = "past"
"""What counts past a filter is called."""
SOURCES = 1_000
"""Spellings of sources that are compared."""


def aggregations(request: SearchRequest, query: Dsl) -> dict[str, Aggregation]:
    """What the cluster has to count; `query` is the request's without its filters."""
    return {f"facet-{name}": _aggregation(name, request, query) for name in request.facets}


def values(names: Sequence[Facet], counted: Mapping[str, Any]) -> dict[str, tuple[FacetValue, ...]]:
    """The facets in the order in which they are shown."""
    return {name: _READ[name](_buckets(counted[f"facet-{name}"]))[:MAX_VALUES] for name in names}


def _aggregation(name: Facet, request: SearchRequest, query: Dsl) -> Aggregation:
    wider = as_if_not_chosen(request, name)
    if wider is None:
        return _COUNTED[name]
    # An aggregation sees what the request finds; only a global one can look past its filters.
    past = {"bool": {"filter": [query, *clauses(wider)]}}
    return {"global": {}, "aggs": {PAST: {"filter": past, "aggs": {PAST: _COUNTED[name]}}}}


def _buckets(counted: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    found = counted[PAST][PAST] if PAST in counted else counted
    buckets: Sequence[Mapping[str, Any]] = found["buckets"]
    return buckets


def _merged(
    buckets: Sequence[Mapping[str, Any]], key: Callable[[str], Hashable]
) -> tuple[FacetValue, ...]:
    """Commonest first; spellings with the same key count as the commonest one."""
    spellings: dict[Hashable, Counter[str]] = defaultdict(Counter)
    for bucket in buckets:
        spellings[key(bucket["key"])][bucket["key"]] = bucket["doc_count"]
    found = [
        FacetValue(counter.most_common(1)[0][0], counter.total()) for counter in spellings.values()
    ]
    return tuple(sorted(found, key=lambda value: (-value.count, value.value)))


def _sources(buckets: Sequence[Mapping[str, Any]]) -> tuple[FacetValue, ...]:
    return _merged(buckets, source_key)


def _names(buckets: Sequence[Mapping[str, Any]]) -> tuple[FacetValue, ...]:
    return _merged(buckets, spelling_key)


def _years(buckets: Sequence[Mapping[str, Any]]) -> tuple[FacetValue, ...]:
    return _periods(buckets, lambda day: f"{day // 10_000:04}")


def _months(buckets: Sequence[Mapping[str, Any]]) -> tuple[FacetValue, ...]:
    return _periods(buckets, lambda day: f"{day // 10_000:04}-{day // 100 % 100:02}")


def _periods(
    buckets: Sequence[Mapping[str, Any]], name: Callable[[int], str]
) -> tuple[FacetValue, ...]:
    """Newest first; documents without a date are in none."""
    newest = sorted(buckets, key=lambda bucket: -bucket["key"])
    return tuple(
        FacetValue(name(int(bucket["key"])), bucket["doc_count"])
        for bucket in newest
        if bucket["key"]
    )


def _terms(field: str, size: int) -> Aggregation:
    return {"terms": {"field": field, "size": size}}


def _steps(width: int) -> Aggregation:
    return {"histogram": {"field": "date", "interval": width, "min_doc_count": 1}}


_COUNTED: dict[Facet, Aggregation] = {
    "source": _terms("source_name", SOURCES),
    "year": _steps(10_000),
    "month": _steps(100),
    "names": _terms("names", CANDIDATES),
    "places": _terms("places", CANDIDATES),
}
_READ: dict[Facet, Callable[[Sequence[Mapping[str, Any]]], tuple[FacetValue, ...]]] = {
    "source": _sources,
    "year": _years,
    "month": _months,
    "names": _names,
    "places": _names,
}
