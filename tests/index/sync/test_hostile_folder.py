"""A folder made to do harm: every bad seed is named with its reason, the rest is indexed."""

from __future__ import annotations

import gzip
import io
import os
import resource
import socket
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from index.readers import Limits
from index.store import IndexStore
from index.sync import sync
from index.sync.folder import MAX_DEPTH
from index.sync.report import SyncReport
from search.engines.whoosh_engine import WhooshEngine
from search.request import SearchRequest

GOOD = "Gặp gỡ đầu xuân tại Quảng Ninh.\n"
MEBIBYTE = 1 << 20
SMALL = Limits(
    file_bytes=2 * MEBIBYTE,
    stream_bytes=64 * MEBIBYTE,
    documents=1_000,
    seconds=2,
    memory_bytes=256 * MEBIBYTE,
)


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "good.txt").write_text(GOOD, "utf-8")
    return folder


def run(seeds: Path, limits: Limits = SMALL) -> SyncReport:
    return sync(seeds, IndexStore(seeds.parent / "index"), processes=1, limits=limits)


def reasons(report: SyncReport) -> dict[str, str]:
    return {failure.path: failure.reason for failure in report.failed}


def write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def sparse(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.truncate(size)


def still_found(seeds: Path) -> bool:
    engine = WhooshEngine(seeds.parent / "index")
    try:
        return engine.search(SearchRequest('"đầu xuân"')).total >= 1
    finally:
        engine.close()


def test_files_that_are_too_large_are_not_even_read(seeds: Path) -> None:
    for name in ("a.txt", "b.md", "c.csv", "d.html"):
        sparse(seeds / name, 2 << 30)
    sparse(seeds / "e.jsonl", 1 << 40)
    report = run(seeds)
    assert report.added == 1
    told = "split it, or make it a .jsonl with a document a line"
    assert reasons(report) == {
        **dict.fromkeys(("a.txt", "b.md", "c.csv", "d.html"), f"larger than 2 MB; {told}"),
        "e.jsonl": f"larger than 64 MB; {told}",
    }
    assert still_found(seeds)


def test_one_endless_line_of_many_documents(seeds: Path) -> None:
    sparse(seeds / "a.jsonl", 48 * MEBIBYTE)
    with (seeds / "a.jsonl").open("ab") as file:
        file.write(b'\n{"id": 1, "text": "sau"}\n')
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report = run(seeds)
    assert report.added == 2
    assert [(f.line, f.reason) for f in report.failed] == [(1, "longer than 32 MB")]
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 512 * 1024, "memory stays within a few lines"


def test_too_many_lines(seeds: Path) -> None:
    write(seeds / "a.txt", b"tin\n" * 5_000)
    write(seeds / "b.csv", b"text\n" + b"tin\n" * 5_000)
    write(seeds / "c.jsonl", b"".join(b'{"id":%d,"text":"x"}\n' % n for n in range(5_000)))
    report = run(seeds)
    assert report.added == 1 + 2 * SMALL.documents
    assert reasons(report) == {
        "a.txt": "more than 1,000 lines; split it",
        "b.csv": "more than 1,000 documents",
        "c.jsonl": "more than 1,000 documents",
    }


def test_another_limit_reads_them_again(seeds: Path) -> None:
    write(seeds / "a.txt", b"tin\n" * 1_500)
    assert run(seeds).added == 1
    assert run(seeds).committed is False
    report = run(seeds, Limits())
    assert (report.added, report.failed) == (1_500, ())


def test_a_packed_file_that_bursts(seeds: Path) -> None:
    packed = io.BytesIO()
    with gzip.open(packed, "wb") as file:
        file.write(b'{"id":1,"text":"x"}\n')
        for _ in range(80):
            file.write(bytes(MEBIBYTE))
    write(seeds / "bomb.jsonl.gz", packed.getvalue())
    report = run(seeds)
    assert report.added == 1, "nothing of it goes in"
    assert reasons(report) == {
        "bomb.jsonl.gz": "more than 64 MB of text, out of proportion to its size"
    }


def test_names_of_all_kinds(seeds: Path) -> None:
    for name in (
        "hai\ndòng.txt",
        "e\u0302\u0301.txt",
        "\u202eodd.txt",
        "a" * 200 + ".txt",
        "' \".txt",
    ):
        write(seeds / name, GOOD.encode())
    write(seeds / "ế.txt", "Cũng tên ấy.".encode())
    broken = os.fsencode(seeds) + b"/\xff\xfe.txt"
    with open(broken, "wb") as file:  # noqa: PTH123 (a name that is no text)
        file.write(GOOD.encode())
    report = run(seeds)
    assert report.added == 6
    assert reasons(report) == {
        "ế.txt": "another file has the same name in NFC",
        "\ufffd\ufffd.txt": "its name is not UTF-8 text",
    }
    assert all("\n" not in line for line in report.lines())


def test_links_pipes_and_devices(seeds: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("mật khẩu", "utf-8")
    outside = tmp_path / "outside"
    write(outside / "more.txt", b"mat khau")
    (seeds / "out.txt").symlink_to(secret)
    (seeds / "far.txt").symlink_to("/etc/passwd")
    (seeds / "folder").symlink_to(outside)
    (seeds / "loop").symlink_to(seeds)
    (seeds / "round.txt").symlink_to("round.txt")
    (seeds / "gone.txt").symlink_to(seeds / "nothing.txt")
    (seeds / "device.txt").symlink_to("/dev/zero")
    os.mkfifo(seeds / "pipe.txt")
    os.mkfifo(seeds / "seeds.toml")
    with socket.socket(socket.AF_UNIX) as server:
        here = os.open(seeds, os.O_RDONLY)
        server.bind(f"/proc/self/fd/{here}/socket.txt")
        os.close(here)
        report = run(seeds)
    assert report.added == 1
    assert {i.path for i in report.ignored} == {
        *("out.txt", "far.txt", "folder", "loop", "device.txt", "pipe.txt", "socket.txt")
    }
    told = reasons(report)
    assert told.keys() == {"gone.txt", "round.txt", "seeds.toml"}
    assert told["seeds.toml"] == "not an ordinary file"


def test_declarations_from_outside_are_not_read(seeds: Path, tmp_path: Path) -> None:
    write(tmp_path / "other.toml", '[[seeds]]\nsource = "mật"\n'.encode())
    (seeds / "seeds.toml").symlink_to(tmp_path / "other.toml")
    assert reasons(run(seeds)) == {"seeds.toml": "a link that leads out of the folder"}


def test_folders_without_end(seeds: Path) -> None:
    path = seeds
    for _ in range(MAX_DEPTH + 20):
        path /= "a"
    path.mkdir(parents=True)
    write(path / "deep.txt", GOOD.encode())
    report = run(seeds)
    assert report.added == 1
    (failure,) = report.failed
    assert failure.reason == f"nested deeper than {MAX_DEPTH} folders"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"a = " + b"[" * 100_000, "not TOML"),
        (b"a = " + b"9" * 10_000, "not TOML"),
        (b"#" * (2 * MEBIBYTE), "larger than 1 MB"),
        (b"[[seeds]]\nfiles = [" + b'"*",' * 20_000 + b"]\n", "more than 10,000 patterns"),
        (b"\0", "not TOML"),
    ],
)
def test_declarations_made_to_do_harm(seeds: Path, content: bytes, reason: str) -> None:
    write(seeds / "seeds.toml", content)
    report = run(seeds)
    assert report.added == 1
    assert reasons(report)["seeds.toml"].startswith(reason)


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def word_file(text: bytes) -> bytes:
    docx = pytest.importorskip("docx")
    saved = io.BytesIO()
    docx.Document().save(saved)
    with zipfile.ZipFile(saved) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return zipped({**parts, "word/document.xml": text})


def misplaced() -> bytes:
    """A Word file whose parts are said to lie before its beginning."""
    data = bytearray(word_file(WORD % b""))
    at = data.rindex(b"PK\x05\x06") + 16
    data[at : at + 4] = (int.from_bytes(data[at : at + 4], "little") + 99_999).to_bytes(4, "little")
    return bytes(data)


def entities() -> bytes:
    """A billion laughs: ten entities, each ten times the one before."""
    rows = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return (
        f'<?xml version="1.0"?><!DOCTYPE x [{rows}]><w:document xmlns:w="{space}"><w:body><w:p>'
        "<w:r><w:t>&e9;</w:t></w:r></w:p></w:body></w:document>"
    ).encode()


WORD = (
    b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    b"%s</w:body></w:document>"
)
HARMFUL: dict[str, Callable[[], bytes]] = {
    "burst.docx": lambda: zipped({"word/document.xml": bytes(300 * MEBIBYTE)}),
    "laughs.docx": lambda: word_file(entities()),
    "deep.docx": lambda: word_file(b"<w:p>" * 100_000),
    "bodiless.docx": lambda: word_file(b"<x/>"),
    "unstyled.docx": lambda: word_file(
        WORD % b"<w:p><w:pPr><w:pStyle/></w:pPr><w:r><w:t>x</w:t></w:r></w:p>"
    ),
    "misplaced.docx": misplaced,
    "random.docx": lambda: b"PK\x03\x04" + bytes(range(256)) * 40,
    "random.pdf": lambda: b"%PDF-1.7\n" + bytes(range(256)) * 40,
    "loop.pdf": lambda: (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj "
        b"2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]"
        b"/Count 9999999>>endobj trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF"
    ),
    "deep.pdf": lambda: b"%PDF-1.4\n1 0 obj" + b"[" * 200_000 + b"endobj trailer<</Root 1 0 R>>",
    "nothing.html": lambda: b"<div>" * 200_000,
    "nul.csv": lambda: b"id,text\n1,\0\n",
    "random.txt": lambda: bytes(range(1, 256)) * 40,
    "cut.txt": lambda: GOOD.encode()[:-20] + b"\xe1\xba",
    "bad.jsonl": lambda: b"[" * 100_000,
}


def test_files_made_to_do_harm(seeds: Path) -> None:
    for module in ("docx", "pypdf", "trafilatura"):
        pytest.importorskip(module)
    for name, make in HARMFUL.items():
        write(seeds / name, make())
    report = run(seeds)
    assert report.added == 1
    assert reasons(report).keys() == HARMFUL.keys()
    assert all(reasons(report).values())
    assert still_found(seeds)


def test_a_field_of_giant_size_is_a_problem_of_its_row(seeds: Path) -> None:
    write(seeds / "a.csv", b"id,text\n1,ok\n2," + b"a" * 9_000_000 + b"\n3,ok\n")
    report = run(seeds, Limits())
    assert report.added == 3
    ((line, reason),) = [(f.line, f.reason) for f in report.failed]
    assert line == 3
    assert reason.startswith("not CSV (field larger than field limit")
