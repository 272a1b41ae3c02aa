"""Text and Markdown seeds: shapes, encodings, and the metadata of the project's own seeds."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents import Document
from index.errors import SeedError
from index.readers import Limits, Problem, read_seed, seed_file, suffix_of
from index.readers.decoding import decode

SEEDS = Path(__file__).parents[3] / "seeds"
COLLECTION, ARTICLE = "000_3772e8170c534e90", "004_4ef29a01ff71ed4f"

# What a careful reader writes down. #8 names a year but no day, #11 a day but no year.
DATES = {
    f"{COLLECTION}#1": ("2022-02-25", "Sáng 25/2 + năm 2022"),
    f"{COLLECTION}#2": (None, None),
    f"{COLLECTION}#3": ("2025-02-19", "ngày 19-21/2 + xuân 2025"),
    f"{COLLECTION}#4": ("2023-02-22", "Sáng 22/2 + năm 2023"),
    f"{COLLECTION}#5": ("2025-01-09", "Chiều 9/1 + Xuân 2025"),
    f"{COLLECTION}#6": (None, None),
    f"{COLLECTION}#7": (None, None),
    f"{COLLECTION}#8": (None, None),
    f"{COLLECTION}#9": (None, None),
    f"{COLLECTION}#10": ("2025-02-19", "Sáng 19/2 + Xuân 2025"),
    f"{COLLECTION}#11": (None, None),
    f"{COLLECTION}#12": ("2025-02-21", "Sáng 21/2 + Xuân 2025"),
    f"{COLLECTION}#13": ("2025-02-19", "ngày 19-21/2 + năm 2025"),
    f"{COLLECTION}#14": ("2025-02-21", "chiều 21/2 + xuân 2025"),
    ARTICLE: ("2024-02-26", "Sáng 26.2 + /202402/"),
}


def read(path: Path, name: str | None = None) -> list[Document | Problem]:
    return list(read_seed(seed_file(path, name or path.name)))


def documents(path: Path, name: str | None = None) -> list[Document]:
    items = read(path, name)
    assert all(isinstance(item, Document) for item in items)
    return [item for item in items if isinstance(item, Document)]


def write(folder: Path, content: str | bytes, name: str = "a.txt") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_the_project_seeds_give_fifteen_documents_with_their_dates() -> None:
    found = [document for path in sorted(SEEDS.glob("*.txt")) for document in documents(path)]
    assert {item.id: (item.date, item.date_evidence) for item in found} == DATES
    assert [item.id for item in found] == list(DATES)
    assert {item.path for item in found} == {f"{COLLECTION}.txt", f"{ARTICLE}.txt"}


def test_the_article_with_its_credits() -> None:
    (article,) = documents(SEEDS / f"{ARTICLE}.txt")
    assert article.title.startswith("Họp Đoàn đại biểu tỉnh Hà Giang tham dự")
    assert article.title.endswith("tại Quảng Tây, Trung Quốc")
    assert (article.author, article.source) == ("Trần Kế", "Hà Giang")
    assert article.url is not None
    assert article.url.startswith("http://baohagiang.vn/thoi-su-chinh-tri/202402/")
    assert article.url.endswith("-9cb105d/")
    assert article.body.startswith("BHG - Sáng 26.2, tại phòng họp BTV Tỉnh ủy")
    assert article.body.endswith("có thể áp dụng tại tỉnh.")
    assert "TRẦN KẾ" not in article.body
    assert article.body.count("\n\n") == 6


def test_the_leads_of_the_collection_are_as_written() -> None:
    lines = (SEEDS / f"{COLLECTION}.txt").read_text("utf-8").splitlines()
    leads = documents(SEEDS / f"{COLLECTION}.txt")
    assert [lead.body for lead in leads] == lines
    assert {(lead.title, lead.author, lead.source, lead.url) for lead in leads} == {
        ("", None, None, None)
    }


@pytest.mark.parametrize(
    ("codec", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-32-le", b"\xff\xfe\x00\x00"),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_forms_and_line_ends_make_no_difference(
    tmp_path: Path, codec: str, mark: bytes, form: str, newline: str
) -> None:
    text = (SEEDS / f"{ARTICLE}.txt").read_text("utf-8")
    written = unicodedata.normalize(form, text).replace("\n", newline)  # type: ignore[arg-type]
    path = write(tmp_path, mark + written.encode(codec), f"{ARTICLE}.txt")
    assert documents(path) == documents(SEEDS / f"{ARTICLE}.txt")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"abc\xe1\xba", "not UTF-8 text (byte 0xe1 at offset 3)"),
        ("đường".encode("cp1258", "replace") + b"\xff", "not UTF-8 text (byte 0x"),
        (b"PK\x03\x04\x00\x01", "binary data (NUL byte at offset 4)"),
        (b"\xff\xfea\x00\x00\xd8", "not UTF-16 text (byte 0x00 at offset 4)"),
        (b"\xef\xbb\xbfa\xff", "not UTF-8 text (byte 0xff at offset 4)"),
        (b"", "no text in it"),
        (b" \n\t\r\n \xe2\x80\x8b\n", "no text in it"),
    ],
)
def test_what_is_not_text_is_refused_with_the_place(
    tmp_path: Path, data: bytes, reason: str
) -> None:
    with pytest.raises(SeedError) as refused:
        read(write(tmp_path, data))
    assert reason in str(refused.value)


@given(st.binary(max_size=200))
def test_any_bytes_are_text_in_nfc_or_refused(data: bytes) -> None:
    try:
        text = decode(data)
    except SeedError:
        return
    assert unicodedata.is_normalized("NFC", text)
    assert "\0" not in text
    assert "\r" not in text


def test_blank_lines_make_an_article(tmp_path: Path) -> None:
    path = write(tmp_path, "\n\n Tựa đề \n\nĐoạn một,\nvẫn đoạn một.\n\n \n\nĐoạn hai.\n\n")
    (article,) = documents(path, "2024/tin/a.txt")
    assert article.id == "2024/tin/a"
    assert article.path == "2024/tin/a.txt"
    assert article.title == "Tựa đề"
    assert article.body == "Đoạn một,\nvẫn đoạn một.\n\nĐoạn hai."


def test_lines_without_blank_ones_are_a_collection(tmp_path: Path) -> None:
    path = write(tmp_path, "\nTin một.\r\n  Tin hai.\nTin ba\n\n")
    assert [(lead.id, lead.body) for lead in documents(path)] == [
        ("a#1", "Tin một."),
        ("a#2", "Tin hai."),
        ("a#3", "Tin ba"),
    ]


def test_a_byline_at_the_end_makes_an_article_without_blank_lines(tmp_path: Path) -> None:
    (article,) = documents(write(tmp_path, "Tựa đề\nMột đoạn.\nTin, ảnh: LÊ AN"))
    assert (article.title, article.body, article.author) == ("Tựa đề", "Một đoạn.", "Lê An")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Tựa đề.\n\nĐoạn.", "Tựa đề."),
        ("Tựa đề\nDòng dẫn\n\nĐoạn.", "Tựa đề"),
        ("Một câu dài,\nxuống dòng.\n\nĐoạn.", ""),
        ("chữ " * 100 + "\n\nĐoạn.", ""),
    ],
)
def test_which_first_lines_are_titles(tmp_path: Path, text: str, title: str) -> None:
    (article,) = documents(write(tmp_path, text))
    assert article.title == title
    assert article.text.startswith(text.split("\n", maxsplit=1)[0].strip())


@given(st.lists(st.text(alphabet="ab đ\u0301\u200b\t", max_size=6), min_size=1, max_size=8))
def test_no_text_is_lost(lines: list[str]) -> None:
    written = "\n".join(lines)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.readers.seed.read_whole", lambda seed: written.encode())
        try:
            found = documents(Path("a.txt"))
        except SeedError:
            assert not "".join(lines).strip(" \t\u200b")
            return
    kept = "".join("".join(item.text.split()) for item in found)
    expected = "".join(unicodedata.normalize("NFC", written).split())
    assert kept.replace("\u200b", "") == expected.replace("\u200b", "")


def test_markdown_takes_its_title_from_the_heading(tmp_path: Path) -> None:
    path = write(tmp_path, "lời dẫn\n\n# Tựa đề #\n\n## Mục\n\nĐoạn.\n\nTin: LÊ AN\n", "b.MD")
    (document,) = documents(path)
    assert document.id == "b"
    assert (document.title, document.author) == ("Tựa đề", "Lê An")
    assert document.body == "lời dẫn\n\n## Mục\n\nĐoạn."
    (plain,) = documents(write(tmp_path, "chỉ một dòng", "c.md"))
    assert (plain.title, plain.body) == ("", "chỉ một dòng")


def test_what_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, b"a" * ((1 << 20) + 1))
    with pytest.raises(SeedError, match=r"larger than 1 MB; split it"):
        list(read_seed(seed_file(path, path.name, limits=Limits(file_bytes=1 << 20))))
    path = write(tmp_path, "một\nhai\nba\nbốn")
    with pytest.raises(SeedError, match=r"more than 2 lines; split it"):
        list(read_seed(seed_file(path, path.name, limits=Limits(documents=2))))
    monkeypatch.setattr("index.readers.seed.MAX_BODY_CHARS", 100)
    monkeypatch.setattr("index.readers.text.MAX_BODY_CHARS", 100)
    with pytest.raises(SeedError, match="a text of 101 characters"):
        read(write(tmp_path, "Tựa\n\n" + "a" * 101))
    lead, problem = read(write(tmp_path, "ngắn\n" + "a" * 101))
    assert isinstance(lead, Document)
    assert problem == Problem("a.txt", 2, "longer than 100 characters")


def test_a_file_that_is_gone_or_a_folder_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(SeedError, match="vanished"):
        read(tmp_path / "gone.txt")
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(SeedError, match="not an ordinary file"):
        read(tmp_path / "folder.txt")


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_a_source_line_alone_is_the_text(tmp_path: Path, name: str) -> None:
    address = "http://a.vn/202402/" + "b" * 300  # too long for a title
    (document,) = read(write(tmp_path, f"{address}\n", name))
    assert isinstance(document, Document)
    assert (document.body, document.url) == (address, None)


def test_suffixes() -> None:
    assert suffix_of("a.txt") == ".txt"
    assert suffix_of("A.JSONL.GZ") == ".jsonl.gz"
    assert suffix_of("a.b.jsonl") == ".jsonl"
    assert suffix_of("a.pdf") == ".pdf"
    assert suffix_of("a.exe") is None
    assert suffix_of(".txt") is None
