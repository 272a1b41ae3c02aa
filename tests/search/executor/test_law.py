"""The law: the executor's documents, order, scores and totals are those of stock Whoosh."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, nullcontext
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import query as q

from search.executor import Executor

from . import strategies as made
from .stock import StockSnapshot, answers, as_if_large, build, repaired

PROFILES = {
    "as tuned": {},
    "all dense": {
        "postings.DENSE": 10**9,
        "docset.SPARSE": 10**9,
        "topk.GATHER": 10**9,
        "additive.GATHER": 10**9,
        "bounds.COLUMNS": 2,
        "multiterm.FEW": 0,
    },
    "rare and common": {"postings.DENSE": 4, "topk.GATHER": 10**9, "bounds.COLUMNS": 2},
    "in four bytes": {"postings.DENSE": 4, "topk.GATHER": 10**9, "additive.ROOM": 0},
    "all sparse": {"postings.DENSE": 0, "docset.SPARSE": 0, "topk.GATHER": 0, "phrase.FEW": 0},
}
"""Small corpora take one path through the tuned code; these send them down the others."""


@pytest.fixture(params=PROFILES)
def profile(request: Any) -> Iterator[None]:
    with ExitStack() as stack:
        for name, value in PROFILES[request.param].items():
            stack.enter_context(patch(f"search.executor.{name}", value))
        yield


def check(index: Any, executor: Executor, query: q.Query, limit: int) -> None:
    expected = answers(index, query)
    found = executor.top(query, limit)
    docs, scores = [doc for doc, _ in expected], [score for _, score in expected]
    assert found.total == len(expected)
    assert found.docs.tolist() == docs[:limit]
    np.testing.assert_allclose(found.scores, scores[:limit], rtol=0, atol=1e-6)
    matching = executor.matching(query)
    bases = [segment.base for segment in executor.snapshot.segments]
    every = [doc + base for ids, base in zip(matching, bases, strict=True) for doc in ids.tolist()]
    assert every == sorted(docs)
    again = executor.scores(query, docs)
    np.testing.assert_allclose(again, scores, rtol=0, atol=1e-6)


@pytest.mark.parametrize("size", [nullcontext, as_if_large], ids=["small", "as if large"])
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    corpus=made.corpora,
    deleted=st.sets(st.integers(0, 20)),
    queries=st.lists(made.queries, min_size=1, max_size=12),
    limit=st.sampled_from((1, 3, 100)),
)
def test_any_query_on_any_corpus(
    loops: None,
    profile: None,
    size: Any,
    corpus: Any,
    deleted: set[int],
    queries: list[q.Query],
    limit: int,
) -> None:
    index = build(corpus, sorted(deleted))
    executor = Executor(StockSnapshot(index))
    with size(), repaired():
        for query in queries:
            check(index, executor, query, limit)
    assert executor.fallbacks == 0
