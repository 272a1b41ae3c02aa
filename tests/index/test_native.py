"""Without Numba, or with one that fails, NumPy does it all."""

from __future__ import annotations

import logging
from pathlib import Path
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


def test_what_is_compiled_is_kept_for_each_version_of_the_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or loops would be taken for current that were compiled for other tables than those now."""
    from numba import config

    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(config, "CACHE_DIR", "")
    sources = [b"", b"# a change", b"# another", b"# one more"]
    folders = []
    for source in [*sources, sources[-1]]:
        with (
            native.without(),
            patch.object(native, "import_module"),
            patch.object(Path, "read_bytes", return_value=source),
        ):
            assert native.load()
        folders.append(Path(config.CACHE_DIR))
        assert folders[-1].is_dir()
    assert len(set(folders)) == len(sources)
    assert folders[-1] == folders[-2]
    room = folders[-1].name.rpartition("-")[0]
    assert set(tmp_path.glob(f"{room}-*")) == set(folders[-native.KEPT - 1 :])


def test_only_what_is_compiled_already_is_loaded_in_passing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from numba import config

    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(config, "CACHE_DIR", "")
    with native.without(), patch.object(native, "import_module") as compiled:
        assert not native.load(compiling=False)
        assert not compiled.called
        assert native.load()
    with native.without(), patch.object(native, "import_module") as compiled:
        assert native.load(compiling=False)
        assert compiled.called
