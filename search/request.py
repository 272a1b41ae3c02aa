"""What a visitor asks for, checked: every front end turns its input into a `SearchRequest`.

A request that exists is valid. Whatever lies outside the contract raises `RequestError`, which
names the parameter and says what is allowed, so that front ends can pass it on as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar, cast, get_args

Mode = Literal["auto", "exact", "raw"]
Sort = Literal["relevance", "date"]
Facet = Literal["source", "year"]

MAX_QUERY_CHARACTERS = 1_000
MAX_SOURCE_CHARACTERS = 300
MAX_SIZE = 100
MAX_DEPTH = 10_000
"""How many hits deep pages may go: beyond that, people need a better query, not another page."""

# Controls (NUL among them), lone surrogates and line separators: never part of a word.
_SEPARATORS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_SURROGATES = re.compile("[\ud800-\udfff]")
_WHOLE_NUMBER = re.compile(r"[0-9]{1,9}")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Choice = TypeVar("Choice", bound=str)


class RequestError(ValueError):
    """A parameter is outside the contract. `detail` is one sentence saying what is allowed."""

    def __init__(self, parameter: str, detail: str) -> None:
        super().__init__(f"{parameter}: {detail}")
        self.parameter = parameter
        self.detail = detail


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search. `query` may be empty, which finds nothing; it is kept in NFC, without controls.

    `date_from` and `date_to` are both inclusive; `source` is compared folded, as a whole;
    `facets` names the counts wanted beside the hits.
    """

    query: str
    page: int = 1
    size: int = 10
    sort: Sort = "relevance"
    date_from: date | None = None
    date_to: date | None = None
    source: str | None = None
    mode: Mode = "auto"
    facets: tuple[Facet, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "query", _clean(self.query))
        if len(self.query) > MAX_QUERY_CHARACTERS:
            raise RequestError("q", f"at most {MAX_QUERY_CHARACTERS:,} characters are allowed")
        if not 1 <= self.size <= MAX_SIZE:
            raise RequestError("size", f"must be a whole number from 1 to {MAX_SIZE}")
        if not 1 <= self.page <= MAX_DEPTH // self.size:
            raise RequestError(
                "page",
                f"must be a whole number from 1 to {MAX_DEPTH // self.size} with size={self.size}: "
                f"pages go {MAX_DEPTH:,} hits deep",
            )
        if self.date_from and self.date_to and self.date_from > self.date_to:
            raise RequestError("from", f"must not be later than to ({self.date_to.isoformat()})")
        if self.source is not None:
            object.__setattr__(self, "source", _clean(self.source) or None)
        if self.source and len(self.source) > MAX_SOURCE_CHARACTERS:
            raise RequestError("source", f"at most {MAX_SOURCE_CHARACTERS} characters are allowed")

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> SearchRequest:
        """Read the parameters of `GET /search` (q page size sort from to source mode facets).

        An empty or missing value means the default, as forms send empty fields; unknown parameters
        are ignored. Raises `RequestError` for anything else that the contract does not allow.
        """
        return cls(
            query=params.get("q", ""),
            page=_whole_number(params, "page", 1),
            size=_whole_number(params, "size", 10),
            sort=_choice(params, "sort", cast("tuple[Sort, ...]", get_args(Sort))),
            date_from=_date(params, "from"),
            date_to=_date(params, "to"),
            source=params.get("source") or None,
            mode=_choice(params, "mode", cast("tuple[Mode, ...]", get_args(Mode))),
            facets=_facets(params),
        )

    @property
    def offset(self) -> int:
        """How many hits come before this page."""
        return (self.page - 1) * self.size


def _clean(text: str) -> str:
    text = _SURROGATES.sub("\ufffd", text)
    return _SEPARATORS.sub(" ", unicodedata.normalize("NFC", text)).strip()


def _whole_number(params: Mapping[str, str], name: str, default: int) -> int:
    text = params.get(name, "").strip()
    if not text:
        return default
    if not _WHOLE_NUMBER.fullmatch(text):
        limit = f"from 1 to {MAX_SIZE}" if name == "size" else "from 1"
        raise RequestError(name, f"must be a whole number {limit}")
    return int(text)


def _choice(params: Mapping[str, str], name: str, allowed: tuple[Choice, ...]) -> Choice:
    """The first of `allowed` is the default."""
    text = params.get(name, "").strip()
    if not text:
        return allowed[0]
    for value in allowed:
        if value == text:
            return value
    raise RequestError(name, f"must be one of: {', '.join(allowed)}")


def _date(params: Mapping[str, str], name: str) -> date | None:
    text = params.get(name, "").strip()
    if not text:
        return None
    if _ISO_DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise RequestError(name, "must be a date of the calendar, written YYYY-MM-DD")


def _facets(params: Mapping[str, str]) -> tuple[Facet, ...]:
    allowed = cast("tuple[Facet, ...]", get_args(Facet))
    wanted = [name.strip() for name in params.get("facets", "").split(",") if name.strip()]
    if any(name not in allowed for name in wanted):
        raise RequestError("facets", f"must be a comma-separated list of: {', '.join(allowed)}")
    return tuple(name for name in allowed if name in wanted)
