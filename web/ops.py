"""What monitors ask: `GET /health`."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from msgspec import Struct

from index.errors import MissingIndexError
from web.operations import Operation, operation
from web.services import services

blueprint = Blueprint("ops", __name__)


class Health(Struct, frozen=True):
    """Whether the server answers, how many documents it has, and from which commit."""

    status: str
    documents: int
    generation: int


@blueprint.get("/health")
@operation(
    Operation(
        summary="Whether the server answers",
        answer=Health,
        answer_description="It does.",
    )
)
def health() -> Response:
    """200 with the number of documents and the commit that answers; 503 without an index."""
    engine = services().engine
    if not engine.ready():
        engine.stats()  # says why
        raise MissingIndexError("no index")
    stats = engine.stats()
    response = jsonify(Health("ok", stats["documents"], engine.generation()))
    response.headers["Cache-Control"] = "no-store"
    return response
