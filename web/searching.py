"""The one way in which views search: counted, so that the status page knows what goes on."""

from __future__ import annotations

from contextlib import AbstractContextManager

from search.deadline import SHOWING, Deadline, time_limit
from search.request import SearchRequest
from search.results import SearchResults
from web.services import services


def answer(request: SearchRequest) -> SearchResults:
    """The page of hits that the request asks for."""
    ours = services()
    ours.traffic.count()
    results = ours.engine.search(request)
    if results.partial:
        ours.metrics.partial.inc()
    return results


def time_of_one() -> AbstractContextManager[Deadline]:
    """Within it all searches of a request together have the time of one, to find and to show; it
    does not bind a cluster, which has limits of its own."""
    settings = services().settings
    seconds = None if settings.engine else settings.query_seconds
    return time_limit(seconds and seconds * (1 + SHOWING))
