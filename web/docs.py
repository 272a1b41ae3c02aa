"""`/docs`: the OpenAPI document as a page, served from here like every other page.

It is rendered on the server, so it needs no script, weighs a few kilobytes and is as accessible as
the rest; the tools that developers bring read `/openapi.json`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, make_response, render_template, request
from markupsafe import Markup, escape

from web.openapi import document

blueprint = Blueprint("docs", __name__)

EXAMPLES = Path(__file__).parent / "examples"
ADDRESS = "http://127.0.0.1:8000"
LANGUAGES = {".sh": "curl", ".py": "Python", ".js": "JavaScript"}
_CODE = re.compile(r"`([^`]+)`")
_EMPHASIS = re.compile(r"\*([^*]+)\*")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method of one path, as the OpenAPI document describes it."""

    method: str
    path: str
    described: dict[str, Any]

    @property
    def anchor(self) -> str:
        return str(self.described["operationId"])


@blueprint.get("/docs")
def page() -> Response:
    """How to use the API, for people."""
    described = document(current_app)
    response = make_response(
        render_template(
            "docs.html",
            form=None,
            info=described["info"],
            endpoints=list(_endpoints(described)),
            schemas=described["components"]["schemas"],
            examples=[
                (f"{name}{suffix}", language, text.replace(ADDRESS, request.url_root.rstrip("/")))
                for name, suffix, language, text in _examples()
            ],
            prose=prose,
            kind=kind,
        )
    )
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def prose(text: str) -> Markup:
    """Paragraphs of the little Markdown that descriptions use: code and emphasis."""
    paragraphs = []
    for paragraph in text.split("\n\n"):
        html = _CODE.sub(r"<code>\1</code>", str(escape(" ".join(paragraph.split()))))
        html = _EMPHASIS.sub(r"<em>\1</em>", html)
        paragraphs.append(f"<p>{html}</p>")
    return Markup("".join(paragraphs))


def kind(schema: dict[str, Any]) -> Markup:
    """A JSON Schema in a few words."""
    return Markup(_kind(schema))


def _kind(schema: dict[str, Any]) -> str:
    words = str(escape(schema.get("format") or schema.get("type", "any")))
    match schema:
        case {"$ref": reference}:
            name = escape(reference.rpartition("/")[2])
            words = f'<a href="#{name}">{name}</a>'
        case {"anyOf": parts}:
            words = " or ".join(map(_kind, parts))
        case {"enum": values}:
            words = " | ".join(f"<code>{escape(value)}</code>" for value in values)
        case {"type": "array", "items": items}:
            words = f"list of {_kind(items)}"
        case {"type": "object", "additionalProperties": dict(values)}:
            words = f"object of {_kind(values)}"
        case {"type": "integer", "minimum": low, "maximum": high}:
            words = f"integer, {low:,}–{high:,}"
    return words


def _endpoints(described: dict[str, Any]) -> Iterator[Endpoint]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield Endpoint(method.upper(), path, operation)


@cache
def _examples() -> list[tuple[str, str, str, str]]:
    """(name, suffix, language, text) of each example, curl first."""
    files = sorted(EXAMPLES.iterdir(), key=lambda file: (file.stem != "search", file.name))
    found = [
        (file.stem, file.suffix, LANGUAGES[file.suffix], file.read_text("utf-8")) for file in files
    ]
    order = list(LANGUAGES.values())
    return sorted(found, key=lambda row: (row[0] != "search", row[0], order.index(row[2])))
