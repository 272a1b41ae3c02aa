"""The newest commit is the one that answers, also when the index was made anew."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from index.documents import Document
from index.errors import IndexFolderError
from index.store import IndexStore
from search.engines.newest import CHECK_SECONDS, NewestCommit
from search.executor import ArrayCache

Build = Callable[[Path, Iterable[Document]], IndexStore]


def newest(folder: Path) -> NewestCommit:
    return NewestCommit(IndexStore(folder), ArrayCache(1 << 20))


def ids(commit: NewestCommit) -> list[str]:
    time.sleep(2 * CHECK_SECONDS)
    return [id for id, _, _ in commit.get().snapshot.docs()]


def test_an_index_made_anew_is_seen_although_its_generation_is_the_same(
    tmp_path: Path, build: Build
) -> None:
    build(tmp_path / "index", [Document("old", "", "tin cũ")])
    commit = newest(tmp_path / "index")
    assert ids(commit) == ["old"]
    shutil.rmtree(tmp_path / "index")
    assert ids(commit) == ["old"]
    build(tmp_path / "index", [Document("new", "", "tin mới")])
    assert ids(commit) == ["new"]
    commit.close()


def test_a_folder_that_fails_later_leaves_the_old_commit_answering(
    tmp_path: Path, build: Build
) -> None:
    folder = tmp_path / "index"
    build(folder, [Document("old", "", "tin cũ")])
    commit = newest(folder)
    assert ids(commit) == ["old"]
    shutil.rmtree(folder)
    folder.write_text("")
    assert ids(commit) == ["old"]
    with pytest.raises(IndexFolderError, match="not a directory"):
        newest(folder).get()
    commit.close()
