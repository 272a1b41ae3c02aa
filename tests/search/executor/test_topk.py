"""Queries of many weighted terms: whatever is left out on the way, the best documents are found."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from whoosh import query as q

from index.snapshot import Snapshot
from search.executor import Executor
from search.queries import AtLeast

FIELDS = ("folded", "accented", "title", "pairs")
PROFILES = {
    "fixed point": {"postings.DENSE": 8, "topk.GATHER": 10**9, "bounds.COLUMNS": 2},
    "four bytes": {
        "postings.DENSE": 8,
        "topk.GATHER": 10**9,
        "bounds.COLUMNS": 2,
        "additive.ROOM": 0,
    },
    "one by one": {"postings.DENSE": 8, "topk.GATHER": 0, "bounds.COLUMNS": 2},
}


@pytest.fixture(scope="module")
def terms(snapshot: Snapshot) -> list[tuple[str, str]]:
    found = []
    for segment in snapshot.segments:
        for field in FIELDS:
            reader = segment.field(field)
            assert reader is not None
            found += [(field, key.decode()) for key in reader.keys(0, reader.term_count)]
    return sorted(set(found))


def made(rng: random.Random, terms: list[tuple[str, str]]) -> q.Query:
    """As the parser makes them: some required, more that only score, one part that is a whole."""

    def some(count: int) -> list[q.Query]:
        weigh = rng.choice((lambda: 1.0, lambda: rng.uniform(0.05, 3.0)))
        return [q.Term(*rng.choice(terms), boost=weigh()) for _ in range(count)]

    required = rng.choice((q.Or(some(9)), AtLeast(some(9), 2), q.Or([*some(4), q.And(some(2))])))
    return q.AndMaybe(required, q.Or(some(rng.randint(1, 25))))


@pytest.fixture(params=PROFILES)
def profile(request: Any) -> Iterator[str]:
    with ExitStack() as stack:
        for name, value in PROFILES[request.param].items():
            stack.enter_context(patch(f"search.executor.{name}", value))
        yield request.param


def test_the_best_of_many_terms(
    loops: None, profile: str, snapshot: Snapshot, whoosh: Any, terms: list[tuple[str, str]]
) -> None:
    rng = random.Random(profile)
    for _ in range(60):
        query, limit = made(rng, terms), rng.choice((1, 3, 10))
        expected = whoosh(query)
        found = Executor(snapshot).top(query, limit)
        assert found.total == len(expected)
        assert found.docs.tolist() == [doc for doc, _ in expected[:limit]]
        scores = [score for _, score in expected[:limit]]
        np.testing.assert_allclose(found.scores, scores, rtol=0, atol=1e-6)
