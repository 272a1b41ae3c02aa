"""What a search answers: plain frozen values and the JSON that is their contract.

The order of fields is the order of keys in the JSON; a golden file in the tests pins both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Highlights:
    """HTML, safe to put in a page: the only tags are `<mark>` and `<mark class="folded">`.

    A plain mark is the spelling that was typed, or understood where marks were left out; a folded
    one is the same syllable with other marks.
    """

    title: str
    snippets: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {"title": self.title, "snippets": list(self.snippets)}


@dataclass(frozen=True, slots=True)
class Hit:
    """One document found.

    `title` is the document's heading as plain text: its title, or, for a lead of a collection,
    which has none, the beginning of its text. `date` is ISO (YYYY-MM-DD). Unknown values are None.
    `similar` is how many more documents the query finds that are near duplicates of this one.
    """

    id: str
    score: float
    title: str
    date: str | None
    source: str | None
    author: str | None
    url: str | None
    path: str
    highlights: Highlights
    similar: int = 0

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "score": round(self.score, 4),
            "title": self.title,
            "date": self.date,
            "source": self.source,
            "author": self.author,
            "url": self.url,
            "path": self.path,
            "highlights": self.highlights.to_json(),
            "similar": self.similar,
        }


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet and how many of all the hits (not just of this page) have it."""

    value: str
    count: int

    def to_json(self) -> dict[str, Any]:
        return {"value": self.value, "count": self.count}


@dataclass(frozen=True, slots=True)
class SearchResults:
    """One page of hits. `total` is exact; `pages` counts the pages that may be asked for.

    `partial`: the time for a query was up, so that hits are missing, or counts; `total` is then of
    what was found in time, perhaps nothing.
    `interpretation` is the reading of the query that was searched when it differs from what was
    typed, `suggestion` another query to offer; None when there is nothing to say.
    """

    query: str
    total: int
    took_ms: float
    page: int
    size: int
    pages: int
    partial: bool = False
    interpretation: str | None = None
    suggestion: str | None = None
    hits: tuple[Hit, ...] = ()
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The object of `GET /search` and `timtin search --json`."""
        return {
            "query": self.query,
            "total": self.total,
            "took_ms": round(self.took_ms, 2),
            "page": self.page,
            "size": self.size,
            "pages": self.pages,
            "partial": self.partial,
            "interpretation": self.interpretation,
            "suggestion": self.suggestion,
            "hits": [hit.to_json() for hit in self.hits],
            "facets": {
                name: [value.to_json() for value in values] for name, values in self.facets.items()
            },
        }


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What may be meant by something that is still being typed.

    `text` is as the documents write it, marks restored; its first `typed` characters were typed
    already (0 if it begins otherwise). A `title` is that of the document `id`; a `query` is a
    phrase of the texts, whose `id` is None.
    """

    text: str
    kind: Literal["query", "title"]
    typed: int
    id: str | None = None
