"""Ids that several seeds lay claim to."""

from __future__ import annotations

from pathlib import Path

from index.store import IndexStore

from .folders import counts, docs, jsonl, run, stored, write


def test_the_first_of_two_seeds_keeps_an_id(seeds: Path, store: IndexStore) -> None:
    write(seeds / "d.jsonl", jsonl(y="của d", z="tin z"))
    report = run(seeds, store)
    (failure,) = report.failed
    assert (failure.path, failure.reason) == ("d.jsonl", "id y is already taken by c.jsonl")
    assert stored(store, "y", "body") == "tin y"
    assert run(seeds, store).failed == report.failed
    (seeds / "c.jsonl").unlink()
    assert counts(run(seeds, store)) == (0, 1, 1, 4)  # y changes hands, x goes
    assert stored(store, "y", "body") == "của d"


def test_an_earlier_seed_that_comes_later_takes_the_id(seeds: Path, store: IndexStore) -> None:
    run(seeds, store)
    write(seeds / "a.jsonl", jsonl(y="của a"))
    for committed in (True, False):
        report = run(seeds, store)
        assert report.committed == committed
        assert [failure.reason for failure in report.failed] == ["id y is already taken by a.jsonl"]
    assert stored(store, "y", "body") == "của a"
    (seeds / "a.jsonl").unlink()
    assert run(seeds, store).failed == ()
    assert stored(store, "y", "body") == "tin y"


def test_an_id_twice_in_one_seed_is_named(seeds: Path, store: IndexStore) -> None:
    write(seeds / "c.jsonl", jsonl(x="một") + jsonl(x="hai"))
    report = run(seeds, store)
    assert [failure.reason for failure in report.failed] == ["id x occurs more than once"]
    assert stored(store, "x", "body") == "một"


def test_a_renamed_seed_of_given_ids_changes_its_documents(seeds: Path, store: IndexStore) -> None:
    run(seeds, store)
    (seeds / "c.jsonl").rename(seeds / "z.jsonl")
    assert counts(run(seeds, store)) == (0, 2, 0, 3)
    assert docs(store)["x"][0] == "z.jsonl"
