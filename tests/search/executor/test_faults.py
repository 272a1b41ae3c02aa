"""The faults of stock Whoosh that `repaired` mends: each is still there, and is a fault."""

from __future__ import annotations

import pytest
from whoosh import query as q

from search.executor import Executor

from .stock import Doc, StockSnapshot, answers, build, repaired

HA, GIANG, NOI = (q.Term("folded", key) for key in ("ha", "giang", "noi"))
EVERY_TERM = q.TermRange("folded", None, None, constantscore=False)


@pytest.mark.parametrize(
    ("texts", "deleted", "query"),
    [
        pytest.param(["giang", "ha giang"], [], q.AndNot(HA, GIANG), id="AndNot, its first hit"),
        pytest.param(["ha noi", "ha"], [1], q.Not(HA), id="Not, a deleted document"),
        pytest.param(
            ["ha", "giang noi", "ha giang noi"],
            [],
            q.And([GIANG, q.AndMaybe(HA, NOI)]),
            id="AndMaybe in And, its optional part",
        ),
        pytest.param(
            ["ha giang giang", "giang giang ha ha ha"],
            [],
            q.DisjunctionMax([HA, q.Phrase("folded", ["giang", "ha"])]),
            id="DisjunctionMax, what does not match",
        ),
        pytest.param(
            ["ha giang noi", "noi"],
            [],
            q.AndMaybe(HA, q.AndNot(EVERY_TERM, GIANG)),
            id="a union of many, what it has passed",
        ),
    ],
)
def test_faults_of_stock_whoosh(texts: list[str], deleted: list[int], query: q.Query) -> None:
    index = build([[Doc("", text) for text in texts]], deleted)
    with repaired():
        right = answers(index, query)
    assert answers(index, query) != right
    top = Executor(StockSnapshot(index)).top(query, 10)
    assert top.docs.tolist() == [docnum for docnum, _ in right]
    assert top.scores.tolist() == pytest.approx([score for _, score in right], abs=1e-6)
