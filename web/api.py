"""What programs read: `GET /search` and, by `Accept`, `GET /documents/<id>` (routed in `pages`)."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, jsonify, request

from index.documents import Document
from search.request import SearchRequest
from web.problems import Problem
from web.services import services

blueprint = Blueprint("api", __name__)


@blueprint.get("/search")
def search() -> Response:
    """One page of hits, as `SearchResults.to_json` describes; 400 names a bad parameter."""
    results = services().engine.search(SearchRequest.from_params(request.args))
    response = jsonify(results.to_json())
    response.headers["Server-Timing"] = f"search;dur={results.took_ms:.2f}"
    # A commit shows at once: whoever keeps an answer asks again before using it.
    response.headers["Cache-Control"] = "no-cache"
    return response


def document_json(document_id: str) -> Response:
    """The whole document; 404 if there is none with this id."""
    document = services().engine.document(document_id)
    if document is None:
        raise missing_document(document_id)
    response = jsonify(_fields(document))
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept")
    return response


def missing_document(document_id: str) -> Problem:
    return Problem(
        HTTPStatus.NOT_FOUND,
        f"There is no document with the id {document_id!r}.",
        kind="no-document",
        title="No such document",
    )


def _fields(document: Document) -> dict[str, str | None]:
    return {
        "id": document.id,
        "title": document.title,
        "body": document.body,
        "author": document.author,
        "source": document.source,
        "url": document.url,
        "date": document.date,
        "date_evidence": document.date_evidence,
        "path": document.path,
    }
