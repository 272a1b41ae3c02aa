"""Where Whoosh's matchers do not do what Whoosh documents, the executor does what is documented.

Each test shows the fault first. If that fails after an upgrade of Whoosh, the fault is mended: then
remove its repair from `stock.repaired`, and the test.
"""

from __future__ import annotations

from typing import Any

import pytest
from whoosh import query as q

from search.executor import Executor

from .stock import Doc, StockSnapshot, answers, build


def docs(found: Any) -> list[int]:
    return sorted(doc for doc, _ in found)


def ours(index: Any, query: q.Query) -> dict[int, float]:
    found = Executor(StockSnapshot(index)).top(query, 100)
    return dict(zip(found.docs.tolist(), found.scores.tolist(), strict=True))


def corpus(*bodies: str) -> list[list[Doc]]:
    return [[Doc("", body) for body in bodies]]


def term(word: str) -> q.Term:
    return q.Term("folded", word)


def test_an_excluded_document_can_be_the_first_hit() -> None:
    index = build(corpus("b", "a b", "a", "a b"))
    query = q.AndNot(term("a"), term("b"))
    assert docs(answers(index, query)) == [1, 2]
    assert list(ours(index, query)) == [2]


def test_a_deleted_document_can_be_found_by_not() -> None:
    index = build(corpus("a", "b", "b"), deleted=[1])
    assert docs(answers(index, q.Not(term("a")))) == [1, 2]
    assert list(ours(index, q.Not(term("a")))) == [2]


def test_a_document_is_scored_by_a_term_it_does_not_hold() -> None:
    index = build(corpus("a", "a a a", "b"))
    query = q.DisjunctionMax([term("a"), term("b")])
    alone = dict(answers(index, term("a")))
    assert dict(answers(index, query))[0] > alone[0]
    assert ours(index, query)[0] == pytest.approx(alone[0])


def test_an_optional_score_can_be_lost() -> None:
    index = build(corpus("a", "b c", "a b c"))
    query = q.And([q.AndMaybe(term("a"), term("b")), term("c")])
    whole = sum(dict(answers(index, term(word)))[2] for word in "abc")
    assert dict(answers(index, query))[2] < whole - 0.1
    assert ours(index, query)[2] == pytest.approx(whole)
