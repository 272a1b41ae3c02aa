"""Dates as a careful reader would write them down."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.metadata.calendar import stated_day
from index.metadata.dates import first_full_date, publication_date, url_day
from index.metadata.mentions import find_mentions

FULL = [
    ("Nhận thư mời ngày 25.1.2024 của Bí thư", "2024-01-25", "ngày 25.1.2024"),
    ("Quyết định ký ngày 02/9/1945 tại Hà Nội", "1945-09-02", "ngày 02/9/1945"),
    ("Hà Nội, ngày 05 tháng 01 năm 2024", "2024-01-05", "ngày 05 tháng 01 năm 2024"),
    ("diễn ra ngày 19/2 năm 2025", "2025-02-19", "ngày 19/2 năm 2025"),
    ("từ ngày 19-21/2/2025 tại Hạ Long", "2025-02-19", "ngày 19-21/2/2025"),
    ("từ 20/1 đến 19/2/2019", "2019-01-20", "20/1 đến 19/2/2019"),
    ("từ ngày 28/12 đến 3/1/2015", "2014-12-28", "ngày 28/12 đến 3/1/2015"),
    ("các ngày 19, 20 và 21/2/2025", "2025-02-19", "ngày 19, 20 và 21/2/2025"),
    ("khoảng 7h ngày 14-3-2018", "2018-03-14", "ngày 14-3-2018"),
    ("ngày 2 tháng Chín năm 1945", "1945-09-02", "ngày 2 tháng Chín năm 1945"),
    ("công bố 2025-02-19 trên cổng", "2025-02-19", "2025-02-19"),
    ("(20/07/2017)", "2017-07-20", "20/07/2017"),
    ("ngày 29/2/2024", "2024-02-29", "ngày 29/2/2024"),
    ("khu phố 4, 25/2/2024", "2024-02-25", "25/2/2024"),
    ("Thứ Hai, ngày 26/02/2024, 10:30", "2024-02-26", "Thứ Hai, ngày 26/02/2024"),
    ("thứ 6, 25/2/2022", "2022-02-25", "thứ 6, 25/2/2022"),
]

ANCHORED = [
    ("Sáng 25/2, đã tổ chức Gặp gỡ đầu xuân năm 2022", "2022-02-25", "Sáng 25/2 + năm 2022"),
    ("Xuân 2025 diễn ra từ ngày 19-21/2", "2025-02-19", "ngày 19-21/2 + Xuân 2025"),
    ("Chiều nay (2/8), hội nghị năm 2019", "2019-08-02", "Chiều nay (2/8) + năm 2019"),
    ("Rạng sáng ngày 5-3, tháng 3/2024", "2024-03-05", "Rạng sáng ngày 5-3 + tháng 3/2024"),
    ("Ngày 9 tháng 1, hội nghị năm 2025", "2025-01-09", "Ngày 9 tháng 1 + năm 2025"),
    ("Sáng 26/2 họp. Thư mời ngày 21.2.2024", "2024-02-26", "Sáng 26/2 + ngày 21.2.2024"),
    ("Chiều 19/12 họp. Chạy từ 1/1/2017", "2016-12-19", "Chiều 19/12 + 1/1/2017"),
    ("BHG - Sáng 26.2, Gặp gỡ đầu Xuân năm 2024", "2024-02-26", "Sáng 26.2 + năm 2024"),
    ("TTXVN đưa.\nSáng 1/2, xuân 2023.\nNgày 5/6/2020 khác", "2023-02-01", "Sáng 1/2 + xuân 2023"),
]

NONE = [
    "Chiều 20/2, tại TP Hạ Long",  # no year
    "hỗ trợ 1/3 số cán bộ năm 2025",
    "dự chi thêm 6.000 tỷ đồng năm 2025",
    "hoạt động 24/7 từ năm 2025",
    "theo điều 19/2 năm 2025",  # an article of a law, for no word of time leads it
    "Sáng 31/2 năm 2025",  # no such day
    "ngày 32/1/2025",
    "ngày 29/2/2023",
    "ngày 25/13/2025",
    "Sáng 1/2 viên, tối 1/2 viên, năm 2025",
    "mỗi ngày 1/3 khẩu phần, năm 2025",
    "chào mừng ngày 20/11, năm 2024 toàn ngành",
    "sinh ngày 1/2/1980 tại Hà Giang",
    "mùng 10 tháng 3 năm 2024",  # the lunar calendar's
    "Ngày 10/3/2024 âm lịch",
    "trước ngày 30/6, hoàn thành kế hoạch năm 2025",
    "Sáng 5/1, tổng kết công tác năm 2024",  # the year before that day's, most likely
    "Sáng 5/1, hội nghị năm 2024 và Gặp gỡ đầu xuân 2025",  # which year?
    "Chiều 7/4, hội ngộ năm 1972",
    "AFP dẫn thông báo ngày 30/4 về cuộc chiến năm 2014",
    "phiên bản 1.2.3, địa chỉ 10.1.2.2024",
    "năm 2025",
    "tháng 2 năm 2025",
    "số 19/2020/NĐ-CP",
    "",
]


@pytest.mark.parametrize(("text", "day", "words"), FULL)
def test_full_dates(text: str, day: str, words: str) -> None:
    for dated in (publication_date(text), first_full_date(text)):
        assert dated is not None
        assert (dated.date, dated.evidence) == (day, words)


@pytest.mark.parametrize(("text", "day", "words"), ANCHORED)
def test_datelines_take_their_year_from_what_is_near(text: str, day: str, words: str) -> None:
    dated = publication_date(text)
    assert dated is not None
    assert (dated.date, dated.evidence) == (day, words)


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_date_or_has_no_year_is_left_alone(text: str) -> None:
    assert publication_date(text) is None
    assert first_full_date(text) is None


def test_the_title_may_say_the_year() -> None:
    dated = publication_date("Sáng 25/2, tại Hạ Long.", title="Gặp gỡ đầu xuân 2025")
    assert dated is not None
    assert dated.date == "2025-02-25"


def test_a_full_date_in_the_title_comes_before_those_in_the_text() -> None:
    dated = publication_date("Theo văn bản ngày 1/2/2024.", title="Giá vàng 5/3/2024")
    assert dated is not None
    assert dated.date == "2024-03-05"
    dated = publication_date("Sáng 6/3, giá tăng.", title="Giá vàng 5/3/2024")
    assert dated is not None
    assert dated.date == "2024-03-06"


@pytest.mark.parametrize(
    ("text", "url", "day"),
    [
        ("Sáng 26.2, họp", "http://baohagiang.vn/thoi-su/202402/hop-9cb105d/", "2024-02-26"),
        ("Chiều 31/12, họp", "https://a.vn/202501/b", "2024-12-31"),
        ("Sáng 26.2, họp", "https://a.vn/2024/02/b", "2024-02-26"),
        ("Sáng 5/9, xuân 2023", "https://a.vn/202402/b", None),  # not of that month
        ("không có ngày", "https://a.vn/202402/b", None),
        ("không có ngày", "https://a.vn/2024/02/26/b", "2024-02-26"),
        ("Sáng 1/1/2020", "https://a.vn/tin-20240226101530123.htm", "2024-02-26"),
        ("không có ngày", "https://a.vn/2024/02/31/b", None),
    ],
)
def test_the_url_dates_a_dateline(text: str, url: str, day: str | None) -> None:
    dated = publication_date(text, url=url)
    assert (dated.date if dated else None) == day


def test_a_line_that_states_the_publication_wins() -> None:
    text = "Sáng 20/2, xuân 2024, họp. Thư ngày 25.1.2024.\n\nNgày đăng: 26/2/2024 10:30"
    dated = publication_date(text)
    assert dated is not None
    assert dated.date == "2024-02-26"


def test_the_first_full_date_is_the_fallback() -> None:
    text = "Chiều 20/8, họp. Kế hoạch ban hành 21.2.2024, sửa ngày 3/4/2024."
    dated = publication_date(text)
    assert dated is not None
    assert dated.date == "2024-02-21"


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2025-02-19", "2025-02-19"),
        ("2025-02-19T10:00:00+07:00", "2025-02-19"),
        ("2025-2-9 10:00", "2025-02-09"),
        ("19/02/2025", "2025-02-19"),
        ("9.2.2025", "2025-02-09"),
        ("19/2/2025, 10:30", "2025-02-19"),
        (20250219, "2025-02-19"),
        ("2025-02-30", None),
        ("2025", None),
        (1_708_900_000, None),
        ("hôm qua", None),
        ("", None),
        (None, None),
        (True, None),
        (["2025-02-19"], None),
    ],
)
def test_dates_that_a_record_states(value: object, day: str | None) -> None:
    assert stated_day(value) == day


def test_url_days_must_be_whole() -> None:
    assert url_day("https://a.vn/tin-2024022612345678901234.htm") is None
    assert url_day("https://a.vn/p/20240226/") is not None
    assert url_day(None) is None


@given(st.text("0123456789/.-, ngàysáthăm()%\n", max_size=60))
def test_nothing_that_is_found_is_out_of_the_calendar_or_out_of_the_text(text: str) -> None:
    for mention in find_mentions(text):
        assert text.startswith(mention.words[0], mention.start)
        assert mention.on(mention.year or 2024) is not None
    dated = publication_date(text)
    if dated is not None:
        assert stated_day(dated.date) == dated.date


@given(
    day=st.dates(
        min_value=date(1900, 1, 1),
        max_value=date(2099, 12, 31),
    ),
    form=st.sampled_from(
        [
            "ngày {d}/{m}/{y}",
            "{d:02}.{m:02}.{y}",
            "sáng {d}-{m}-{y}",
            "ngày {d} tháng {m} năm {y}",
            "{y}-{m:02}-{d:02}",
        ]
    ),
    before=st.sampled_from(["", "Theo kế hoạch, ", "Họp (", "Tin.\n"]),
    after=st.sampled_from(["", ".", ", tại Hà Nội", ") xong", "\nTiếp"]),
)
def test_every_written_day_is_read_back(day: date, form: str, before: str, after: str) -> None:
    text = before + form.format(d=day.day, m=day.month, y=day.year) + after
    for dated in (publication_date(text), first_full_date(text)):
        assert dated is not None
        assert dated.date == day.isoformat()
