"""A small folder of seeds, and where its index is to be."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.store import IndexStore

from .folders import jsonl, write


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    (folder / "sub").mkdir(parents=True)
    write(folder / "a.txt", "tin một\ntin hai")
    write(folder / "sub" / "b.txt", "Tựa đề\n\nĐoạn văn.\n\nTin: LÊ AN")
    write(folder / "c.jsonl", jsonl(x="tin x", y="tin y"))
    return folder


@pytest.fixture
def store(tmp_path: Path) -> IndexStore:
    return IndexStore(tmp_path / "index")
