"""One folder with every encoding and format in it, and files that cannot be read."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from bench.encodings import ENCODERS
from index.store import IndexStore
from index.sync import sync
from search.engines.whoosh_engine import WhooshEngine
from search.request import SearchRequest

ARTICLE = """Hội nghị số {n} tại Quảng Ninh

Sáng 21/2/2025, tại thành phố Hạ Long, tỉnh Quảng Ninh chủ trì tổ chức Chương trình Gặp gỡ đầu xuân
giữa các tỉnh biên giới. Số hiệu của văn bản này là {n}x{n}.

Tin, ảnh: Trần Kế
"""


def test_everything_is_found_and_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    names = {}
    for n, (name, encode) in enumerate(ENCODERS.items(), 100):
        (seeds / f"{n}.txt").write_bytes(encode(ARTICLE.format(n=n))[1])
        names[f"{n}"] = name
    (seeds / "a.md").write_text("# Hội nghị\n\nSố hiệu 200x200.\n", "utf-8")
    record = {"id": "r", "title": "Hội nghị", "text": "Số hiệu 201x201."}
    lines = json.dumps(record) + "\nhỏng\n"
    (seeds / "b.jsonl").write_text(lines, "utf-8")
    packed = json.dumps({**record, "id": "s", "text": "Số hiệu 202x202."}).encode()
    (seeds / "c.jsonl.gz").write_bytes(gzip.compress(packed))
    (seeds / "d.csv").write_bytes("id;tiêu đề;nội dung\nt;Hội nghị;Số hiệu 203x203\n".encode("vni"))
    (seeds / "bad.txt").write_bytes(bytes(range(1, 256)) * 3)
    (seeds / "bad.jsonl.gz").write_bytes(gzip.compress(packed)[:-9])
    (seeds / "bad.docx").write_bytes(b"PK nothing")
    report = sync(seeds, IndexStore(tmp_path / "index"), processes=1)
    told = [(failure.path, failure.line) for failure in report.failed]
    assert told == [
        ("b.jsonl", 2),
        ("bad.docx", None),
        ("bad.jsonl.gz", None),
        ("bad.txt", None),
    ]
    assert report.added == len(ENCODERS) + 4
    engine = WhooshEngine(tmp_path / "index")
    for n, name in names.items():
        (hit,) = engine.search(SearchRequest(f'"{n}x{n}"')).hits
        assert (hit.title, hit.author, hit.date) == (
            f"Hội nghị số {n} tại Quảng Ninh",
            "Trần Kế",
            "2025-02-21",
        ), name
    for n in (200, 201, 202, 203):
        assert engine.search(SearchRequest(f'title:"hội nghị" "{n}x{n}"', mode="exact")).total == 1
    engine.close()


@pytest.mark.parametrize(
    ("written", "query"),
    [
        ("hội\u200b nghị", "hội nghị"),
        ("quốc\u00adtế", "quốctế"),
        ("hợp\u00a0tác", '"hợp tác"'),
        ("\ufeffTỉnh ủy", '"tỉnh ủy"'),
        ("nứơc ngòai, vịêt nam", '"nước ngoài" "việt nam"'),
        ("Trung Quốc).Chiều qua ,tại", '"trung quốc" "chiều qua tại"'),
        ("( Việt Nam ) : xong .", '"việt nam xong"'),
        ("TỈNH\u2060 NINH", '"tỉnh ninh"'),
        ("H\u00c3\u00a0 N\u00e1\u00bb\u2122i", '"hà nội"'),
        ("đồng\ufffdchí Nam", '"đồng chí nam"'),
        ("\u00d0ồng Văn, \u0189ường", '"đồng văn đường"'),
        ("thúyên chuyển, ngừơi, gía, qủa", '"thuyến chuyển người giá quả"'),
    ],
)
def test_dirt_is_searched_as_what_was_meant(tmp_path: Path, written: str, query: str) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "a.txt").write_text(f"Tựa đề\n\nHôm nay {written} nhé.\n", "utf-8")
    sync(seeds, IndexStore(tmp_path / "index"), processes=1)
    engine = WhooshEngine(tmp_path / "index")
    assert engine.search(SearchRequest(query, mode="exact")).total == 1
    document = engine.document("a")
    assert document is not None
    if "\u00c3" not in written:
        assert written in document.body  # shown as it was written
    engine.close()
