"""Whom and where a text names, and provinces by old and new names."""

from __future__ import annotations

import pytest

from index.analysis.words import segmenter
from index.metadata.names import MAX_NAMES, Named, named
from index.metadata.provinces import MERGED, UNCHANGED, province, widened


def read(text: str) -> Named:
    return named(text, segmenter().words(text).runs)


def test_people_and_provinces_are_told_apart() -> None:
    found = read(
        "Chiều 20/2, tại TP Hạ Long, đồng chí Nguyễn Xuân Thắng, Ủy viên Bộ Chính trị, tiếp Bí thư "
        "Tỉnh ủy Quảng Ninh. Ông Nguyễn Xuân Thắng cảm ơn Quảng Ninh và Lạng Sơn."
    )
    assert found.names[0] == "Nguyễn Xuân Thắng"
    assert "Hạ Long" in found.names
    assert found.places == ["Quảng Ninh", "Lạng Sơn"]


def test_the_city_is_not_the_person() -> None:
    assert read("Tại TP Hồ Chí Minh và TP.HCM, Huế.").places == ["Hồ Chí Minh", "Huế"]
    assert read("Chủ tịch Hồ Chí Minh đọc Tuyên ngôn.") == Named(["Hồ Chí Minh"], [])
    assert read("Người Sài Gòn nhớ Chủ tịch Hồ Chí Minh.").places == ["Hồ Chí Minh"]


def test_only_the_names_that_come_most_often_are_kept() -> None:
    people = ("An", "Bình", "Cường", "Dũng", "Giang", "Hạnh", "Khánh", "Lan", "Mai")
    text = ". ".join(f"Ông Nguyễn Văn {name} nói" for name in people)
    found = read(f"{text}. Bà Trần Thị Lan cười. Bà Trần Thị Lan về.")
    assert found.names[0] == "Trần Thị Lan"
    assert len(found.names) == MAX_NAMES


def test_words_that_only_begin_a_sentence_are_no_names() -> None:
    assert read("Hội nghị diễn ra. Công an điều tra. Gặp gỡ đầu xuân.") == Named([], [])


def test_the_resolution_made_34_of_63() -> None:
    before = {old for olds in MERGED.values() for old in olds} | set(UNCHANGED)
    assert len(before) == 63
    assert len(set(MERGED) | set(UNCHANGED)) == 34
    assert all(new in olds for new, olds in MERGED.items())


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Hoà Bình", "Hòa Bình"),
        ("HÀ GIANG", "Hà Giang"),
        ("Đắc Lắc", "Đắk Lắk"),
        ("Bà Rịa – Vũng Tàu", "Bà Rịa - Vũng Tàu"),
        ("Thừa Thiên-Huế", "Huế"),
        ("Hà Giangg", None),
    ],
)
def test_provinces_by_other_spellings(written: str, name: str | None) -> None:
    assert province(written) == name


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("Hà Giang", ("Hà Giang", "Tuyên Quang")),
        ("Tuyên Quang", ("Tuyên Quang", "Hà Giang")),
        ("hòa bình", ("Hòa Bình", "Phú Thọ")),
        ("hoa binh", ("Hòa Bình", "Phú Thọ")),
        ("Quảng Ninh", ("Quảng Ninh",)),
        ("Hạ Long", ("Hạ Long",)),
    ],
)
def test_what_the_mergers_made(name: str, names: tuple[str, ...]) -> None:
    assert widened(name) == names
