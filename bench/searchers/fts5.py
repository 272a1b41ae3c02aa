"""SQLite FTS5 with `remove_diacritics 2`, the usual advice for Vietnamese. It leaves đ as it is."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from bench.peers.fts5 import match_expression
from bench.searchers import TOP
from index.documents import Document

_WORD = re.compile(r"[^\W_\u0300-\u036f][\w\u0300-\u036f]*")


class Fts5Searcher:
    def build(self, documents: Iterable[Document], folder: Path) -> None:
        self._db = sqlite3.connect(folder / "fts5.db")
        self._db.execute(
            "CREATE VIRTUAL TABLE docs USING "
            "fts5(id UNINDEXED, title, body, tokenize='unicode61 remove_diacritics 2')"
        )
        with self._db:
            self._db.executemany(
                "INSERT INTO docs VALUES (?, ?, ?)", ((d.id, d.title, d.body) for d in documents)
            )

    def search(self, text: str) -> list[str]:
        words = _WORD.findall(text)
        if not words:
            return []
        rows = self._db.execute(
            f"SELECT id FROM docs WHERE docs MATCH ? ORDER BY rank LIMIT {TOP}",
            (match_expression("any", list(dict.fromkeys(words))),),
        )
        return [id for (id,) in rows]

    def close(self) -> None:
        self._db.close()


def fts5() -> Fts5Searcher:
    return Fts5Searcher()
