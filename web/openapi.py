"""The OpenAPI 3.1 document, made of what the views declare and of the types that they answer."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from flask import Blueprint, Flask, Response, current_app, jsonify, request
from msgspec import Struct

from search.parameters import property_schemas
from web.operations import JSON, Operation, operation, operations
from web.problems import MEDIA_TYPE, ProblemBody

blueprint = Blueprint("openapi", __name__)

EXTENSION = "timtin.openapi"
OPENAPI_VERSION = "3.1.0"
API_VERSION = "1.0"
REFERENCE = "#/components/schemas/{name}"
DESCRIPTION = """Search a collection of Vietnamese texts, typed with marks or without.

Answers are JSON in UTF-8; an error is `application/problem+json` (RFC 9457) with the same members
everywhere. Unknown parameters are ignored, and an empty one means its default. Pages are stable as
long as the commit is the same: its `ETag` says so, and `If-None-Match` costs no search."""
ALWAYS = {
    HTTPStatus.TOO_MANY_REQUESTS: "This address sends too much; `Retry-After` says when to go on.",
    HTTPStatus.SERVICE_UNAVAILABLE: "There is no index, or it cannot answer now.",
}

_CONVERTED = re.compile(r"<(?:\w+:)?(\w+)>")
Json = dict[str, Any]


@blueprint.get("/openapi.json")
@operation(
    Operation(
        summary="This description",
        answer=dict[str, Any],
        answer_description="The OpenAPI 3.1 document of this server.",
    )
)
def description() -> Response:
    """The OpenAPI document."""
    response = jsonify(document(current_app))
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response


def document(app: Flask) -> Json:
    """The OpenAPI document of an application that has all its blueprints; made once."""
    if EXTENSION not in app.extensions:
        app.extensions[EXTENSION] = _document(app)
    made: Json = app.extensions[EXTENSION]
    return made


def _document(app: Flask) -> Json:
    declared = operations(app)
    types = [kind for _, _, one in declared for kind in (one.answer, one.body) if kind]
    _, schemas = msgspec.json.schema_components(
        [kind for kind in [*types, ProblemBody] if kind is not dict[str, Any]],
        ref_template=REFERENCE,
    )
    for kind in {kind for _, _, one in declared for kind in one.partial}:
        del schemas[kind.__name__]["required"]
    for schema in schemas.values():
        schema["description"] = inspect.cleandoc(schema.get("description", ""))
    paths: dict[str, Json] = {}
    for rule, method, one in declared:
        path = _CONVERTED.sub(r"{\1}", rule)
        paths.setdefault(path, {})[method.lower()] = _operation(path, method, one)
    return {
        "openapi": OPENAPI_VERSION,
        "info": {
            "title": "timtin",
            "version": API_VERSION,
            "description": DESCRIPTION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The token that the server was started with.",
                }
            },
        },
    }


def _operation(path: str, method: str, declared: Operation) -> Json:
    described: Json = {
        "operationId": _name(path, method),
        "summary": declared.summary,
        "description": inspect.cleandoc(declared.description),
        "parameters": [*_path_parameters(declared.path), *_parameters(declared.parameters)],
        "responses": _responses(declared),
    }
    if declared.body:
        described["requestBody"] = {
            "required": True,
            "content": {JSON: {"schema": _reference(declared.body)}},
        }
    if declared.token:
        described["security"] = [{"token": []}, *([{}] if declared.token == "optional" else [])]
    return described


def _name(path: str, method: str) -> str:
    """`GET /search/batch` → `getSearchBatch`."""
    words = re.findall(r"\w+", re.sub(r"\{.*?\}", "", path))
    return method.lower() + "".join(word.capitalize() for word in words)


def _path_parameters(described: Mapping[str, tuple[str, str]]) -> list[Json]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": text,
            "schema": {"type": "string", "minLength": 1},
            "example": example,
        }
        for name, (text, example) in described.items()
    ]


def _parameters(declared: type[Struct] | None) -> list[Json]:
    if declared is None:
        return []
    schemas = property_schemas(declared)
    required = {one.encode_name for one in msgspec.structs.fields(declared) if one.required}
    return [_parameter(name, dict(s), name in required) for name, s in schemas.items()]


def _parameter(name: str, schema: Json, required: bool) -> Json:
    examples = schema.pop("examples", [])
    parameter: Json = {
        "name": name,
        "in": "query",
        "description": schema.pop("description", ""),
        "schema": schema,
    }
    if required:
        parameter["required"] = True
    if examples:
        parameter["example"] = examples[0]
    if "anyOf" in schema:  # one value or several, by repeating the parameter: a list in any case
        (several,) = [part for part in schema.pop("anyOf") if part["type"] == "array"]
        schema |= several
        parameter |= {"style": "form", "explode": True}
    elif schema.get("type") == "array":
        parameter |= {"style": "form", "explode": False}
    return parameter


def _responses(declared: Operation) -> Json:
    content: Json = {
        kind: {"schema": _reference(declared.answer) if kind == JSON else _other(kind)}
        for kind in declared.media_types
    }
    responses: Json = {"200": {"description": declared.answer_description, "content": content}}
    if declared.revalidated:
        tag = {"description": "Names the commit that answered.", "schema": {"type": "string"}}
        responses["200"]["headers"] = {"ETag": tag}
        responses["304"] = {"description": "Nothing has changed since the ETag that was sent."}
    problem: Json = {MEDIA_TYPE: {"schema": _reference(ProblemBody)}}
    problem |= {kind: one for kind, one in content.items() if kind == "text/html"}
    for status, text in sorted((ALWAYS | dict(declared.problems)).items()):
        responses[str(int(status))] = {
            "description": text,
            "content": problem,
        }
    return responses


def _other(media_type: str) -> Json:
    """The schema of what is not the endpoint's own JSON."""
    return {"type": "array"} if media_type.endswith("json") else {"type": "string"}


def _reference(kind: Any) -> Json:
    if kind == dict[str, Any]:
        return {"type": "object"}
    return {"$ref": REFERENCE.format(name=kind.__name__)}
