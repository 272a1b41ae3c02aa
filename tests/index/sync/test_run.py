"""The folder and the index: whatever happens to the one, the other follows in one commit."""

from __future__ import annotations

import gzip
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import SeedError
from index.seal import seal
from index.store import IndexStore
from index.sync import sync
from index.sync.folder import scan

from .folders import BROKEN, counts, docs, jsonl, run, stored, write


def test_a_first_sync_takes_everything_and_a_second_does_nothing(
    seeds: Path, store: IndexStore
) -> None:
    first = run(seeds, store)
    assert (counts(first), first.committed, first.failed) == ((5, 0, 0, 0), True, ())
    assert set(docs(store)) == {"a#1", "a#2", "sub/b", "x", "y"}
    assert stored(store, "sub/b", "author") == "Lê An"
    assert stored(store, "sub/b", "path") == "sub/b.txt"
    second = run(seeds, store)
    assert (counts(second), second.committed) == ((0, 0, 0, 5), False)
    assert second.generation == first.generation == store.generation()
    assert second.lines()[-1].startswith("nothing new: 5 unchanged")


def test_every_kind_of_change_in_one_commit(seeds: Path, store: IndexStore) -> None:
    before = run(seeds, store).generation
    write(seeds / "a.txt", "tin một\ntin hai đã đổi\ntin ba")
    write(seeds / "d.md", "# Mới\n\nĐoạn.")
    (seeds / "sub" / "b.txt").unlink()
    write(seeds / "c.jsonl", jsonl(y="tin y", z="tin z"))
    report = run(seeds, store)
    assert counts(report) == (3, 1, 2, 2)  # a#3 d z, a#2, sub/b x, a#1 y
    assert report.generation == before + 1
    assert set(docs(store)) == {"a#1", "a#2", "a#3", "d", "y", "z"}
    assert stored(store, "a#2", "body") == "tin hai đã đổi"


def test_a_touched_but_equal_file_is_unchanged(seeds: Path, store: IndexStore) -> None:
    run(seeds, store)
    os.utime(seeds / "a.txt", ns=(1, 1))
    assert not run(seeds, store).committed


def test_a_change_that_size_and_time_do_not_show_is_seen(seeds: Path, store: IndexStore) -> None:
    os.utime(seeds / "a.txt", ns=(10**18, 10**18))
    run(seeds, store)
    write(seeds / "a.txt", "tin một\ntin hay")
    os.utime(seeds / "a.txt", ns=(10**18, 10**18))
    assert run(seeds, store).changed == 1


def test_a_broken_seed_is_named_and_its_last_good_version_stays(
    seeds: Path, store: IndexStore
) -> None:
    run(seeds, store)
    good = docs(store)
    write(seeds / "a.txt", BROKEN)
    write(seeds / "new.txt", BROKEN)
    write(seeds / "e.txt", "tin khác")
    report = run(seeds, store)
    assert [(failure.path, failure.line) for failure in report.failed] == [
        ("a.txt", None),
        ("new.txt", None),
    ]
    assert "offset" in report.failed[0].reason
    assert counts(report) == (1, 0, 0, 5)
    assert {id: value for id, value in docs(store).items() if id != "e#1"} == good
    again = run(seeds, store)
    assert again.failed == report.failed
    assert not again.committed
    write(seeds / "a.txt", "tin một\ntin hai\ntin ba")
    assert counts(run(seeds, store)) == (1, 0, 0, 6)
    (seeds / "new.txt").unlink()
    assert run(seeds, store).failed == ()


def test_a_broken_seed_alone_makes_no_commit(tmp_path: Path, store: IndexStore) -> None:
    (tmp_path / "seeds").mkdir()
    write(tmp_path / "seeds" / "a.txt", BROKEN)
    for _ in range(2):
        report = run(tmp_path / "seeds", store)
        assert len(report.failed) == 1
        assert not report.committed
        assert store.snapshot().doc_count == 0


def test_bad_lines_are_named_each_time_and_the_rest_goes_in(seeds: Path, store: IndexStore) -> None:
    write(seeds / "c.jsonl", jsonl(x="tin x") + "nope\n" + jsonl(y="tin y"))
    for committed in (True, False):
        report = run(seeds, store)
        assert [(failure.path, failure.line) for failure in report.failed] == [("c.jsonl", 2)]
        assert report.committed == committed
    assert {"x", "y"} <= set(docs(store))


def test_many_bad_lines_are_summed_up(seeds: Path, store: IndexStore) -> None:
    write(seeds / "c.jsonl", "nope\n" * 500 + jsonl(x="tin x"))
    report = run(seeds, store)
    assert len(report.failed) == 101
    assert report.failed[0].reason == "and 400 more problems"
    assert len(report.lines()) < 30


def test_an_archive_that_breaks_off_leaves_nothing_behind(seeds: Path, store: IndexStore) -> None:
    whole = gzip.compress(jsonl(**{f"z{n}": f"tin {n * 7919}" for n in range(3_000)}).encode())
    write(seeds / "z.jsonl.gz", whole[:-8])
    report = run(seeds, store)
    assert [failure.path for failure in report.failed] == ["z.jsonl.gz"]
    assert report.added == 5
    assert "z0" not in docs(store)
    write(seeds / "z.jsonl.gz", whole)
    assert run(seeds, store).added == 3_000
    write(seeds / "z.jsonl.gz", whole[:-8])
    assert counts(run(seeds, store)) == (0, 0, 0, 3_005)


def test_what_is_no_seed_is_ignored(seeds: Path, store: IndexStore, tmp_path: Path) -> None:
    write(tmp_path / "secret.txt", "bí mật")
    write(seeds / "image.png", b"\x89PNG")
    write(seeds / ".hidden.txt", "ẩn")
    (seeds / ".git").mkdir()
    write(seeds / ".git" / "g.txt", "ẩn")
    (seeds / "link.txt").symlink_to(tmp_path / "secret.txt")
    (seeds / "up").symlink_to(tmp_path)
    (seeds / "inside.txt").symlink_to(seeds / "a.txt")
    report = run(seeds, store)
    assert {entry.path for entry in report.ignored} == {"image.png", "link.txt", "up"}
    assert report.failed == ()
    assert set(docs(store)) == {"a#1", "a#2", "inside#1", "inside#2", "sub/b", "x", "y"}


def test_names_are_nfc_and_two_forms_of_one_name_are_told_apart(
    tmp_path: Path, store: IndexStore
) -> None:
    folder = tmp_path / "seeds"
    folder.mkdir()
    write(folder / "tie\u0302\u0301ng.txt", "một")
    run(folder, store)
    assert set(docs(store)) == {"tiếng#1"}
    write(folder / "tiếng.txt", "hai")
    (failure,) = run(folder, store).failed
    assert failure.path == "tiếng.txt"


def test_a_name_that_is_no_text_is_a_failure(seeds: Path, store: IndexStore) -> None:
    write(Path(os.fsdecode(os.fsencode(seeds) + b"/\xff.txt")), "một")
    report = run(seeds, store)
    assert [failure.reason for failure in report.failed] == ["its name is not UTF-8 text"]
    assert all(line.isprintable() for line in report.lines())


@pytest.mark.parametrize("inside", ["index", "sub/index"])
def test_an_index_within_the_seeds_folder_is_not_read(seeds: Path, inside: str) -> None:
    store = IndexStore(seeds / inside)
    assert run(seeds, store).ignored == ()
    assert run(seeds, store).ignored == ()


def test_a_missing_folder_is_an_error_and_deletes_nothing(seeds: Path, store: IndexStore) -> None:
    run(seeds, store)
    with pytest.raises(SeedError, match="no seeds folder"):
        run(seeds / "nowhere", store)
    assert len(docs(store)) == 5


def test_an_emptied_folder_empties_the_index(seeds: Path, store: IndexStore) -> None:
    run(seeds, store)
    for path in list(seeds.rglob("*.*")):
        path.unlink()
    assert counts(run(seeds, store)) == (0, 0, 5, 0)
    assert docs(store) == {}


def test_an_empty_folder_makes_an_empty_index(tmp_path: Path, store: IndexStore) -> None:
    (tmp_path / "empty").mkdir()
    assert not run(tmp_path / "empty", store).committed
    assert store.exists()


def test_an_unreadable_folder_keeps_what_the_index_has_of_it(
    seeds: Path, store: IndexStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(seeds, store)
    scandir = os.scandir

    def forbidden(path: str) -> Any:
        # Permissions would not stop a test that is run by root.
        if path.rstrip("/").endswith("/sub"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", forbidden)
    report = run(seeds, store)
    assert counts(report) == (0, 0, 0, 5)
    assert [(failure.path, failure.reason) for failure in report.failed] == [
        ("sub/", "Permission denied")
    ]


@pytest.mark.parametrize("damage", ["missing", "garbage", "foreign"])
def test_without_its_manifest_the_index_itself_is_compared_with(
    seeds: Path, store: IndexStore, damage: str
) -> None:
    generation = run(seeds, store).generation
    manifest = store.path / f"seeds-{generation}.json"
    if damage == "missing":
        manifest.unlink()
    elif damage == "garbage":
        manifest.write_bytes(b"\0")
    else:
        text = manifest.read_text("utf-8").rsplit("\ncrc32", 1)[0]
        foreign = text.replace('"documents":2', '"documents":1').encode()
        manifest.write_bytes(foreign + seal(foreign))
    report = run(seeds, store)
    assert (counts(report), report.committed) == ((0, 0, 0, 5), False)


def test_rebuild_reads_everything_again_and_commits(seeds: Path, store: IndexStore) -> None:
    before = run(seeds, store)
    found = docs(store)
    report = run(seeds, store, rebuild=True)
    assert (counts(report), report.committed) == ((5, 0, 0, 0), True)
    assert report.generation > before.generation
    assert docs(store) == found
    assert store.snapshot().doc_count_all == 5


def test_rebuild_heals_a_damaged_index(seeds: Path, store: IndexStore) -> None:
    run(seeds, store)
    for path in store.path.iterdir():
        if path.suffix not in {".json"} and path.stat().st_size:
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    run(seeds, store, rebuild=True)
    assert len(docs(store)) == 5
    assert not run(seeds, store).committed


def test_only_limits_where_changes_are_looked_for(seeds: Path, store: IndexStore) -> None:
    run(seeds, store)
    write(seeds / "a.txt", "tin một\ntin khác")
    write(seeds / "c.jsonl", jsonl(x="tin x khác", y="tin y"))
    assert sync(seeds, store, processes=1, only={seeds / "a.txt"}).changed == 1
    assert sync(seeds, store, processes=1, only={seeds / "sub"}).changed == 0
    assert sync(seeds, store, processes=1, only={seeds}).changed == 1


def test_the_scan_lists_seeds_in_the_order_of_their_names(seeds: Path) -> None:
    assert [found.name for found in scan(seeds).seeds] == ["a.txt", "c.jsonl", "sub/b.txt"]


LEADS = st.lists(st.sampled_from(["tin một", "tin hai", "Sáng 2/3 xuân 2025"]), min_size=1)
RECORDS = st.dictionaries(
    st.sampled_from(["x", "y", "a#1", "sub/b#1"]), st.sampled_from(["một", "hai"]), min_size=1
)
STATES = st.fixed_dictionaries(
    {},
    optional={
        "a.txt": LEADS.map("\n".join),
        "sub/b.txt": LEADS.map("\n".join),
        "a.md": LEADS.map("\n\n".join),
        "c.jsonl": RECORDS.map(lambda records: jsonl(**records)),
        "d.jsonl": RECORDS.map(lambda records: jsonl(**records) + "bad line\n"),
    },
)


def become(folder: Path, state: dict[str, str]) -> None:
    """Make the folder hold exactly these files."""
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        if path.relative_to(folder).as_posix() not in state:
            path.unlink()
    for name, content in state.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write(folder / name, content)


@settings(max_examples=30, deadline=None)
@given(st.lists(STATES, min_size=2, max_size=4))
def test_syncs_over_any_history_equal_a_fresh_index_of_the_last_state(
    states: list[dict[str, str]],
) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder, store = Path(place, "seeds"), IndexStore(Path(place, "index"))
        folder.mkdir()
        for state in states:
            become(folder, state)
            before = docs(store) if store.exists() else {}
            report = run(folder, store)
            after = docs(store)
            kept = {id for id in before if after.get(id, ("", ""))[1] == before[id][1]}
            assert counts(report) == (
                len(after.keys() - before.keys()),
                len(after.keys() & before.keys()) - len(kept),
                len(before.keys() - after.keys()),
                len(kept),
            )
            assert report.committed == (before != after)
        again = run(folder, store)
        fresh = IndexStore(Path(place, "fresh"))
        expected = run(folder, fresh)
        assert docs(store) == docs(fresh)
        assert sorted(map(str, again.failed)) == sorted(map(str, expected.failed))
        assert not again.committed
