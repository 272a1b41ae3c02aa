"""Near duplicates: copies are grouped, other texts are not, whatever the segments."""

from __future__ import annotations

import random

import numpy as np
import pytest

from index.analysis.fold import fold_key
from index.builder import Vocabulary
from index.duplicates import MIN_SHINGLES, Bands, Documents, band_columns, groups

RANDOM = random.Random(5)
WORDS = [fold_key(f"tu{number}") for number in range(3_000)]


def text(length: int) -> list[str]:
    return RANDOM.choices(WORDS, k=length)


def edited(words: list[str], share: float) -> list[str]:
    return [RANDOM.choice(WORDS) if RANDOM.random() < share else word for word in words]


def bands(texts: list[list[str]]) -> Bands:
    vocabulary = Vocabulary()
    tokens = vocabulary.folded.tokens(texts)
    return band_columns(tokens.terms, tokens.counts, vocabulary.hashes())


def grouped(texts: list[list[str]], dates: list[int] | None = None) -> list[int]:
    found = groups([Documents(bands(texts), np.array(dates or [0] * len(texts), np.int32), None)])
    return found[0].tolist()


def test_of_copies_with_a_word_in_fifty_changed_nearly_all_are_found() -> None:
    originals = [text(400) for _ in range(200)]
    numbers = grouped([*originals, *(edited(words, 1 / 50) for words in originals)])
    assert sum(a == b > 0 for a, b in zip(numbers[:200], numbers[200:], strict=True)) >= 194
    assert max(numbers) <= 200


def test_texts_that_share_a_third_are_not_copies() -> None:
    common = [text(130) for _ in range(200)]
    numbers = grouped([part + text(270) for part in common] + [part + text(270) for part in common])
    assert sum(number > 0 for number in numbers) <= 4


def test_texts_that_share_half_are_hardly_ever_taken_for_copies() -> None:
    common = [text(280) for _ in range(200)]
    numbers = grouped([part + text(120) for part in common] + [part + text(120) for part in common])
    assert sum(number > 0 for number in numbers) <= 2 * 12


def test_short_texts_and_far_days_are_let_be() -> None:
    short, long = text(MIN_SHINGLES), text(200)
    assert grouped([short, short]) == [0, 0]
    assert grouped([long, long, long], [20250101, 20250103, 20250301]) == [1, 1, 0]
    assert grouped([long, long], [0, 20250103]) == [1, 1]


def test_empty_texts_are_in_no_group() -> None:
    assert grouped([[], [], text(3)]) == [0, 0, 0]
    assert groups([]) == []


@pytest.mark.parametrize("parts", [1, 2, 3])
def test_segments_make_no_difference(parts: int) -> None:
    originals = [text(200) for _ in range(20)]
    all_bands = bands([*originals, *originals[:7]])
    pieces = np.array_split(np.arange(27), parts)
    found = groups(
        [Documents(all_bands[:, piece], np.zeros(len(piece), np.int32), None) for piece in pieces]
    )
    numbers = np.concatenate(found)
    assert numbers[:7].tolist() == numbers[20:].tolist() == list(range(1, 8))
    assert not numbers[7:20].any()


def test_deleted_documents_are_in_no_group() -> None:
    words = text(200)
    live = np.array([True, True, False])
    found = groups([Documents(bands([words] * 3), np.zeros(3, np.int32), live)])
    assert found[0].tolist() == [1, 1, 0]
