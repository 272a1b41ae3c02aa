"""SQLite FTS5 (standard library): BM25 with its fixed k1=1.2, b=.75; contentless, optimized."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from bench.peers import TOP, token_lines
from bench.shapes import Operator

_FILE = "fts5.db"


class Fts5:
    name = "fts5"

    def supports(self, operator: Operator) -> bool:
        return True

    def build(self, tokens: Path, folder: Path) -> None:
        db = sqlite3.connect(folder / _FILE)
        db.execute(
            "CREATE VIRTUAL TABLE docs USING "
            "fts5(body, content='', tokenize='unicode61 remove_diacritics 0')"
        )
        with db:
            db.executemany(
                "INSERT INTO docs(rowid, body) VALUES (?, ?)", enumerate(token_lines(tokens))
            )
        with db:
            db.execute("INSERT INTO docs(docs) VALUES ('optimize')")
        db.close()

    def open(self, folder: Path) -> Fts5Session:
        return Fts5Session(folder)


class Fts5Session:
    def __init__(self, folder: Path) -> None:
        self._db = sqlite3.connect(f"file:{folder / _FILE}?mode=ro", uri=True)

    def top(self, operator: Operator, terms: Sequence[str]) -> object:
        return self._db.execute(
            f"SELECT rowid, rank FROM docs WHERE docs MATCH ? ORDER BY rank LIMIT {TOP}",
            (match_expression(operator, terms),),
        ).fetchall()

    def lines(self, hits: object) -> list[int]:
        return [line for line, _ in cast("list[tuple[int, float]]", hits)]

    def count(self, operator: Operator, terms: Sequence[str]) -> int | None:
        expression = match_expression(operator, terms)
        row = self._db.execute("SELECT count(*) FROM docs WHERE docs MATCH ?", (expression,))
        return int(row.fetchone()[0])

    def close(self) -> None:
        self._db.close()


def match_expression(operator: Operator, terms: Sequence[str]) -> str:
    """FTS5's own query language; quoted, since `and` and `or` are syllables too."""
    quoted = ['"' + term.replace('"', '""') + '"' for term in terms]
    if operator == "phrase":
        return '"' + " ".join(terms) + '"'
    if operator == "prefix":
        return quoted[0] + " *"
    return (" AND " if operator == "all" else " OR ").join(quoted)


def peer(_: str) -> Fts5:
    return Fts5()
