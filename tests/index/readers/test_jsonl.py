"""JSON lines: records, bad lines, and files made to do harm."""

from __future__ import annotations

import gzip
import json
import tempfile
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.encodings import ENCODERS
from index.documents import Document
from index.errors import SeedError
from index.readers import Problem, read_seed, records, seed_file
from index.readers import jsonl as reader


def read(path: Path) -> list[Document | Problem]:
    return list(read_seed(seed_file(path, path.name)))


def write(folder: Path, *records: Any, packed: bool = False) -> Path:
    lines = [item if isinstance(item, bytes) else json.dumps(item).encode() for item in records]
    data = b"\n".join(lines)
    path = folder / ("a.jsonl.gz" if packed else "a.jsonl")
    path.write_bytes(gzip.compress(data) if packed else data)
    return path


@pytest.mark.parametrize("packed", [False, True])
def test_a_record_becomes_a_document(tmp_path: Path, packed: bool) -> None:
    record = {
        "id": "vn-1/ạ",
        "title": "Hội nghị",
        "text": "Đoạn một.\nĐoạn hai.",
        "date": "2025-02-19T08:00:00Z",
        "url": "https://a.vn/b",
        "source": "Báo Hà Giang",
        "author": ["Lê An", "Trần Kế"],
        "other": {"left": "out"},
    }
    assert read(write(tmp_path, record, packed=packed)) == [
        Document(
            id="vn-1/ạ",
            title="Hội nghị",
            body="Đoạn một.\nĐoạn hai.",
            author="Lê An, Trần Kế",
            source="Báo Hà Giang",
            url="https://a.vn/b",
            date="2025-02-19",
            date_evidence="2025-02-19T08:00:00Z",
            path=f"a.jsonl{'.gz' if packed else ''}",
        )
    ]


def test_ids_are_kept_as_given(tmp_path: Path) -> None:
    path = write(tmp_path, *({"id": id, "text": "x"} for id in (7, "7a", "a b#1/c", 1.5)))
    assert [item.id for item in read(path) if isinstance(item, Document)] == [
        *("7", "7a", "a b#1/c", "1.5")
    ]


@pytest.mark.parametrize(
    ("record", "date", "evidence"),
    [
        ({"date": "19/2/2025"}, "2025-02-19", "19/2/2025"),
        ({"date": "hôm qua"}, None, None),
        ({"date": "hôm qua", "text": "Ngày 5/3/2024, họp"}, "2024-03-05", "Ngày 5/3/2024"),
        ({"text": "Sáng 5/3, gặp gỡ xuân 2024"}, None, None),  # not guessed in bulk
        ({"title": "Tin 4/3/2024", "text": "Ngày 5/3/2024"}, "2024-03-04", "4/3/2024"),
        ({"url": "https://a.vn/2024/03/05/b"}, "2024-03-05", "/2024/03/05"),
        ({"text": "x" * 2_000 + " ngày 5/3/2024"}, None, None),  # not near the beginning
    ],
)
def test_dates(
    tmp_path: Path, record: dict[str, str], date: str | None, evidence: str | None
) -> None:
    (document,) = read(write(tmp_path, {"id": 1, "text": "x", **record}))
    assert isinstance(document, Document)
    assert (document.date, document.date_evidence) == (date, evidence)


@pytest.mark.parametrize(
    "record", [{"url": "javascript:alert(1)"}, {"source": " \n "}, {"author": 5}, {"url": None}]
)
def test_fields_that_say_nothing_are_unknown(tmp_path: Path, record: dict[str, Any]) -> None:
    (document,) = read(write(tmp_path, {"id": 1, "text": "x", **record}))
    assert isinstance(document, Document)
    assert (document.url, document.source, document.author) == (None, None, None)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "not JSON ("),
        (b"\x80\x81", "not UTF-8 text (byte 0x80 at offset 0)"),
        (b"[1]", "not a JSON object"),
        (b"[" * 100_000, "not a document (nested too deeply)"),
        (b'{"text":"x"}', "no id"),
        (b'{"id":"","text":"x"}', "no id"),
        (b'{"id":true,"text":"x"}', "an id that is neither text nor number"),
        (b'{"id":"a\\u0000b","text":"x"}', "an id with control characters, or longer than 512"),
        (b'{"id":1}', "neither title nor text"),
        (b'{"id":1,"text":["x"]}', "a text that is not a string"),
        (b'{"id":1,"title":{},"text":"x"}', "a title that is not a string"),
    ],
)
def test_a_bad_line_is_named_and_the_others_go_in(tmp_path: Path, line: bytes, reason: str) -> None:
    good = [{"id": 1, "text": "một"}, {"id": 3, "text": "ba"}]
    first, problem, last = read(write(tmp_path, good[0], b"", line, good[1]))
    assert isinstance(first, Document)
    assert isinstance(last, Document)
    assert (first.id, last.id) == ("1", "3")
    assert isinstance(problem, Problem)
    assert (problem.path, problem.line) == ("a.jsonl", 3)
    assert problem.reason.startswith(reason)


def test_lone_surrogates_and_nul_do_no_harm(tmp_path: Path) -> None:
    (document,) = read(write(tmp_path, b'{"id":1,"title":"\\ud800","text":"a\\u0000b"}'))
    assert isinstance(document, Document)
    assert (document.title, document.body) == ("\ufffd", "a\0b")


def test_a_mark_before_the_first_line_is_no_part_of_it(tmp_path: Path) -> None:
    (document,) = read(write(tmp_path, b'\xef\xbb\xbf{"id":1,"text":"x"}\r\n'))
    assert isinstance(document, Document)


@pytest.mark.parametrize("content", [b"", b"\n \n"])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SeedError, match="no text in it"):
        read(write(tmp_path, content))


def test_a_file_without_one_good_line_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SeedError, match=r"no line of it is a document \(line 1: not JSON"):
        read(write(tmp_path, b"xin", b"ch\xc3\xa0o"))


@pytest.mark.parametrize("cut", [1, 5, 12, 30])
def test_a_truncated_archive_is_refused(tmp_path: Path, cut: int) -> None:
    records = [{"id": number, "text": f"tin số {number * 7919}"} for number in range(200)]
    path = write(tmp_path, *records, packed=True)
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(SeedError, match="truncated"):
        read(path)


@pytest.mark.parametrize("damage", [b"not gzip at all", b"\x1f\x8b\x08\x00" + b"\xff" * 40])
def test_a_damaged_archive_is_refused(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(damage)
    with pytest.raises(SeedError, match="damaged gzip data"):
        read(path)


def test_a_line_without_end_is_skipped_in_bounded_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "MAX_LINE_BYTES", 1 << 20)
    good = b'{"id":1,"text":"x"}\n'
    path = tmp_path / "a.jsonl.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(good)
        for _ in range(64):
            file.write(b"a" * (1 << 20))
        file.write(b"\n" + good.replace(b"1", b"2"))
    tracemalloc.start()
    try:
        first, problem, last = read(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert problem == Problem("a.jsonl.gz", 2, "longer than 1 MB")
    assert isinstance(first, Document)
    assert isinstance(last, Document)
    assert peak < 16 << 20


def test_an_archive_made_to_burst_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "EXPANSION_FROM_BYTES", 1 << 20)
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"id":1,"text":"x"}\n' + (b" " * 1_023 + b"\n") * (16 << 10)))
    with pytest.raises(SeedError, match="out of proportion to its size"):
        read(path)


def test_texts_out_of_all_proportion_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "MAX_BODY_CHARS", 1_000)
    long = {"id": 1, "text": "a" * 1_001}
    title = {"id": 2, "title": "a" * 10_001}
    one, two, _ = read(write(tmp_path, long, title, {"id": 3, "text": "x"}))
    assert one == Problem("a.jsonl", 1, "a text of 1,001 characters; at most 1,000 fit")
    assert two == Problem("a.jsonl", 2, "a title of 10,001 characters; at most 10,000 fit")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)


@given(
    st.dictionaries(
        st.sampled_from(["id", "title", "text", "date", "url", "source", "author"]), JSON
    )
    | JSON
    | st.binary(max_size=40)
)
def test_any_line_is_a_document_or_a_problem(record: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder), record, {"id": "last", "text": "x"})
        *items, last = read(path)
    assert isinstance(last, Document)
    for item in items:
        if isinstance(item, Problem):
            assert item.reason
        else:
            assert item.id
            assert item.text
            assert len(item.digest()) == 32


LINE = '{"id": "%s", "title": "Gặp gỡ đầu xuân", "text": "Hội nghị tại tỉnh Quảng Ninh, số %s."}\n'


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-32", "tcvn3", "vni", "viscii", "vps", "cp1258"]
)
@pytest.mark.parametrize("packed", [False, True])
def test_other_encodings_are_told_from_the_beginning(
    tmp_path: Path, encoding: str, packed: bool
) -> None:
    _, data = write_as("".join(LINE % (n, n) for n in range(3_000)), encoding)
    path = tmp_path / ("a.jsonl.gz" if packed else "a.jsonl")
    path.write_bytes(gzip.compress(data) if packed else data)
    found = read(path)
    assert len(found) == 3_000
    assert all(isinstance(item, Document) and item.title == "Gặp gỡ đầu xuân" for item in found)


def write_as(text: str, encoding: str) -> tuple[str, bytes]:
    if encoding.startswith("utf"):
        return text, text.encode(encoding)
    return ENCODERS[encoding](text)


def test_one_line_of_utf8_makes_the_others_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [(LINE % (n, n)).encode() for n in range(3)]
    path.write_bytes(lines[0] + (LINE % (7, 7)).encode("tcvn3") + lines[1])
    first, problem, last = read(path)
    assert isinstance(first, Document)
    assert isinstance(last, Document)
    assert isinstance(problem, Problem)
    assert problem.line == 2
    assert problem.reason.startswith("not UTF-8 text (byte")


def test_wide_text_that_breaks_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes((LINE % (1, 1)).encode("utf-16") + b"\x00\xd8\n\x00")
    with pytest.raises(SeedError, match="not UTF-16 text all through"):
        read(path)
