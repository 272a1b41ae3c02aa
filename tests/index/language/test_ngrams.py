"""The language model is that of its formulas, counted and summed the plain way."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.codec.container import Container
from index.language import ngrams
from index.language.model import LanguageModel, load, save
from index.language.ngrams import DISCOUNT, PRIOR, SYLLABLES, learn
from index.language.stream import Stream

KEYS = ["là", "của", "đường", "xuân", "0"]
NUMBERS = st.lists(st.integers(-1, len(KEYS) - 1), max_size=60)


def stream_of(numbers: list[int]) -> Stream:
    found = Counter(numbers)
    frequencies = np.array([found[number] for number in range(len(KEYS))], np.int64)
    return Stream(KEYS, frequencies, np.array(numbers, np.int32))


def kept(path: Path, numbers: list[int]) -> LanguageModel:
    stream = stream_of(numbers)
    save(path, stream, learn(stream))
    return load(Container(path))


class Plain:
    """The model of the formulas, with nothing left out."""

    def __init__(self, numbers: list[int]) -> None:
        self.ones = Counter(n for n in numbers if n >= 0)
        self.twos = Counter(p for p in pairwise(numbers) if min(p) >= 0)
        triples = zip(numbers, numbers[1:], numbers[2:], strict=False)
        self.threes = Counter(t for t in triples if min(t) >= 0)
        self.before = Counter(second for _, second in self.twos)

    def one(self, c: int) -> float:
        return (self.before[c] + PRIOR / SYLLABLES) / (sum(self.before.values()) + PRIOR)

    def two(self, b: int, c: int) -> float:
        part = max(self.twos[b, c] - DISCOUNT, 0) / (self.ones[b] or 1)
        taken = sum(n - DISCOUNT for (x, _), n in self.twos.items() if x == b)
        return part + max(1 - taken / (self.ones[b] or 1), 1e-4) * self.one(c)


@settings(max_examples=60, deadline=None)
@given(NUMBERS)
def test_bigrams_are_as_counted(tmp_path_factory: pytest.TempPathFactory, text: list[int]) -> None:
    model = kept(tmp_path_factory.mktemp("model") / "language.lm", text)
    plain = Plain(text)
    every = np.array(list(product(range(len(KEYS)), repeat=2)))
    found, places = model.bigram(every[:, 0], every[:, 1])
    for (b, c), probability, place in zip(every.tolist(), found, places, strict=True):
        assert probability == pytest.approx(plain.two(b, c), rel=0.06, abs=5e-3)
        assert (place >= 0) == ((b, c) in plain.twos)


@settings(max_examples=60, deadline=None)
@given(NUMBERS)
def test_probabilities_after_any_two_syllables_sum_to_one(
    tmp_path_factory: pytest.TempPathFactory, text: list[int]
) -> None:
    model = kept(tmp_path_factory.mktemp("model") / "language.lm", text)
    third = np.arange(len(KEYS))
    unseen = 1 - float(model.unigram(third).sum())  # what the prior keeps for other syllables
    for a, b in product(range(len(KEYS)), repeat=2):
        _, begin = model.bigram(np.array([a]), np.array([b]))
        shorter, _ = model.bigram(np.full(len(KEYS), b), third)
        longer = model.trigram(np.repeat(begin, len(KEYS)), third, shorter)
        assert (longer > 0).all()
        for spread in (shorter, longer):
            assert 1 - unseen - 0.01 < spread.sum() < 1.01


def test_a_trigram_tells_what_a_bigram_does_not(tmp_path: Path) -> None:
    text = ([0, 1, 2, -1] * 20 + [3, 1, 4, -1] * 20) * 3
    model = kept(tmp_path / "language.lm", text)
    begin = model.bigram(np.array([0, 3]), np.array([1, 1]))[1]
    for third, expected in ((2, [True, False]), (4, [False, True])):
        shorter, _ = model.bigram(np.array([1, 1]), np.array([third, third]))
        longer = model.trigram(begin, np.array([third, third]), shorter)
        assert (longer > shorter).tolist() == expected


def test_counting_in_parts_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(7)
    stream = stream_of(rng.integers(-1, len(KEYS), 5_000).tolist())
    whole = learn(stream)
    monkeypatch.setattr(ngrams, "_PARTITION", 300)
    for one, other in zip(whole, learn(stream), strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_rarest_go_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ngrams, "FEW", 1)
    stream = stream_of([0, 1, -1] * 9 + [2, 3, -1])
    learnt = learn(stream)
    assert learnt.bigrams.tolist() == [0 * len(KEYS) + 1]
