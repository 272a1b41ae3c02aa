"""timtin's search box: the request a front end would send, the page of ten hits it would get."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bench.timtin import build
from index.documents import Document
from search.engines.whoosh_engine import WhooshEngine
from search.request import MAX_QUERY_CHARACTERS, Mode, SearchRequest


class TimtinSearcher:
    def __init__(self, mode: Mode) -> None:
        self._mode = mode

    def build(self, documents: Iterable[Document], folder: Path) -> None:
        build(documents, folder)
        self._engine = WhooshEngine(folder)

    def search(self, text: str) -> list[str]:
        # Raw keys can make a question longer than the box takes.
        request = SearchRequest(text[:MAX_QUERY_CHARACTERS], mode=self._mode, group=False)
        return [hit.id for hit in self._engine.search(request).hits]

    def close(self) -> None:
        self._engine.close()


def auto() -> TimtinSearcher:
    return TimtinSearcher("auto")


def raw() -> TimtinSearcher:
    return TimtinSearcher("raw")
