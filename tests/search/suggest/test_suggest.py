"""Suggestions from a real index: marks restored, typed any way, from phrases and titles."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents import Document
from index.store import IndexStore
from search.engine import SearchEngine
from search.engines.whoosh_engine import WhooshEngine
from search.results import Suggestion
from tests.search.conftest import MakeEngine

MEETING = "Chương trình gặp gỡ đầu xuân tại tỉnh Quảng Ninh. Sáng nay, cuộc gặp gỡ đầu xuân."
DOCUMENTS = (
    *(Document(f"meeting{n}", "", f"{MEETING} Lần {n}.") for n in range(4)),
    Document("road1", "Đường bộ qua Hà Giang", "Con đường bộ mới mở. Nhiều đường bộ khác."),
    Document("road2", "Sửa đường bộ", "Sửa đường bộ trong tháng này, đường bộ sẽ đẹp."),
    Document("sun", "Dương Bá Trạc", "Nhà thơ Dương Bá Trạc. Ông Dương Bá Trạc viết."),
    Document("sun2", "", "Phố Dương Bá Trạc có cây xanh."),
    *(
        Document(f"phone{n}", "", f"Bán chiếc iPhone đời đầu. Mua iPhone đời đầu, giá {n},5 triệu.")
        for n in "23"
    ),
    *(
        Document(f"school{n}", "", f"Ngành giáo dục tỉnh {name} họp. Ngành giáo dục tỉnh {name}.")
        for n, name in enumerate(("Bình Dương", "Bình Phước", "Bình Định"))
    ),
    *(
        Document(f"gold{n}", "", f"Quốc gia và vùng lãnh thổ. Giá vàng thế giới ngày {n}/12 tăng.")
        for n in (5, 6)
    ),
)


@pytest.fixture(scope="module")
def engine(make_engine: MakeEngine) -> SearchEngine:
    return make_engine(DOCUMENTS[:4], DOCUMENTS[4:])  # two segments


def texts(found: tuple[Suggestion, ...], kind: str = "query") -> list[str]:
    return [suggestion.text for suggestion in found if suggestion.kind == kind]


@pytest.mark.parametrize("typed", ["gap g", "gặp g", "GẶP GỠ", "gap go d", "ga", "gặp gỡ đầu x"])
def test_marks_are_restored_however_it_is_typed(engine: SearchEngine, typed: str) -> None:
    first = engine.suggest(typed)[0]
    assert (first.text, first.kind, first.id) == ("gặp gỡ đầu xuân", "query", None)
    assert first.typed == len(typed)


def test_names_keep_their_capitals_and_sentences_do_not(engine: SearchEngine) -> None:
    assert texts(engine.suggest("quang n"))[0] == "Quảng Ninh"
    assert "sửa đường bộ" in texts(engine.suggest("sua"))


def test_typed_marks_put_that_spelling_first(engine: SearchEngine) -> None:
    assert texts(engine.suggest("đường "))[0] == "đường bộ"
    assert texts(engine.suggest("dương "))[0] == "Dương Bá Trạc"
    assert {"đường bộ", "Dương Bá Trạc"} <= set(texts(engine.suggest("duong")))


def test_titles_are_offered_with_their_document(engine: SearchEngine) -> None:
    found = [s for s in engine.suggest("duong b") if s.kind == "title"]
    assert found[0].typed == len("duong b")
    assert {(s.text, s.id) for s in found} == {
        ("Đường bộ qua Hà Giang", "road1"),
        ("Sửa đường bộ", "road2"),
    }
    assert "Dương Bá Trạc" in texts(engine.suggest("duong b"))  # offered once


def test_a_phrase_does_not_hang_in_the_air_nor_run_over_a_full_stop(engine: SearchEngine) -> None:
    for typed in ("gap", "duong", "chuong", "tinh q"):
        for text in texts(engine.suggest(typed, 20)):
            assert text.split()[-1] not in {"tại", "trong", "sẽ", "có", "qua"}
            assert "." not in text
            assert text.split()[-1] != "Sáng"


def test_what_came_before_stays_as_it_was_typed(engine: SearchEngine) -> None:
    first = engine.suggest("tin moi ve gap g")[0]
    assert first.text.endswith("gặp gỡ đầu xuân")
    assert first.text.startswith("tin moi")


def test_nothing_repeats_what_is_there(engine: SearchEngine) -> None:
    assert "gặp gỡ đầu xuân" not in texts(engine.suggest("gặp gỡ đầu xuân"))
    assert texts(engine.suggest("gap go dau xuan"))[0] == "gặp gỡ đầu xuân"


@pytest.mark.parametrize("typed", ["", " ", '"gap g', "title:ga", "-gap", "zzz", "...", "gap -g"])
def test_where_nothing_can_be_suggested_nothing_is(engine: SearchEngine, typed: str) -> None:
    assert engine.suggest(typed) == ()


def test_a_new_commit_is_suggested_from(tmp_path: Path) -> None:
    store = IndexStore(tmp_path / "index")
    store.create()
    engine = WhooshEngine(tmp_path / "index")
    assert engine.suggest("sếu") == ()
    before = engine.commit_id()
    with store.transaction(processes=1) as transaction:
        transaction.add([Document("a", "", "Đàn sếu đầu đỏ về."), Document("b", "", "Sếu đầu đỏ.")])
        transaction.commit()
    deadline = time.monotonic() + 10
    while engine.commit_id() == before:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert texts(engine.suggest("sếu"))[0] == "sếu đầu đỏ"


@given(typed=st.text(max_size=30), limit=st.integers(1, 8))
def test_whatever_is_typed_is_answered(engine: SearchEngine, typed: str, limit: int) -> None:
    found = engine.suggest(typed, limit)
    assert len(found) <= limit
    assert len({s.text.casefold() for s in found}) == len(found)
    assert all(0 <= s.typed <= len(s.text) for s in found)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("gawpj g", "gặp gỡ đầu xuân"),
        ("gawpj gowx ddaauf x", "gặp gỡ đầu xuân"),
        ("gawpj go", "gặp gỡ đầu xuân"),
        ("gawp", "gặp gỡ đầu xuân"),  # its tone is still to come
        ("gaw", "gặp gỡ đầu xuân"),
        ("ga85p g", "gặp gỡ đầu xuân"),
        ("duwown", "Dương Bá Trạc"),  # of which nothing whole is a syllable
        ("ddu", "đường bộ"),
        ("d9u7o7", "đường bộ"),
        ("Gặp go d", "gặp gỡ đầu xuân"),
        ("gap gỡ đâ", "gặp gỡ đầu xuân"),  # its tone is still to come
        ("nghành giao d", "ngành giáo dục tỉnh"),
    ],
)
def test_keys_half_syllables_and_slips_are_understood(
    engine: SearchEngine, typed: str, first: str
) -> None:
    assert texts(engine.suggest(typed))[0].lower() == first.lower()


def test_marks_of_half_a_syllable_count(engine: SearchEngine) -> None:
    assert not any(text.startswith("Dương") for text in texts(engine.suggest("đươ")))
    assert not any(text.lower().startswith("đường") for text in texts(engine.suggest("dươ")))
    assert engine.suggest("đườ")
    assert not any("Dương" in s.text for s in engine.suggest("đươ") if s.kind == "title")


def test_a_phrase_is_not_cut_out_of_the_middle(engine: SearchEngine) -> None:
    assert texts(engine.suggest("gia v"))[0].startswith("giá vàng")  # of "quốc gia và vùng"
    for typed in ("nganh g", "tinh b", "ban chiec", "gia vang", "ngay"):
        for text in texts(engine.suggest(typed, 20)):
            assert not text.endswith((" Bình", " 5", " 6", " 2", " 3")), typed


def test_names_keep_capitals_within(engine: SearchEngine) -> None:
    assert texts(engine.suggest("iph"))[0] == "iPhone đời đầu"


def test_a_title_has_what_was_typed_side_by_side(engine: SearchEngine) -> None:
    assert [s.text for s in engine.suggest("duong q") if s.kind == "title"] == []
    assert [s.id for s in engine.suggest("duong qua g") if s.kind == "title"] == ["road1"]
