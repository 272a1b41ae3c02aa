"""What abbreviations stand for in an index, over its segments, commits and deletions."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.analysis.syllables import syllables
from index.documents import Document
from index.language.abbreviations import FIELD, Abbreviations, common, read_abbreviations
from index.store import IndexStore


def read(store: IndexStore) -> Abbreviations:
    return read_abbreviations(segment.field(FIELD) for segment in store.snapshot().segments)


def add(store: IndexStore, **bodies: str) -> None:
    with store.transaction() as change:
        change.add(Document(id=id, title="", body=body) for id, body in bodies.items())
        change.commit()


def longs(store: IndexStore, short: str) -> dict[str, float]:
    return {" ".join(found.syllables): found.weight for found in read(store).longs(short)}


@pytest.fixture
def store(tmp_path: Path) -> IndexStore:
    return IndexStore(tmp_path / "index")


def test_both_ways_over_segments(store: IndexStore) -> None:
    add(store, a="Khu bảo tồn biển (KBTB) Cù Lao Chàm")
    add(store, b="Khu bảo tồn biển (KBTB), KBTB (Khu bảo tồn biển)", c="Không có gì.")
    assert longs(store, "kbtb") == {"khu bảo tồn biển": pytest.approx(2 / 3)}
    (short,) = read(store).shorts("khu bao ton bien")
    assert short.syllables == ("kbtb",)
    assert read(store).longs("cu lao") == []


def test_the_usual_meaning_comes_first(store: IndexStore) -> None:
    add(store, a="Nhà thi đấu (NTĐ)", b="Nhà thi đấu (NTĐ)", c="Người tiêu dùng (NTD)")
    assert list(longs(store, "ntd")) == ["nhà thi đấu", "người tiêu dùng"]


def test_two_letters_in_one_document_are_chance(store: IndexStore) -> None:
    add(store, a="Xe buýt (XB)")
    assert longs(store, "xb") == {}
    add(store, b="Xe buýt (XB)")
    assert longs(store, "xb") == {"xe buýt": pytest.approx(2 / 3)}


def test_common_ones_need_no_definition(store: IndexStore) -> None:
    add(store, a="Không có gì.")
    assert "ủy ban nhân dân" in longs(store, "ubnd")
    assert "hội đồng nhân dân" in longs(store, "hdnd")
    assert set(longs(store, "btv")) == {"ban thường vụ", "biên tập viên"}
    assert "thành phố hồ chí minh" in longs(store, "tp hcm")
    assert {" ".join(s.syllables) for s in read(store).shorts("trung uong")} == {"tw", "tư"}


def test_common_ones_are_not_counted_for_more_than_the_index_says(store: IndexStore) -> None:
    add(store, **{f"d{n}": "Khách hàng (KH) quen" for n in range(30)})
    assert next(iter(longs(store, "kh"))) == "khách hàng"


def test_what_was_deleted_is_forgotten_when_segments_are_merged(store: IndexStore) -> None:
    texts = {f"d{n}": "Khu bảo tồn biển (KBTB)" for n in range(6)}
    add(store, **texts)
    with store.transaction() as change:
        change.delete(list(texts)[1:])
        change.commit()
    assert longs(store, "kbtb") == {"khu bảo tồn biển": pytest.approx(1 / 2)}


def test_the_table_holds_syllables_in_their_usual_spelling() -> None:
    for definition in common():
        for key in (*definition.short, *definition.long):
            assert [s.accented for s in syllables(key)] == [key]
    assert len(common()) > 90
