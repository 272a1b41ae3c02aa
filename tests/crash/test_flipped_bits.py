"""One bit flipped anywhere in the index: `verify` finds it, and a server over it gives the right
answers or says that it cannot; never a wrong hit, never a crash.
"""

from __future__ import annotations

import gc
import json
import logging
import shutil
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from index.store import IndexStore
from index.sync import sync
from index.sync.audit import audit
from index.verification import Verification
from index.writer_lock import LOCK_NAME
from web.app import create_app
from web.settings import Settings

from .world import Seeds, held

SEARCHES: tuple[dict[str, Any], ...] = (
    {"q": "gap go dau xuan"},
    {"q": "gặp gỡ đầu xuân", "size": 50, "group": 0},
    {"q": '"máy bay rơi" -"Hà Giang"', "facets": "source,year,names,places"},
    {"q": "gia* OR title:hoi", "sort": "date"},
    {"q": "đường sắt cao tốc", "mode": "exact", "page": 2, "size": 5},
    {"q": "khong co o dau ca"},
)
REPAIRED_EVERY = 5
UNREPEATABLE = {"took_ms"}


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Seeds:
    return Seeds(tmp_path_factory.mktemp("flips") / "seeds", Random(5), files=60)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, seeds: Seeds) -> Path:
    """Three segments, with documents deleted from them."""
    folder = tmp_path_factory.mktemp("flips") / "index"
    for _ in range(3):
        sync(seeds.path, IndexStore(folder), processes=1)
        seeds.change(0.1)
    sync(seeds.path, IndexStore(folder), processes=1)
    return folder


def test_a_flipped_bit_is_found_and_never_believed(
    tmp_path: Path,
    seeds: Seeds,
    index: Path,
    flips: int,
    chance: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    random = Random(chance)
    ids = sorted(held(IndexStore(index)))[::30]
    expected = answers(seeds.path, index, ids)
    assert [path for path, (status, _) in expected.items() if status != 200] == []
    files = sorted(path for path in index.iterdir() if path.name != LOCK_NAME)
    assert len(files) >= 4
    sizes = [path.stat().st_size for path in files]
    flipped: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    most_open = 0
    # Errors that pytest keeps to show them would hold the files open that they are about.
    caplog.set_level(logging.CRITICAL + 1)
    for number in range(flips):
        # Small files get their share: of every other bit the file is chosen first.
        file = random.choices(files, sizes)[0] if number % 2 else random.choice(files)
        at = random.randrange(file.stat().st_size * 8)
        flipped[file.suffix] += 1
        flip(file, at)
        try:
            where = f"bit {at} of {file.name}"
            problems = audit(IndexStore(index)).problems
            assert any(file.name in problem for problem in problems), where
            for path, (status, answer) in answers(seeds.path, index, ids).items():
                assert status in {200, 503}, f"{where}: {path}"
                assert status == 503 or answer == expected[path][1], f"{where}: {path}"
                outcomes["right" if status == 200 else "refused"] += 1
            if number % REPAIRED_EVERY == 0:
                repair(seeds, index, tmp_path / f"repaired-{number}")
                outcomes["repaired"] += 1
        finally:
            flip(file, at)
        gc.collect()
        most_open = most_open or open_files(index)
        assert open_files(index) <= most_open, where
    assert answers(seeds.path, index, ids) == expected
    print(f"\nflipped bits: {flips}, all found, in {dict(flipped)}; answers: {dict(outcomes)}")


def flip(file: Path, at: int) -> None:
    with file.open("r+b") as stream:
        stream.seek(at // 8)
        byte = stream.read(1)[0]
        stream.seek(at // 8)
        stream.write(bytes([byte ^ 1 << at % 8]))


def open_files(folder: Path) -> int:
    """How many files of a folder this process has open, on Linux."""
    handles = Path("/proc/self/fd")
    if not handles.exists():
        return 0
    opened = (link.readlink() for link in handles.iterdir() if link.is_symlink())
    return sum(path.is_relative_to(folder) for path in opened)


def answers(seeds: Path, index: Path, ids: list[str]) -> dict[str, tuple[int, Any]]:
    """Status and body of some requests to a server that has just started."""
    app = create_app(Settings(seeds=seeds, index_dir=index))
    client = app.test_client()
    found = {}
    paths = [f"/search?{urlencode(parameters)}" for parameters in SEARCHES]
    paths += ["/suggest?q=gap+g", "/health", "/feed?q=hoi"]
    paths += [f"/explain?{urlencode({'q': 'gap go', 'id': id})}" for id in ids]
    paths += [f"/documents/{quote(id)}" for id in ids]
    for path in paths:
        with client.get(path, headers={"Accept": "application/json"}) as response:
            body: Any = response.get_data(as_text=True)
            if response.mimetype == "application/json":
                body = json.loads(body)
                body = {k: v for k, v in body.items() if k not in UNREPEATABLE}
            found[path] = response.status_code, body
    app.extensions["timtin"].engine.close()
    return found


def repair(seeds: Seeds, index: Path, copy: Path) -> None:
    """A repair brings all documents back."""
    shutil.copytree(index, copy)
    store = IndexStore(copy)
    sync(seeds.path, store, processes=1, repair=audit(store))
    assert audit(store) == Verification()
    assert held(store) == seeds.docs()
    shutil.rmtree(copy)
