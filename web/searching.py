"""The one way in which views search: counted, so that the status page knows what goes on."""

from __future__ import annotations

from search.request import SearchRequest
from search.results import SearchResults
from web.services import services


def answer(request: SearchRequest) -> SearchResults:
    """The page of hits that the request asks for."""
    services().traffic.count()
    results = services().engine.search(request)
    if results.partial:
        services().metrics.partial.inc()
    return results
