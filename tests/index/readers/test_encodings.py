"""Every encoding that archives hold: told from the bytes, or declared, and read as it was meant."""

from __future__ import annotations

import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.encodings import ENCODERS, cp1258, same
from index.errors import SeedError
from index.readers import charsets
from index.readers.capitals import restore_capitals
from index.readers.decoding import decode, decode_named
from index.readers.legacy_fonts import respelled

SEEDS = sorted((Path(__file__).parents[3] / "seeds").glob("*.txt"))
PROSE = (
    "Trong chương trình hợp tác giữa hai tỉnh, lãnh đạo luôn đặt cao vai trò của nhân dân khu vực "
    "biên giới; thực tế cho thấy việc kết nghĩa đã để lại những ấn tượng sâu sắc, góp phần gắn kết."
)
LETTERS = [
    unicodedata.normalize("NFC", base + tone)
    for base in "aăâeêioôơuưy"
    for tone in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
] + ["đ"]
LEGACY = ("tcvn", "tcvn3", "viscii", "vps", "vni", "viqr")

charsets.register()


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem[:3])
@pytest.mark.parametrize("name", ENCODERS)
def test_the_project_seeds_are_read_back_from_every_encoding(path: Path, name: str) -> None:
    written, data = ENCODERS[name](path.read_text("utf-8"))
    read = decode_named(data)
    assert same(written, read.text)
    expected = unicodedata.normalize("NFC", written)
    assert read.text == expected
    assert read.encoding == {"utf-8 bom": "utf-8", "utf-8 nfd": "utf-8", "utf-16": "utf-16-le"}.get(
        name, name
    )


@pytest.mark.parametrize("name", LEGACY)
@pytest.mark.parametrize("letter", LETTERS)
def test_every_letter_has_its_bytes(name: str, letter: str) -> None:
    assert unicodedata.normalize("NFC", letter.encode(name).decode(name)) == letter
    capital = letter.upper().encode(name).decode(name)
    assert unicodedata.normalize("NFC", capital).lower() == letter
    if name not in ("tcvn3", "vps"):
        assert unicodedata.normalize("NFC", capital) == letter.upper()


@pytest.mark.parametrize("name", ["vni", "viqr", "viscii", "tcvn"])
@given(text=st.text([*LETTERS, *(x.upper() for x in LETTERS), *"bcdđghklmnpqrstvxDĐTN .,?!\\\n'"]))
def test_what_a_set_can_write_it_can_read(name: str, text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    assert unicodedata.normalize("NFC", text.encode(name).decode(name)) == text


@pytest.mark.skipif(not shutil.which("iconv"), reason="iconv is not installed")
@pytest.mark.parametrize(("name", "theirs"), [("tcvn", "TCVN"), ("viscii", "VISCII")])
def test_the_tables_are_those_of_iconv(name: str, theirs: str) -> None:
    data = b"\n".join(bytes([code]) for code in range(1, 256) if code not in b"\n\r")
    command = ["iconv", "-f", theirs, "-t", "UTF-8"]
    found = subprocess.run(command, input=data + b"\n", capture_output=True, check=False)
    if found.returncode:
        pytest.skip(f"this iconv does not know {theirs}")
    assert found.stdout.decode().rstrip("\n").split("\n") == data.decode(name).split("\n")


def test_known_words_in_known_bytes() -> None:
    assert b"C\xabng an t\xd8nh H\xb5 Giang".decode("tcvn3") == "Công an tỉnh Hà Giang"
    assert b"Vi\xeat Nam".decode("viscii") == "Viêt Nam"
    assert "tieáng Vieät, Ñaø Naüng, ñöôøng".encode("cp1252").decode("vni") == (
        "tiếng Việt, Đà Nẵng, đường"
    )
    assert b"ti\x89ng Vi\x8ct".decode("vps") == "tiếng Việt"
    assert b"tie^'ng Vie^.t, ddu+o+`ng, a\\?".decode("viqr") == "tiếng Việt, đường, a?"


@given(st.text(min_size=1))
def test_utf8_is_never_taken_for_anything_else(text: str) -> None:
    data = text.encode("utf-8", "ignore")
    if b"\0" in data or data.isascii():
        return
    assert decode_named(data).encoding == "utf-8"


@pytest.mark.parametrize(
    "text",
    [
        "What is it? It's (a test). Go to http://a.vn/?q=a+b ^_^",
        "def f(a, e):\n    return a.b(e)^2 + o.x(u)\n" * 9,
        "Ha Noi, ngay 25/2. Tin, anh: Tran Ke. Ban di dau? O dau?",
    ],
)
def test_ascii_that_is_no_viqr_stays_as_it_is(text: str) -> None:
    assert decode(text.encode()) == text.strip("\0")


@pytest.mark.parametrize(
    "data",
    [
        "Où est passé le déjeuner préparé hier à l'hôtel? Élégant garçon, très âgé.".encode(
            "cp1252"
        ),
        "Größe und Übermut führen häufig zu Ärger, sagte der Müller.".encode("latin-1"),
        bytes(range(128, 256)) * 8,
        "đường".encode()[:-1] + b"\xff " + PROSE.encode(),
    ],
)
def test_what_makes_no_vietnamese_is_refused_with_the_remedy(data: bytes) -> None:
    with pytest.raises(SeedError, match=r"not UTF-8 text .*seeds\.toml"):
        decode(data)


def test_a_declared_encoding_is_taken_at_its_word() -> None:
    french = "Où est passé le déjeuner?"
    assert decode(french.encode("cp1252"), "cp1252") == french
    assert decode("Hà Nội".encode("tcvn3"), "tcvn3") == "Hà Nội"
    assert decode("Hà Nội".encode("utf-16"), "utf-16") == "Hà Nội"
    assert decode(cp1258("Hà Nội").encode("cp1258"), "CP1258") == "Hà Nội"
    with pytest.raises(SeedError, match="not ascii text"):
        decode("Hà".encode(), "ascii")


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("Tin, ảnh: TRầN Kế", "Tin, ảnh: TRẦN KẾ"),
        ("UBND TỉNH Hà GIANG", "UBND TỈNH HÀ GIANG"),
        ("tại TP Hà Giang", "tại TP Hà Giang"),
        ("ủy viên ủy ban. ấn Độ và châu á", "Ủy viên Ủy ban. Ấn Độ và châu Á"),
        ("đứa bé chào: ạ! ở đây\nở kia", "đứa bé chào: ạ! Ở đây\nỞ kia"),
    ],
)
def test_capitals_that_a_set_lacks(read: str, meant: str) -> None:
    assert restore_capitals(read) == meant


@pytest.mark.parametrize("times", [1, 2])
def test_text_that_was_decoded_wrongly_is_mended(times: int) -> None:
    text = PROSE
    for _ in range(times):
        text = _wrong(text)
    assert decode(text.encode()) == PROSE


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("công Â\xa0ty", "công \xa0ty"),
        ("nhiệt độ 20Â°C", "nhiệt độ 20°C"),
        ("Ã‚n Độ và Ãšc", "Ân Độ và Úc"),
        ("“ĐÃ” rồi, “NGÔ”, CHÂU Â", "“ĐÃ” rồi, “NGÔ”, CHÂU Â"),
    ],
)
def test_signs_of_wrong_decoding_among_right_letters(read: str, meant: str) -> None:
    assert decode(read.encode()) == meant


def _wrong(text: str) -> str:
    """UTF-8 read as cp1252, in which undefined bytes are control characters."""
    return "".join(
        bytes([byte]).decode("cp1252") if byte not in b"\x81\x8d\x8f\x90\x9d" else chr(byte)
        for byte in text.encode()
    )


def test_letters_that_only_a_font_made_vietnamese() -> None:
    assert respelled(PROSE.encode("tcvn3").decode("cp1252")) == PROSE
    assert respelled(PROSE.encode("vni").decode("cp1252")) == PROSE
    assert respelled(PROSE) == PROSE
    assert respelled("Où est passé le déjeuner?") == "Où est passé le déjeuner?"


@pytest.mark.parametrize("name", ["tcvn3", "vni", "viscii", "vps"])
def test_a_document_may_be_so_in_parts(name: str) -> None:
    shown = f"Tiêu đề bằng Unicode\n{PROSE}\nHà Giang, plain English\nđường về\n{PROSE}"
    heading, first, *rest = shown.split("\n")
    typed = first.encode(name).decode("latin-1")
    assert respelled("\n".join([heading, typed, *rest[:-1], typed])) == shown


def test_a_long_file_is_judged_by_where_its_marks_are() -> None:
    text = "plain English first\n" * 20_000 + f"{PROSE}\n" * 3_000
    for name in ("vni", "tcvn3", "viscii"):
        assert decode_named(text.encode(name)) == (text, name)
