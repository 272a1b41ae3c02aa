"""Every error of the application ends here, as JSON for programs and as a page for people.

Nobody sees a traceback or a path of the server's disk: what is unexpected goes to the log.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from urllib.parse import quote

from flask import Flask, Response, make_response, redirect, render_template, request
from flask.globals import request_ctx
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    NotFound,
    RequestEntityTooLarge,
)
from werkzeug.wrappers import Response as ResponseValue

from index.cluster.errors import ClusterError
from index.errors import MissingIndexError, TimtinError
from search.deadline import OutOfTime
from search.request import RequestError
from web.problems import MEDIA_TYPE, Problem

API_PATHS = frozenset(
    {
        "/search",
        "/search/batch",
        "/suggest",
        "/explain",
        "/health",
        "/health/live",
        "/health/ready",
        "/metrics",
        "/reindex",
        "/openapi.json",
        "/feed",
    }
)
PAGE_PATHS = frozenset({"/docs", "/status"})

log = logging.getLogger(__name__)


def register(app: Flask) -> None:
    app.register_error_handler(Problem, answer)
    app.register_error_handler(RequestError, lambda error: answer(bad_parameter(error)))
    app.register_error_handler(OutOfTime, lambda _: answer(out_of_time()))
    app.register_error_handler(TimtinError, lambda error: answer(unavailable(error)))
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(HTTPException, lambda error: answer(_from_http(error)))
    app.register_error_handler(Exception, _unexpected)


def answer(problem: Problem) -> Response:
    """The problem in the form that this visitor reads."""
    if wants_json():
        return problem.response()
    page = render_template("error.html", problem=problem)
    response = make_response(page, problem.status)
    response.headers.update(problem.headers)
    return response


def wants_json() -> bool:
    """Whether the answer to this request is for a program rather than a browser."""
    # Asked by a name that is not its own, or that is none, it has no addresses to put in a page.
    if request.path in API_PATHS or request_ctx.url_adapter is None:
        return True
    accepted = request.accept_mimetypes
    as_json = max(accepted["application/json"], accepted[MEDIA_TYPE])
    return as_json > accepted["text/html"]


def bad_parameter(error: RequestError) -> Problem:
    return Problem(
        HTTPStatus.BAD_REQUEST,
        f"{error.parameter}: {error.detail}",
        kind="bad-parameter",
        title="A parameter is outside what is allowed",
        parameter=error.parameter,
    )


def out_of_time() -> Problem:
    """Where half an answer is none."""
    return Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "This takes longer than a query may: ask for less.",
        kind="out-of-time",
        title="Out of time",
    )


def unavailable(error: TimtinError) -> Problem:
    """The index cannot answer now. The details name files: they are for the log only."""
    if isinstance(error, MissingIndexError):
        return Problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "There is no index yet: run 'timtin index'.",
            kind="no-index",
            title="No index",
        )
    if isinstance(error, ClusterError):
        log.error("%s %s: %s", request.method, request.path, error)
        return Problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "The search cluster does not answer: try again shortly.",
            kind="cluster-unavailable",
            title="Cluster unavailable",
            headers={"Retry-After": "5"},
        )
    log.error("%s %s: %s", request.method, request.path, error)
    return Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The index cannot answer; the server's log says why.",
        kind="index-unavailable",
        title="Index unavailable",
    )


def _not_found(error: NotFound) -> ResponseValue:
    """`/search/` was meant for `/search`: whoever adds a slash is sent on, query and all."""
    path = request.path.rstrip("/")
    if path in API_PATHS | PAGE_PATHS and path != request.path:
        query = quote(request.query_string, safe="=&%+,;:/?@")
        return redirect(f"{path}?{query}" if query else path, HTTPStatus.PERMANENT_REDIRECT)
    return answer(_from_http(error))


def _from_http(error: HTTPException) -> Problem:
    status = HTTPStatus(error.code or 500)
    headers = {
        name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After"}
    }
    detail = error.description or status.description
    if isinstance(error, InternalServerError):
        detail = "The server could not answer this request."
    elif isinstance(error, RequestEntityTooLarge):
        detail = "The request is larger than this server takes."
    return Problem(status, detail, headers=headers)


def _unexpected(error: Exception) -> Response:
    log.exception("%s %s failed", request.method, request.path, exc_info=error)
    return answer(_from_http(InternalServerError()))
