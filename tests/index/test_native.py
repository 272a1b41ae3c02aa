"""Without Numba, or with one that fails, NumPy does it all."""

from __future__ import annotations

import logging
from unittest.mock import patch

import pytest

from index import native
from search.executor.layout import kernels


def test_without_numba() -> None:
    with native.without(), patch.object(native, "find_spec", return_value=None):
        assert not native.load()
        native.load_soon()
        assert kernels() is None


def test_a_numba_that_fails_is_told_and_done_without(caplog: pytest.LogCaptureFixture) -> None:
    failing = patch.object(native, "import_module", side_effect=ImportError("too old"))
    with native.without(), failing, caplog.at_level(logging.WARNING):
        assert not native.load()
        assert kernels() is None
    assert "too old" in caplog.text
