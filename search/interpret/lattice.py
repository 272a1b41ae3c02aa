"""The most likely syllables behind what was typed: candidates weighed by a language model.

A noisy channel: P(intended | typed) ∝ P(typed | intended) P(intended). The channel's part comes
with the candidates, the rest is the language model's. The forward-backward algorithm (Rabiner,
1989) gives the probability of each candidate in its place, all paths considered; first on bigrams,
then, among what is still likely, on trigrams.

All slots lie in one array, n slots by w candidates. A slot with fewer than w is filled up with some
that the channel gives no probability. Where the compiled loops are there, they do all of it instead
(see `kernels`).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from math import log
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from index.language.model import LanguageModel
from index.native import Loops

kernels = Loops("search.interpret.kernels")

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

LIKELY, FEW = 0.002, 6
"""Candidates that go on to trigrams: with at least this probability, and at most so many."""


class Slot(NamedTuple):
    """What one typed syllable may be: numbers in the language model (-1: not in it), and
    P(typed | candidate) of each."""

    numbers: Ints
    channel: Floats


class Decoded(NamedTuple):
    """Probability of each candidate of each slot; and ln P of what was typed, all in all. `path` is
    the place of the likeliest one of each slot, and `seen` tells of each but the last whether the
    model has a bigram of it and the next.
    """

    probabilities: list[list[float]]
    evidence: float
    path: list[int]
    seen: list[bool]


class _Lattice(NamedTuple):
    """`real` tells candidates from what fills a slot up, `channel` is P(typed | candidate) and 0
    for these; shape [n, w]. `begin` is P(candidate, typed) of the first slot, shape [w].
    `probability` is P(next | this) of neighbours, and `places` where the model keeps their bigram
    (-1: nowhere); shape [n - 1, w, w].
    """

    real: Flags
    numbers: Ints
    channel: Floats
    begin: Floats
    probability: Floats
    places: Ints

    def among(self, chosen: Ints, real: Flags) -> _Lattice:
        """Of the candidates only those with these places, shape [n, fewer]."""
        pairs = np.arange(len(chosen) - 1)[:, None, None], chosen[:-1, :, None], chosen[1:, None]
        return _Lattice(
            real,
            np.take_along_axis(self.numbers, chosen, 1),
            np.take_along_axis(self.channel, chosen, 1) * real,
            self.begin[chosen[0]] * real[0],
            self.probability[pairs],
            self.places[pairs],
        )


def decode(model: LanguageModel, slots: Sequence[Slot]) -> Decoded:
    """Weigh the candidates of all slots against each other."""
    if not slots:
        return Decoded([], 0.0, [], [])
    native = kernels()
    return _by_arrays(model, slots) if native is None else _compiled(native, model, slots)


def _compiled(native: Any, model: LanguageModel, slots: Sequence[Slot]) -> Decoded:
    counts = [len(slot.numbers) for slot in slots]
    numbers = np.concatenate([slot.numbers for slot in slots])
    channel = np.concatenate([slot.channel for slot in slots])
    weights, path = np.empty(len(numbers)), np.empty(len(slots), np.int64)
    seen = np.empty(len(slots) - 1, np.bool_)
    evidence = native.decode(
        *(np.array(counts, np.int64), numbers, channel, model.unknown, *model.tables),
        *(FEW, LIKELY, weights, path, seen),
    )
    every, ends = weights.tolist(), accumulate(counts)
    probabilities = [every[end - n : end] for end, n in zip(ends, counts, strict=True)]
    return Decoded(probabilities, evidence, path.tolist(), seen.tolist())


def _by_arrays(model: LanguageModel, slots: Sequence[Slot]) -> Decoded:
    lattice = _lattice(model, slots)
    weights, evidence = _forward_backward(lattice.begin, lattice.probability, lattice.channel[1:])
    whole = np.array(weights)
    if len(slots) > 2 and whole.shape[1] > 1:
        order, kept = _likely(whole, lattice.real)
        fewer = lattice.among(order, kept)
        # The states are pairs of neighbours now.
        start = fewer.begin[:, None] * fewer.probability[0] * fewer.channel[1]
        pairs, evidence = _forward_backward(start, _triples(model, fewer), fewer.channel[2:])
        both = np.array(pairs)
        whole = np.zeros_like(whole)
        np.put_along_axis(whole, order, np.vstack([both[0].sum(1), both.sum(1)]), 1)
    counts = map(len, (slot.numbers for slot in slots))
    probabilities = [row[:n] for row, n in zip(whole.tolist(), counts, strict=True)]
    path = whole.argmax(1)
    seen = lattice.places[np.arange(len(path) - 1), path[:-1], path[1:]] >= 0
    return Decoded(probabilities, evidence, path.tolist(), seen.tolist())


def _lattice(model: LanguageModel, slots: Sequence[Slot]) -> _Lattice:
    counts = np.array([len(slot.numbers) for slot in slots])
    real = np.arange(counts.max()) < counts[:, None]
    numbers, channel = np.full(real.shape, -1, np.int64), np.zeros(real.shape)
    numbers[real] = np.concatenate([slot.numbers for slot in slots])
    channel[real] = np.concatenate([slot.channel for slot in slots])
    single = _unigrams(model, numbers)
    pairs = real[:-1, :, None] & real[1:, None]
    before = np.broadcast_to(numbers[:-1, :, None], pairs.shape)[pairs]
    after = np.broadcast_to(numbers[1:, None], pairs.shape)[pairs]
    known, where = model.bigram(before, after)
    odd = (before < 0) | (after < 0)
    known[odd] = _unigrams(model, after[odd])
    where[odd] = -1
    probability, places = np.zeros(pairs.shape), np.full(pairs.shape, -1, np.int64)
    probability[pairs], places[pairs] = known, where
    return _Lattice(real, numbers, channel, single[0] * channel[0], probability, places)


def _triples(model: LanguageModel, lattice: _Lattice) -> Floats:
    """P(third | two before) of each three slots, shape [n - 2, w, w, w]."""
    real, numbers = lattice.real, lattice.numbers
    triples = real[:-2, :, None, None] & real[1:-1, None, :, None] & real[2:, None, None]
    third = np.broadcast_to(numbers[2:, None, None], triples.shape)[triples]
    begin = np.broadcast_to(lattice.places[:-1, :, :, None], triples.shape)[triples]
    shorter = np.broadcast_to(lattice.probability[1:, None], triples.shape)[triples]
    probability = np.zeros(triples.shape)
    probability[triples] = model.trigram(np.where(third < 0, -1, begin), third, shorter)
    return probability


def _forward_backward(begin: Floats, steps: Floats, channel: Floats) -> tuple[list[Floats], float]:
    """P(state) at each step, and ln P of all. The last axis of a state becomes the last but one of
    the next step's; `channel` belongs to each step's last axis. Sums are scaled to 1 at each step,
    as products of many would vanish.
    """
    total = np.add.reduce
    scales = [float(begin.sum())]
    forward = [begin / scales[0]]
    for step, typed in zip(steps, channel, strict=True):
        reached = total(forward[-1][..., None] * step, 0) * typed
        scales.append(float(reached.sum()))
        reached /= scales[-1]
        forward.append(reached)
    weights = [forward[-1]]
    onward = None
    for at in range(len(steps) - 1, -1, -1):
        typed = channel[at] if onward is None else channel[at] * onward
        onward = total(steps[at] * typed, -1)
        onward /= scales[at + 1]
        weights.append(forward[at] * onward)
    return weights[::-1], sum(map(log, scales))


def _unigrams(model: LanguageModel, numbers: Ints) -> Floats:
    return np.where(numbers < 0, model.unknown, model.unigram(numbers))


def _likely(weights: Floats, real: Flags) -> tuple[Ints, Flags]:
    """The places of the likeliest candidates of each slot, and which of them are likely enough."""
    order = np.argsort(-weights, axis=1, kind="stable")[:, :FEW]
    sorted_weights = np.take_along_axis(weights, order, 1)
    kept = sorted_weights >= np.minimum(LIKELY, sorted_weights[:, :1])
    kept &= np.take_along_axis(real, order, 1)
    widest = int(kept.sum(1).max())
    return order[:, :widest], kept[:, :widest]
