"""A server follows commit after commit: it shows each, and keeps nothing of those before."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from random import Random

import pytest

from index.documents import Document
from index.store import IndexStore
from search.engines import newest
from search.engines.whoosh_engine import WhooshEngine
from search.request import SearchRequest

from .world import TEXT

MEBIBYTE = 1 << 20
CACHE = 4 * MEBIBYTE
WARM = 0.4  # of the commits, until caches and the allocator have grown to what they need
GROWTH = 0.05  # of memory, that noise may be
HANDLES = 2  # of an open file: the map's own, and the container's
LINUX = Path("/proc/self/maps").exists()


class Usage:
    """What the process holds: bytes of memory, maps and handles of files in a folder, and other
    handles.
    """

    def __init__(self, folder: Path) -> None:
        gc.collect()
        fields = Path("/proc/self/statm").read_text().split()
        self.memory = int(fields[1]) * os.sysconf("SC_PAGE_SIZE")
        links = [link for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
        inside = [link.readlink().is_relative_to(folder) for link in links]
        self.handles, self.others = sum(inside), len(inside) - sum(inside)
        maps = Path("/proc/self/maps").read_text().splitlines()
        self.maps = sum(str(folder) in line for line in maps)


@pytest.mark.skipif(not LINUX, reason="looks into /proc")
def test_reloading_keeps_nothing_of_earlier_commits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, commits: int, chance: int
) -> None:
    random = Random(chance)
    store = IndexStore(tmp_path / "index")
    engine = WhooshEngine(store.path, cache_bytes=CACHE)
    monkeypatch.setattr(newest, "CHECK_SECONDS", 0.0)
    alive: dict[str, Document] = {}
    warm: Usage | None = None
    memory: list[int] = []
    for number in range(commits):
        with store.transaction(processes=1) as change:
            gone = random.sample(sorted(alive), min(len(alive), random.randint(0, 4)))
            change.delete(gone)
            fresh = [document(f"{number}-{n}", random) for n in range(random.randint(1, 4))]
            change.add(fresh)
            change.commit()
        for id in gone:
            del alive[id]
        alive |= {each.id: each for each in fresh}
        if len(alive) > 300:
            with store.transaction(processes=1) as change:
                change.delete(alive)
                change.commit()
            alive.clear()
        assert engine.search(SearchRequest("xuân", size=1, group=False)).total == len(alive)
        engine.search(SearchRequest("gap go dau xuan", sort="date", facets=("source", "year")))
        engine.suggest("ga")
        usage = Usage(store.path)
        segments = len(store.snapshot().segments)
        assert usage.maps <= segments + 1, "maps of earlier commits"
        assert usage.handles <= HANDLES * (segments + 1), "handles of earlier commits"
        memory.append(usage.memory)
        if number == int(commits * WARM):
            warm = usage
    assert warm is not None
    assert usage.others <= warm.others
    settled = memory[int(commits * WARM) :]
    third = max(1, len(settled) // 3)
    begin, end = (sum(part) / len(part) for part in (settled[:third], settled[-third:]))
    print(
        f"\nreloads: {commits} commits, memory {begin / MEBIBYTE:.1f} MB after warming up,"
        f" {end / MEBIBYTE:.1f} MB at the end; {usage.handles} file handles, {usage.maps} maps"
    )
    assert end <= begin * (1 + GROWTH)
    engine.close()


def document(id: str, random: Random) -> Document:
    body = " ".join(random.choices(TEXT.split(), k=200)) + " xuân"
    return Document(
        id, f"Tin số {id}", body, source=f"Báo {random.randint(1, 5)}", date="2025-02-03"
    )
