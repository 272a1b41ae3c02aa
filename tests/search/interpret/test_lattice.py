"""Forward and backward give what going through every path would, compiled or not."""

from __future__ import annotations

from itertools import product
from math import exp, prod

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import native
from index.codec.container import Container
from index.language.model import LanguageModel, load, save
from index.language.ngrams import Ngrams, learn
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


Slots = list[list[tuple[int, float]]]


def slots(most: int, candidates: int, costs: st.SearchStrategy[float]) -> st.SearchStrategy[Slots]:
    candidate = st.tuples(st.integers(-1, len(KEYS) - 1), costs)
    return st.lists(st.lists(candidate, min_size=1, max_size=candidates), min_size=1, max_size=most)


def made(slots: Slots) -> list[Slot]:
    columns = (tuple(zip(*slot, strict=True)) for slot in slots)
    return [Slot(np.array(numbers), np.exp(costs)) for numbers, costs in columns]


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(slots(5, 4, st.floats(-5, 0)))
def test_all_paths_are_weighed(loops: None, model: LanguageModel, slots: Slots) -> None:
    weights: dict[tuple[int, ...], float] = {}
    for choice in product(*(range(len(slot)) for slot in slots)):
        path = tuple(slot[at][0] for slot, at in zip(slots, choice, strict=True))
        channel = prod(exp(slot[at][1]) for slot, at in zip(slots, choice, strict=True))
        weights[choice] = channel * path_probability(model, path)
    total = sum(weights.values())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lattice, "LIKELY", 0.0)  # nothing is dropped on the way
        decoded = decode(model, made(slots))
    assert exp(decoded.evidence) == pytest.approx(total)
    for at, found in enumerate(decoded.probabilities):
        expected = np.zeros(len(found))
        for choice, weight in weights.items():
            expected[choice[at]] += weight / total
        np.testing.assert_allclose(found, expected, atol=1e-9)


@settings(max_examples=200)
@given(slots(9, 12, st.sampled_from([0.0, -0.5, -4.0])))  # some as likely as others
def test_compiled_it_is_the_same(model: LanguageModel, slots: Slots) -> None:
    assert native.load()
    same(model, slots)


@pytest.mark.parametrize("candidates", [1, 2, 30])
def test_a_long_query(model: LanguageModel, candidates: int) -> None:
    assert native.load()
    row = [(place % (len(KEYS) + 1) - 1, -0.1 * place) for place in range(candidates)]
    same(model, [row] * 64)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_model_that_knows_nothing_that_follows(count: int) -> None:
    assert native.load()
    nothing = np.zeros(0, np.int64), np.zeros(0)
    ngrams = Ngrams(np.array([0.5]), *nothing, *nothing)
    same(LanguageModel(["a"], np.array([1]), ngrams), [[(0, 0.0), (-1, -1.0)]] * count)


def test_a_model_without_syllables() -> None:
    assert native.load()
    nothing = np.zeros(0, np.int64), np.zeros(0)
    model = LanguageModel([], np.zeros(0, np.int64), Ngrams(np.zeros(0), *nothing, *nothing))
    decoded = decode(model, made([[(-1, 0.0)], [(-1, 0.0), (0, 0.0)], [(5, 0.0)]]))
    assert decoded.probabilities == [[1.0], [0.5, 0.5], [1.0]]


def same(model: LanguageModel, slots: Slots) -> None:
    """Hold the compiled loops to what NumPy makes of it."""
    assert lattice.kernels() is not None
    found = decode(model, made(slots))
    with native.without():
        wanted = decode(model, made(slots))
    assert found.evidence == pytest.approx(wanted.evidence, rel=1e-12)
    for ours, theirs in zip(found.probabilities, wanted.probabilities, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-11)
    # Of several that are as likely, rounding may favour another.
    columns = zip(wanted.probabilities, found.path, wanted.path, strict=True)
    assert all(some[a] == pytest.approx(some[b]) for some, a, b in columns)
    if found.path == wanted.path:
        assert found.seen == wanted.seen


def test_it_tells_which_neighbours_were_seen(loops: None, model: LanguageModel) -> None:
    decoded = decode(model, made([[(0, 0.0)], [(1, 0.0), (4, -20.0)], [(-1, 0.0)], [(4, 0.0)]]))
    assert decoded.path == [0, 0, 0, 0]
    assert decoded.seen == [True, False, False]


def test_no_syllables_have_no_meaning(model: LanguageModel) -> None:
    assert decode(model, []) == ([], 0.0, [], [])
