"""Other writers, and seeds that change while they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.errors import IndexLockedError
from index.store import IndexStore
from index.sync import run as sync_module

from .folders import counts, docs, run, stored, write


def test_a_second_writer_is_refused_and_nothing_to_do_needs_no_lock(
    seeds: Path, store: IndexStore
) -> None:
    run(seeds, store)
    with store.transaction():
        assert not run(seeds, store).committed
        write(seeds / "e.txt", "tin khác")
        with pytest.raises(IndexLockedError):
            run(seeds, store)
    assert run(seeds, store).added == 1


def interrupted(monkeypatch: pytest.MonkeyPatch, then: Callable[[], None], times: int = 1) -> None:
    """Let `then` happen after the folder was compared, before documents are read again."""
    write_plan = sync_module._Run._write
    left = [times]

    def write_late(*args: object) -> None:
        if left[0]:
            left[0] -= 1
            then()
        write_plan(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(sync_module._Run, "_write", write_late)


@pytest.mark.parametrize("first", [True, False])
def test_a_seed_that_vanishes_while_it_is_read(
    seeds: Path, store: IndexStore, monkeypatch: pytest.MonkeyPatch, first: bool
) -> None:
    if not first:
        run(seeds, store)
        write(seeds / "a.txt", "tin đổi\ntin hai")
    interrupted(monkeypatch, (seeds / "a.txt").unlink)
    report = run(seeds, store)
    assert report.failed == ()
    assert set(docs(store)) == {"sub/b", "x", "y"}


@pytest.mark.parametrize("first", [True, False])
def test_a_seed_that_changes_while_it_is_read(
    seeds: Path, store: IndexStore, monkeypatch: pytest.MonkeyPatch, first: bool
) -> None:
    if not first:
        run(seeds, store)
        write(seeds / "a.txt", "tin đổi\ntin hai")
    interrupted(monkeypatch, lambda: write(seeds / "a.txt", "tin lại đổi\ntin hai"))
    assert run(seeds, store).failed == ()
    assert stored(store, "a#1", "body") == "tin lại đổi"


def test_a_seed_that_never_rests_is_left_to_the_next_sync(
    seeds: Path, store: IndexStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(seeds, store)
    write(seeds / "e.txt", "tin khác")
    write(seeds / "a.txt", "tin 0")
    versions: Iterator[int] = iter(range(1, 100))
    interrupted(monkeypatch, lambda: write(seeds / "a.txt", f"tin {next(versions)}"), 99)
    report = run(seeds, store)
    assert [(item.path, item.reason) for item in report.failed] == [
        ("a.txt", "it changed while it was being read")
    ]
    assert report.added == 1
    assert stored(store, "a#1", "body") == "tin một"


def test_another_commit_in_between_is_taken_into_account(
    seeds: Path, store: IndexStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(seeds, store)
    write(seeds / "e.txt", "tin khác")
    begin = sync_module._Run._transaction
    done: list[bool] = []

    def begin_late(*args: object) -> object:
        if not done:
            done.append(True)
            assert run(seeds, store).added == 1
        return begin(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(sync_module._Run, "_transaction", begin_late)
    report = run(seeds, store)
    assert (counts(report), report.committed) == ((0, 0, 0, 6), False)
    assert len(list(store.snapshot().docs())) == 6
