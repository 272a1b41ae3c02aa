"""AtLeast as a Whoosh query: stock Whoosh runs it, and it behaves like Whoosh's own compounds."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.fields import TEXT, Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.matching.mcore import ListMatcher, ReadTooFar
from whoosh.query import And, AndMaybe, NullQuery, Or, Query, Term

from search.queries import AtLeast, AtLeastMatcher

WORDS = "abcdef"
documents = st.lists(st.lists(st.sampled_from(WORDS), max_size=8), min_size=1, max_size=12)
SCHEMA = Schema(text=TEXT(analyzer=SpaceSeparatedTokenizer()))


def term(word: str, boost: float = 1.0) -> Term:
    return Term("text", word, boost=boost)


def search(documents: list[list[str]], *queries: Query, limit: int | None = None) -> list[Any]:
    index = RamStorage().create_index(SCHEMA)
    writer = index.writer()
    for words in documents:
        writer.add_document(text=" ".join(words))
    writer.commit()
    with index.searcher() as searcher:
        return [
            {hit.docnum: hit.score for hit in searcher.search(query, limit=limit)}
            for query in queries
        ]


@given(documents, st.lists(st.sampled_from(WORDS), min_size=1, max_size=6), st.integers(1, 4))
def test_whoosh_finds_documents_with_enough_and_adds_up_their_scores(
    corpus: list[list[str]], words: list[str], minimum: int
) -> None:
    terms = [term(word) for word in words]
    found, *alone = search(corpus, AtLeast(terms, minimum, boost=2.0), *terms)
    expected = {}
    for number in range(len(corpus)):
        scores = [scores[number] for scores in alone if number in scores]
        if len(scores) >= minimum:
            expected[number] = 2 * sum(scores)
    assert found == pytest.approx(expected)


@given(documents, st.lists(st.sampled_from(WORDS), min_size=2, max_size=6), st.integers(1, 4))
def test_normalizing_changes_neither_documents_nor_scores(
    corpus: list[list[str]], words: list[str], minimum: int
) -> None:
    nested = AtLeast([term(word) for word in words[1:]], 1, boost=0.5)
    query = AtLeast([term(words[0], 2.0), nested, Or([]), term("nowhere")], minimum, boost=3.0)
    plain, normal = search(corpus, query, query.normalize())
    assert normal == pytest.approx(plain)


@given(documents, st.integers(1, 3))
def test_it_works_inside_other_queries(corpus: list[list[str]], minimum: int) -> None:
    inner = AtLeast([term(word) for word in "abc"], minimum)
    both, maybe, alone, plus = search(
        corpus, And([inner, term("d")]), AndMaybe(inner, term("d")), inner, term("d")
    )
    assert both == pytest.approx({n: alone[n] + plus[n] for n in alone if n in plus})
    assert maybe == pytest.approx({n: alone[n] + plus.get(n, 0) for n in alone})


def test_a_limit_gives_the_best() -> None:
    corpus = [list("ab"), list("abc"), list("a"), list("aabbcc"), list("bc")]
    query = AtLeast([term(word) for word in "abc"], 2)
    (every,) = search(corpus, query)
    (top,) = search(corpus, query, limit=2)
    assert sorted(every.values())[-2:] == sorted(top.values())


def test_the_ends_of_the_scale() -> None:
    terms = [term("a"), term("b")]
    assert AtLeast(terms, 1).normalize() == Or(terms)
    assert AtLeast(terms, 2).normalize() == And(terms)
    assert AtLeast(terms, 3).normalize() == NullQuery
    assert AtLeast([], 0).normalize() == NullQuery
    assert AtLeast([term("a")], 1, boost=2.0).normalize() == term("a", 2.0)
    twice = AtLeast([term("a"), term("a")], 2)
    assert twice.normalize() == twice
    assert search([["a"], ["b"]], AtLeast(terms, 3)) == [{}]


def test_equality_and_copies() -> None:
    query = AtLeast([term("a"), term("b"), term("c")], 2, boost=1.5)
    assert query == AtLeast([term("a"), term("b"), term("c")], 2, boost=1.5)
    assert hash(query) == hash(copy.deepcopy(query))
    assert pickle.loads(pickle.dumps(query)) == query
    for other in (
        AtLeast(query.subqueries, 1, boost=1.5),
        AtLeast(query.subqueries, 2),
        AtLeast(query.subqueries[:2], 2, boost=1.5),
        Or(query.subqueries, boost=1.5),
    ):
        assert query != other
    assert query.apply(lambda child: child) == query
    assert query.with_boost(3.0).boost == 3.0
    assert query.with_boost(3.0).minimum == 2
    assert repr(query).endswith("minimum=2, boost=1.5)")
    assert str(query) == "(text:a text:b text:c)>=2"
    assert query.requires() == set()
    assert AtLeast(query.subqueries[:2], 2).requires() == {term("a"), term("b")}


def test_estimates_and_terms() -> None:
    index = RamStorage().create_index(SCHEMA)
    writer = index.writer()
    for words in ("a b", "a c", "a", "b"):
        writer.add_document(text=words)
    writer.commit()
    query = AtLeast([term("a"), term("b"), term("c")], 2)
    with index.searcher() as searcher:
        reader = searcher.reader()
        assert query.estimate_size(reader) == 3
        assert query.estimate_min_size(reader) == 0
        assert query.existing_terms(reader) == {("text", word) for word in (b"a", b"b", b"c")}
        assert query.simplify(reader) == query.normalize()
        results = searcher.search(query, terms=True)
        assert sorted(hit.docnum for hit in results) == [0, 1]
        assert results[0].matched_terms()


def test_the_matcher_steps_skips_copies_and_resets() -> None:
    lists = [ListMatcher(ids) for ids in ([0, 1, 2, 7], [0, 3, 7], [1, 7])]
    matcher = AtLeastMatcher(lists, 2)
    assert list(matcher.copy().all_ids()) == [0, 1, 7]
    assert matcher.id() == 0
    assert matcher.depth() == 1
    assert matcher.children() == lists
    assert matcher.max_quality() >= matcher.score() == matcher.weight() == 2.0
    assert matcher.replace() is matcher
    assert not matcher.replace(100.0).is_active()
    matcher.skip_to(2)
    assert matcher.id() == 7
    assert matcher.score() == 3.0
    matcher.skip_to(0)
    assert matcher.id() == 7
    matcher.next()
    assert not matcher.is_active()
    for step in (matcher.next, matcher.id, lambda: matcher.skip_to(9)):
        with pytest.raises(ReadTooFar):
            step()
    matcher.reset()
    assert matcher.id() == 0
