"""The command line over the two seeds: what is printed, and how it ends."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from search.results import SearchResults
from web.cli import main
from web.cli_parser import parser

ROOT = Path(__file__).parent.parent.parent
COMMANDS = (
    "index",
    "watch",
    "search",
    "explain",
    "serve",
    "stats",
    "verify",
    "backup",
    "restore",
)


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("TIMTIN_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the seeds and their index beside them."""
    folder = tmp_path_factory.mktemp("cli")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    assert main(["index", str(folder / "seeds"), "--processes", "1"]) == 0
    (folder / "file").write_text("")
    shutil.copytree(folder / "seeds.index", folder / "damaged")
    for contents in (folder / "damaged").glob("*.toc"):
        os.truncate(contents, 60)
    return folder


@pytest.fixture
def here(indexed: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same as the current folder, where `seeds` and its index are the defaults."""
    monkeypatch.chdir(indexed)
    return indexed


def test_index_reports_once_and_then_says_that_nothing_is_new(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    line = [
        "index",
        str(tmp_path / "seeds"),
        "--index-dir",
        str(tmp_path / "i"),
        "--processes",
        "1",
    ]
    assert main(line) == 0
    assert "added 15" in capsys.readouterr().out
    assert main(line) == 0
    assert "nothing new: 15 unchanged" in capsys.readouterr().out
    (tmp_path / "seeds" / "broken.txt").write_bytes(bytes(range(256)) * 40)
    assert main([*line, "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert [failure["path"] for failure in report["failed"]] == ["broken.txt"]
    assert report["unchanged"] == 15
    assert main([*line, "--rebuild", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["added"] == 15


def test_search_prints_hits_that_can_be_read(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["search", "gap go dau xuan 2025", "--size", "2"]) == 0
    out = capsys.readouterr().out
    assert "gặp gỡ đầu xuân 2025" in out.splitlines()[0]
    assert "results" in out.splitlines()[1]
    assert out.count("000_3772e8170c534e90#") == 2
    assert "2025" in out
    assert "<mark" not in out
    assert "\x1b" not in out


def test_search_prints_the_object_of_the_api(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--page", "2", "--size", "1", "--sort", "date", "--from", "2020-01-01", "--json"]
    assert main(["search", "hội nghị", *options]) == 0
    answer = json.loads(capsys.readouterr().out)
    empty = SearchResults(query="", total=0, took_ms=0, page=1, size=10, pages=0)
    assert list(answer) == list(empty.to_json())
    assert (answer["query"], answer["page"], answer["size"]) == ("hội nghị", 2, 1)


def test_search_modes_and_sources(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def total(*line: str) -> int:
        assert main(["search", "--json", *line]) == 0
        return int(json.loads(capsys.readouterr().out)["total"])

    assert total("hoi nghi") > 0
    assert total("hoi nghi", "--mode", "exact") == 0
    assert total("hoi nghi", "--source", "ha giang") == 1
    assert total("hoi nghi", "--source", "no such", "--source", "ha giang") == 1
    place = total("hoi nghi", "--place", "Hà Giang")
    assert 0 < place < total("hoi nghi")
    assert total("hoi nghi", "--place", "Hà Giang", "--place", "no such") == place
    assert total("--", "-") == 0


@pytest.mark.parametrize(
    ("line", "named"),
    [
        (["search", "a", "--size", "0"], "--size"),
        (["search", "a", "--page", "x"], "--page"),
        (["search", "a", "--from", "2025-02-30"], "--from"),
        (["search", "a", "--sort", "size"], "--sort"),
        (["search", "a" * 1001], "QUERY"),
        (["search", "a", "--index-dir", "none"], "timtin index"),
        (["stats", "--index-dir", "none"], "timtin index"),
        (["verify", "--index-dir", "none"], "timtin index"),
        (["backup", "copy", "--index-dir", "none"], "timtin index"),
        (["backup", "seeds"], "seeds is there already"),
        (["backup", "file/copy"], "cannot write file/copy: file exists"),
        (["restore", "nowhere"], "there is no backup nowhere"),
        (["restore", "seeds"], "seeds is no backup"),
        (["restore", "file"], "file cannot be restored"),
        (["index", "none"], "none"),
        (["watch", "none"], "none"),
        (["serve", "none", "--port", "0"], "none"),
        (["search", "a", "--index-dir", "file"], "file: not a directory"),
        (["stats", "--index-dir", "file"], "file: not a directory"),
        (["verify", "--index-dir", "file"], "file: not a directory"),
        (["index", "--index-dir", "file"], "file: not a directory"),
        (["index", "--index-dir", "file/deeper"], "not a directory"),
        (["index", "--rebuild", "--index-dir", "file"], "--index-dir"),
        (["watch", "--index-dir", "file"], "file: not a directory"),
        (["serve", "--port", "0", "--index-dir", "file"], "file: not a directory"),
        (["index", "--index-dir", "seeds"], "both the seeds folder and the index"),
        (["search", "a", "--index-dir", "damaged"], "--repair"),
        (["stats", "--index-dir", "damaged"], "--repair"),
        (["index", "--index-dir", "damaged"], "--repair"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_code_2(
    here: Path, line: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(line) == 2
    caught = capsys.readouterr()
    assert caught.out == ""
    assert len(caught.err.splitlines()) == 1
    assert caught.err.startswith("timtin: ")
    assert named in caught.err


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ([], "COMMAND"),
        (["frobnicate"], "frobnicate"),
        (["search"], "QUERY"),
        (["serve", "--port", "http"], "--port"),
        (["index", "--processes", "0"], "--processes"),
        (["index", "--memory", "1"], "--memory"),
        (["stats", "--frob"], "--frob"),
    ],
)
def test_what_cannot_be_understood_is_one_line_and_code_2(
    line: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(line)
    assert stopped.value.code == 2
    caught = capsys.readouterr()
    assert len(caught.err.splitlines()) == 1
    assert named in caught.err


def test_a_bad_setting_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TIMTIN_PORT", "http")
    assert main(["stats"]) == 2
    assert "TIMTIN_PORT" in capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_teaches(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        parser().parse_args([command, "--help"])
    assert stopped.value.code == 0
    assert f"examples:\n  timtin {command}" in capsys.readouterr().out


def test_stats_and_verify(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stats", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["documents"] == 15
    assert main(["stats"]) == 0
    assert "documents" in capsys.readouterr().out
    assert main(["verify"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "OK: seeds.index, commit 1",
        "up to date: 15 documents are those of seeds",
    ]


@pytest.mark.parametrize("name", ["copy.tar", "copy"])
def test_backup_and_restore(
    here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    copy, elsewhere = str(tmp_path / name), ["--index-dir", str(tmp_path / "index")]
    assert main(["backup", copy]) == 0
    assert capsys.readouterr().out.startswith("backed up 15 documents")
    assert main(["restore", copy, *elsewhere]) == 0
    assert capsys.readouterr().out.startswith("restored 15 documents")
    assert main(["verify", *elsewhere]) == 0
    assert "up to date: 15 documents" in capsys.readouterr().out


def test_verify_tells_damage_from_what_is_out_of_date(
    indexed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(indexed / "seeds", tmp_path / "seeds")
    folder = ["--index-dir", str(indexed / "seeds.index")]
    next((tmp_path / "seeds").glob("004*")).unlink()
    assert main(["verify", str(tmp_path / "seeds"), *folder]) == 0
    assert "out of date: 0 documents of the seeds are not in it" in capsys.readouterr().out
    assert main(["verify", str(tmp_path / "nothing"), *folder]) == 0
    assert "not compared" in capsys.readouterr().out


def test_verify_repairs_what_is_damaged(
    indexed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(indexed / "seeds.index", tmp_path / "index")
    (segment,) = (tmp_path / "index").glob("*.tim")
    os.truncate(segment, 5000)
    line = ["verify", str(indexed / "seeds"), "--index-dir", str(tmp_path / "index")]
    assert main([*line, "--repair", "--processes", "1"]) == 0
    caught = capsys.readouterr()
    assert segment.name in caught.err
    assert "added 15" in caught.out
    assert "repaired" in caught.out
    assert main(line) == 0


def test_verify_finds_a_damaged_byte(
    indexed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "index"
    shutil.copytree(indexed / "seeds.index", copy)
    largest = max(copy.iterdir(), key=lambda path: path.stat().st_size)
    content = bytearray(largest.read_bytes())
    content[len(content) // 2] ^= 1
    largest.write_bytes(content)
    assert main(["verify", "--index-dir", str(copy)]) == 1
    caught = capsys.readouterr()
    assert largest.name in caught.err
    assert "--repair" in caught.err


@pytest.mark.parametrize("pattern", ["*.tim", "*.toc"])
@pytest.mark.parametrize("size", [0, 100, 1000])
def test_a_truncated_file_is_said_so_and_repaired_by_a_rebuild(
    indexed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], pattern: str, size: int
) -> None:
    copy = tmp_path / "index"
    shutil.copytree(indexed / "seeds.index", copy)
    (damaged,) = copy.glob(pattern)
    os.truncate(damaged, size)
    folder = ["--index-dir", str(copy)]
    for line, code in (["search", "gap go"], 2), (["verify"], 1):
        assert main([*line, *folder]) == code
        caught = capsys.readouterr()
        assert damaged.name in caught.err
        assert "--repair" in caught.err
        assert len(caught.err.splitlines()) == 1
    assert main(["index", str(indexed / "seeds"), *folder, "--rebuild"]) == 0
    assert main(["verify", *folder]) == 0


def test_a_reader_that_goes_away_is_no_failure(indexed: Path) -> None:
    script = f"{sys.executable} -m web.cli search 'hoi nghi' --index-dir {indexed}/seeds.index"
    done = subprocess.run(
        ["bash", "-c", f"{script} | true; echo ${{PIPESTATUS[0]}}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stderr == ""
    assert done.stdout.strip() in {"0", "141"}
