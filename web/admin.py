"""Reindexing on demand: `POST /reindex` with the bearer token that the settings name."""

from __future__ import annotations

import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, jsonify

from index.errors import IndexLockedError
from index.sync.report import SyncReport
from web import tokens
from web.operations import Operation, operation
from web.problems import Problem
from web.services import services

SHOWN_SECONDS = 2.0

blueprint = Blueprint("admin", __name__)


@blueprint.post("/reindex")
@operation(
    Operation(
        summary="Bring the index up to date with the seeds",
        description="Answers once searches show the change; `GET /status` tells how far it is.",
        answer=SyncReport,
        answer_description="What was added, changed and deleted, and what could not be read.",
        token="needed",
        problems={
            HTTPStatus.UNAUTHORIZED: "The token is missing or wrong.",
            HTTPStatus.FORBIDDEN: "The server was started without a token.",
            HTTPStatus.CONFLICT: "Another reindexing runs; the header says when to try again.",
        },
    )
)
def reindex() -> Response:
    """Apply what changed among the seeds and answer with the report, once searches show it."""
    authorize(tokens.bearer())
    response = jsonify(run())
    response.headers["Cache-Control"] = "no-store"
    return response


def run() -> Mapping[str, Any]:
    """Reindex and return the report; 409 if that goes on already."""
    with services().progress.alone() as alone:
        if not alone:
            raise _running("Another reindexing runs on this server: wait for it to finish.")
        try:
            report = services().reindex()
        except IndexLockedError as error:
            raise _running("Another process is writing to the index: try again shortly.") from error
    _wait_for(report.get("generation", -1))
    return report


def authorize(offered: str | None) -> None:
    """Raise unless this is the token: 403 if there is none to have, 401 if it is another."""
    token = services().settings.reindex_token
    if token is None:
        raise Problem(
            HTTPStatus.FORBIDDEN,
            "Reindexing over HTTP is off: start the server with TIMTIN_REINDEX_TOKEN set.",
            kind="reindex-off",
        )
    tokens.demand(token, offered)


def _wait_for(generation: int) -> None:
    """Until the engine answers from this commit: it looks for new ones only now and then."""
    deadline = time.monotonic() + SHOWN_SECONDS
    while services().engine.generation() < generation and time.monotonic() < deadline:
        time.sleep(0.01)


def _running(detail: str) -> Problem:
    return Problem(
        HTTPStatus.CONFLICT, detail, kind="reindex-running", headers={"Retry-After": "5"}
    )
