"""Without Numba, or with one that fails, NumPy does it all."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from unittest.mock import patch

import pytest
from whoosh import query as q

from index.snapshot import Snapshot
from search.executor import Executor, native
from search.queries import AtLeast


def test_without_numba() -> None:
    with native.without(), patch.object(native, "find_spec", return_value=None):
        assert not native.load()
        native.load_soon()
        assert native.kernels() is None


def test_a_numba_that_fails_is_told_and_done_without(caplog: pytest.LogCaptureFixture) -> None:
    failing = patch.object(native, "import_module", side_effect=ImportError("too old"))
    with native.without(), failing, caplog.at_level(logging.WARNING):
        assert not native.load()
        assert native.kernels() is None
    assert "too old" in caplog.text


def test_the_compiled_loops_are_used(snapshot: Snapshot) -> None:
    """Or the tests of both ways would be tests of one."""
    assert native.load()
    asked: list[str] = []

    class Spy:
        def __getattr__(self, name: str) -> object:
            asked.append(name)
            return getattr(native.kernels(), name)

    words = [q.Term("folded", word) for word in ("ha", "giang", "hoa", "chu1", "chu2")]
    places = ("rows", "topk", "docset")
    tuned = {"topk.GATHER": 10**9, "bounds.COLUMNS": 2, "docset.SPARSE": 10**9}
    with ExitStack() as stack:
        for place in places:
            stack.enter_context(patch(f"search.executor.{place}.kernels", return_value=Spy()))
        for name, value in tuned.items():
            stack.enter_context(patch(f"search.executor.{name}", value))
        assert Executor(snapshot).top(AtLeast(words, 2), 3).total
    assert set(asked) == {"sift", "score", "enough"}
