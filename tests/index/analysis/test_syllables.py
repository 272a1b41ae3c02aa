"""Segmentation: three forms of it agree, and every offset slices back to its surface."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.normalize import is_ignorable, nfc
from index.analysis.syllables import surfaces, syllable_spans, syllables


@given(data=st.data())
def test_three_forms_agree_and_offsets_slice_back(
    texts: st.SearchStrategy[str], data: st.DataObject
) -> None:
    text = data.draw(texts)
    text = nfc(text)
    found = syllables(text)
    starts, ends = syllable_spans(text)
    assert starts.dtype == ends.dtype == "int32"
    spans = zip(starts.tolist(), ends.tolist(), strict=True)
    assert [(s.start, s.end) for s in found] == list(spans)
    assert [s.surface for s in found] == surfaces(text)
    assert all(text[s.start : s.end] == s.surface for s in found)


@given(data=st.data())
def test_every_letter_and_digit_is_in_a_syllable_and_no_separator_is(
    texts: st.SearchStrategy[str], data: st.DataObject
) -> None:
    text = data.draw(texts)
    text = nfc(text)
    inside = {i for s in syllables(text) for i in range(s.start, s.end)}
    for i, character in enumerate(text):
        assert i in inside if character.isalnum() else i not in inside or is_ignorable(character)


def test_the_kind_of_every_character() -> None:
    characters = [c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) != "Cs"]
    expected: list[str] = []
    for character in characters:
        expected += [f"a{character}b"] if _continues(character) else ["a", "b"]
    assert surfaces(" ".join(f"a{character}b" for character in characters)) == expected


def _continues(character: str) -> bool:
    return character.isalnum() or is_ignorable(character)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("25/2", ["25", "2"]),
        ("COVID-19", ["COVID", "19"]),
        ("1.250.000", ["1", "250", "000"]),
        ("a_b", ["a", "b"]),
        ("Hà\u200bGiang \u200bx\u200b", ["Hà\u200bGiang", "x"]),
        ("n\u0323\u0301 \u0301b", ["ṇ\u0301", "b"]),
        ("a\u200b\u0301", ["a"]),
        ("", []),
        (" \0\n", []),
    ],
)
def test_what_separates_and_what_does_not(text: str, expected: list[str]) -> None:
    assert surfaces(nfc(text)) == expected


def test_keys_of_a_syllable() -> None:
    (syllable,) = syllables("KĨ")
    assert (syllable.accented, syllable.folded) == ("kỹ", "ky")
