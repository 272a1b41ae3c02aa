"""Bylines and source lines, and lines that only look like them."""

from __future__ import annotations

import pytest

from index.metadata.bylines import Credits, agency, display_names, read_credit_line, split_credits

LINES = [
    ("Tin, ảnh: TRẦN KẾ", Credits(author="Trần Kế")),
    ("TIN, ẢNH: TRẦN KẾ", Credits(author="Trần Kế")),
    ("Bài và ảnh: Mai Hương", Credits(author="Mai Hương")),
    ("Bài, ảnh: MAI HƯƠNG – LÊ LÂM", Credits(author="Mai Hương, Lê Lâm")),
    ("Tin: NGUYỄN AN; Ảnh: Lê Bình", Credits(author="Nguyễn An")),
    ("Thực hiện: THU HÀ, MINH ĐỨC và KIỀU OANH", Credits(author="Thu Hà, Minh Đức, Kiều Oanh")),
    ("Bài, ảnh: PV", Credits(author="PV")),
    ("Tin: K'BRÊU (t/h)", Credits(author="K'Brêu")),
    ("Theo TTXVN", Credits(source="TTXVN")),
    ("(Theo Vietnam+)", Credits(source="Vietnam+")),
    ("Theo Hà Giang", Credits(source="Hà Giang")),
    ("Theo Nguyễn Văn An (VnExpress)", Credits(author="Nguyễn Văn An", source="VnExpress")),
    ("Theo Khánh Linh/VOV", Credits(author="Khánh Linh", source="VOV")),
    (
        "Nguồn Hà Giang: http://baohagiang.vn/a/202402/b-9cb105d/",
        Credits(source="Hà Giang", url="http://baohagiang.vn/a/202402/b-9cb105d/"),
    ),
    ("Nguồn: Báo Quảng Ninh", Credits(source="Báo Quảng Ninh")),
    ("(Nguồn: TTXVN)", Credits(source="TTXVN")),
    (
        "Nguồn: http://www.baohagiang.vn/a",
        Credits(source="baohagiang.vn", url="http://www.baohagiang.vn/a"),
    ),
    ("Nguồn: TTXVN - https://a.vn/b.", Credits(source="TTXVN", url="https://a.vn/b")),
    ("Nguồn Báo Quảng Ninh", Credits(source="Báo Quảng Ninh")),
    ("(TTXVN)", Credits(source="TTXVN")),
    ("Theo TTXVN/Vietnam+", Credits(source="TTXVN/Vietnam+")),
    ("Tổng hợp: Mai Lan", Credits(author="Mai Lan")),
    ("Link bài gốc: https://a.vn/b", Credits(url="https://a.vn/b")),
    ("https://a.vn/b", Credits(url="https://a.vn/b")),
]

OTHER = [
    "Ảnh: Trần Kế",
    "Nguồn ảnh: Internet",
    "Nguồn vốn: 5 tỷ đồng",
    "Nguồn lực con người là quý nhất",
    "TRẦN KẾ",  # in the midst of a text it may be anything
    "Theo kế hoạch, Đoàn đại biểu sẽ xuất cảnh",
    "Theo ông Nam, giá sẽ tăng.",
    "Bài: học đầu tiên là phải kiên nhẫn.",
    "Tin: sáng nay trời mưa",
    "Đồng chí Nguyễn Mạnh Dũng chủ trì cuộc họp.",
    "",
]


@pytest.mark.parametrize(("line", "credits"), LINES)
def test_what_closing_lines_say(line: str, credits: Credits) -> None:
    assert read_credit_line(line) == credits


@pytest.mark.parametrize("line", OTHER)
def test_lines_that_say_nothing_of_the_kind(line: str) -> None:
    assert read_credit_line(line) is None


def test_closing_lines_leave_the_text_and_captions_stay() -> None:
    lines = ["Đoạn một.", "", "Tin: LÊ AN", "", "Ảnh: Trần Kế", "Nguồn: https://a.vn/b"]
    kept, credits = split_credits(lines)
    assert kept == ["Đoạn một.", "", "", "Ảnh: Trần Kế"]
    assert credits == Credits("Lê An", "a.vn", "https://a.vn/b")


def test_lines_far_from_the_end_are_text() -> None:
    lines = ["Tin: LÊ AN", *["Một đoạn văn dài."] * 6]
    assert split_credits(lines) == (lines, Credits())


def test_the_last_word_is_the_first_said() -> None:
    _, credits = split_credits(["Theo TTXVN", "Nguồn: Báo Hà Giang"])
    assert credits.source == "TTXVN"


@pytest.mark.parametrize(
    ("opening", "name"),
    [
        ("BHG - Sáng 26.2, họp", "BHG"),
        ("(TTXVN) - Sáng 26.2", "TTXVN"),
        ("(Chinhphu.vn) – Chiều 5/3", "Chinhphu.vn"),
        ("(Dân trí) - Sáng 26.2", "Dân trí"),
        ("(PLO)- Ngày 5/3", "PLO"),
        ("TPO - Sáng nay", "TPO"),
        ("VOV.VN - Ngày 5/3", "VOV.VN"),
        ("Hà Nội (TTXVN) - Ngày 5/3", "TTXVN"),
        ("UBND - đơn vị chủ trì", None),
        ("Hà Nội - Sáng 26.2", None),
        ("(Ảnh minh họa) - Sáng", None),
        ("Sáng 26.2, họp", None),
    ],
)
def test_agencies_that_open_a_dateline(opening: str, name: str | None) -> None:
    assert agency(opening) == name


def test_names_are_shown_in_title_case() -> None:
    assert display_names("TRẦN KẾ") == "Trần Kế"
    assert display_names("Trần Kế") == "Trần Kế"
    assert display_names("PV TTXVN") == "PV TTXVN"
    assert display_names("") is None
    assert display_names("một câu thường") is None


@pytest.mark.parametrize(
    ("last", "credits"),
    [
        ("TRẦN KẾ", Credits(author="Trần Kế")),
        ("Nguyễn Văn An - Lê Bình", Credits(author="Nguyễn Văn An, Lê Bình")),
        ("Trần Kế (t/h)", Credits(author="Trần Kế")),
        ("Đức Minh (Theo TTXVN)", Credits(author="Đức Minh", source="TTXVN")),
        ("PV", Credits(author="PV")),
        ("Hà Giang", None),
        ("Đức Minh", None),  # perhaps a place
        ("Hạ Long", None),
        ("Hội nghị thành công.", None),
        ("Lê An nói.", None),
    ],
)
def test_a_last_line_may_be_a_signature(last: str, credits: Credits | None) -> None:
    kept, found = split_credits(["Đoạn một.", "", last])
    assert found == (credits or Credits())
    assert (last in kept) == (credits is None)
