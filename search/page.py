"""Documents found → hits to show: stored fields, heading and snippets; and whole documents."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from index.documents import Document
from search.engine import HighlightedDocument
from search.highlight import CLOSE, Highlighter, marked, marks_of
from search.occurrences import HighlightSpec
from search.results import Highlights, Hit
from search.snippets import heading, snippets

_PARAGRAPH = re.compile(r"\S(?:[^\n]*\S)?")
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
    in_heading, in_body = highlighter.find(shown, body)
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
            title=marked(shown, marks_of(in_heading), 0, len(shown)),
            snippets=snippets(body, in_body),
        ),
    )


def highlighted(document: Document, spec: HighlightSpec) -> HighlightedDocument:
    """The whole document, paragraph by paragraph, with everything marked that `spec` asks for."""
    body = document.body
    shown = heading(document.title, body)
    in_heading, in_body = Highlighter(spec).find(shown, body)
    title_html = marked(shown, marks_of(in_heading), 0, len(shown))
    marks = marks_of(in_body)
    body_html = tuple(marked(body, marks, *p.span()) for p in _PARAGRAPH.finditer(body))
    return HighlightedDocument(
        document=document,
        heading=shown,
        title_html=title_html,
        body_html=body_html,
        marks=sum(html.count(CLOSE) for html in (title_html, *body_html)),
    )
