"""Stock Whoosh: its own codec (W3) and matchers, BM25F with timtin's B=.4, K1=.9.

Two ways to search: `whoosh` with limit=10, Whoosh's default road, which skips blocks that cannot
win and now and then drops a true hit with them; and `whoosh_all` with limit=None, which is exact
and is what timtin's answers are checked against.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from whoosh import query
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.codec.whoosh3 import W3Codec
from whoosh.fields import TEXT, Schema
from whoosh.index import create_in, open_dir
from whoosh.scoring import BM25F

from bench.peers import TOP, token_lines
from bench.shapes import Operator

B, K1 = 0.4, 0.9


class Whoosh:
    def __init__(self, name: str, limit: int | None) -> None:
        self.name = name
        self._limit = limit

    def supports(self, operator: Operator) -> bool:
        return True

    def build(self, tokens: Path, folder: Path) -> None:
        schema = Schema(body=TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=True))
        writer = create_in(str(folder), schema).writer(limitmb=512, codec=W3Codec())
        for line in token_lines(tokens):
            writer.add_document(body=line)
        writer.commit()

    def open(self, folder: Path) -> WhooshSession:
        return WhooshSession(folder, self._limit)


class WhooshSession:
    def __init__(self, folder: Path, limit: int | None) -> None:
        self._limit = limit
        self._searcher = open_dir(str(folder)).searcher(weighting=BM25F(B=B, K1=K1))

    def top(self, operator: Operator, terms: Sequence[str]) -> object:
        results = self._searcher.search(tree("body", operator, terms), limit=self._limit)
        return results.top_n[:TOP]

    def lines(self, hits: Any) -> list[int]:
        return [int(line) for _, line in hits]

    def count(self, operator: Operator, terms: Sequence[str]) -> int | None:
        if self._limit is not None:
            return None  # it would be the other one's work once more
        return len(self._searcher.search(tree("body", operator, terms), limit=None))

    def close(self) -> None:
        self._searcher.close()


def tree(field: str, operator: Operator, terms: Sequence[str]) -> Any:
    """The Whoosh query of a shape; timtin's executor is given the same."""
    if operator == "phrase":
        return query.Phrase(field, list(terms))
    if operator == "prefix":
        return query.Prefix(field, terms[0])
    parts = [query.Term(field, term) for term in terms]
    if len(parts) == 1:
        return parts[0]
    return query.And(parts) if operator == "all" else query.Or(parts)


def peer(name: str) -> Whoosh:
    return Whoosh(name, None if name == "whoosh_all" else TOP)
