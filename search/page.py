"""Documents found → hits to show: stored fields, heading and snippets; and whole documents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from sys import getsizeof
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
    texts: Sequence[Stored], scores: Sequence[float], spec: HighlightSpec
) -> tuple[Hit, ...]:
    """The hits that stored documents are, with their highlights; where `spec` has weights,
    closeness is in the scores of the first ones. When time is up the rest is shown without
    marks."""
    hits: list[Hit] = []
    for first, last in _batches(texts):
        here = texts[first:last]
        if is_up():
            spec = HighlightSpec()
        page = highlight(spec, [text.whole for text in here], [text.title_end for text in here])
        added = closeness(page) if first < FIRST else ()
        for number, (text, highlights) in enumerate(zip(here, _shown(page, here), strict=True)):
            at = first + number
            score = scores[at] + (added[number] if at < FIRST else 0.0)
            hits.append(text.hit(score, highlights))
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


class Stored(_Text):
    """What a page shows of a stored record, ready to be highlighted."""

    __slots__ = ("author", "date", "id", "path", "source", "url")

    def __init__(self, record: Mapping[str, Any]) -> None:
        get = record.get
        super().__init__(get("title") or "", (get("body") or "")[:SNIPPET_SOURCE])
        self.id: str = record["id"]
        self.date: str | None = get("date")
        self.source: str | None = get("source")
        self.author: str | None = get("author")
        self.url: str | None = get("url")
        self.path: str = get("path") or ""

    @property
    def size(self) -> int:
        """Bytes that it takes in memory, about."""
        few = (self.id, self.date, self.source, self.author, self.url, self.path, self.heading)
        return getsizeof(self.whole) + getsizeof(self) + sum(getsizeof(text) for text in few)

    def hit(self, score: float, highlights: Highlights) -> Hit:
        return Hit(
            self.id, score, self.heading,
            self.date, self.source, self.author, self.url, self.path,
            highlights,
        )  # fmt: skip
