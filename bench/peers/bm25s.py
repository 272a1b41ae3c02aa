"""bm25s with Numba: scores worked out at indexing time, sparse sums at query time; k1=.9, b=.4.

It knows bags of words only: no AND, phrase or prefix, no counts, no deletions.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import bm25s
import numba  # noqa: F401  (its absence should show here, not at the first query)

from bench.peers import TOP, token_lines
from bench.shapes import Operator


class Bm25s:
    name = "bm25s"

    def supports(self, operator: Operator) -> bool:
        return operator in ("term", "any")

    def build(self, tokens: Path, folder: Path) -> None:
        model = bm25s.BM25(k1=0.9, b=0.4, backend="numba")
        model.index([line.split(" ") for line in token_lines(tokens)], show_progress=False)
        model.save(folder)

    def open(self, folder: Path) -> Bm25sSession:
        return Bm25sSession(folder)


class Bm25sSession:
    def __init__(self, folder: Path) -> None:
        self._model = bm25s.BM25.load(folder, mmap=False)
        self._model.backend = "numba"
        self._model.activate_numba_scorer()

    def top(self, operator: Operator, terms: Sequence[str]) -> object:
        return self._model.retrieve([list(terms)], k=TOP, n_threads=1, show_progress=False)

    def lines(self, hits: Any) -> list[int]:
        ids, scores = hits
        return [int(i) for i, score in zip(ids[0], scores[0], strict=True) if score > 0]

    def count(self, operator: Operator, terms: Sequence[str]) -> int | None:
        return None

    def close(self) -> None:
        del self._model


def peer(_: str) -> Bm25s:
    return Bm25s()
