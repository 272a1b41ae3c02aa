"""`seeds.toml`: what it declares of which seeds, and what is wrong with one."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.documents import Document
from index.readers import charsets
from index.store import IndexStore
from index.sync import sync
from index.sync.folder import scan
from index.sync.report import SyncReport

charsets.register()

LEAD = "Chiều 9/1, tại Hạ Long đã diễn ra hội nghị trù bị của ban thư ký các tỉnh biên giới."


def write(path: Path, content: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    write(folder / "a.txt", LEAD)
    write(folder / "1998" / "b.txt", LEAD)
    write(folder / "1998" / "old" / "c.txt", LEAD)
    return folder


def run(seeds: Path) -> SyncReport:
    return sync(seeds, IndexStore(seeds.parent / "index"), processes=1)


def documents(seeds: Path) -> dict[str, Document]:
    found = {}
    for segment in IndexStore(seeds.parent / "index").snapshot().segments:
        for docnum in range(segment.doc_count_all):
            if segment.is_live(docnum):
                document = Document(**segment.stored(docnum))
                found[document.id] = document
    return found


def test_folders_and_later_tables_win(seeds: Path) -> None:
    write(
        seeds / "seeds.toml",
        """
        [[seeds]]
        source = "Lưu trữ"
        [[seeds]]
        files = ["1998/*"]
        year = 1998
        author = "Trần Kế"
        """,
    )
    write(seeds / "1998" / "seeds.toml", '[[seeds]]\nfiles = "old/*.TXT"\nyear = 1991\n')
    report = run(seeds)
    assert (report.added, report.failed, report.ignored) == (3, (), ())
    found = documents(seeds)
    assert {id: (d.source, d.author, d.date) for id, d in found.items()} == {
        "a#1": ("Lưu trữ", None, None),
        "1998/b#1": ("Lưu trữ", "Trần Kế", "1998-01-09"),
        "1998/old/c#1": ("Lưu trữ", "Trần Kế", "1991-01-09"),
    }
    assert found["1998/b#1"].date_evidence == "Chiều 9/1 + seeds.toml"


def test_a_changed_declaration_reads_its_seeds_again(seeds: Path) -> None:
    run(seeds)
    assert run(seeds).committed is False
    write(seeds / "1998" / "seeds.toml", "[[seeds]]\nyear = 1998\n")
    report = run(seeds)
    assert (report.changed, report.unchanged) == (2, 1)
    assert documents(seeds)["1998/b#1"].date == "1998-01-09"
    (seeds / "1998" / "seeds.toml").unlink()
    assert run(seeds).changed == 2
    assert documents(seeds)["1998/b#1"].date is None


def test_a_wrong_guess_is_overridden(seeds: Path) -> None:
    write(seeds / "d.txt", "Tựa\n\nMột đoạn.\n")
    write(seeds / "e.dat", "Hà Nội\nHà Giang\n".encode("viscii"))
    write(seeds / "f.txt", "Déjà vu, très âgé".encode("cp1252"))
    report = run(seeds)
    assert [failure.path for failure in report.failed] == ["f.txt"]
    assert [ignored.path for ignored in report.ignored] == ["e.dat"]
    write(
        seeds / "seeds.toml",
        """
        [[seeds]]
        files = "d.txt"
        format = "collection"
        date = 2020-01-02
        [[seeds]]
        files = "e.*"
        format = "collection"
        encoding = "viscii"
        [[seeds]]
        files = "f.txt"
        encoding = "cp1252"
        """,
    )
    assert run(seeds).failed == ()
    found = documents(seeds)
    assert [found[f"d#{n}"].body for n in (1, 2)] == ["Tựa", "Một đoạn."]
    assert (found["d#1"].date, found["d#1"].date_evidence) == ("2020-01-02", "seeds.toml")
    assert [found[f"e#{n}"].body for n in (1, 2)] == ["Hà Nội", "Hà Giang"]
    assert found["f#1"].body == "Déjà vu, très âgé"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("[[seeds]\n", "not TOML"),
        (b"\xff\xfe", "not UTF-8 text (at offset 0)"),
        ('name = "x"\n', "unknown key name; write tables [[seeds]], nothing else"),
        ("[seeds]\nyear = 1998\n", "seeds is no list of tables"),
        ("[[seeds]]\njear = 1998\n", "table 1: unknown key jear; known are files, encoding"),
        ("[[seeds]]\n[[seeds]]\nfiles = 3\n", "table 2: files must be a pattern or a list"),
        ('[[seeds]]\nencoding = "klingon"\n', "table 1: unknown encoding klingon; known are utf"),
        ('[[seeds]]\nencoding = "rot13"\n', "unknown encoding rot13"),
        ('[[seeds]]\nformat = "doc"\n', "unknown format doc; known are text, article"),
        ("[[seeds]]\nyear = 98\n", "year must be a number from 1900 to 2099"),
        ("[[seeds]]\nyear = true\n", "year must be a number"),
        ('[[seeds]]\ndate = "26/2/2024"\n', "date must be a day, written YYYY-MM-DD"),
        ('[[seeds]]\nsource = ""\n', "source must be text in quotes"),
    ],
)
def test_what_is_wrong_is_said_and_stops_nothing(
    seeds: Path, content: str | bytes, reason: str
) -> None:
    write(seeds / "seeds.toml", content)
    report = run(seeds)
    (failure,) = report.failed
    assert failure.path == "seeds.toml"
    assert failure.reason.startswith(reason) or reason in failure.reason
    assert report.added == 3


def test_declarations_are_neither_seeds_nor_ignored(seeds: Path) -> None:
    write(seeds / "1998" / "seeds.toml", "[[seeds]]\nyear = 1998\n")
    folder = scan(seeds)
    assert [found.name for found in folder.seeds] == ["1998/b.txt", "1998/old/c.txt", "a.txt"]
    assert folder.ignored == []
