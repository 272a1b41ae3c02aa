"""The laws of folding: it forgets marks only, twice is once, and it keeps offsets."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.fold import fold_key, fold_text, spellings
from index.analysis.normalize import MAX_KEY_BYTES, accented_key, is_ignorable, nfc
from index.analysis.orthography import TONES, VOWELS
from index.analysis.syllables import surfaces, syllables

MARKED = {
    unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in ("", *TONES)
} - set("aeiouy") | {"đ"}
MARKED |= {letter.upper() for letter in MARKED}


def test_all_134_marked_letters_fold_to_ascii() -> None:
    assert len(MARKED) == 134
    for letter in MARKED:
        base = unicodedata.normalize("NFD", letter)[0].translate({ord("đ"): "d", ord("Đ"): "d"})
        assert fold_key(letter) == fold_text(letter) == base.lower()


def test_every_character_folds_to_one_that_folds_no_further() -> None:
    everything = "".join(
        c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.normalize("NFC", c) == c
    )
    folded = fold_text(everything)
    assert len(folded) == len(everything)
    assert fold_text(folded) == folded
    for character, once in zip(everything, folded, strict=True):
        if character.isalnum():
            assert fold_key(accented_key(character)) == fold_key(character) == once
            assert once.isalnum()


def test_folding_keeps_the_spelling_of_a_whole_source() -> None:
    assert fold_key("Báo Hà Giang – Điện tử") == "bao ha giang – dien tu"


@given(data=st.data())
def test_folded_keys_fold_to_themselves_and_are_the_same_for_both_forms(
    texts: st.SearchStrategy[str], data: st.DataObject
) -> None:
    text = data.draw(texts)
    found = syllables(nfc(text))
    again = syllables(nfc(unicodedata.normalize("NFD", text)))
    assert [s.folded for s in found] == [s.folded for s in again]
    for syllable in found:
        assert fold_key(syllable.folded) == syllable.folded
        assert fold_key(accented_key(syllable.folded)) == syllable.folded
        assert len(syllable.folded.encode()) <= MAX_KEY_BYTES


@given(data=st.data())
def test_folded_text_keeps_every_offset(texts: st.SearchStrategy[str], data: st.DataObject) -> None:
    text = data.draw(texts)
    text = nfc(text)
    folded = fold_text(text)
    assert [fold_text(c) for c in text] == list(folded)
    assert surfaces(folded) == [fold_text(surface) for surface in surfaces(text)]


@given(data=st.data())
def test_the_folded_text_of_a_surface_is_a_spelling_of_its_key(
    texts: st.SearchStrategy[str], data: st.DataObject
) -> None:
    text = data.draw(texts)
    for surface in surfaces(nfc(text)):
        if not any(map(is_ignorable, surface)):
            assert fold_text(surface) in spellings(fold_key(accented_key(surface)))


def test_spellings_of_the_lexicon(lexicon_syllables: list[str]) -> None:
    for syllable in lexicon_syllables:
        for surface in surfaces(syllable):
            assert fold_text(surface) in spellings(fold_key(accented_key(surface)))


@pytest.mark.parametrize(
    ("key", "expected"),
    [("ky", {"ky", "ki"}), ("si", {"si", "sy"}), ("quy", {"quy", "qui"}), ("tuy", {"tuy"})],
)
def test_spellings_differ_in_i_and_y_only(key: str, expected: set[str]) -> None:
    assert spellings(key)[0] == key
    assert set(spellings(key)) == expected


def test_cut_keys_begin_the_folded_text() -> None:
    surface = "Đườngđi" * 40
    assert fold_text(surface).startswith(fold_key(accented_key(surface)))
