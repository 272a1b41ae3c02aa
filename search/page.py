"""Documents found → hits to show: stored fields, heading and snippets; and whole documents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from index.documents import Document
from search.closeness import FIRST, closeness
from search.columns import kernels
from search.deadline import is_up
from search.engine import HighlightedDocument
from search.highlight import Highlighted, HighlightedText, highlight
from search.marks import CLOSE
from search.occurrences import HighlightSpec
from search.results import Highlights, Hit
from search.snippets import ELLIPSIS, SNIPPET_CHARACTERS, heading, snippets
from search.windows import best_windows

SNIPPET_SOURCE = 50_000
"""Characters of a body in which snippets are looked for: a book must not hold up a page of hits."""
BATCH_CHARACTERS = 50_000
"""Characters that are highlighted at once, or a single text."""

_PARAGRAPH = re.compile(r"\S(?:[^\n]*\S)?")
_FIELDS = tuple(field.name for field in fields(Document))


def document_of(record: Mapping[str, Any]) -> Document:
    """The document that a stored record describes; what the record lacks takes the default."""
    values = {name: record[name] for name in _FIELDS if record.get(name) is not None}
    return Document(**{"title": "", "body": "", **values})


def hits_of(
    records: Sequence[Mapping[str, Any]], scores: Sequence[float], spec: HighlightSpec
) -> tuple[Hit, ...]:
    """The hits that stored records are, with their highlights; where `spec` has weights, closeness
    is in the scores of the first ones. When time is up the rest is shown without marks."""
    hits: list[Hit] = []
    texts = [_Text(r.get("title") or "", (r.get("body") or "")[:SNIPPET_SOURCE]) for r in records]
    for first, last in _batches(texts):
        here = texts[first:last]
        if is_up():
            spec = HighlightSpec()
        page = highlight(spec, [text.whole for text in here], [text.title_end for text in here])
        added = closeness(page) if first < FIRST else ()
        for number, (text, highlights) in enumerate(zip(here, _shown(page, here), strict=True)):
            at = first + number
            score = scores[at] + (added[number] if at < FIRST else 0.0)
            hits.append(_hit(records[at], score, text.heading, highlights))
    return tuple(hits)


def _shown(page: Highlighted, texts: Sequence[_Text]) -> list[Highlights]:
    """What is shown of each text of the page."""
    if loops := kernels():
        return _shown_compiled(loops, page, texts)
    windows = best_windows(page, [text.begin for text in texts], SNIPPET_CHARACTERS)
    return [
        Highlights(
            title=text.heading_html(found),
            snippets=snippets(text.whole, found, window, text.begin),
        )
        for text, window, found in zip(
            texts, windows, map(page.text, range(len(texts))), strict=True
        )
    ]


def _shown_compiled(loops: Any, page: Highlighted, texts: Sequence[_Text]) -> list[Highlights]:
    found = page.found
    places = [
        (offset + text.start, offset + text.end, offset + text.begin, offset + len(text.whole))
        for text, offset in zip(texts, page.texts.offsets, strict=True)
    ]
    stems = np.array([len(needle.stems) for needle in page.spec.needles], np.intp)
    points, cuts = loops.shown(
        page.texts.letters,
        np.array(places, np.intp),
        found.starts,
        found.ends,
        found.needles,
        found.exact,
        page.bounds,
        stems,
        *page.marks,
    )
    html = points.tobytes().decode("utf-32-le", "surrogatepass")
    shown, at = [], 0
    for text, (heading_end, *ends) in zip(texts, cuts.tolist(), strict=True):
        title, at = html[at:heading_end] + text.tail, heading_end
        pieces = []
        for end in ends:
            if end >= 0:
                pieces.append(html[at:end])
                at = end
        shown.append(Highlights(title, tuple(pieces)))
    return shown


def _hit(record: Mapping[str, Any], score: float, title: str, highlights: Highlights) -> Hit:
    get = record.get
    return Hit(
        id=record["id"],
        score=score,
        title=title,
        date=get("date"),
        source=get("source"),
        author=get("author"),
        url=get("url"),
        path=get("path") or "",
        highlights=highlights,
    )


def _batches(texts: Sequence[_Text]) -> Iterator[tuple[int, int]]:
    """Ranges of texts to highlight together, so that a page of books stays small in memory."""
    first, size = 0, 0
    for number, text in enumerate(texts):
        if size and size + len(text.whole) > BATCH_CHARACTERS:
            yield first, number
            first, size = number, 0
        size += len(text.whole)
    if first < len(texts):
        yield first, len(texts)


def highlighted(document: Document, spec: HighlightSpec) -> HighlightedDocument:
    """The whole document, paragraph by paragraph, with everything marked that `spec` asks for."""
    text = _Text(document.title, document.body)
    found = highlight(spec, [text.whole], [text.title_end]).text(0)
    title_html = text.heading_html(found)
    paragraphs = _PARAGRAPH.finditer(text.whole, text.begin)
    body_html = tuple(found.html(*p.span()) for p in paragraphs)
    return HighlightedDocument(
        document=document,
        heading=text.heading,
        title_html=title_html,
        body_html=body_html,
        marks=sum(html.count(CLOSE) for html in (title_html, *body_html)),
    )


class _Text:
    """Title and body as one text, as they are indexed, and the heading within it, from `start` to
    `end`, with `tail` behind it."""

    __slots__ = ("begin", "end", "heading", "start", "tail", "title_end", "whole")

    def __init__(self, title: str, body: str) -> None:
        self.whole = f"{title}\n{body}" if title else body
        self.title_end = len(title)
        self.begin = self.title_end + 1 if title else 0
        self.start, self.end, cut = heading(self.whole, self.title_end)
        self.tail = ELLIPSIS if cut else ""
        self.heading = self.whole[self.start : self.end] + self.tail

    def heading_html(self, found: HighlightedText) -> str:
        return found.html(self.start, self.end) + self.tail
