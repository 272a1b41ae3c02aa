"""What an endpoint takes and answers, declared beside its view.

`openapi` makes the OpenAPI document of these declarations, and `docs` a page of that. Parameters
are checked against the same declarations: `query` for those of the address, `body` for JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Literal, TypeVar

import msgspec
from flask import Flask, request
from msgspec import Struct

from search.parameters import Parameters, RequestError, from_strings, request_error
from web.problems import Problem

View = TypeVar("View", bound=Callable[..., Any])
JSON = "application/json"
_ATTRIBUTE = "operation"


Token = Literal["needed", "optional"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path. `description` is Markdown.

    `answer` is the type of the JSON answer, None if it is no JSON; `media_types` what it comes as.
    `parameters` are those of the address, `body` is the JSON that is sent; `path` describes the
    parameters in the path, with an example. `token`: whether the bearer token is needed, or
    only if the server was started with one.
    `partial`: types of which the parameter `fields` may leave members out.
    `revalidated`: answers carry an ETag, and 304 says that nothing has changed.
    """

    summary: str
    description: str = ""
    answer: Any = None
    answer_description: str
    media_types: tuple[str, ...] = (JSON,)
    parameters: type[Struct] | None = None
    body: type[Struct] | None = None
    path: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    problems: Mapping[HTTPStatus, str] = field(default_factory=dict)
    token: Token | None = None
    partial: tuple[type, ...] = ()
    revalidated: bool = False


def operation(declared: Operation) -> Callable[[View], View]:
    """Declare what a view does; goes under the decorator that routes it."""

    def declare(view: View) -> View:
        setattr(view, _ATTRIBUTE, declared)
        return view

    return declare


def operations(app: Flask) -> list[tuple[str, str, Operation]]:
    """(rule, method, declaration) of every declared endpoint, in the order of the rules."""
    found = []
    for rule in app.url_map.iter_rules():
        declared = getattr(app.view_functions[rule.endpoint], _ATTRIBUTE, None)
        if declared is not None:
            (method,) = (rule.methods or set()) - {"HEAD", "OPTIONS"}
            found.append((rule.rule, method, declared))
    return sorted(found, key=lambda row: (row[0], row[1]))


def query(declared: type[Parameters]) -> Parameters:
    """The parameters of the address; raises `RequestError` for one outside the contract."""
    return from_strings(request.args.to_dict(flat=False), declared)


def body(declared: type[Parameters]) -> Parameters:
    """The JSON that was sent; raises `Problem` if it is none, `RequestError` if it does not fit."""
    if request.mimetype != JSON:
        raise Problem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            f"Send JSON, with the header 'Content-Type: {JSON}'.",
            kind="not-json",
        )
    data = request.get_data()
    try:
        # Not strict: to JSON Schema 3.0 is a whole number.
        return msgspec.json.decode(data, type=declared, strict=False)
    except msgspec.ValidationError as error:
        raise request_error(error, declared) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RequestError("body", "must be well-formed JSON in UTF-8") from error
