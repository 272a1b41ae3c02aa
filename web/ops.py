"""What monitors ask: `GET /health`."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from index.errors import MissingIndexError
from web.services import services

blueprint = Blueprint("ops", __name__)


@blueprint.get("/health")
def health() -> Response:
    """200 with the number of documents and the commit that answers; 503 without an index."""
    engine = services().engine
    if not engine.ready():
        raise MissingIndexError("no index")
    stats = engine.stats()
    response = jsonify(status="ok", documents=stats["documents"], generation=engine.generation())
    response.headers["Cache-Control"] = "no-store"
    return response
