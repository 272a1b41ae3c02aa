"""Targets in files: every reader, and the declarations of seeds.toml."""

from __future__ import annotations

import gzip
import io
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from fuzz.language import CREDITS, PROSE, TIMES, WORDS
from fuzz.target import KILOBYTE, Check, Target
from index.documents import Document
from index.errors import SeedError
from index.readers import Problem, format_of, seed_file
from index.readers.extras import available
from index.sync.declared import FILE_NAME, Declarations

Packing = Callable[[bytes], bytes]


def _reader(name: str, pack: Packing = bytes) -> Callable[[Path], Check]:
    """The reader of the suffix of `name`; `pack` makes a file of the input."""

    def prepare(folder: Path) -> Check:
        path = folder / name

        def check(data: bytes) -> None:
            path.write_bytes(pack(data))
            try:
                seed = seed_file(path, name)
                for item in format_of(seed).read(seed):  # `read_seed` would hide its faults
                    _look_at(item)
            except SeedError as error:
                assert str(error)

        return check

    return prepare


def _look_at(item: Document | Problem) -> None:
    if isinstance(item, Problem):
        assert item.reason
        return
    assert item.id
    assert item.text
    assert len(item.digest()) == 32
    for text in (item.id, item.text, item.author, item.source, item.url, item.path):
        (text or "").encode()


def _declared(folder: Path) -> Check:
    path = folder / FILE_NAME

    def check(data: bytes) -> None:
        path.write_bytes(data)
        try:
            found = Declarations().within("a/", path)
        except SeedError as error:
            assert str(error)
            return
        for name in ("a/b.txt", "a/b/c.TXT", "d"):
            assert isinstance(found.of(name).key, str)

    return check


def _gzipped(data: bytes) -> bytes:
    """The input packed; a first byte of 255 leaves the rest as it is, for damaged files."""
    return data[1:] if data[:1] == b"\xff" else gzip.compress(data, 1, mtime=0)


def _packed_docx(data: bytes) -> bytes:
    """A Word file whose text part is the input; after a byte of 255 the input is the whole file."""
    if data[:1] == b"\xff":
        return data[1:]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in _docx_parts().items():
            archive.writestr(name, data if name == "word/document.xml" else content)
    return out.getvalue()


_PARTS: dict[str, bytes] = {}


def _docx_parts() -> dict[str, bytes]:
    if not _PARTS:
        with zipfile.ZipFile(io.BytesIO(_docx())) as archive:
            _PARTS.update({name: archive.read(name) for name in archive.namelist()})
    return _PARTS


def _docx() -> bytes:
    import docx

    document = docx.Document()
    document.add_heading("Gặp gỡ đầu xuân", 1)
    document.add_paragraph("Sáng 26/2/2024, tại phòng họp.")
    document.add_table(1, 2).cell(0, 0).text = "Quảng Ninh"
    with tempfile.TemporaryFile() as file:
        document.save(file)
        file.seek(0)
        return file.read()


def _word_files() -> tuple[bytes, ...]:
    if "docx" not in available():
        return ()
    return _docx_parts()["word/document.xml"], b"\xff" + _docx()


_HTML = (
    "<!doctype html><html lang=vi><head><meta charset=utf-8><title>Họp Đoàn</title>"
    '<meta property="article:published_time" content="2024-02-26"></head><body><article><h1>Họp'
    f"</h1><p>{PROSE.decode()}</p><table><tr><td>a</table></article></body></html>"
).encode()
_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<</F 5 0 R"
    b">>>>>>endobj\n4 0 obj<</Length 38>>stream\nBT /F 12 Tf 9 9 Td (Xin chao) Tj ET\nendstream "
    b"endobj\n5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R"
    b"/Size 6>>\nstartxref\n9\n%%EOF"
)
_JSONL = (
    b'{"id":1,"title":"T\\u00edn","text":"x","date":"2025-02-19","url":"https://a.vn/b"}\n'
    b'{"id":"a","text":"ngay 19/2/2025","source":"BHG","author":["A","B"]}\n'
)
_CSV = 'id;tiêu đề;nội dung;ngày\n1;Họp;"một\nhai";19/2/2025\n2;;ba;\n'.encode()
_TOML = (
    '[[seeds]]\nfiles = ["*.txt", "b/*"]\nencoding = "tcvn3"\nformat = "article"\nyear = 1998\n'
    '[[seeds]]\nsource = "Hà Giang"\nauthor = "A"\ndate = 1998-02-26\n'
).encode()
_XML = (
    *(b"<w:p>", b"</w:p>", b"<w:r>", b"<w:t>", b"</w:t>", b"<w:tbl>", b"<w:tr>", b"<w:tc>", b"]>"),
    *(b"<!ENTITY a 'b'>", b"<!DOCTYPE x [", b"&a;", b"<![CDATA[", b"]]>", b"\xff"),
)
_TAGS = (
    *(b"<div>", b"</div>", b"<p>", b"<table>", b"<tr>", b"<td>", b"<b>", b"<script>", b"<article>"),
    *(b"<a href=x>", b"<!--", b"&amp;", b"&#0;", b"&#xd800;", b"<meta charset=utf-16>"),
)
_OBJECTS = (
    *(
        b"<<",
        b">>",
        b"[",
        b"]",
        b"(",
        b")",
        b"/Kids",
        b"/Count",
        b"/Parent",
        b"/Length",
        b"stream\n",
    ),
    *(b"endstream", b"endobj", b"1 0 obj", b"2 0 R", b"3 0 R", b"/Filter/FlateDecode", b"trailer"),
    *(b"startxref", b"xref", b"%%EOF", b"/Encrypt", b"/Prev 9", b"9999999999", b"-1", b"BT", b"Tj"),
)
_JSON = (
    b'{"id":',
    b'"text":',
    b"}",
    b"[",
    b"]",
    b"null",
    b"1e999",
    b"NaN",
    b"\\ud800",
    b"\n",
    b'"',
)
_CELLS = (b'"', b";", b",", b"\t", b"\n", b"\r", b"\0", b"|", "tiêu đề".encode(), b"text", b"id")
_KEYS = (
    b"[[seeds]]",
    b"files",
    b"=",
    b'"',
    b"[",
    b"]",
    b"*",
    b"?",
    b"[a-",
    b"{",
    b"1998",
    b"\n",
    b"#",
)


def _library(module: str, *targets: Target) -> tuple[Target, ...]:
    return targets if module in available() else ()


TARGETS = (
    Target("text", _reader("a.txt"), (PROSE,), (*WORDS, *TIMES, *CREDITS), share=3),
    Target("markdown", _reader("a.md"), (b"# T\n\n" + PROSE,), (b"# ", b"\n", *WORDS), share=3),
    Target("jsonl", _reader("a.jsonl"), (_JSONL,), (*_JSON, *WORDS), share=4),
    Target("jsonl.gz", _reader("a.jsonl.gz", _gzipped), (_JSONL,), (*_JSON, b"\xff"), share=2),
    Target("csv", _reader("a.csv"), (_CSV,), (*_CELLS, *WORDS), share=4),
    Target("seeds.toml", _declared, (_TOML,), (*_KEYS, *WORDS), share=4),
    *_library("trafilatura", Target("html", _reader("a.html"), (_HTML,), (*_TAGS, *WORDS))),
    *_library(
        "docx",
        Target(
            "docx",
            _reader("a.docx", _packed_docx),
            _word_files(),
            (*_XML, *WORDS),
            64 * KILOBYTE,
        ),
    ),
    *_library("pypdf", Target("pdf", _reader("a.pdf"), (_PDF,), _OBJECTS)),
)
