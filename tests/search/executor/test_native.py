"""Whether the compiled loops are asked at all."""

from __future__ import annotations

from contextlib import ExitStack
from unittest.mock import patch

from whoosh import query as q

from index import native
from index.snapshot import Snapshot
from search.executor import Executor
from search.executor.layout import kernels
from search.queries import AtLeast


def test_the_compiled_loops_are_used(snapshot: Snapshot) -> None:
    """Or the tests of both ways would be tests of one."""
    assert native.load()
    asked: list[str] = []

    class Spy:
        def __getattr__(self, name: str) -> object:
            asked.append(name)
            return getattr(kernels(), name)

    words = [q.Term("folded", word) for word in ("ha", "giang", "hoa", "chu1", "chu2")]
    places = ("rows", "topk", "docset", "postings", "multiterm")
    tuned = {"topk.GATHER": 10**9, "bounds.COLUMNS": 2}
    tuned |= {"docset.SPARSE": 10**9, "postings.DENSE": 10**9}
    tuned |= {"multiterm.FEW": 0, "multiterm.PRELOADED": -1}
    with ExitStack() as stack:
        for place in places:
            stack.enter_context(patch(f"search.executor.{place}.kernels", return_value=Spy()))
        for name, value in tuned.items():
            stack.enter_context(patch(f"search.executor.{name}", value))
        assert Executor(snapshot).top(AtLeast(words, 2), 3).total
        assert Executor(snapshot).top(q.Prefix("folded", "chu", constantscore=False), 3).total
    few = {"sift", "choose", "score", "enough"}
    assert set(asked) == {*few, "encode", "add_up", "encode_sums", "among", "tree_of_many"}
