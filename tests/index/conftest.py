"""Documents to index: small, odd on purpose, made here."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.documents import Document
from index.store import IndexStore

TEXTS = [
    "Gặp gỡ đầu xuân 2025 giữa Bí thư 5 tỉnh/khu: Quảng Ninh, Lạng Sơn, Cao Bằng, Hà Giang",
    "Chiếc máy bay chở 132 người rơi xuống vùng đồi núi; máy bay rơi, máy bay cháy.",
    "Hòa bình, hoà bình, HÒA BÌNH! kỹ sư và kĩ sư",
    "",
    "Ủy ban nhân dân (UBND) tỉnh họp; UBND (Ủy ban nhân dân), sở Giáo dục và Đào tạo (GD&ĐT).",
    "19-21/2 tại TP Hạ Long; COVID-19; 1.250.000 đồng",
    "Đường sắt, Dương Thị Đường, đương nhiên là đường " * 40,
]


@pytest.fixture
def documents() -> list[Document]:
    return [
        Document(
            id=f"tài-liệu/{number}#{number}",
            title="" if number % 3 else f"Tin số {number} về Hà Giang",
            body=text,
            author="Trần Kế" if number % 2 else None,
            source="Báo Hà Giang" if number % 3 == 1 else None,
            date=f"2025-02-{number + 1:02d}" if number % 4 else None,
            path=f"thư mục/{number}.txt",
        )
        for number, text in enumerate(TEXTS * 3)
    ]


@pytest.fixture
def store(tmp_path: Path) -> IndexStore:
    return IndexStore(tmp_path / "index")
