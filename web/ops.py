"""What monitors ask: `GET /health` and below it, `GET /metrics`."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus

from flask import Blueprint, Response, jsonify, request
from msgspec import Struct

from index.errors import MissingIndexError, TimtinError
from web import metrics, tokens
from web.operations import Operation, operation
from web.problems import Problem
from web.services import services
from web.setting_values import is_loopback

blueprint = Blueprint("ops", __name__)

FORWARDED = ("X-Forwarded-For", "X-Real-IP", "Forwarded")


class Health(Struct, frozen=True):
    """Whether the server answers, how many documents it has, and from which commit."""

    status: str
    documents: int
    generation: int


class Alive(Struct, frozen=True):
    """The process answers."""

    status: str


@blueprint.get("/health")
@operation(
    Operation(
        summary="Whether the server can answer searches",
        answer=Health,
        answer_description="It can.",
    )
)
def health() -> Response:
    """200 with the number of documents and the commit that answers; 503 without an index."""
    engine = services().engine
    if not engine.ready():
        engine.stats()  # says why
        raise MissingIndexError("no index")
    stats = engine.stats()
    return _answer(Health("ok", stats["documents"], engine.generation()))


@blueprint.get("/health/ready")
@operation(
    Operation(
        summary="Whether to send visitors here",
        description="The same as `GET /health`: 503 until there is an index.",
        answer=Health,
        answer_description="It can answer searches.",
    )
)
def ready() -> Response:
    """As `health`."""
    return health()


@blueprint.get("/health/live")
@operation(
    Operation(
        summary="Whether the process lives",
        description="Says nothing about the index: starting the server again would not help it.",
        answer=Alive,
        answer_description="It does.",
    )
)
def live() -> Response:
    """200, whatever the index is like."""
    return _answer(Alive("ok"))


@blueprint.get("/metrics")
@operation(
    Operation(
        summary="Counters for Prometheus",
        description="All server processes together. With `TIMTIN_METRICS_TOKEN` set only for who "
        "holds that token, else only for programs on the same machine that come through no proxy.",
        answer_description="Prometheus' text format.",
        media_types=("text/plain",),
        token="optional",
        problems={
            HTTPStatus.UNAUTHORIZED: "The token is missing or wrong.",
            HTTPStatus.FORBIDDEN: "There is no token, and this is another machine.",
        },
    )
)
def exposition() -> Response:
    """The metrics of this server."""
    token = services().settings.metrics_token
    if token is not None:
        tokens.demand(token, tokens.bearer())
    elif not _from_here():
        raise Problem(
            HTTPStatus.FORBIDDEN,
            "Metrics are for this machine only: start the server with TIMTIN_METRICS_TOKEN set.",
            kind="metrics-local",
        )
    measured = services().metrics
    with suppress(TimtinError):  # without an index there are still requests to tell of
        measured.index.look(services().engine.stats())
    response = Response(measured.exposition(), content_type=metrics.MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response


def _from_here() -> bool:
    """Whether a program on this machine asks for itself, not a proxy for somebody else."""
    forwarded = any(name in request.headers for name in FORWARDED)
    return not forwarded and is_loopback(request.remote_addr or "")


def _answer(body: Struct) -> Response:
    response = jsonify(body)
    response.headers["Cache-Control"] = "no-store"
    return response
