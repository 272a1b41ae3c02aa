"""The Whoosh analyzers say the same as the bulk functions, and behave as Whoosh expects."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh.analysis import Analyzer

from index.analysis.analyzers import ACCENTED, FOLDED, PAIRS, WORDS, pair_keys
from index.analysis.fold import fold_key
from index.analysis.normalize import accented_key, nfc
from index.analysis.syllables import surfaces, syllables
from index.analysis.words import segmenter

ALL = [FOLDED, ACCENTED, PAIRS, WORDS]


def tokens(analyzer: Analyzer, text: str, **options: Any) -> list[Any]:
    return [token.copy() for token in analyzer(text, **options)]


def keys(analyzer: Analyzer, text: str) -> list[str]:
    return [token.text for token in analyzer(text)]


@given(data=st.data())
def test_tokens_are_the_keys_of_the_bulk_functions(
    texts: st.SearchStrategy[str], data: st.DataObject
) -> None:
    text = data.draw(texts)
    accented = [accented_key(surface) for surface in surfaces(nfc(text))]
    folded = [fold_key(key) for key in accented]
    assert keys(ACCENTED, text) == accented
    assert keys(FOLDED, text) == folded
    assert keys(PAIRS, text) == pair_keys(folded)
    assert keys(WORDS, text) == segmenter().compounds(nfc(text))


@given(data=st.data())
def test_offsets_slice_back_to_what_has_the_key(
    texts: st.SearchStrategy[str], data: st.DataObject
) -> None:
    text = data.draw(texts)
    text = nfc(text)
    found = syllables(text)
    for token, syllable in zip(tokens(FOLDED, text, chars=True), found, strict=True):
        assert text[token.startchar : token.endchar] == syllable.surface
    pairs = zip(tokens(PAIRS, text, chars=True), found, found[1:], strict=False)
    for token, first, second in pairs:
        assert (token.startchar, token.endchar) == (first.start, second.end)
    for token in tokens(WORDS, text, chars=True):
        assert "_".join(keys(ACCENTED, text[token.startchar : token.endchar])) == token.text


@pytest.mark.parametrize("analyzer", ALL)
def test_positions_and_characters_come_when_asked(analyzer: Analyzer) -> None:
    text = "Gặp gỡ đầu xuân tại Quảng Ninh"
    plain = tokens(analyzer, text)
    assert len(plain) > 1
    assert all(not hasattr(token, "pos") and not hasattr(token, "startchar") for token in plain)
    moved = tokens(analyzer, text, positions=True, chars=True, start_pos=10, start_char=100)
    assert [token.pos for token in moved] == list(range(10, 10 + len(moved)))
    assert moved[0].startchar == 100
    assert all(token.boost == 1.0 and not token.stopped for token in moved)


@pytest.mark.parametrize("analyzer", ALL)
def test_the_original_is_kept_when_asked(analyzer: Analyzer) -> None:
    first = tokens(analyzer, "Hà Giang", keeporiginal=True, mode="index")[0]
    assert first.original.startswith("Hà")
    assert first.mode == "index"


@pytest.mark.parametrize("analyzer", [FOLDED, ACCENTED])
def test_a_value_can_be_one_token(analyzer: Analyzer) -> None:
    assert len(tokens(analyzer, "gặp gỡ", tokenize=False, positions=True)) == 1


@pytest.mark.parametrize("analyzer", ALL)
def test_analyzers_pickle_small_and_equal(analyzer: Analyzer) -> None:
    pickled = pickle.dumps(analyzer)
    assert len(pickled) < 300
    assert pickle.loads(pickled) == analyzer


def test_pairs_cross_punctuation_and_one_syllable_has_none() -> None:
    assert keys(PAIRS, "Sáng 25/2, họp") == ["sang_25", "25_2", "2_hop"]
    assert keys(PAIRS, "họp") == []
