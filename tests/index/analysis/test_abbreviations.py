"""Abbreviations that a text defines: found both ways round, and nothing else taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.abbreviations import definitions, parse_term
from index.analysis.normalize import nfc


def terms(text: str) -> set[str]:
    return {definition.term() for definition in definitions(nfc(text))}


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("Chủ tịch Ủy ban nhân dân (UBND) tỉnh", "ubnd=ủy_ban_nhân_dân"),
        ("UBND (Ủy ban nhân dân) tỉnh", "ubnd=ủy_ban_nhân_dân"),
        ("Uỷ ban nhân dân ( UBND ) tỉnh", "ubnd=ủy_ban_nhân_dân"),
        ("đại biểu Hội đồng nhân dân (HĐND)", "hđnd=hội_đồng_nhân_dân"),
        ("Bộ Giáo dục và Đào tạo (GD&ĐT)", "gd_đt=giáo_dục_và_đào_tạo"),
        ("Bộ Giáo dục và Đào tạo (GDĐT)", "gdđt=giáo_dục_và_đào_tạo"),
        ("Văn hóa, Thể thao và Du lịch (VHTTDL)", "vhttdl=văn_hóa_thể_thao_và_du_lịch"),
        ("thông tin của Thủ tướng (TTg)", "ttg=thủ_tướng"),
        ("bà An, Thạc sĩ (ThS)", "ths=thạc_sĩ"),
        ("Liên hợp quốc (viết tắt là LHQ)", "lhq=liên_hợp_quốc"),
        ("Liên hợp quốc (sau đây gọi tắt là “LHQ”)", "lhq=liên_hợp_quốc"),
        ("tờ South China Morning Post (SCMP)", "scmp=south_china_morning_post"),
    ],
)
def test_definitions(text: str, term: str) -> None:
    assert terms(text) == {term}


@pytest.mark.parametrize(
    "text",
    [
        "Hội đồng nhân dân (UBND)",
        "Đại hội đồng (dhd)",
        "Hội nghị (2025) ở Hà Nội",
        "ông Nam (Hà Nội)",
        "UBND (tỉnh Hà Giang)",
        "Ủy ban. Nhân dân (UBND)",
        "Ủy ban nhân dân UBND",
        "Đường (D)",
        "Dân quân (ĐQ)",
        "(UBND)",
        "()",
        "nhân dân (UBND",
    ],
)
def test_what_defines_nothing(text: str) -> None:
    assert terms(text) == set()


@given(st.text('aâđuUBNDĐ&(). \n"', max_size=60) | st.text(max_size=40))
def test_terms_can_be_read_again(text: str) -> None:
    for definition in definitions(nfc(text)):
        assert parse_term(definition.term()) == definition
        assert len(definition.long) >= 2
        assert len(definition.term().encode()) <= 255


@pytest.mark.parametrize("text", ["(" * 100_000, "(" + " " * 200_000, "(A" * 50_000 + ")"])
def test_odd_texts_take_no_longer(text: str) -> None:
    assert terms(text) == set()
