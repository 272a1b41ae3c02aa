"""What makes up a score: the parts add up to what the executor scores, whatever the query."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import query as q

from index.snapshot import Snapshot
from search.executor import Executor
from search.explanation import Part, unmet
from search.queries import AtLeast
from search.ranking import WEIGHTING

from . import strategies as made
from .stock import StockSnapshot, as_if_large, build, repaired


def every(part: Part) -> Iterator[Part]:
    yield part
    for one in part.parts:
        yield from every(one)


def check(part: Part, score: float, *, found: bool) -> None:
    assert part.matched == found
    assert part.score == pytest.approx(score, abs=1e-6)
    assert sum(leaf.score for leaf in part.leaves()) == pytest.approx(score, abs=1e-6)
    assert bool(unmet(part)) == (not found)
    for one in every(part):
        if one.parts and one.kind not in ("constant", "not"):
            parts = sum(inner.score for inner in one.parts)
            assert one.score == pytest.approx(parts, abs=1e-6)
        if not one.matched:
            assert one.score == 0
        if one.term:
            term = one.term
            assert term.boost * term.idf * term.tf == pytest.approx(one.score, abs=1e-6)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    corpus=made.corpora,
    deleted=st.sets(st.integers(0, 20)),
    queries=st.lists(made.queries, min_size=1, max_size=6),
    large=st.booleans(),
)
def test_any_query_on_any_document(
    corpus: Any, deleted: set[int], queries: list[q.Query], large: bool
) -> None:
    executor = Executor(StockSnapshot(build(corpus, sorted(deleted))))
    with repaired():
        for query in queries:
            with as_if_large() if large else repaired():
                check_all(executor, query)


def check_all(executor: Executor, query: q.Query) -> None:
    bases = [segment.base for segment in executor.snapshot.segments]
    pairs = zip(executor.matching(query), bases, strict=True)
    found = {doc + base for ids, base in pairs for doc in ids.tolist()}
    for doc, score in enumerate(executor.scores(query, range(executor.snapshot.doc_count_all))):
        check(executor.explain(query, doc), float(score), found=doc in found)


def test_parts_of_a_real_index(snapshot: Snapshot) -> None:
    executor = Executor(snapshot)
    query = q.AndMaybe(
        q.And([q.Term("folded", "ha", boost=2.0), q.Term("folded", "giang")], boost=3.0),
        q.Or([q.Term("title", "ha", boost=0.5), q.Phrase("accented", ["hà", "giang"])]),
    )
    for doc, score in zip(*executor.top(query, 5)[:2], strict=True):
        part = executor.explain(query, int(doc))
        check(part, float(score), found=True)
        assert [one.kind for one in part.parts] == ["all", "any"]
        assert {leaf.text for leaf in part.leaves()} <= {
            *("folded:ha", "folded:giang", "title:ha", "accented:hà", "accented:giang")
        }


def test_the_numbers_of_a_term(snapshot: Snapshot) -> None:
    executor = Executor(snapshot)
    query = q.Term("folded", "ha", boost=2.0)
    doc = int(executor.top(query, 1).docs[0])
    part = executor.explain(query, doc)
    term = part.term
    assert term
    k1, b = WEIGHTING.k1, WEIGHTING.b
    norm = k1 * (1 - b + b * term.length / term.average_length)
    assert term.tf == pytest.approx(term.frequency * (k1 + 1) / (term.frequency + norm))
    assert term.documents == snapshot.doc_frequency("folded", b"ha")
    assert term.collection == snapshot.doc_count_all
    assert part.score == pytest.approx(2.0 * term.idf * term.tf)


def reasons(query: q.Query, executor: Executor, doc: int) -> set[tuple[str, str]]:
    return {(found.reason, found.text) for found in unmet(executor.explain(query, doc))}


def test_why_a_document_is_not_found(snapshot: Snapshot) -> None:
    executor = Executor(snapshot)
    ha, noi, never = (q.Term("folded", text) for text in ("ha", "noi", "never"))
    (doc, *_) = executor.top(q.And([ha, noi]), 1).docs.tolist()
    assert reasons(q.And([ha, never]), executor, doc) == {("absent", "folded:never")}
    assert reasons(q.AndNot(ha, noi), executor, doc) == {("excluded", "folded:noi")}
    assert reasons(q.Not(ha), executor, doc) == {("excluded", "folded:ha")}
    assert reasons(q.AndMaybe(never, ha), executor, doc) == {("absent", "folded:never")}
    nearest = q.Or([q.And([ha, never]), q.And([never, q.Term("folded", "ever"), noi])])
    assert reasons(nearest, executor, doc) == {("absent", "folded:never")}
    (few,) = unmet(executor.explain(AtLeast([ha, noi, never], 3), doc))
    assert (few.reason, few.found, few.needed) == ("too-few", 2, 3)


def test_there_must_be_such_a_document(snapshot: Snapshot) -> None:
    with pytest.raises(IndexError, match="999"):
        Executor(snapshot).explain(q.Every(), 999)
