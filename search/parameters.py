"""The parameters of a search as programs send them: one declaration that validates and documents.

msgspec reads it twice: it converts what was sent, in a microsecond, and describes it as JSON Schema
for the OpenAPI document. What one parameter demands of another is `SearchRequest`'s matter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

Mode = Literal["auto", "exact", "raw"]
Sort = Literal["relevance", "fresh", "date"]
Facet = Literal["source", "year", "month", "names", "places"]

MAX_QUERY_CHARACTERS = 1_000
MAX_SOURCE_CHARACTERS = 300
MAX_VALUES = 20
"""Values of one filter that may be asked for together."""
MAX_SIZE = 100
MAX_DEPTH = 10_000
"""How many hits deep pages may go: beyond that, people need a better query, not another page."""

# Controls (NUL among them), lone surrogates and line separators: never part of a word.
_SEPARATORS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_SURROGATES = re.compile("[\ud800-\udfff]")
_AT = re.compile(r" - at `\$((?:\.?[\w-]+|\[[^\]]*\])+)`$")
_MISSING = re.compile(r"missing required field `(\w+)`")
_NAME = re.compile(r"[\w-]+$")

Parameters = TypeVar("Parameters", bound=Struct)

_Value = Annotated[str, Meta(extra_json_schema={"maxLength": MAX_SOURCE_CHARACTERS})]
Several = _Value | Annotated[tuple[_Value, ...], Meta(max_length=MAX_VALUES)]
"""One value or a list of them; in an address the parameter is repeated, as values hold commas."""


class RequestError(ValueError):
    """A parameter is outside the contract. `detail` is one sentence saying what is allowed."""

    def __init__(self, parameter: str, detail: str) -> None:
        super().__init__(f"{parameter}: {detail}")
        self.parameter = parameter
        self.detail = detail


class SearchParameters(
    Struct, frozen=True, kw_only=True, rename={"date_from": "from", "date_to": "to"}
):
    """One search: what to look for, which page of it, and what to count beside."""

    q: Annotated[
        str,
        Meta(
            max_length=MAX_QUERY_CHARACTERS,
            description="What to look for, in the query language; an empty query finds nothing.",
            examples=["gap go dau xuan"],
        ),
    ] = ""
    page: Annotated[
        int,
        Meta(
            ge=1,
            le=MAX_DEPTH,
            description=f"Which page; pages go {MAX_DEPTH:,} hits deep, whatever their size.",
        ),
    ] = 1
    size: Annotated[int, Meta(ge=1, le=MAX_SIZE, description="Hits on a page.")] = 10
    sort: Annotated[
        Sort, Meta(description="Best first; best first with newer texts favoured; or newest first.")
    ] = "relevance"
    date_from: Annotated[
        date | None, Meta(description="The first day, inclusive.", examples=["2025-02-01"])
    ] = None
    date_to: Annotated[
        date | None, Meta(description="The last day, inclusive.", examples=["2025-02-28"])
    ] = None
    source: Annotated[
        Several,
        Meta(
            description="Only documents of this source, whatever the marks and case; of any of "
            "them if there are several."
        ),
    ] = ()
    name: Annotated[
        Several,
        Meta(
            description="Only documents that hold this name, as the facet `names` writes it; any "
            "of them if there are several."
        ),
    ] = ()
    place: Annotated[
        Several,
        Meta(
            description="Only documents that hold this place, as the facet `places` writes it; any "
            "of them if there are several."
        ),
    ] = ()
    mode: Annotated[
        Mode,
        Meta(
            description="`auto` matches whatever the marks, `exact` only those typed, `raw` as "
            "`auto`, but takes the query for nothing else than what was typed."
        ),
    ] = "auto"
    facets: Annotated[
        tuple[Facet, ...],
        Meta(
            description="Counts wanted beside the hits, over all of them. Those of `source`, "
            "`names` and `places` are as if no filter by the same were set: so many there would be "
            "with that value instead.",
            examples=[["year"]],
        ),
    ] = ()
    group: Annotated[
        bool,
        Meta(description="Of near duplicates only the best hit, and how many more there are."),
    ] = True


def clean(text: str) -> str:
    """NFC, controls as spaces, nothing around it: how any text of a request is taken."""
    if text.isascii() and text.isprintable():
        return text.strip()
    text = _SURROGATES.sub("\ufffd", text)
    return _SEPARATORS.sub(" ", unicodedata.normalize("NFC", text)).strip()


Strings = Mapping[str, str | Sequence[str]]
"""What an address or a form holds: under each name a text, or all texts that were given."""


def from_strings(params: Strings, declared: type[Parameters]) -> Parameters:
    """The parameters of an address or a form: all strings, lists separated by commas.

    Of a parameter that is given again only the first counts, unless it may have several values.
    An empty value means the default, as forms send empty fields; unknown names are ignored.
    Raises `RequestError` for a value that the declaration does not allow.
    """
    lists, several = _lists(declared), _several(declared)
    values: dict[str, Any] = {}
    for name in declared.__struct_encode_fields__:
        given = params.get(name)
        if given is None:
            continue
        texts = [clean(text) for text in ([given] if isinstance(given, str) else given)]
        text = texts[0] if texts else ""
        if name in several:
            values[name] = [text for text in texts if text]
        elif name in lists:
            values[name] = [part.strip() for part in text.split(",") if part.strip()]
        elif text:
            values[name] = text
    return convert(values, declared, strict=False)


def convert(value: object, declared: type[Parameters], *, strict: bool = True) -> Parameters:
    """`value`, made of what JSON is made of, as declared; raises `RequestError`."""
    try:
        return msgspec.convert(value, declared, strict=strict)
    except msgspec.ValidationError as error:
        raise request_error(error, declared) from error


def request_error(error: msgspec.ValidationError, declared: type[Struct]) -> RequestError:
    """What is wrong, in terms of the parameter at fault and of what it may be."""
    text = str(error)
    missing = _MISSING.search(text)
    if missing:
        return RequestError(missing[1], "is missing")
    at = _AT.search(text)
    if at is None:
        return RequestError("body", text[0].lower() + text[1:])
    path = at[1].removeprefix(".")
    name = _NAME.search(re.sub(r"\[[^\]]*\]$", "", path))
    schema = property_schemas(declared).get(name[0]) if name else None
    if schema is None or name is None:
        return RequestError(path, text[: at.start()].replace("`", "").lower())
    return RequestError(path if "." in path else name[0], allowed(schema))


@cache
def property_schemas(declared: type[Struct]) -> Mapping[str, Mapping[str, Any]]:
    """JSON Schema of every parameter by name; of those in its nested structs too."""
    _, components = msgspec.json.schema_components([declared])
    found: dict[str, Mapping[str, Any]] = {}
    for component in components.values():
        found |= {name: _not_null(s) for name, s in component.get("properties", {}).items()}
    return found


def allowed(schema: Mapping[str, Any]) -> str:
    """One sentence that says what a value with this schema may be."""
    match schema:
        case {"enum": values}:
            rule = f"one of: {', '.join(values)}"
        case {"format": "date"}:
            rule = "a date of the calendar, written YYYY-MM-DD"
        case {"type": "integer"}:
            rule = f"a whole number from {schema['minimum']} to {schema['maximum']}"
        case {"type": "boolean"}:
            rule = "0 or 1"
        case {"type": "array", "items": {"enum": values}}:
            rule = f"a comma-separated list of: {', '.join(values)}"
        case {"type": "array"}:
            rule = f"a list of {schema.get('minItems', 0)} to {schema['maxItems']}"
        case {"anyOf": [{"maxLength": most}, {"maxItems": count}]}:
            rule = f"text of at most {most:,} characters, or a list of at most {count} such"
        case {"maxLength": most}:
            rule = f"text of at most {most:,} characters"
        case _:
            rule = "text"
    return f"must be {rule}"


@cache
def _lists(declared: type[Struct]) -> frozenset[str]:
    schemas = property_schemas(declared)
    return frozenset(name for name, schema in schemas.items() if schema.get("type") == "array")


@cache
def _several(declared: type[Struct]) -> frozenset[str]:
    return frozenset(n for n, schema in property_schemas(declared).items() if "anyOf" in schema)


def _not_null(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema without `null`, which only stands for a parameter that was left out."""
    parts = schema.get("anyOf", [])
    if {"type": "null"} not in parts:
        return schema
    (other,) = [part for part in parts if part.get("type") != "null"]
    kept = {key: value for key, value in schema.items() if key not in ("anyOf", "default")}
    return {**other, **kept}
