"""Flask over SQLite FTS5 with its own snippet()."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterable
from pathlib import Path

from flask import Flask, Response, jsonify, request

from bench.peers.fts5 import match_expression
from index.documents import Document

_WORD = re.compile(r"\w+")
_SQL = """
SELECT id, title, rank, snippet(docs, 2, '<mark>', '</mark>', '…', 40)
FROM docs WHERE docs MATCH ? ORDER BY rank LIMIT 10
"""


def build(documents: Iterable[Document], folder: Path) -> None:
    db = sqlite3.connect(folder / "fts5.db")
    db.execute(
        "CREATE VIRTUAL TABLE docs USING "
        "fts5(id UNINDEXED, title, body, tokenize='unicode61 remove_diacritics 2')"
    )
    with db:
        db.executemany(
            "INSERT INTO docs VALUES (?, ?, ?)", ((d.id, d.title, d.body) for d in documents)
        )
    with db:
        db.execute("INSERT INTO docs(docs) VALUES ('optimize')")
    db.close()


def create_app(folder: Path) -> Flask:
    app = Flask(__name__)
    connections = threading.local()

    @app.get("/search")
    def search() -> Response:
        if not hasattr(connections, "db"):
            connections.db = sqlite3.connect(f"file:{folder / 'fts5.db'}?mode=ro", uri=True)
        words = _WORD.findall(request.args.get("q", ""))
        rows = connections.db.execute(_SQL, (match_expression("any", words),)) if words else ()
        hits = [
            {"id": id, "title": title, "score": -rank, "snippet": snippet}
            for id, title, rank, snippet in rows
        ]
        return jsonify(hits=hits)

    return app
