"""What programs read: searches, suggestions and, by `Accept`, documents (routed in `pages`)."""

from __future__ import annotations

import time
from dataclasses import fields
from http import HTTPStatus
from typing import Annotated, Any, Literal

from flask import Blueprint, Response, jsonify
from msgspec import Meta, Struct

from index.documents import Document
from search.parameters import (
    MAX_QUERY_CHARACTERS,
    Parameters,
    RequestError,
    SearchParameters,
    allowed,
    property_schemas,
)
from search.request import SearchRequest
from search.results import Hit, SearchResults, Suggestion
from web.operations import JSON, Operation, body, operation, query
from web.problems import Problem
from web.revalidation import lasting, name_commit, not_modified, revalidated
from web.searching import answer, time_of_one
from web.services import services

blueprint = Blueprint("api", __name__)

MAX_BATCH = 20
OPENSEARCH = "application/x-suggestions+json"
"""Suggestions as OpenSearch 1.1 has them: the query, and a list of completions."""
BAD_PARAMETER = {HTTPStatus.BAD_REQUEST: "A parameter is outside what is allowed; it is named."}
HIT_FIELDS = [field.name for field in fields(Hit)]
DOCUMENT_FIELDS = [field.name for field in fields(Document)]


class SearchQuery(SearchParameters, frozen=True, kw_only=True):
    """A search by address."""

    fields: Annotated[
        tuple[Annotated[str, Meta(extra_json_schema={"enum": HIT_FIELDS})], ...],
        Meta(
            description="Members of each hit that are wanted; all of them unless given.",
            examples=[["id", "title"]],
        ),
    ] = ()


class SearchBatch(Struct, frozen=True, kw_only=True):
    """Searches to be answered together."""

    searches: Annotated[tuple[SearchQuery, ...], Meta(min_length=1, max_length=MAX_BATCH)]


class SearchBatchResults(Struct, frozen=True):
    """The results in the order of the searches."""

    results: tuple[SearchResults, ...]


class SuggestQuery(Struct, frozen=True, kw_only=True):
    """What is still being typed."""

    q: Annotated[
        str,
        Meta(
            max_length=MAX_QUERY_CHARACTERS,
            description="What has been typed so far, with marks or without.",
            examples=["gap g"],
        ),
    ] = ""
    limit: Annotated[int, Meta(ge=1, le=20, description="How many suggestions at most.")] = 8
    form: Annotated[
        Literal["full", "opensearch"],
        Meta(description="`opensearch` answers as browsers' address bars want it."),
    ] = "full"


class Suggestions(Struct, frozen=True):
    """Ways to go on from what was typed, the likeliest first."""

    query: str
    took_ms: float
    suggestions: tuple[Suggestion, ...]


class DocumentQuery(Struct, frozen=True, kw_only=True):
    """What is wanted of a document."""

    fields: Annotated[
        tuple[Annotated[str, Meta(extra_json_schema={"enum": DOCUMENT_FIELDS})], ...],
        Meta(
            description="Members that are wanted; all of them unless given.",
            examples=[["title", "body"]],
        ),
    ] = ()


@blueprint.get("/search")
@operation(
    Operation(
        summary="Search",
        description="One page of hits, with counts beside them if `facets` names any. An unknown "
        "value is null. A query that takes too long is cut short: what was not found by then is "
        "missing, and `partial` is true.",
        parameters=SearchQuery,
        answer=SearchResults,
        partial=(Hit,),
        answer_description="The page of hits; empty past the last one.",
        problems=BAD_PARAMETER,
        revalidated=True,
    )
)
def search() -> Response:
    """One page of hits, as `SearchResults.to_json` describes; 400 names a bad parameter."""
    given = query(SearchQuery)
    _check_fields(given.fields, SearchQuery)
    request = SearchRequest.from_parameters(given)
    if (same := not_modified()) is not None:
        return same
    results = answer(request)
    response = jsonify(_results_json(results, given.fields))
    response.headers["Server-Timing"] = f"search;dur={results.took_ms:.2f}"
    return lasting(response, results)


@blueprint.post("/search/batch")
@operation(
    Operation(
        summary="Several searches at once",
        description=f"Up to {MAX_BATCH} searches; each takes the parameters of `GET /search`. "
        "None is answered if one of them is wrong. They share the time of one: those that come too "
        "late are `partial`, and may find nothing.",
        body=SearchBatch,
        answer=SearchBatchResults,
        answer_description="The results in the order of the searches.",
        problems={
            HTTPStatus.BAD_REQUEST: "The body is no such JSON; the member at fault is named.",
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is larger than the server takes.",
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is not JSON.",
        },
    )
)
def batch() -> Response:
    """Several pages of hits; 400 names the first search that is wrong."""
    searches = body(SearchBatch).searches
    requests = [_batched(at, given) for at, given in enumerate(searches)]
    with time_of_one():
        results = [answer(request) for request in requests]
    response = jsonify(
        {
            "results": [
                _results_json(found, given.fields)
                for found, given in zip(results, searches, strict=True)
            ]
        }
    )
    took = sum(found.took_ms for found in results)
    response.headers["Server-Timing"] = f"search;dur={took:.2f}"
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/suggest")
@operation(
    Operation(
        summary="Suggest how to go on",
        description="Phrases and titles of the collection that go on from what was typed so far, "
        "spelled as the documents spell them: `gap g` gives *gặp gỡ đầu xuân*.",
        parameters=SuggestQuery,
        answer=Suggestions,
        answer_description="The suggestions, the likeliest first.",
        media_types=(JSON, OPENSEARCH),
        problems=BAD_PARAMETER,
        revalidated=True,
    )
)
def suggest() -> Response:
    """What may be meant by what has been typed so far."""
    given = query(SuggestQuery)
    if (same := not_modified()) is not None:
        return same
    started = time.perf_counter()
    found = services().engine.suggest(given.q, given.limit)
    took = (time.perf_counter() - started) * 1000
    response = jsonify(Suggestions(given.q, round(took, 2), found))
    if given.form == "opensearch":
        response = jsonify([given.q, [suggestion.text for suggestion in found]])
        response.mimetype = OPENSEARCH
    response.headers["Server-Timing"] = f"suggest;dur={took:.2f}"
    return revalidated(response)


DOCUMENT_OPERATION = Operation(
    summary="A document",
    description="The whole document: JSON with `Accept: application/json`, a page for browsers.",
    parameters=DocumentQuery,
    path={"document_id": ("The id of a hit.", "004_4ef29a01ff71ed4f")},
    answer=Document,
    partial=(Document,),
    answer_description="The document, or a page that shows it.",
    media_types=(JSON, "text/html"),
    problems={**BAD_PARAMETER, HTTPStatus.NOT_FOUND: "There is no document with this id."},
    revalidated=True,
)


def document_json(document_id: str) -> Response:
    """The whole document; 404 if there is none with this id."""
    wanted = query(DocumentQuery).fields
    _check_fields(wanted, DocumentQuery)
    name_commit()
    document = services().engine.document(document_id)
    if document is None:
        raise missing_document(document_id)
    response = not_modified()
    if response is None:
        names = wanted or DOCUMENT_FIELDS
        response = jsonify({name: getattr(document, name) for name in names})
    response.vary.add("Accept")
    return revalidated(response)


def missing_document(document_id: str) -> Problem:
    return Problem(
        HTTPStatus.NOT_FOUND,
        f"There is no document with the id {document_id!r}.",
        kind="no-document",
        title="No such document",
    )


def _batched(at: int, given: SearchQuery) -> SearchRequest:
    try:
        _check_fields(given.fields, SearchQuery)
        return SearchRequest.from_parameters(given)
    except RequestError as error:
        raise RequestError(f"searches[{at}].{error.parameter}", error.detail) from error


def _check_fields(wanted: tuple[str, ...], declared: type[Parameters]) -> None:
    schema = property_schemas(declared)["fields"]
    if not set(wanted) <= set(schema["items"]["enum"]):
        raise RequestError("fields", allowed(schema))


def _results_json(results: SearchResults, wanted: tuple[str, ...]) -> dict[str, Any]:
    shown = results.to_json()
    if wanted:
        shown["hits"] = [
            {name: value for name, value in hit.items() if name in wanted} for hit in shown["hits"]
        ]
    return shown
