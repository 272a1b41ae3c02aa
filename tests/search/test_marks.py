"""However a query is typed, it finds the same; and marks that were typed mean something."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.conditions import make, other_placement, strip_marks
from index.analysis.normalize import accented_key, nfc
from index.analysis.syllables import surfaces
from index.documents import Document
from search.engine import SearchEngine
from search.request import Mode, SearchRequest
from search.results import SearchResults
from tests.search.conftest import MakeEngine

FAMILIES = {
    "đường": "Đường làng mới trải nhựa.",
    "dương": "Cụ Dương trồng hoa ven ao.",
    "duong": "Tệp duong.txt gửi kèm thư.",
    "má": "Bé thơm lên má của bà.",
    "mà": "Trời nắng mà vẫn rét.",
    "mã": "Nhập mã vùng trước số máy.",
    "mạ": "Nhổ mạ đem cấy vào tháng giêng.",
    "bán": "Chợ phiên bán nhiều thổ cẩm.",
    "bạn": "Bạn học cũ ghé thăm trường.",
    "bàn": "Chiếc bàn gỗ kê cạnh cửa sổ.",
    "hỏi": "Cô giáo hỏi bài từng em.",
    "hội": "Hội xuân mở trên đồi cao.",
    "hơi": "Nồi cơm bốc hơi nghi ngút.",
    "lúa": "Lúa chín vàng khắp cánh đồng.",
    "lụa": "Tấm lụa phơi trước hiên nhà.",
    "lừa": "Kẻ gian lừa cụ già lấy tiền.",
    "sông": "Con sông uốn quanh chân núi.",
    "song": "Cửa sổ có song sắt rất chắc.",
    "sống": "Cá sống trong ao sâu.",
    "cần": "Việc gấp cần nhiều người giúp.",
    "cân": "Cái cân đĩa đã lệch kim.",
    "can": "Hàng xóm can hai anh em cãi nhau.",
    "hồ": "Mặt hồ phẳng lặng như gương.",
    "họ": "Dòng họ sum vầy ngày giỗ tổ.",
    "hộ": "Mỗi hộ đóng góp mười nghìn.",
    "tàu": "Chuyến tàu đêm rời ga muộn.",
    "tau": "Tau với mi cùng đi chăn trâu.",
    "táu": "Gỗ táu cứng, nặng và bền.",
    "quả": "Vườn cây trĩu quả ngọt.",
    "qua": "Thuyền đi qua cầu phao.",
    "quá": "Bài toán khó quá với lớp nhỏ.",
    "nước": "Giếng làng đầy nước trong.",
    "nuoc": "Địa chỉ thư là nuoc@example.org.",
    "mưa": "Mưa rào trút xuống mái tôn.",
    "mua": "Mẹ mua rau ở quầy bên.",
    "múa": "Đội múa lân tập trước đình.",
}
"""Spellings of the same letters, each with a text."""
TEXTS = (
    "Lãnh đạo huyện gặp gỡ bà con nhân dịp đầu xuân.",
    "Thuỷ điện Hòa Bình xả lũ vì mưa lớn kéo dài.",
    "Kỳ thi tốt nghiệp năm nay có lý thuyết và thực hành.",
    "Bác sĩ khám bệnh miễn phí cho người già vùng cao.",
    "Công ty vật tư ký hợp đồng với nhà máy ở khu công nghiệp.",
    "Nghệ sĩ hát xoan được trao bằng khoẻ mạnh tuổi bảy mươi.",
    "Thị uỷ họp bàn về quy hoạch khu dân cư phía tây.",
    "Hội đồng nhân dân tỉnh bàn việc xây cầu vượt sông.",
    "Trung tâm y tế tiêm phòng cho trẻ dưới năm tuổi.",
    "Học sinh lớp mười tham quan bảo tàng lịch sử.",
    "Mỹ thuật dân gian được giới thiệu ở thư viện thành phố.",
    "Đoàn thanh niên dọn vệ sinh bãi biển sáng chủ nhật.",
    "Giá cà phê tăng cao nhất trong mười năm qua.",
    "Cảnh sát giao thông xử lý xe chở quá tải trên quốc lộ.",
    "Đội tuyển bóng đá nữ thắng đậm trong trận mở màn.",
    "Ngư dân trúng đậm mẻ cá thu ngoài khơi xa.",
    "Toà án tuyên phạt bị cáo mười hai năm tù.",
    "Phường tổ chức hoà giải tranh chấp đất đai giữa hai hộ.",
    "Trường đại học mở ngành kỹ sư bán dẫn từ mùa thu.",
    "Bão số ba đổ bộ, hàng nghìn ngôi nhà tốc mái.",
    "Làng nghề gốm cổ truyền đón khách du lịch phương xa.",
    "Đường sắt cao tốc sẽ nối hai miền đất nước.",
    "Nông dân được vay vốn ưu đãi để nuôi tôm.",
    "Hãng hàng không mở lại đường bay quốc tế.",
)
SLIP = "Nghành này khó, giáo viên khuyên, có chí tiến thân, thể dục đều đặn."
"""Has a slip and all the words of `nghành giáo dục`, but none beside the other."""
EDUCATION = "Ngành giáo dục công bố điểm chuẩn đợt {}."

Typed = tuple[str, str]


def _documents() -> Iterator[Document]:
    for spelling, text in FAMILIES.items():
        yield Document(spelling, "", text)
    # Texts that say it more often are no better if they spell it otherwise.
    for spelling, text in FAMILIES.items():
        yield Document(f"{spelling} twice", "", f"{text} Người ta kể rằng: {text}")
    for number, text in enumerate(TEXTS):
        yield Document(f"text {number}", "", text)
    for number in range(5):
        yield Document(f"education {number}", "", EDUCATION.format(number))
    for number in range(3):
        yield Document(f"slip {number}", "", f"{SLIP} Bài {number}.")


DOCUMENTS = {document.id: document for document in _documents()}


@pytest.fixture(scope="module")
def engine(make_engine: MakeEngine) -> SearchEngine:
    return make_engine(DOCUMENTS.values())


def search(
    engine: SearchEngine, query: str, *, mode: Mode = "auto", size: int = 10
) -> SearchResults:
    return engine.search(SearchRequest(query, mode=mode, size=size, group=False))


def ids(results: SearchResults) -> list[str]:
    return [hit.id for hit in results.hits]


def holding(accented: str) -> set[str]:
    """The documents that have a syllable spelt so."""
    return {
        document.id
        for document in DOCUMENTS.values()
        if accented in map(accented_key, surfaces(nfc(document.body)))
    }


@pytest.mark.parametrize("spelling", FAMILIES)
def test_the_exact_spelling_leads(engine: SearchEngine, spelling: str) -> None:
    exact = holding(spelling)
    found = ids(search(engine, spelling, size=50))
    assert set(found[: len(exact)]) == exact
    family = {other for other in FAMILIES if strip_marks(other) == strip_marks(spelling)}
    assert set().union(*map(holding, family)) <= set(found), "other spellings are found, too"


@pytest.mark.parametrize("spelling", ["Đường", "DƯƠNG", "Duong", "Hồ", "SỐNG", "Tau"])
def test_capitals_do_not_change_that(engine: SearchEngine, spelling: str) -> None:
    assert ids(search(engine, spelling)) == ids(search(engine, spelling.lower()))


_PART = r"[\w\u0300-\u036f]"


def _other_i(text: str) -> str:
    """The text with i for y, and y for i, where both may be written (kỹ, kĩ)."""
    pattern = rf"(?<!{_PART})([hklmstHKLMST]|[qQ][uU])([iyIY])([\u0300-\u0323]?)(?!{_PART})"
    swap = {"i": "y", "y": "i", "I": "Y", "Y": "I"}
    swapped = re.sub(
        pattern, lambda m: m[1] + swap[m[2]] + m[3], unicodedata.normalize("NFD", text)
    )
    return nfc(swapped)


def test_the_other_i_is_that() -> None:
    assert _other_i("kỹ sư Mỹ bác sĩ quý kim hai") == "kĩ sư Mĩ bác sỹ quí kim hai"


@st.composite
def phrases(draw: st.DrawFn, least: int = 1, most: int = 8) -> Typed:
    """(document, consecutive words of its text)."""
    number = draw(st.integers(0, len(TEXTS) + len(FAMILIES) - 1))
    id = [*FAMILIES, *(f"text {n}" for n in range(len(TEXTS)))][number]
    words = DOCUMENTS[id].body.split()
    start = draw(st.integers(0, len(words) - least))
    return id, " ".join(words[start : start + draw(st.integers(least, most))])


@settings(max_examples=150)
@given(phrases())
def test_the_same_spelt_otherwise_finds_the_same(engine: SearchEngine, phrase: Typed) -> None:
    _, query = phrase
    typed = ids(search(engine, query))
    for other in (
        unicodedata.normalize("NFD", query),
        other_placement(query),
        query.upper(),
        query.lower(),
        _other_i(query),
    ):
        assert ids(search(engine, other)) == typed, other


@settings(max_examples=150)
@given(phrases(least=3), st.sampled_from(["stripped", "telex", "vni"]))
def test_a_phrase_is_found_however_it_is_typed(
    engine: SearchEngine, phrase: Typed, condition: str
) -> None:
    id, query = phrase
    assert id in ids(search(engine, make(condition, query))), make(condition, query)


def test_every_condition_makes_the_same_page_of_a_telling_query(engine: SearchEngine) -> None:
    query = "gặp gỡ bà con nhân dịp đầu xuân"
    for condition in ("typed", "stripped", "telex", "vni", "partial"):
        assert ids(search(engine, make(condition, query)))[0] == "text 0"


@pytest.mark.parametrize(
    ("typed", "interpretation"),
    [
        ("Lanh Dao huyen", "Lãnh Đạo huyện"),
        ("LANH DAO HUYEN", "LÃNH ĐẠO HUYỆN"),
        ("lãnh dao huyện", "lãnh đạo huyện"),
        ("Lanhx ddaoj huyeenj", "Lãnh đạo huyện"),
        ("la4nh d9a5o huye65n", "lãnh đạo huyện"),
        ("lãnh đạo, huyện!", None),
        ("LÃNH ĐẠO HUYỆN", None),
        ("Lãnh Đạo huyện", None),
    ],
)
def test_the_interpretation_keeps_the_case(
    engine: SearchEngine, typed: str, interpretation: str | None
) -> None:
    assert search(engine, typed).interpretation == interpretation


@pytest.mark.parametrize("typed", ["lanh dao huyen", "lanhx ddaoj huyeenj", "lãnh đạo huyệnn"])
def test_raw_is_literal(engine: SearchEngine, typed: str) -> None:
    assert search(engine, typed).interpretation
    raw = search(engine, typed, mode="raw")
    assert (raw.interpretation, raw.suggestion) == (None, None)
    literal = {strip_marks(key) for key in map(accented_key, surfaces(typed))}
    for id in ids(raw):
        body = strip_marks(DOCUMENTS[id].body.lower())
        assert literal & set(surfaces(body)), "it has a word as it was typed"
    if typed == "lanhx ddaoj huyeenj":
        assert raw.total == 0


@pytest.mark.parametrize(
    "kept", ['"huyệnn gặp"', "title:huyệnn", "-huyệnn", '-"huyệnn gặp"', "huyệnn*", "source:huyệnn"]
)
def test_only_plain_words_are_corrected(engine: SearchEngine, kept: str) -> None:
    corrected = search(engine, "lãnh đạo huyệnn gặp gỡ bà con")
    assert corrected.interpretation == "lãnh đạo huyện gặp gỡ bà con"
    results = search(engine, f"lãnh đạo {kept} gỡ bà con")
    for understood in (results.interpretation, results.suggestion):
        assert understood is None or kept in understood


def test_what_is_found_often_enough_is_searched_as_typed(engine: SearchEngine) -> None:
    results = search(engine, "nghành giáo dục")
    assert results.suggestion == "ngành giáo dục"
    assert results.interpretation is None
    assert {id.split()[0] for id in ids(results)} == {"slip"}


def test_what_is_hardly_found_is_searched_as_meant(engine: SearchEngine) -> None:
    results = search(engine, "nghành giáo dục công bố")
    assert results.suggestion is None
    assert results.interpretation == "ngành giáo dục công bố"
    assert {id.split()[0] for id in ids(results)[:5]} == {"education"}


@pytest.mark.parametrize(
    "query",
    [
        ("đường sắt cao tốc " * 60)[:1000],
        "a" * 1000,
        "dduwowngf" * 111,
        "ư" * 1000,
        " ".join(f"chu{n}" for n in range(200))[:1000],
        " ".join(["gawpj"] * 160),
        "OR " * 300,
        "đường привет 世界 שלום ถนน duong 🚄 sắt",
        "zzxqj wwww fjfj 9d9d a1b2c3 d9",
        "aaaaaa eeeeee wwwwww ssssss 666666",
        "\u0301\u0323\u031b",
        "x\u0301\u0301\u0301y",
    ],
)
@pytest.mark.parametrize("mode", ["auto", "exact", "raw"])
def test_no_query_is_too_odd(engine: SearchEngine, query: str, mode: Mode) -> None:
    results = search(engine, query, mode=mode)
    assert len(results.hits) == min(results.total, 10)


def test_two_hundred_words_are_answered_by_what_they_have(engine: SearchEngine) -> None:
    filler = " ".join(["x", "y", "z", "w"] * 45)
    results = search(engine, f"làng nghề gốm cổ truyền đón khách du lịch {filler}")
    assert ids(results)[0] == "text 20"
    assert len(results.query.split()) == 189
