"""Fixtures of the web tests: a small stand-in engine and applications around it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from index.documents import Document
from index.errors import MissingIndexError
from search.engine import HighlightedDocument
from search.explanation import Explanation, Part, TermScore, UnmetRequirement
from search.request import Mode, SearchRequest
from search.results import FacetValue, Highlights, Hit, SearchResults, Suggestion
from web.app import create_app
from web.settings import Settings


@dataclass
class StandInEngine:
    """Answers every query with made-up hits: what a test of pages cannot get from a small index."""

    total: int = 1250
    present: bool = True
    failure: Exception | None = None
    interpretation: str | None = None
    suggestion: str | None = None
    url: str | None = "https://example.org/bai"
    source: str | None = "Hà Giang"
    commit: int = 7
    requests: list[SearchRequest] = field(default_factory=list)

    def search(self, request: SearchRequest) -> SearchResults:
        self._check()
        self.requests.append(request)
        pages = -(-self.total // request.size)
        first, last = request.offset, min(request.offset + request.size, self.total)
        return SearchResults(
            query=request.query,
            total=self.total,
            took_ms=4.2,
            page=request.page,
            size=request.size,
            pages=pages,
            interpretation=self.interpretation,
            suggestion=self.suggestion,
            hits=tuple(_hit(number, self.source) for number in range(first, last)),
            facets={name: FACETS[name] for name in request.facets},
        )

    def document(self, document_id: str) -> Document | None:
        self._check()
        return replace(DOCUMENT, id=document_id, url=self.url) if document_id in IDS else None

    def highlighted_document(
        self, document_id: str, query: str = "", mode: Mode = "auto"
    ) -> HighlightedDocument | None:
        found = self.document(document_id)
        if found is None:
            return None
        marked = 'Chương trình <mark>gặp</mark> <mark class="folded">gỡ</mark> đầu xuân'
        return HighlightedDocument(
            document=found,
            heading="Gặp gỡ đầu xuân",
            title_html="Gặp gỡ đầu xuân",
            body_html=(marked if query else "Chương trình gặp gỡ đầu xuân", "a &lt; b"),
            marks=2 if query else 0,
        )

    def explain(self, request: SearchRequest, document_id: str) -> Explanation | None:
        self._check()
        self.requests.append(request)
        return EXPLANATION if document_id in IDS else None

    def suggest(self, typed: str, limit: int = 8) -> tuple[Suggestion, ...]:
        self._check()
        return SUGGESTIONS[:limit] if typed else ()

    def stats(self) -> dict[str, Any]:
        self._check()
        return {"documents": self.total}

    def generation(self) -> int:
        return self.commit if self.present else -1

    def commit_id(self) -> str:
        self._check()
        return f"commit-{self.commit}"

    def ready(self) -> bool:
        return self.present

    def close(self) -> None: ...

    def _check(self) -> None:
        if self.failure:
            raise self.failure
        if not self.present:
            raise MissingIndexError("there is no index in /secret/place")


IDS = ("a", "000_3772e8170c534e90#3", "tin/2025/a?b%c", "https://example.org/a")
FACETS = {
    "source": (FacetValue("Hà Giang", 900), FacetValue("Báo A & B", 350)),
    "year": (FacetValue("2025", 1000), FacetValue("2024", 250)),
    "names": (FacetValue("Cao Tường Huy", 3),),
    "places": tuple(FacetValue(f"Nơi {n}", 20 - n) for n in range(9)),
    "month": (FacetValue("2025-02", 800), FacetValue("2025-01", 200), FacetValue("2024-12", 250)),
}
EXPLANATION = Explanation(
    query="gap go",
    document="a",
    found=False,
    score=0.0,
    interpretation=None,
    strictness="all",
    unmet=(UnmetRequirement("absent", "folded:go"),),
    part=Part(
        kind="all",
        text="",
        matched=False,
        score=0.0,
        parts=(
            Part(
                kind="term",
                text="folded:gap",
                matched=True,
                score=0.0,
                field="folded",
                term=TermScore(0.0, 3.5, 1.2, 2, 40, 44.5, 7, 100),
            ),
            Part("term", "folded:go", False, 0.0, "folded"),
        ),
    ),
)
SUGGESTIONS = (
    Suggestion("gặp gỡ đầu xuân", "query", 5),
    Suggestion("Gặp gỡ <b>cuối</b> năm", "title", 5, "tin/2025/a?b%c"),
)
DOCUMENT = Document(
    id="",
    title="Gặp gỡ đầu xuân",
    body="Chương trình gặp gỡ đầu xuân\na < b",
    author="Trần Kế",
    source="Hà Giang",
    date=date(2025, 2, 20).isoformat(),
    path="tin/a.txt",
)


def _hit(number: int, source: str | None) -> Hit:
    return Hit(
        id=IDS[number % len(IDS)],
        score=10.0 - number / 1000,
        title="Gặp gỡ đầu xuân",
        date="2025-02-20" if source else None,
        source=source,
        author="Trần Kế" if source else None,
        url=None,
        path="tin/a.txt",
        highlights=Highlights(
            title="<mark>Gặp gỡ</mark> đầu xuân",
            snippets=('… <mark>gặp</mark> <mark class="folded">gỡ</mark> &lt;b&gt; …',),
        ),
    )


@pytest.fixture
def engine() -> StandInEngine:
    return StandInEngine()


@pytest.fixture
def app(engine: StandInEngine) -> Flask:
    return create_app(Settings(), engine, reindex=dict)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
