"""Formats beside text and JSON lines: web pages, tables, Word, PDF, and other packages' own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from index import readers
from index.documents import Document
from index.errors import SeedError
from index.readers import Format, Problem, SeedFile, SeedSettings, read_seed, seed_file

PAGE = """<!doctype html><html lang="vi"><head><meta charset="utf-8">
<title>Họp Đoàn đại biểu tỉnh Hà Giang - Báo Hà Giang</title>
<meta property="og:title" content="Họp Đoàn đại biểu tỉnh Hà Giang">
<meta property="og:site_name" content="Báo Hà Giang">
<meta property="article:published_time" content="2024-02-26T10:00:00+07:00">
<meta name="author" content="Trần Kế"></head><body>
<nav><a href="/">Trang chủ</a> <a href="/tin">Tin tức</a></nav>
<article><h1>Họp Đoàn đại biểu tỉnh Hà Giang</h1>
<p>Sáng nay, tại phòng họp, Tỉnh ủy tổ chức họp Đoàn đại biểu tỉnh Hà Giang tham dự Chương trình
Gặp gỡ đầu Xuân và Hội nghị lần thứ 15 Ủy ban Công tác liên hợp tại Quảng Tây, Trung Quốc.</p>
<p>Phát biểu tại cuộc họp, Quyền Bí thư Tỉnh ủy đề nghị các thành viên trong Đoàn công tác tham gia
đầy đủ, nghiêm túc các hoạt động theo kế hoạch, lịch trình, đảm bảo về thời gian và trang phục.</p>
</article><footer>Bản quyền thuộc về Báo Hà Giang. Liên hệ quảng cáo: 0219</footer></body></html>
"""


def pdf_bytes(lines: list[str]) -> bytes:
    """A PDF of one page: a font without letters of its own, and a map that says what they are."""
    letters = sorted(set("".join(lines)))
    code = {letter: 0x21 + at for at, letter in enumerate(letters)}
    mapped = "\n".join(f"<{code[c]:02x}> <{ord(c):04x}>" for c in letters)
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def\n"
        "1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"{len(letters)} beginbfchar\n{mapped}\nendbfchar endcmap end end"
    )
    shown = "".join(
        f"1 0 0 1 50 {700 - 20 * at} Tm <{''.join(f'{code[c]:02x}' for c in line)}> Tj "
        for at, line in enumerate(lines)
    )
    page = f"BT /F 12 Tf {shown}ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R"
        " /Resources << /Font << /F 5 0 R >> >> >>",
        f"<< /Length {len(page)} >>\nstream\n{page}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
        f"<< /Length {len(cmap)} >>\nstream\n{cmap}\nendstream",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{content}\nendobj\n".encode()
    start = len(data)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return data + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode()


def read(path: Path, settings: SeedSettings | None = None) -> list[Document | Problem]:
    return list(read_seed(seed_file(path, path.name, settings or SeedSettings())))


def one(path: Path, settings: SeedSettings | None = None) -> Document:
    (document,) = read(path, settings)
    assert isinstance(document, Document)
    return document


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "vni"])
def test_of_a_page_the_article_is_read(tmp_path: Path, encoding: str) -> None:
    pytest.importorskip("trafilatura")
    path = tmp_path / "hop.html"
    path.write_bytes(PAGE.encode(encoding))
    document = one(path)
    assert document.id == "hop"
    assert document.title == "Họp Đoàn đại biểu tỉnh Hà Giang"
    assert document.body.startswith("Sáng nay, tại phòng họp, Tỉnh ủy tổ chức họp")
    assert document.body.endswith("đảm bảo về thời gian và trang phục.")
    assert "Trang chủ" not in document.body
    assert "quảng cáo" not in document.body
    assert (document.author, document.source) == ("Trần Kế", "Báo Hà Giang")
    assert (document.date, document.date_evidence) == ("2024-02-26", "metadata of the page")


def test_a_page_says_its_encoding_where_bytes_do_not_tell(tmp_path: Path) -> None:
    pytest.importorskip("trafilatura")
    french = "Où est passé le déjeuner préparé hier à l'hôtel par le garçon très âgé? " * 4
    page = f"<html><head><meta charset='iso-8859-1'></head><body><p>{french}</p></body></html>"
    path = tmp_path / "a.htm"
    path.write_bytes(page.encode("latin-1"))
    assert one(path).text.startswith("Où est passé le déjeuner")


def test_a_page_without_an_article(tmp_path: Path) -> None:
    pytest.importorskip("trafilatura")
    path = tmp_path / "a.html"
    path.write_text("<html><body></body></html>")
    with pytest.raises(SeedError, match="no article found"):
        read(path)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "tcvn3"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_rows_of_a_table(tmp_path: Path, delimiter: str, encoding: str) -> None:
    rows = [
        ["STT", "Tiêu đề", "Nội dung", "Ngày đăng", "Nguồn", "Tác giả"],
        ["1", "Máy bay rơi", '"Chiếc máy bay\nchở 132 người"', "21/3/2022", "VnExpress", "Lê An"],
        ["", "", "", "", "", ""],
        ["2", "", "Gặp gỡ đầu xuân ngày 19/2/2025", "", "", ""],
        ["3", "", "", "", "", ""],
    ]
    path = tmp_path / "bang.csv"
    path.write_bytes("\r\n".join(delimiter.join(row) for row in rows).encode(encoding))
    crash, meeting, problem = read(path)
    assert isinstance(crash, Document)
    assert (crash.id, crash.title, crash.date) == ("bang#1", "Máy bay rơi", "2022-03-21")
    assert crash.body == "Chiếc máy bay\nchở 132 người"
    assert (crash.source, crash.author) == ("VnExpress", "Lê An")
    assert isinstance(meeting, Document)
    assert (meeting.id, meeting.date) == ("bang#2", "2025-02-19")
    assert problem == Problem("bang.csv", 6, "neither title nor text")


def test_bad_rows_are_named_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,text\na,"một" hai\nb,ba\nc,bốn,năm\n', "utf-8")
    first, good, last = read(path)
    assert isinstance(first, Problem)
    assert (first.line, first.reason.startswith("not CSV")) == (2, True)
    assert isinstance(good, Document)
    assert (good.id, good.body) == ("b", "ba")
    assert last == Problem("a.csv", 4, "3 cells where the first row has 2")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "no text in it|no table in it"),
        ("a,b\n1,2\n", "neither a column title nor a column text"),
        ("id,text\n1,\n", r"no row of it is a document \(line 2: neither title nor text\)"),
    ],
)
def test_tables_that_hold_no_documents(tmp_path: Path, content: str, reason: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(content)
    with pytest.raises(SeedError, match=reason):
        read(path)


def test_a_word_document(tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    document = docx.Document()
    document.add_paragraph("TỈNH ỦY HÀ GIANG")
    document.add_heading("Gặp gỡ đầu xuân", 1)
    document.add_paragraph("Sáng 26/2/2024, tại phòng họp.")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Quảng Ninh", "Hạ Long"
    document.add_paragraph("Đoạn cuối.")
    document.add_paragraph("Tin, ảnh: TRẦN KẾ")
    document.save(tmp_path / "a.docx")
    found = one(tmp_path / "a.docx")
    assert (found.title, found.author, found.date) == ("Gặp gỡ đầu xuân", "Trần Kế", "2024-02-26")
    assert "Quảng Ninh | Hạ Long\n\nĐoạn cuối." in found.body
    assert "TRẦN KẾ" not in found.body


def test_a_word_document_typed_in_a_legacy_font(tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    text = "Chiếc máy bay chở 132 người rơi xuống vùng đồi núi miền Nam, gây nên vụ cháy lớn."
    document = docx.Document()
    document.add_paragraph(text.encode("tcvn3").decode("cp1252"))
    document.save(tmp_path / "a.docx")
    assert one(tmp_path / "a.docx").text == text


def test_pages_of_a_pdf(tmp_path: Path) -> None:
    pytest.importorskip("pypdf")
    (tmp_path / "a.pdf").write_bytes(
        pdf_bytes(
            ["Gặp gỡ đầu xuân", "Chương trình diễn ra tại Quảng Ninh, Hà Giang và", "Cao Bằng."]
        )
    )
    found = one(tmp_path / "a.pdf")
    assert found.title == "Gặp gỡ đầu xuân"
    assert found.body == "Chương trình diễn ra tại Quảng Ninh, Hà Giang và Cao Bằng."


def test_pictures_of_pages_are_reported(tmp_path: Path) -> None:
    pytest.importorskip("pypdf")
    (tmp_path / "a.pdf").write_bytes(pdf_bytes([]))
    with pytest.raises(SeedError, match="no text in it, only pictures"):
        read(tmp_path / "a.pdf")


@pytest.mark.parametrize("name", ["a.pdf", "a.docx"])
def test_damaged_files_are_reported(tmp_path: Path, name: str) -> None:
    pytest.importorskip("pypdf")
    pytest.importorskip("docx")
    (tmp_path / name).write_bytes(b"PK\x03\x04 %PDF-1.4 nothing")
    with pytest.raises(SeedError, match="or damaged"):
        read(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "module"), [("a.pdf", "pypdf"), ("a.docx", "docx"), ("a.html", "trafilatura")]
)
def test_a_missing_library_is_named_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, module: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    (tmp_path / name).write_text(PAGE, "utf-8")
    with pytest.raises(SeedError, match=r"is needed to read it.*pip install 'timtin\[formats\]'"):
        read(tmp_path / name)


def read_lines(seed: SeedFile) -> Iterator[Document | Problem]:
    yield Document(seed.stem, "", seed.path.read_text("utf-8"), path=seed.name)


THEIRS = Format("lines", (".lines", ".txt"), read_lines)


def test_other_packages_add_formats(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    points = [
        EntryPoint("lines", f"{__name__}:THEIRS", readers.ENTRY_POINTS),
        EntryPoint("broken", "no.such.module:X", readers.ENTRY_POINTS),
    ]
    monkeypatch.setattr(readers, "entry_points", lambda group: points)
    monkeypatch.setattr(EntryPoint, "load", _loaded)
    _forget()
    try:
        (tmp_path / "a.lines").write_text("một dòng", "utf-8")
        assert one(tmp_path / "a.lines").body == "một dòng"
        (tmp_path / "a.txt").write_text("một dòng", "utf-8")
        assert one(tmp_path / "a.txt").id == "a#1"  # ours stay ours
        assert "lines" in readers.readers_key()
    finally:
        monkeypatch.undo()
        _forget()
    assert readers.suffix_of("a.lines") is None


def _loaded(point: EntryPoint) -> object:
    if point.name == "broken":
        raise ModuleNotFoundError("no.such.module")
    return THEIRS


def _forget() -> None:
    readers.formats.cache_clear()
    readers._suffixes.cache_clear()
    readers.readers_key.cache_clear()
