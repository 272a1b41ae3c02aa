"""Everything here runs on a real cluster; without one it is skipped (see scripts/cluster-test)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cluster.running import cluster_at


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    without = pytest.mark.skip(reason="needs a cluster: scripts/cluster-test starts one")
    for item in items:
        if Path(__file__).parent in item.path.parents and not cluster_at():
            item.add_marker(without)


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """A folder of three seeds."""
    folder = tmp_path / "seeds"
    folder.mkdir()
    for name, text in (("a", "Máy bay rơi"), ("b", "Gặp gỡ đầu xuân"), ("c", "Mưa lũ vùng cao")):
        write(folder, name, text)
    return folder


def write(folder: Path, name: str, text: str) -> None:
    """Write a seed of one article."""
    (folder / f"{name}.txt").write_text(f"{text}\n\nSáng nay {text.lower()} ở Hà Giang.\n", "utf-8")
