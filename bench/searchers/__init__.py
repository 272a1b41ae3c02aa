"""Whole search systems, from a document's text to the ids of the best ten: what relevance compares.

Unlike `bench.peers`, which all get timtin's tokens, each of these analyses text in its own way, as
a project that chose it would have it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Protocol

from index.documents import Document

TOP = 10


class Searcher(Protocol):
    """`search` takes what the user typed, untouched, and gives document ids, best first."""

    def build(self, documents: Iterable[Document], folder: Path) -> None: ...

    def search(self, text: str) -> list[str]: ...

    def close(self) -> None: ...


# Name in the tables → "module:factory".
TIMTIN = {
    "timtin": "timtin:auto",
    "timtin, as typed (mode=raw)": "timtin:raw",
}
PEERS = {
    "Lucene standard + ICU folding (on Tantivy)": "tantivy:folded",
    "accented + pyvi words (on Tantivy)": "tantivy:vietnamese",
    "SQLite FTS5 remove_diacritics 2": "fts5:fts5",
    "stock Whoosh, StandardAnalyzer + accent_map": "whoosh:whoosh",
}


def load(target: str) -> Searcher:
    """Make the searcher of "module:factory"; ImportError if its package is not installed."""
    module, factory = target.split(":")
    make: Callable[[], Searcher] = getattr(import_module(f"bench.searchers.{module}"), factory)
    return make()
