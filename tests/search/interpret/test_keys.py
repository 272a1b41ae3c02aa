"""Raw Telex and VNI keys: what a typist meant, in whatever order the keys came."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import orthography
from index.analysis.phonotactics import Parts, compose
from search.interpret.keys import telex, vni

TELEX = {
    **{"\u0300": "f", "\u0301": "s", "\u0309": "r", "\u0303": "x", "\u0323": "j"},
    **{"â": "aa", "ê": "ee", "ô": "oo", "ă": "aw", "ơ": "ow", "ư": "uw", "đ": "dd"},
}
VNI = {
    **{"\u0300": "2", "\u0301": "1", "\u0309": "3", "\u0303": "4", "\u0323": "5"},
    **{"â": "a6", "ê": "e6", "ô": "o6", "ă": "a8", "ơ": "o7", "ư": "u7", "đ": "d9"},
}


def written() -> list[str]:
    """Every well-formed syllable that has a mark."""
    codas = {**dict.fromkeys(orthography.OPEN_NUCLEI, ("",))}
    for nucleus, closed in orthography.RIMES.items():
        codas[nucleus] = (*codas.get(nucleus, ()), *sorted(closed))
    parts = (
        Parts(onset, nucleus, coda, tone)
        for onset, nucleus, tone in product(
            ("", *orthography.ONSETS), codas, ("", *orthography.TONES)
        )
        for coda in codas[nucleus]
    )
    return sorted({key for p in parts if (key := compose(p)) and not key.isascii()})


WRITTEN = written()


def keys(syllable: str, table: dict[str, str], order: str) -> str:
    """The keys of a syllable: each mark at its letter, the tone at its letter or at the end, or
    all marks at the end; `one hook` writes ươ with a single one."""
    out, tone_key, late = "", "", ""
    for character in syllable:
        letter, tone = split(character)
        typed = table.get(letter, letter)
        if table is TELEX and letter == "o" and out.endswith("o"):
            out += "oo"  # the third o takes the circumflex of the second back
        elif order == "marks last":
            out, late = out + typed[0], late + typed[1:]
        else:
            out += typed
        if tone and order == "tone at its vowel":
            out += table[tone]
        elif tone:
            tone_key = table[tone]
    if order == "one hook":
        hook = table["ơ"][-1]
        out = out.replace(f"u{hook}o{hook}", f"uo{hook}")
    if order == "marks last" and late[-2:] in ("ww", "77"):
        late = late[:-1]
    return out + late + tone_key


def split(character: str) -> tuple[str, str]:
    decomposed = unicodedata.normalize("NFD", character)
    tone = "".join(c for c in decomposed if c in orthography.TONES)
    rest = "".join(c for c in decomposed if c not in orthography.TONES)
    return unicodedata.normalize("NFC", rest), tone


@pytest.mark.parametrize("order", ["tone last", "tone at its vowel", "one hook", "marks last"])
@pytest.mark.parametrize(("decode", "table"), [(telex, TELEX), (vni, VNI)])
def test_every_syllable_comes_back_from_its_keys(
    decode: Callable[[str], str | None], table: dict[str, str], order: str
) -> None:
    wrong = {s: decode(typed) for s in WRITTEN if decode(typed := keys(s, table, order)) != s}
    assert not wrong


def test_there_are_syllables() -> None:
    assert len(WRITTEN) > 15_000
    assert {"đường", "nghiêng", "quý", "thuở", "ngoẻo", "gì"} <= set(WRITTEN)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *[("dduwowngf", "đường"), ("duwowngfd", "đường"), ("dduongwf", "đường")],
        *[("duongdwf", "đường"), ("DDuwowngf", "đường"), ("Dduwowngf", "đường")],
        *[("tana", "tân"), ("caanf", "cần"), ("canaf", "cần"), ("cafna", "cần")],
        *[("twf", "từ"), ("w", "ư"), ("wowng", "ương"), ("thwr", "thử"), ("muaw", "mưa")],
        *[("guirw", "gửi"), ("huuw", "hưu"), ("huouw", "hươu"), ("hoawcj", "hoặc")],
        *[("ngoeor", "ngoẻo"), ("sooocs", "soóc"), ("thuowr", "thuở"), ("ddawks", "đắk")],
        *[("hofa", "hòa"), ("hoaf", "hòa"), ("kix", "kỹ"), ("qusy", "quý"), ("sasf", "sà")],
        *[("toansf", "toàn"), ("awa", "â"), ("aaw", "ă")],
    ],
)
def test_telex_as_people_type_it(typed: str, meant: str) -> None:
    assert telex(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *[("duong972", "đường"), ("d9u7o72ng", "đường"), ("d9uo7ng2", "đường")],
        *[("D9UONG72", "đường"), ("tie6ng1", "tiếng"), ("quye6t1", "quyết"), ("mua7", "mưa")],
        *[("thuo73", "thuở"), ("hoa8c5", "hoặc"), ("quay6", "quây"), ("huou7", "hươu")],
    ],
)
def test_vni_as_people_type_it(typed: str, meant: str) -> None:
    assert vni(typed) == meant


@pytest.mark.parametrize("typed", ["ass", "asz", "dddi", "tooo", "uww", "hoafz", "tan", "", "x"])
def test_a_mark_taken_back_leaves_none(typed: str) -> None:
    assert telex(typed) is None


@pytest.mark.parametrize("typed", ["a11", "a10", "o66", "d99i", "4", "2025", "a"])
def test_a_digit_taken_back_leaves_none(typed: str) -> None:
    assert vni(typed) is None


@pytest.mark.parametrize(
    "word", ["win", "samsung", "iphone15", "f0", "MU", "covid19", "google", "wifi", "khongphair"]
)
def test_what_makes_no_syllable_stays(word: str) -> None:
    assert telex(word) is None
    assert vni(word) is None


@pytest.mark.parametrize("syllable", WRITTEN[::50])
def test_what_has_marks_already_stays(syllable: str) -> None:
    assert telex(syllable) is None
    assert vni(syllable + "1") is None


@given(
    st.one_of(
        st.text(max_size=12),
        st.text("abcdeghiknopqrstuvwxyzfj0123456789 DWĐă", max_size=20),
        st.sampled_from(["ss" * 500, "w" * 1000, "a6" * 40]),
    )
)
def test_no_keys_are_an_error(typed: str) -> None:
    for decode in (telex, vni):
        syllable = decode(typed)
        assert syllable is None or (not syllable.isascii() and decode(syllable) is None)
