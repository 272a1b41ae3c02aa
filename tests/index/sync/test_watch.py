"""Seeds that come, change and go while the folder is watched."""

from __future__ import annotations

import queue
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest

from index.store import IndexStore
from index.sync.report import SyncReport
from index.sync.watch import watch

PATIENCE = 30  # seconds to wait for what must happen; it takes one or two


class Watching:
    """A watch in a thread, and what it told."""

    def __init__(self, seeds: Path, store: IndexStore, polling: bool) -> None:
        self.reports: queue.Queue[SyncReport] = queue.Queue()
        self.errors: queue.Queue[Exception] = queue.Queue()
        self.stop = Event()
        self._thread = Thread(
            target=watch,
            args=(seeds, store, self.reports.put, self.stop),
            kwargs={"on_error": self.errors.put, "polling": polling, "processes": 1},
        )
        self._thread.start()

    def next_report(self) -> SyncReport:
        return self.reports.get(timeout=PATIENCE)

    def until(self, holds: Callable[[SyncReport], bool]) -> SyncReport:
        while not holds(report := self.next_report()):
            pass
        return report

    def close(self) -> None:
        self.stop.set()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


@contextmanager
def watching(seeds: Path, store: IndexStore, polling: bool = False) -> Iterator[Watching]:
    running = Watching(seeds, store, polling)
    try:
        yield running
    finally:
        running.close()


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "a.txt").write_text("Sáng 25/2 họp\nmột tin khác", "utf-8")
    return folder


@pytest.fixture
def store(tmp_path: Path) -> IndexStore:
    return IndexStore(tmp_path / "index")


def ids(store: IndexStore) -> set[str]:
    return {id for id, _, _ in store.snapshot().docs()}


@pytest.mark.parametrize("polling", [False, True])
def test_added_changed_and_deleted_seeds_show(
    seeds: Path, store: IndexStore, polling: bool
) -> None:
    with watching(seeds, store, polling) as running:
        assert running.next_report().added == 2
        (seeds / "b.txt").write_text("thêm một tin", "utf-8")
        assert running.until(lambda report: report.committed).added == 1
        assert ids(store) == {"a#1", "a#2", "b#1"}
        (seeds / "b.txt").write_text("tin ấy đã đổi", "utf-8")
        assert running.until(lambda report: report.committed).changed == 1
        (seeds / "a.txt").unlink()
        assert running.until(lambda report: report.committed).deleted == 2
        assert ids(store) == {"b#1"}


def test_a_seed_in_a_new_subfolder_shows(seeds: Path, store: IndexStore) -> None:
    with watching(seeds, store) as running:
        running.next_report()
        (seeds / "2024").mkdir()
        (seeds / "2024" / "c.txt").write_text("tin trong thư mục con", "utf-8")
        assert running.until(lambda report: report.committed).added == 1
        assert "2024/c#1" in ids(store)


def test_a_broken_seed_is_reported_and_the_watch_goes_on(seeds: Path, store: IndexStore) -> None:
    with watching(seeds, store) as running:
        running.next_report()
        (seeds / "broken.txt").write_bytes(b"\xff\xfe\x00")
        report = running.until(lambda report: bool(report.failed))
        assert report.failed[0].path == "broken.txt"
        (seeds / "broken.txt").write_text("nay đã lành", "utf-8")
        assert running.until(lambda report: report.committed).failed == ()
        assert "broken#1" in ids(store)


def test_a_burst_of_files_is_one_sync(seeds: Path, store: IndexStore) -> None:
    with watching(seeds, store) as running:
        running.next_report()
        before = store.generation()
        staging = seeds.parent / "staging"
        staging.mkdir()
        for number in range(20):
            (staging / f"{number}.txt").write_text(f"tin số {number}", "utf-8")
        for path in staging.iterdir():
            path.rename(seeds / path.name)
        added = 0
        while added < 20:
            added += running.until(lambda report: report.committed).added
        assert store.generation() - before <= 2


def test_a_folder_that_vanishes_is_waited_for_and_loses_nothing(
    seeds: Path, store: IndexStore
) -> None:
    with watching(seeds, store) as running:
        running.next_report()
        seeds.rename(seeds.with_name("away"))
        assert "no seeds folder" in str(running.errors.get(timeout=PATIENCE))
        assert ids(store) == {"a#1", "a#2"}
        shutil.copytree(seeds.with_name("away"), seeds)
        (seeds / "d.txt").write_text("tin khi thư mục trở lại", "utf-8")
        running.until(lambda report: report.committed)
        assert "d#1" in ids(store)
        (seeds / "e.txt").write_text("và một tin nữa", "utf-8")
        running.until(lambda report: report.committed)
        assert "e#1" in ids(store)


def test_a_folder_that_is_not_there_yet_is_waited_for(tmp_path: Path, store: IndexStore) -> None:
    late = tmp_path / "late"
    with watching(late, store) as running:
        running.errors.get(timeout=PATIENCE)
        late.mkdir()
        (late / "f.txt").write_text("tin đầu tiên", "utf-8")
        running.until(lambda report: report.committed)
        assert ids(store) == {"f#1"}


def test_a_writer_in_the_way_delays_but_does_not_stop(seeds: Path, store: IndexStore) -> None:
    with watching(seeds, store) as running:
        running.next_report()
        with store.transaction():
            (seeds / "g.txt").write_text("tin phải đợi", "utf-8")
        running.until(lambda report: report.committed)
        assert "g#1" in ids(store)
