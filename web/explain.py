"""`GET /explain`: what each part of a query added to a document's score, or why it is not found."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from flask import Blueprint, Response, jsonify
from msgspec import Meta

from search.explanation import Explanation
from search.parameters import SearchParameters
from search.request import SearchRequest
from web.api import BAD_PARAMETER, missing_document
from web.operations import Operation, operation, query
from web.revalidation import name_commit, not_modified, revalidated
from web.services import services

blueprint = Blueprint("explain", __name__)


class ExplainQuery(SearchParameters, frozen=True, kw_only=True):
    """A search, and the document to explain in it."""

    id: Annotated[
        str,
        Meta(
            description="The id of a document.",
            examples=["004_4ef29a01ff71ed4f"],
            # Nothing but spaces and controls is taken as empty, and so as missing.
            extra_json_schema={"pattern": r"[^\s\x00-\x1f\x7f-\x9f]"},
        ),
    ]


@blueprint.get("/explain")
@operation(
    Operation(
        summary="Explain a score",
        description="What each part of the query added to the document's score, a tree whose "
        "numbers add up; for a document that is not found, which requirements it fails. Pages, "
        "facets and groups do not matter.",
        parameters=ExplainQuery,
        answer=Explanation,
        answer_description="The explanation.",
        problems={**BAD_PARAMETER, HTTPStatus.NOT_FOUND: "There is no document with this id."},
        revalidated=True,
    )
)
def explain() -> Response:
    """The explanation; 400 names a bad parameter, 404 says that there is no such document."""
    given = query(ExplainQuery)
    request = SearchRequest.from_parameters(given)
    name_commit()
    explanation = services().engine.explain(request, given.id)
    if explanation is None:
        raise missing_document(given.id)
    return not_modified() or revalidated(jsonify(explanation))
