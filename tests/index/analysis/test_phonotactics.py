"""Well-formed syllables: all that Vietnamese writes, and nothing that it does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.fold import fold_key
from index.analysis.normalize import accented_key, nfc
from index.analysis.phonotactics import compose, is_folded_syllable, is_syllable, parse
from index.analysis.syllables import surfaces

WRITTEN = (
    "tiếng việt nghiêng nguyễn khuỷu quýt quỳnh gì gìn giếng giặc già giữa ngoằn ngoèo xoong soóc "
    "thuở huơ ý yêu yết đắk uỷ hoà quốc quơ kỳ ghế ư ương ưa oằn uể uyên phở tuýp buýt khuya hươu"
)
NOT_WRITTEN = (
    "cê kà gê nge ngha ghà phởt phơng êm1 bus win fở jà zà wa tiêngs quư giì iên iêu "
    "đ tp ubnd 25 4g café tảch lòp aa oeo1 nguyen thuyk quen1 qưa"
)
LETTERS_OF_NONE = "bus win wa fo ja ubnd tp covid merdeka d 25 4g"


@pytest.mark.parametrize("surface", WRITTEN.split())
def test_what_vietnamese_writes(surface: str) -> None:
    assert is_syllable(accented_key(surface))


@pytest.mark.parametrize("surface", NOT_WRITTEN.split())
def test_what_it_does_not_write(surface: str) -> None:
    assert not is_syllable(accented_key(nfc(surface)))


def test_the_lexicon_is_well_formed(lexicon_syllables: list[str]) -> None:
    """Of the syllables with marks only loans and abbreviations are refused, and two rare ones."""
    marked = [s for s in lexicon_syllables if not s.isascii()]
    refused = {s for s in marked if not is_syllable(accented_key(s))}
    assert len(marked) > 5000
    assert len(refused) < 60
    assert {s for s in refused if len(s) == 3} <= {"đt", "nđ", "qđ", "quọ", "ôxy", "fát"} | {
        s for s in refused if "đ" in s
    }


def test_parts_put_together_again(lexicon_syllables: list[str]) -> None:
    for key in {accented_key(s) for s in lexicon_syllables}:
        parts = parse(key)
        if parts is not None:
            assert compose(parts) == key


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        ("nghiêng", ("ngh", "iê", "ng", "")),
        ("được", ("đ", "ươ", "c", "\u0323")),
        ("quý", ("qu", "y", "", "\u0301")),
        ("già", ("gi", "a", "", "\u0300")),
        ("gì", ("g", "i", "", "\u0300")),
        ("ủy", ("", "uy", "", "\u0309")),
    ],
)
def test_parts(key: str, parts: tuple[str, ...]) -> None:
    assert parse(key) == parts


def test_only_keys_are_parsed() -> None:
    assert parse("hòa")
    assert parse("hoà") is None


@given(data=st.data())
def test_any_key_is_parsed_or_refused(texts: st.SearchStrategy[str], data: st.DataObject) -> None:
    for surface in surfaces(nfc(data.draw(texts))):
        key = accented_key(surface)
        parts = parse(key)
        assert parts is None or compose(parts) == key


@pytest.mark.parametrize("surface", [*WRITTEN.split(), "nguyen", "duong", "viet", "dac", "ky"])
def test_letters_of_a_syllable_without_its_marks(surface: str) -> None:
    assert is_folded_syllable(fold_key(accented_key(surface)))


@pytest.mark.parametrize("key", LETTERS_OF_NONE.split())
def test_letters_of_no_syllable(key: str) -> None:
    assert not is_folded_syllable(key)


def test_every_syllable_has_the_letters_of_one(lexicon_syllables: list[str]) -> None:
    for key in {accented_key(s) for s in lexicon_syllables}:
        assert not is_syllable(key) or is_folded_syllable(fold_key(key))
