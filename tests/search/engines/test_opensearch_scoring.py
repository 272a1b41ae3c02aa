"""A document scored from its text has the score that the executor gives it; and every tree that the
parser makes can be asked of a cluster. No cluster is needed for either."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh import query as q

from index.builder import stored_record
from index.cluster.mapping import K1, B
from index.documents import Document
from index.metadata.mentioned import mentioned_days
from index.schema import SCHEMA
from index.snapshot import Snapshot
from search.engines.newest import interpreter_of
from search.engines.opensearch import dsl
from search.engines.opensearch.scoring import Scorer, TokenizedDocument
from search.engines.opensearch.statistics import lucene_length
from search.executor import Executor
from search.executor.statistics import FieldModel, Statistics
from search.interpret.interpreter import Interpreter
from search.parser import parse
from search.parser.freshness import favoured
from search.ranking import WEIGHTING
from tests.search.conftest import DOCUMENTS, build_index

WORDS = "gặp gỡ đầu xuân quảng ninh hà giang máy bay rơi đường dương hội nghị 2025 covid 19 trần kế"
MARKS = '" - OR NOT title: source: author: date:2025 date:2022..2023 ~ “ ( * 19/2 gawpj nghanh UBND'
pieces = st.sampled_from([*WORDS.split(), *MARKS.split(), '"gặp gỡ', 'xuân"', "-xuân", "ki*"])
queries = st.lists(pieces, max_size=14).map(" ".join)


class OfSnapshot:
    """The statistics of an index on one machine, as the scorer asks for them."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._statistics = Statistics(snapshot, WEIGHTING)

    def model(self, field: str) -> FieldModel:
        model = self._statistics.model(field)
        assert model is not None
        return model

    def idf(self, field: str, text: str) -> float:
        return self._statistics.idf(self._snapshot.doc_frequency(field, text.encode()))


class Indexed:
    """Documents in an index, and as a cluster keeps them."""

    def __init__(self, folder: Path, documents: tuple[Document, ...]) -> None:
        self.snapshot = build_index(folder, documents).snapshot()
        self.executor = Executor(self.snapshot)
        self.scorer = Scorer(OfSnapshot(self.snapshot))  # type: ignore[arg-type]
        self.tokenized = [
            TokenizedDocument({"document": stored_record(d), "mentioned": _days(d)})
            for d in documents
        ]

    @property
    def interpreter(self) -> Interpreter | None:
        return interpreter_of(self.snapshot)


def _days(document: Document) -> list[str]:
    return list(mentioned_days(document.text, document.date))


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Indexed:
    return Indexed(tmp_path_factory.mktemp("index"), DOCUMENTS)


def trees(query: str, interpreter: Interpreter | None) -> Iterator[q.Query]:
    """All trees that may be searched for a query."""
    for mode in ("auto", "exact", "raw"):
        parsed = parse(query, mode, interpreter)  # type: ignore[arg-type]
        for one in filter(None, (parsed, parsed.corrected)):
            yield from one.trees()
            yield from one.trees(by_date=True)
            if not one.empty and one.newest is None:
                yield from (favoured(tree, _NEWEST, 2) for tree in one.trees())


_NEWEST = date(2025, 2, 20)


@given(queries)
def test_scores_are_those_of_the_executor(indexed: Indexed, query: str) -> None:
    for tree in trees(query, indexed.interpreter):
        if any(isinstance(leaf, q.Prefix) for leaf in tree.leaves()):
            continue  # these count 1
        score = indexed.scorer.scoring(tree)
        found = {int(doc) for ids in indexed.executor.matching(tree) for doc in ids}
        expected = indexed.executor.scores(tree, range(len(DOCUMENTS)))
        for number, document in enumerate(indexed.tokenized):
            ours = score(document)
            assert (ours is not None) == (number in found), tree
            assert (ours or 0.0) == pytest.approx(expected[number], rel=1e-9), tree


@given(st.one_of(queries, st.text(max_size=60)))
def test_every_tree_of_the_parser_can_be_asked_of_a_cluster(indexed: Indexed, query: str) -> None:
    for tree in trees(query, indexed.interpreter):
        compiled = dsl.compiled(tree, lambda field, text: 1.0)
        assert json.loads(json.dumps(compiled)) == compiled
        assert all(field in SCHEMA for field, _ in dsl.terms(tree))
        indexed.scorer.scoring(tree)


@pytest.mark.parametrize(
    "query",
    [
        q.Wildcard("folded", "x*z"),
        q.FuzzyTerm("folded", "xuan"),
        q.Regex("folded", "x.n"),
        q.And([q.Term("folded", "a"), q.Wildcard("folded", "*")]),
        q.Term("path", "a"),
        q.NumericRange("ordinal", 1, 2),
        q.TermRange("folded", "a", "b"),
        q.Phrase("folded", ["a", "b"], slop=2),
    ],
)
def test_what_no_parser_makes_is_refused_clearly(query: q.Query) -> None:
    with pytest.raises(dsl.UnsupportedQueryError, match="a cluster cannot search"):
        dsl.compiled(query, lambda field, text: 1.0)


def test_the_cluster_ranks_by_the_same_formula() -> None:
    assert (WEIGHTING.k1, WEIGHTING.b) == (K1, B)


def test_lucene_keeps_four_significant_bits_of_a_length() -> None:
    # SmallFloat.byte4ToInt(SmallFloat.intToByte4(length)) of Lucene 9
    kept = {1: 1, 39: 39, 40: 40, 41: 40, 42: 42, 56: 56, 59: 56, 100: 96, 542: 536, 1000: 984}
    lengths = np.array(list(kept))
    assert dict(zip(kept, lucene_length(lengths).tolist(), strict=True)) == kept
