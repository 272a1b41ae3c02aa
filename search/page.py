"""Documents found → hits to show: stored fields, heading and snippets; and whole documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from index.documents import Document
from search.engine import HighlightedDocument
from search.highlight import CLOSE, Highlighter, HighlightSpec, marked
from search.results import Highlights, Hit
from search.snippets import heading, snippets

_FIELDS = tuple(field.name for field in fields(Document))


def document_of(record: Mapping[str, Any]) -> Document:
    """The document that a stored record describes; what the record lacks takes the default."""
    values = {name: record[name] for name in _FIELDS if record.get(name) is not None}
    return Document(**{"title": "", "body": "", **values})


def hit_of(record: Mapping[str, Any], score: float, highlighter: Highlighter) -> Hit:
    """A hit with its highlights, from a stored record."""
    get = record.get
    title, body = get("title") or "", get("body") or ""
    shown = heading(title, body)
    return Hit(
        id=record["id"],
        score=score,
        title=shown,
        date=get("date"),
        source=get("source"),
        author=get("author"),
        url=get("url"),
        path=get("path") or "",
        highlights=Highlights(
            title=_all_marked(shown, highlighter, title=True),
            snippets=snippets(body, highlighter.occurrences(body)),
        ),
    )


def highlighted(document: Document, spec: HighlightSpec) -> HighlightedDocument:
    """The whole document, paragraph by paragraph, with everything marked that `spec` asks for."""
    highlighter = Highlighter(spec)
    shown = heading(document.title, document.body)
    paragraphs = [line.strip() for line in document.body.split("\n")]
    title_html = _all_marked(shown, highlighter, title=True)
    body_html = tuple(_all_marked(line, highlighter) for line in paragraphs if line)
    return HighlightedDocument(
        document=document,
        heading=shown,
        title_html=title_html,
        body_html=body_html,
        marks=sum(html.count(CLOSE) for html in (title_html, *body_html)),
    )


def _all_marked(text: str, highlighter: Highlighter, *, title: bool = False) -> str:
    return marked(text, highlighter.occurrences(text, title=title), 0, len(text))
