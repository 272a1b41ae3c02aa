"""Stock Whoosh as its documentation shows it: StandardAnalyzer | CharsetFilter(accent_map), OR."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from whoosh.analysis import CharsetFilter, StandardAnalyzer
from whoosh.fields import ID, TEXT, Schema
from whoosh.index import create_in
from whoosh.query import Or, Term
from whoosh.support.charset import accent_map

from bench.searchers import TOP
from index.documents import Document


class WhooshSearcher:
    def build(self, documents: Iterable[Document], folder: Path) -> None:
        analyzer = StandardAnalyzer() | CharsetFilter(accent_map)
        index = create_in(str(folder), Schema(id=ID(stored=True), body=TEXT(analyzer)))
        writer = index.writer(limitmb=256)
        for document in documents:
            writer.add_document(id=document.id, body=document.text)
        writer.commit()
        self._searcher = index.searcher()
        self._field = index.schema["body"]

    def search(self, text: str) -> list[str]:
        words = dict.fromkeys(self._field.process_text(text, mode="query"))
        results = self._searcher.search(Or([Term("body", word) for word in words]), limit=TOP)
        return [hit["id"] for hit in results]

    def close(self) -> None:
        self._searcher.close()


def whoosh() -> WhooshSearcher:
    return WhooshSearcher()
