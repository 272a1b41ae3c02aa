"""Xapian with its Python binding: BM25 with k1=.9, b=.4, nothing stored.

The binding comes from Debian's python3-xapian, which only Debian's own Python imports, or from
PyPI's xapian-bindings-binary (`pip install xapian-bindings-binary`), a build for 64-bit Linux.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xapian

from bench.peers import TOP, token_lines
from bench.shapes import Operator

_MAX_TERM_BYTES = 240


class Xapian:
    name = "xapian"

    def supports(self, operator: Operator) -> bool:
        return True

    def build(self, tokens: Path, folder: Path) -> None:
        db = xapian.WritableDatabase(str(folder), xapian.DB_CREATE_OR_OPEN)
        for number, line in enumerate(token_lines(tokens)):
            document = xapian.Document()
            for position, token in enumerate(line.split(" ")):
                if 0 < len(token.encode()) <= _MAX_TERM_BYTES:
                    document.add_posting(token, position)
            db.replace_document(number + 1, document)
        db.commit()
        db.close()

    def open(self, folder: Path) -> XapianSession:
        return XapianSession(folder)


class XapianSession:
    def __init__(self, folder: Path) -> None:
        self._db = xapian.Database(str(folder))

    def top(self, operator: Operator, terms: Sequence[str]) -> object:
        matches = self._enquire(operator, terms).get_mset(0, TOP)
        return [(match.docid, match.weight) for match in matches]

    def lines(self, hits: Any) -> list[int]:
        return [docid - 1 for docid, _ in hits]

    def count(self, operator: Operator, terms: Sequence[str]) -> int | None:
        everything = self._db.get_doccount()
        matches = self._enquire(operator, terms).get_mset(0, TOP, everything)
        return int(matches.get_matches_estimated())

    def close(self) -> None:
        self._db.close()

    def _enquire(self, operator: Operator, terms: Sequence[str]) -> Any:
        enquire = xapian.Enquire(self._db)
        enquire.set_weighting_scheme(xapian.BM25Weight(0.9, 0.0, 1.0, 0.4, 0.5))
        enquire.set_query(_query(operator, terms))
        return enquire


def _query(operator: Operator, terms: Sequence[str]) -> Any:
    query = xapian.Query
    if operator == "phrase":
        return query(query.OP_PHRASE, list(terms), len(terms))
    if operator == "prefix":
        return query(query.OP_WILDCARD, terms[0], 0, query.WILDCARD_LIMIT_ERROR, query.OP_OR)
    return query(query.OP_AND if operator == "all" else query.OP_OR, list(terms))


def peer(_: str) -> Xapian:
    return Xapian()
