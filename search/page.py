"""Documents found → hits to show: stored fields, heading and snippets; and whole documents."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from index.documents import Document
from search.engine import HighlightedDocument
from search.highlight import CLOSE, Highlighter, marked, marks_of
from search.occurrences import HighlightSpec, Occurrence
from search.results import Highlights, Hit
from search.snippets import ELLIPSIS, heading, snippets

SNIPPET_SOURCE = 50_000
"""Characters of a body in which snippets are looked for: a book must not hold up a page of hits."""

_PARAGRAPH = re.compile(r"\S(?:[^\n]*\S)?")
_FIELDS = tuple(field.name for field in fields(Document))


def document_of(record: Mapping[str, Any]) -> Document:
    """The document that a stored record describes; what the record lacks takes the default."""
    values = {name: record[name] for name in _FIELDS if record.get(name) is not None}
    return Document(**{"title": "", "body": "", **values})


def hit_of(record: Mapping[str, Any], score: float, highlighter: Highlighter) -> Hit:
    """A hit with its highlights, from a stored record."""
    get = record.get
    text = _Text(get("title") or "", (get("body") or "")[:SNIPPET_SOURCE])
    found = highlighter.find(text.whole, text.title_end)
    return Hit(
        id=record["id"],
        score=score,
        title=text.heading,
        date=get("date"),
        source=get("source"),
        author=get("author"),
        url=get("url"),
        path=get("path") or "",
        highlights=Highlights(
            title=text.heading_html(found),
            snippets=snippets(text.whole, found[bisect_left(found, (text.begin,)) :], text.begin),
        ),
    )


def highlighted(document: Document, spec: HighlightSpec) -> HighlightedDocument:
    """The whole document, paragraph by paragraph, with everything marked that `spec` asks for."""
    text = _Text(document.title, document.body)
    found = Highlighter(spec).find(text.whole, text.title_end)
    title_html = text.heading_html(found)
    marks = marks_of(found)
    paragraphs = _PARAGRAPH.finditer(text.whole, text.begin)
    body_html = tuple(marked(text.whole, marks, *p.span()) for p in paragraphs)
    return HighlightedDocument(
        document=document,
        heading=text.heading,
        title_html=title_html,
        body_html=body_html,
        marks=sum(html.count(CLOSE) for html in (title_html, *body_html)),
    )


class _Text:
    """Title and body as one text, as they are indexed, and the heading within it."""

    __slots__ = ("_end", "_start", "_tail", "begin", "heading", "title_end", "whole")

    def __init__(self, title: str, body: str) -> None:
        self.whole = f"{title}\n{body}" if title else body
        self.title_end = len(title)
        self.begin = self.title_end + 1 if title else 0
        self._start, self._end, cut = heading(self.whole, self.title_end)
        self._tail = ELLIPSIS if cut else ""
        self.heading = self.whole[self._start : self._end] + self._tail

    def heading_html(self, found: list[Occurrence]) -> str:
        marks = marks_of(found[: bisect_left(found, (self._end,))])
        return marked(self.whole, marks, self._start, self._end) + self._tail
