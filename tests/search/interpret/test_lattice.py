"""Forward and backward give what going through every path would."""

from __future__ import annotations

from itertools import product
from math import exp, prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.codec.container import Container
from index.language.model import LanguageModel, load, save
from index.language.ngrams import learn
from index.language.stream import Stream
from search.interpret import lattice
from search.interpret.lattice import Slot, decode

KEYS = ["gặp", "gỡ", "đầu", "xuân", "dầu", "gỗ"]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> LanguageModel:
    numbers = np.array(([0, 1, 2, 3, -1] * 5 + [5, 4, -1, 0, 5, 2, -1]) * 4, np.int32)
    frequencies = np.bincount(numbers[numbers >= 0])
    stream = Stream(KEYS, frequencies, numbers)
    path = tmp_path_factory.mktemp("model") / "language.lm"
    save(path, stream, learn(stream))
    return load(Container(path))


def path_probability(model: LanguageModel, path: tuple[int, ...]) -> float:
    def one(c: int) -> float:
        return model.unknown if c < 0 else float(model.unigram(np.array([c]))[0])

    def two(b: int, c: int) -> float:
        if min(b, c) < 0:
            return one(c)
        return float(model.bigram(np.array([b]), np.array([c]))[0][0])

    def three(a: int, b: int, c: int) -> float:
        if min(a, b, c) < 0:
            return two(b, c)
        _, begin = model.bigram(np.array([a]), np.array([b]))
        return float(model.trigram(begin, np.array([c]), np.array([two(b, c)]))[0])

    total = one(path[0])
    for at in range(1, len(path)):
        total *= two(*path[:2]) if at == 1 else three(*path[at - 2 : at + 1])
    return total


SLOTS = st.lists(
    st.lists(
        st.tuples(st.integers(-1, len(KEYS) - 1), st.floats(-5, 0)),
        min_size=1,
        max_size=4,
        unique_by=lambda pair: pair[0],
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=80, deadline=None)
@given(SLOTS)
def test_all_paths_are_weighed(model: LanguageModel, slots: list[list[tuple[int, float]]]) -> None:
    weights: dict[tuple[int, ...], float] = {}
    for choice in product(*(range(len(slot)) for slot in slots)):
        path = tuple(slot[at][0] for slot, at in zip(slots, choice, strict=True))
        channel = prod(exp(slot[at][1]) for slot, at in zip(slots, choice, strict=True))
        weights[choice] = channel * path_probability(model, path)
    total = sum(weights.values())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lattice, "LIKELY", 0.0)  # nothing is dropped on the way
        decoded = decode(
            model,
            [Slot([n for n, _ in s], [cost for _, cost in s]) for s in slots],
        )
    assert exp(decoded.evidence) == pytest.approx(total)
    for at, found in enumerate(decoded.probabilities):
        expected = np.zeros(len(found))
        for choice, weight in weights.items():
            expected[choice[at]] += weight / total
        np.testing.assert_allclose(found, expected, atol=1e-9)


def test_no_syllables_have_no_meaning(model: LanguageModel) -> None:
    assert decode(model, []) == ([], 0.0)
