"""Answers that hold until the next commit: an ETag names the commit, and 304 saves the search.

The commit is named before it is asked. If there is another one meanwhile, the name is too old and
the next request asks again; the other way round an old answer would pass for a new one.
"""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, g, request

from search.results import SearchResults
from web.services import services


def not_modified() -> Response | None:
    """The answer to who holds this commit's answer already, None for who does not.

    To be asked only after the request was found good: an error is never "not modified".
    """
    name = name_commit()
    if "HTTP_IF_NONE_MATCH" in request.environ and request.if_none_match.contains_weak(name):
        return revalidated(Response(status=HTTPStatus.NOT_MODIFIED))
    return None


def revalidated(response: Response) -> Response:
    """`response` with its commit's tag; whoever keeps it asks again before using it."""
    # Weak: the time that a search took differs each time.
    response.set_etag(name_commit(), weak=True)
    response.headers["Cache-Control"] = "no-cache"
    return response


def lasting(response: Response, results: SearchResults) -> Response:
    """`response` with its tag, unless the results were cut short: next time there may be more."""
    if results.partial:
        response.headers["Cache-Control"] = "no-store"
        return response
    return revalidated(response)


def name_commit() -> str:
    """The name of the commit, and of the server, whose code decides what is made of it; the same
    for the rest of this request."""
    name: str | None = g.get("commit_tag")
    if name is None:
        ours = services()
        name = g.commit_tag = f"{ours.engine.commit_id()}-{ours.version}"
    return name
