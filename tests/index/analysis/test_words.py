"""Word segmentation is pyvi's, byte for byte, in linear time, and without pyvi."""

from __future__ import annotations

import random
import subprocess
import sys
import unicodedata
import warnings
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import pyvi_model, pyvi_vocabulary, words
from index.analysis.normalize import MAX_KEY_BYTES, nfc
from index.analysis.syllables import syllables
from index.analysis.words import FileSegmenter, PyviSegmenter, WordSegmenter, segmenter

NASTY = [
    *("", " ", "\n", "\n\n", "a", "a  b", "\t\u00a0", "-" * 50, "." * 50, "_", "a_b c_d", "\0"),
    *("Hà\u200bGiang tỉnh", "Việt\u0301 Nam", "x\u00ady", "“Hà Nội” – ‘mới’", "漢字 한국"),
    *("a@b.c@d.e.f@g", "A.b@c.vn", "ThS.a@b.vn", "1.2.a@x.vn,b@y", "ăbc@x.vn", "@@@"),
    *("a@b.comơi hỡi bạn", "http://a@b.vn/c d@e.vn", "...@a.b", "->@a.b", "a@-.-", "a@b..c"),
    *("a@.b", "+@+.+ a+b@c-d.e-f.", "İstanbul ΑΣ", "ǅ ǆ", "Hà Nội\nGiang\nmạnh", "❤️🇻🇳 𝗧𝗶𝗻"),
    *("19-21/2/2025 25.2.2022 1_2_3 1,2,", "UBND. TP. Tp. ĐĐ.Đ", "==>>>->...", "a\nb \n c"),
    *("GẶP GỠ ĐẦU XUÂN", "gap go dau xuan", "Đàm Vĩnh Hưng đấu giá", "tỉnh Hà\nGiang mạnh"),
]


@pytest.fixture(scope="module")
def pyvi() -> Callable[[str], str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pyvi's own and scikit-learn's, at import
        from pyvi import ViTokenizer
    return ViTokenizer.tokenize


@pytest.fixture(scope="module")
def by_pyvi(pyvi: Callable[[str], str]) -> WordSegmenter:
    return PyviSegmenter()


def test_the_seeds_are_segmented_as_by_pyvi(seeds: list[str], pyvi: Callable[[str], str]) -> None:
    for text in seeds:
        assert segmenter().tokenize(text) == pyvi(text)


@pytest.mark.parametrize("text", NASTY)
def test_nasty_text_is_segmented_as_by_pyvi(text: str, pyvi: Callable[[str], str]) -> None:
    assert segmenter().tokenize(text) == pyvi(text)


@pytest.mark.parametrize("word", ["Ai", "Ái", "lá", "Hoa", "ngày", "xanh"])
@pytest.mark.parametrize("count", range(3, 40))
def test_where_segmentations_are_as_good_pyvi_s_is_taken(
    word: str, count: int, pyvi: Callable[[str], str]
) -> None:
    again = " ".join([word] * count)
    for text in (again, f"Trong bức tranh {again}, những hạt giống", f"{again}.\n{again} {again}"):
        assert segmenter().tokenize(text) == pyvi(text)


@given(data=st.data())
@settings(max_examples=300)
def test_generated_text_is_segmented_as_by_pyvi(
    pyvi: Callable[[str], str], texts: st.SearchStrategy[str], data: st.DataObject
) -> None:
    text = data.draw(texts)
    assert segmenter().tokenize(text) == pyvi(text)


@given(
    st.lists(
        st.tuples(
            st.text("\"'“‘(-", max_size=3),
            st.sampled_from(["a", "Ba", "ĐA", "ÁB", "A", "1", "1a", "Tp", "Mr", "ThS", "hoà", ""]),
            st.text(".,;:?!)\"'”’…>/", max_size=4),
        ).map("".join),
        max_size=4,
    ).map(" ".join)
)
def test_words_in_punctuation_are_cut_as_by_pyvi(by_pyvi: WordSegmenter, text: str) -> None:
    assert segmenter().tokenize(text) == by_pyvi.tokenize(text)
    assert segmenter().compound_spans(text) == by_pyvi.compound_spans(text)
    assert segmenter().words(text) == by_pyvi.words(text)


@given(st.text(st.sampled_from("ab1ă.@-+_/: \n>="), max_size=30))
def test_addresses_are_cut_as_by_pyvi(pyvi: Callable[[str], str], text: str) -> None:
    assert segmenter().tokenize(text) == pyvi(text)


def test_lexicon_entries_in_a_row_are_segmented_as_by_pyvi(
    lexicon: list[str], pyvi: Callable[[str], str]
) -> None:
    chosen = random.Random(1).sample(lexicon, 3_000)
    for i in range(0, len(chosen), 300):
        entries = chosen[i : i + 300]
        text = " ".join(word.title() if len(word) % 5 == 0 else word for word in entries)
        assert segmenter().tokenize(text) == pyvi(text)


@given(data=st.data())
def test_spans_are_the_words_of_tokenize(
    texts: st.SearchStrategy[str], data: st.DataObject
) -> None:
    text = data.draw(texts)
    text = nfc(text)
    spans = segmenter().word_spans(text)
    joined = " ".join(segmenter().tokenize(text).split())
    surfaces = "".join("".join(text[start:end].split()) for start, end, _ in spans)
    assert surfaces.replace("_", "") == joined.replace("_", "").replace(" ", "")
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    assert all("\n" not in text[start:end] or text[start:end] == "\n" for start, end, _ in spans)


@given(data=st.data())
def test_the_fast_form_of_compounds_agrees(
    texts: st.SearchStrategy[str], data: st.DataObject
) -> None:
    text = data.draw(texts)
    text = nfc(text)
    found = segmenter().compound_spans(text)
    assert segmenter().compounds(text) == [compound.key for compound in found]
    for key, start, end in found:
        assert key == "_".join(s.accented for s in syllables(text[start:end]))
        assert key.count("_") >= 1
        assert len(key.encode()) <= MAX_KEY_BYTES


@given(data=st.data())
def test_texts_together_have_the_words_of_each(
    texts: st.SearchStrategy[str], data: st.DataObject
) -> None:
    some = [nfc(text) for text in data.draw(st.lists(texts | st.sampled_from(NASTY), max_size=5))]
    found = list(segmenter().words_of(some))
    assert found == [segmenter().words(text) for text in some]


def test_compounds_are_named_by_accented_keys() -> None:
    text = "Kĩ thuật hoà bình ở Hà Giang, 25.2.2022"
    assert segmenter().compounds(text) == ["kỹ_thuật", "hòa_bình", "hà_giang"]


def test_compounds_do_not_cross_lines() -> None:
    assert segmenter().compounds("ở Hà Nội") == ["hà_nội"]
    assert segmenter().compounds("ở Hà\nNội") == []


def test_the_fallback_agrees(seeds: list[str], by_pyvi: WordSegmenter) -> None:
    for text in [nfc(seed) for seed in seeds] + [nfc(text) for text in NASTY]:
        assert by_pyvi.word_spans(text) == segmenter().word_spans(text)
        assert by_pyvi.words(text) == segmenter().words(text)


def test_a_lone_surrogate_is_a_token() -> None:
    assert segmenter().tokenize("Hà Nội \ud800 mới") == "Hà_Nội \ud800 mới"


@pytest.mark.parametrize(
    "unit", ["-", "a", "a.", "a@", "a@b.", "A.", "1.", "Việt Nam ", "a\u200b", "@"]
)
def test_one_long_line_is_no_harder(unit: str) -> None:
    text = unit * (300_000 // len(unit))
    tokenized = segmenter().tokenize(text)
    assert "".join(tokenized.replace("_", " ").split()) == "".join(text.split())
    segmenter().compounds(text)


def test_memory_is_bounded_and_forgetting_changes_nothing(
    seeds: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = [segmenter().compounds(nfc(seed)) for seed in seeds]
    monkeypatch.setattr(pyvi_vocabulary, "MAX_TOKENS", 10)
    monkeypatch.setattr(pyvi_vocabulary, "MAX_CHUNKS", 10)
    monkeypatch.setattr(words, "MAX_WORDS", 10)
    small = FileSegmenter(pyvi_model.load_model())
    assert [small.compounds(nfc(seed)) for seed in seeds * 2] == expected * 2
    assert len(small._memory.vocabulary.surfaces) < 2_000
    assert len(small._memory.vocabulary.chunks) <= 10
    assert len(small._memory.words) <= 10


def test_unknown_model_files_fall_back_to_pyvi_with_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_pyvi: WordSegmenter
) -> None:
    (tmp_path / pyvi_model.MODEL).write_bytes(b"another release")
    (tmp_path / pyvi_model.LEXICON).write_bytes(b"")
    monkeypatch.setattr(pyvi_model, "_installed", lambda: tmp_path)
    segmenter.cache_clear()
    try:
        with pytest.warns(UserWarning, match=r"pyvi==0\.1\.1.*segmented by pyvi itself"):
            fallback = segmenter()
        assert fallback.tokenize("Hà Nội mới") == "Hà_Nội mới"
        assert isinstance(fallback, words.PyviSegmenter)
    finally:
        segmenter.cache_clear()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(pyvi_model.UnknownModelError, match=r"pyvi3\.pkl cannot be read"):
        pyvi_model.load_model(tmp_path)


def test_pyvi_and_scikit_learn_are_not_imported() -> None:
    code = (
        "import sys; from index.analysis.words import segmenter; segmenter().tokenize('Hà Nội');"
        "sys.exit(any(name in sys.modules for name in ('pyvi', 'sklearn', 'sklearn_crfsuite')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@given(data=st.data())
def test_tokenize_normalizes(texts: st.SearchStrategy[str], data: st.DataObject) -> None:
    text = data.draw(texts)
    composed = segmenter().tokenize(unicodedata.normalize("NFC", text))
    if composed.strip():
        assert segmenter().tokenize(unicodedata.normalize("NFD", text)) == composed
