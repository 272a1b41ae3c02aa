"""The executor on timtin's own segments: pages, filters, threads, caches, fallbacks, commits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import query as q

from index.codec.postings import FieldReader
from index.snapshot import Snapshot
from index.store import IndexStore
from search.executor import ArrayCache, Executor
from search.parser import parse
from search.queries import AtLeast
from search.ranking import Weighting

from . import strategies as made
from .conftest import fill, make_documents

Answers = Callable[[q.Query], list[tuple[int, float]]]

QUERIES: tuple[q.Query, ...] = (
    q.Term("folded", "ha"),
    q.And([q.Term("folded", "ha"), q.Term("folded", "giang")]),
    q.Or([q.Term("folded", f"chu{number}") for number in range(8)]),
    q.Phrase("folded", ["ha", "giang"]),
    q.Phrase("folded", ["dau", "xuan", "ha"]),
    q.Phrase("accented", ["hà", "giang"]),
    q.Prefix("folded", "ch"),
    AtLeast([q.Term("folded", key) for key in ("ha", "noi", "xuan", "covid")], 3),
    q.AndNot(q.Term("folded", "xuan"), q.Term("title", "ha")),
    q.NumericRange("date", 20250301, 20250619),
    q.Every(),
)


def pairs(found: Any) -> list[tuple[int, float]]:
    return list(zip(found.docs.tolist(), found.scores.tolist(), strict=True))


def assert_same(found: Any, expected: Sequence[tuple[int, float]]) -> None:
    assert found.docs.tolist() == [doc for doc, _ in expected]
    scores = [score for _, score in expected]
    np.testing.assert_allclose(found.scores, scores, rtol=0, atol=1e-6)


@pytest.fixture
def executor(snapshot: Snapshot) -> Executor:
    return Executor(snapshot)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(query=made.queries, limit=st.sampled_from((1, 10, 1000)))
def test_the_law_holds_on_our_own_segments(
    executor: Executor, whoosh: Answers, query: q.Query, limit: int
) -> None:
    expected = whoosh(query)
    found = executor.top(query, limit)
    assert found.total == len(expected)
    assert_same(found, expected[:limit])


@pytest.mark.parametrize("every", [q.Wildcard("folded", "*"), q.Prefix("folded", "")], ids=str)
def test_scores_add_up_in_whooshs_order_beside_a_query_for_everything(
    executor: Executor, whoosh: Answers, every: q.Query
) -> None:
    """It adds them up by how many documents it guesses each has, of which this has the most."""
    query = q.And([every, q.Term("folded", "ha"), q.Variations("folded", "ha")])
    assert_same(executor.top(query, 1000), whoosh(query))


@pytest.mark.parametrize("typed", [
    "hà", "ha giang", "xuân hà nội đầu covid 2025 chữ1 chữ2 chữ3", '"hà giang"', "hà -giang",
    "hà OR nội", "title:hà", "chữ*", "source:vnexpress hà", "date:2025-02", "xuân date:2025-02",
    '"đầu xuân hà" nội', "author:hà", "hà giang -title:nội",
])  # fmt: skip
@pytest.mark.parametrize("mode", ["auto", "exact"])
def test_what_the_search_box_makes_never_needs_whooshs_matchers(
    executor: Executor, whoosh: Answers, typed: str, mode: Any
) -> None:
    for tree in parse(typed, mode).trees():
        expected = whoosh(tree)
        assert_same(executor.top(tree, 1000), expected)
    assert executor.fallbacks == 0


def test_an_unknown_query_runs_on_whooshs_matcher_and_is_counted(
    executor: Executor, whoosh: Answers
) -> None:
    both = [q.Term("folded", "ha"), q.Term("folded", "noi")]
    unknown = q.SpanNear2(both, slop=3, ordered=False)
    otherwise = q.Otherwise(q.Term("folded", "vắng"), q.Term("folded", "ha"))
    for query in (unknown, q.And([unknown, q.Term("folded", "xuan")]), otherwise):
        before = executor.fallbacks
        expected = whoosh(query)
        assert_same(executor.top(query, 1000), expected)
        assert executor.fallbacks > before


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_pages_are_cut_from_one_order(executor: Executor, query: q.Query) -> None:
    every = executor.top(query, 1000)
    assert len(every.docs) == every.total == executor.count(query)
    pages = [executor.top(query, 10, offset=offset) for offset in range(0, every.total + 10, 10)]
    assert_same(every, [pair for page in pages for pair in pairs(page)])
    assert {page.total for page in pages} == {every.total}
    assert not len(executor.top(query, 0, offset=5).docs)
    assert executor.top(query, 0).total == every.total


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_a_mask_leaves_documents_out_without_changing_scores(
    executor: Executor, snapshot: Snapshot, query: q.Query
) -> None:
    masks = [np.arange(segment.doc_count_all) % 3 == 0 for segment in snapshot.segments]
    allowed = np.concatenate(masks)
    for mask in (masks, [masks[0], None, masks[2]]):
        within = allowed.copy()
        if mask[1] is None:
            within[snapshot.segments[1].base : snapshot.segments[2].base] = True
        expected = [pair for pair in pairs(executor.top(query, 1000)) if within[pair[0]]]
        found = executor.top(query, 1000, mask=mask)
        assert_same(found, expected)
        assert found.total == executor.count(query, mask) == len(expected)
        assert_same(executor.top(query, 5, mask=mask), expected[:5])
        bases = [segment.base for segment in snapshot.segments]
        matching = executor.matching(query, mask)
        docs = [n + base for ids, base in zip(matching, bases, strict=True) for n in ids.tolist()]
        assert docs == sorted(doc for doc, _ in expected)


def test_scores_of_chosen_documents(executor: Executor) -> None:
    query = QUERIES[2]
    top = executor.top(query, 1000)
    missing = sorted(set(range(executor.snapshot.doc_count_all)) - set(top.docs.tolist()))[:5]
    scores = executor.scores(query, [*top.docs[::-1].tolist(), *missing, top.docs[0]])
    assert scores.tolist() == pytest.approx(
        [*top.scores[::-1], *[0.0] * len(missing), top.scores[0]]
    )


def test_phrases_need_positions(executor: Executor) -> None:
    with pytest.raises(q.QueryError, match="positions"):
        executor.top(q.Phrase("pairs", ["ha_giang", "giang_ha"]), 10)
    degraded = q.Phrase("pairs", ["ha_giang", "giang_ha"], degrade=True)
    both = q.And([q.Term("pairs", "ha_giang"), q.Term("pairs", "giang_ha")])
    assert pairs(executor.top(degraded, 10)) == pairs(executor.top(both, 10))


def test_weighting_changes_scores(snapshot: Snapshot) -> None:
    query = q.Term("folded", "ha")
    plain = Executor(snapshot, Weighting(b=0.0, k1=1.2)).top(query, 1000)
    default = Executor(snapshot).top(query, 1000)
    assert plain.total == default.total
    assert plain.scores.tolist() != default.scores.tolist()


def test_eight_threads_get_the_answers_of_one(snapshot: Snapshot) -> None:
    expected = [pairs(Executor(snapshot).top(query, 10)) for query in QUERIES]
    shared = Executor(snapshot, cache=ArrayCache(60_000))

    def ask(seed: int) -> bool:
        order = np.random.default_rng(seed).permutation(np.repeat(np.arange(len(QUERIES)), 8))
        return all(pairs(shared.top(QUERIES[at], 10)) == expected[at] for at in order)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(16)))
    stats = shared.cache.stats()
    assert stats.bytes <= 60_000
    assert stats.hits and stats.misses


def test_the_cache_stays_within_its_bytes_and_may_be_tiny(
    snapshot: Snapshot, executor: Executor
) -> None:
    for limit in (0, 3_000, 30_000):
        small = Executor(snapshot, cache=ArrayCache(limit))
        for query in QUERIES:
            assert pairs(small.top(query, 10)) == pairs(executor.top(query, 10))
            assert small.cache.stats().bytes <= limit


def test_a_question_asked_twice_needs_no_more_decoding(executor: Executor) -> None:
    for query in 2 * QUERIES:  # the first time a phrase looks at its candidates only
        executor.top(query, 10)
    with ExitStack() as stack:
        for name in ("_read", "_read_runs"):
            unwanted = AssertionError("decoded again")
            stack.enter_context(patch.object(FieldReader, name, side_effect=unwanted))
        for query in QUERIES:
            executor.top(query, 10)


@pytest.fixture
def growing(tmp_path: Path) -> IndexStore:
    store = IndexStore(tmp_path / "index")
    fill(store, [make_documents(80, 1, "first-"), make_documents(30, 2, "second-")], [])
    return store


def commit(store: IndexStore, add: Sequence[Any] = (), delete: Sequence[str] = ()) -> None:
    with (
        patch("index.transaction.choose_merge", lambda sizes: []),
        store.transaction(processes=1) as change,
    ):
        change.delete(delete)
        change.add(add)
        change.commit()


def test_after_a_commit_kept_segments_stay_decoded_and_scores_are_new(growing: IndexStore) -> None:
    cache = ArrayCache()
    old = Executor(growing.snapshot(), cache=cache)
    for query in QUERIES:
        old.top(query, 10)
    commit(growing, add=make_documents(5, 3, "third-"))
    snapshot = growing.snapshot(previous=old.snapshot)
    new = Executor(snapshot, cache=cache)
    with patch("index.codec.postings.FieldReader.postings") as decode:
        decode.side_effect = AssertionError("a kept segment was decoded again")
        decoded = new._views[0].term("folded", "ha")
    assert decoded.statistics == new._views[0].numbers
    fresh = Executor(snapshot)
    for query in QUERIES:
        assert pairs(new.top(query, 1000)) == pairs(fresh.top(query, 1000))
        assert old.top(query, 0).total <= new.top(query, 0).total


def test_deletions_and_dropped_segments_leave_the_cache(growing: IndexStore) -> None:
    cache = ArrayCache()
    old = Executor(growing.snapshot(), cache=cache)
    for query in QUERIES:
        old.top(query, 10)
    full = cache.stats()
    commit(growing, delete=[f"first-{at}" for at in range(0, 80, 2)])
    halved = Executor(growing.snapshot(previous=old.snapshot), cache=cache)
    assert 0 < cache.stats().entries < full.entries
    assert halved.top(q.Every(), 1000).total == 70
    for query in QUERIES:
        fresh = Executor(halved.snapshot)
        assert pairs(halved.top(query, 1000)) == pairs(fresh.top(query, 1000))
    commit(growing, delete=[f"{name}-{at}" for name in ("first", "second") for at in range(80)])
    with growing.transaction(processes=1) as change:
        change.commit()  # merges what is left, which is nothing
    empty = Executor(growing.snapshot(), cache=cache)
    assert cache.stats().entries == 0
    assert empty.top(q.Every(), 10).total == 0
    assert pairs(old.top(QUERIES[0], 10)), "an old snapshot still answers"


def test_an_idf_is_told_without_reading_postings(snapshot: Snapshot) -> None:
    executor = Executor(snapshot)
    for field in ("folded", "accented"):
        for key in ("ha", "hà", "xuan", "covid"):
            nodes = executor.plan(q.Term(field, key)).nodes
            terms = [term for node in nodes for term, _ in node.terms()]
            assert executor.idf(field, key) == (terms[0].idf if terms else 0.0)
    assert executor.idf("folded", "khongdauco") == executor.idf("nofield", "ha") == 0.0
