"""Vietnamese first, English on request; numbers and dates as each is written."""

import re
from datetime import date
from string import Formatter

import pytest
from flask.testing import FlaskClient

from web.formats import (
    format_day,
    format_milliseconds,
    format_moment,
    format_number,
    format_recent_day,
    format_size,
)
from web.messages import ENGLISH, VIETNAMESE

TAG = re.compile(r"</?\w+>")


def test_both_tables_say_the_same_things() -> None:
    assert VIETNAMESE.keys() == ENGLISH.keys()
    for key, text in VIETNAMESE.items():
        assert _values(text) == _values(ENGLISH[key]), key
        assert TAG.findall(text) == TAG.findall(ENGLISH[key]), key


def _values(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ({}, "vi"),
        ({"Accept-Language": "fr"}, "vi"),
        ({"Accept-Language": "en-US,en;q=0.9"}, "en"),
        ({"Accept-Language": "en;q=0.5,vi"}, "vi"),
    ],
)
def test_the_browser_chooses(client: FlaskClient, headers: dict[str, str], language: str) -> None:
    response = client.get("/", headers=headers)
    assert f'<html lang="{language}">' in response.text
    assert "Accept-Language" in response.headers["Vary"]


def test_a_choice_is_remembered(client: FlaskClient) -> None:
    assert '<html lang="en">' in client.get("/?q=a&lang=en").text
    assert "1,250 results, 4.2 ms" in client.get("/?q=a").text
    assert '<html lang="vi">' in client.get("/?lang=vi").text
    assert '<html lang="vi">' in client.get("/", headers={"Accept-Language": "en"}).text
    assert '<html lang="vi">' in client.get("/?lang=xx").text


def test_the_switch_stays_on_the_page(client: FlaskClient) -> None:
    markup = client.get("/documents/000_3772e8170c534e90%233?q=gap+go").text
    assert 'href="/documents/000_3772e8170c534e90%233?q=gap+go&amp;lang=en"' in markup


def test_numbers_and_dates() -> None:
    assert format_number("vi", 1250) == "1.250"
    assert format_number("en", 1250) == "1,250"
    assert format_milliseconds("vi", 0.42) == "0,4 ms"
    assert format_milliseconds("vi", 1250.4) == "1.250 ms"
    assert format_day("vi", "2025-02-03") == "03/02/2025"
    assert format_day("en", "2025-02-03") == "3 Feb 2025"


def test_days_that_are_near_are_called_so() -> None:
    now = date(2025, 3, 1)
    shown = [
        format_recent_day("vi", iso, now) for iso in ("2025-03-01", "2025-02-28", "2025-02-25")
    ]
    assert shown == ["hôm nay", "hôm qua", "4 ngày trước"]
    assert format_recent_day("vi", "2025-02-22", now) == "22/02/2025"
    assert format_recent_day("vi", "2025-03-02", now) == "02/03/2025"  # not here yet
    assert format_recent_day("en", "2025-02-28", now) == "yesterday"


def test_moments_and_sizes() -> None:
    assert format_moment("vi", "2025-02-20T18:30:00+00:00") == "21/02/2025 01:30"
    sizes = [format_size("vi", size) for size in (0, 310_000, 1_234_000, 45e6, 3.44e9, 5e12)]
    assert sizes == ["0,0 kB", "310 kB", "1,2 MB", "45 MB", "3,4 GB", "5.000 GB"]


@pytest.mark.parametrize(
    ("language", "count", "text"),
    [("en", 1, "1 result, 4.2 ms"), ("en", 2, "2 results, 4.2 ms"), ("vi", 1, "1 kết quả, 4,2 ms")],
)
def test_one_is_not_several(
    client: FlaskClient, engine, language: str, count: int, text: str
) -> None:
    engine.total = count
    assert text in client.get(f"/?q=a&lang={language}").text
