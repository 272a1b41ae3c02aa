"""Keys: what readers take as one spelling is one key, and what they hear as two is two."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.normalize import MAX_KEY_BYTES, accented_key, nfc
from index.analysis.syllables import surfaces


@pytest.mark.parametrize(
    ("written", "key"),
    [
        *[("hoà", "hòa"), ("thuý", "thúy"), ("khoẻ", "khỏe"), ("HOÀ", "hòa"), ("uỷ", "ủy")],
        *[("hoàn", "hoàn"), ("thuyền", "thuyền"), ("quả", "quả"), ("ngoài", "ngoài")],
        *[("quý", "quý"), ("già", "già"), ("giữ", "giữ"), ("gì", "gì"), ("mùa", "mùa")],
    ],
)
def test_tone_placement_is_unified_in_open_oa_oe_uy(written: str, key: str) -> None:
    assert accented_key(written) == key


@pytest.mark.parametrize(
    ("written", "key"),
    [
        *[("nứơc", "nước"), ("vịêt", "việt"), ("thuýên", "thuyến"), ("tòan", "toàn")],
        *[("qúy", "quý"), ("qủa", "quả"), ("gìa", "già"), ("gíup", "giúp"), ("muà", "mùa")],
        *[("nuớc", "nước"), ("đựơc", "được"), ("nưóc", "nước"), ("thưở", "thuở")],
    ],
)
def test_misplaced_marks_are_repaired(written: str, key: str) -> None:
    assert accented_key(written) == key


@pytest.mark.parametrize(
    "foreign", ["café", "résumé", "hiy", "são", "río", "nokia", "wifi", "đắk", "straße"]
)
def test_other_spellings_stay(foreign: str) -> None:
    assert accented_key(foreign) == foreign


@pytest.mark.parametrize(
    "pair", ["kỹ kĩ", "lý lí", "quý quí", "sĩ sỹ", "tỷ tỉ", "mỹ mĩ", "hi hy", "quy qui", "Kỳ kì"]
)
def test_open_syllables_with_i_and_y_are_equal(pair: str) -> None:
    one, other = pair.split()
    assert accented_key(one) == accented_key(other)


@pytest.mark.parametrize(
    "pair", ["tuy tui", "hay hai", "thúy thúi", "tây tâi", "vy vi", "ý í", "quay quai"]
)
def test_other_sounds_stay_apart(pair: str) -> None:
    one, other = pair.split()
    assert accented_key(one) != accented_key(other)


def test_the_lexicon_holds_25_i_y_pairs_and_69_new_style_spellings(
    lexicon_syllables: list[str],
) -> None:
    changed = {s: accented_key(s) for s in lexicon_syllables if accented_key(s) != s}
    respelled = [s for s, key in changed.items() if _letters(s) != _letters(key)]
    moved = [s for s in changed if s not in respelled]
    known = set(lexicon_syllables)
    assert len([s for s in respelled if changed[s] in known]) == 25
    assert len(moved) == 69
    assert all(_letters(s)[-2:] in ("oa", "oe", "uy") for s in moved)


def _letters(syllable: str) -> str:
    return unicodedata.normalize("NFD", syllable).translate(
        {ord(mark): None for mark in "\u0300\u0301\u0309\u0303\u0323"}
    )


@pytest.mark.parametrize(
    ("surface", "key"),
    [
        ("Vi\u200bệt", "việt"),
        ("Vi\u00adệt\u0301", "việt"),
        ("Ｔin", "tin"),
        ("m²", "m2"),
        ("𝗧𝗶̃", "tỹ"),
    ],
)
def test_keys_hold_plain_letters_only(surface: str, key: str) -> None:
    assert accented_key(surface) == key


@given(data=st.data())
def test_keys_are_short_stable_and_of_letters_only(
    texts: st.SearchStrategy[str], data: st.DataObject
) -> None:
    text = data.draw(texts)
    for surface in surfaces(nfc(text)):
        key = accented_key(surface)
        assert key.isalnum()
        assert "_" not in key
        assert accented_key(key) == key


@pytest.mark.parametrize("letter", ["a", "ệ", "漢", "𝗧", "Ⱥ"])
def test_long_keys_are_cut_at_a_character(letter: str) -> None:
    key = accented_key(letter * 1000)
    assert MAX_KEY_BYTES - 4 < len(key.encode()) <= MAX_KEY_BYTES
    assert accented_key(key) == key


@given(data=st.data())
def test_nfc_is_the_same_for_both_forms_and_can_be_encoded(
    texts: st.SearchStrategy[str], data: st.DataObject
) -> None:
    text = data.draw(texts)
    assert nfc(unicodedata.normalize("NFD", text)) == nfc(text) == nfc(nfc(text))
    nfc(text).encode()


def test_lone_surrogates_are_replaced() -> None:
    assert nfc("a\ud800ệ") == "a\ufffdệ"
