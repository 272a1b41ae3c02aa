"""The most likely syllables behind what was typed: candidates weighed by a language model.

A noisy channel: P(intended | typed) ∝ P(typed | intended) P(intended). The channel's part comes
with the candidates, the rest is the language model's. The forward-backward algorithm (Rabiner,
1989) gives the probability of each candidate in its place, all paths considered; first on bigrams,
then, among what is still likely, on trigrams.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise, starmap
from math import log, prod
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from index.language.model import LanguageModel

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LIKELY, FEW = 0.002, 6
"""Candidates that go on to trigrams: with at least this probability, and at most so many."""


class Slot(NamedTuple):
    """What one typed syllable may be: numbers in the language model (-1: not in it), and
    ln P(typed | candidate) of each; shape [candidates]."""

    numbers: Ints
    costs: Floats


class Decoded(NamedTuple):
    """Probability of each candidate of each slot; and ln P of what was typed, all in all."""

    probabilities: list[Floats]
    evidence: float


def decode(model: LanguageModel, slots: Sequence[Slot]) -> Decoded:
    """Weigh the candidates of all slots against each other."""
    if not slots:
        return Decoded([], 0.0)
    pairs = _pairs(model, slots)
    channel = [np.exp(slot.costs) for slot in slots]
    begin = _unigrams(model, slots[0].numbers) * channel[0]
    first = _forward_backward(begin, [pair.probability for pair in pairs], channel[1:])
    if len(slots) < 3 or all(len(slot.numbers) == 1 for slot in slots):
        return first
    kept = [_likely(weights) for weights in first.probabilities]
    numbers = [slot.numbers[at] for slot, at in zip(slots, kept, strict=True)]
    channel = [typed[at] for typed, at in zip(channel, kept, strict=True)]
    pairs = [pair.among(*ats) for pair, ats in zip(pairs, pairwise(kept), strict=True)]
    # The states are pairs of neighbours now.
    start = begin[kept[0]][:, None] * pairs[0].probability * channel[1]
    second = _forward_backward(start, _triples(model, pairs, numbers), channel[2:])
    neighbours = second.probabilities
    weights = [neighbours[0].sum(1), *(each.sum(0) for each in neighbours)]
    spread = [_spread(*each) for each in zip(slots, kept, weights, strict=True)]
    return Decoded(spread, second.evidence)


class _Pair(NamedTuple):
    """Two neighbouring slots: P(next | this), and where the model keeps the bigram (-1: nowhere);
    shape [candidates, next's]."""

    probability: Floats
    places: Ints

    def among(self, these: Ints, those: Ints) -> _Pair:
        grid = np.ix_(these, those)
        return _Pair(self.probability[grid], self.places[grid])


def _pairs(model: LanguageModel, slots: Sequence[Slot]) -> list[_Pair]:
    shapes = [(len(a.numbers), len(b.numbers)) for a, b in pairwise(slots)]
    if not shapes:
        return []
    before = np.concatenate([np.repeat(a.numbers, len(b.numbers)) for a, b in pairwise(slots)])
    after = np.concatenate([np.tile(b.numbers, len(a.numbers)) for a, b in pairwise(slots)])
    probability, places = model.bigram(before, after)
    odd = np.flatnonzero((before < 0) | (after < 0))
    probability[odd] = _unigrams(model, after[odd])
    places[odd] = -1
    return list(starmap(_Pair, zip(_cut(probability, shapes), _cut(places, shapes), strict=True)))


def _triples(model: LanguageModel, pairs: Sequence[_Pair], numbers: Sequence[Ints]) -> list[Floats]:
    """P(third | two before) of each three slots, shape [first's, second's, third's]."""
    shapes = [(*a.places.shape, b.places.shape[1]) for a, b in pairwise(pairs)]
    zipped = list(zip(pairwise(pairs), numbers[2:], shapes, strict=True))
    begin = [np.broadcast_to(a.places[:, :, None], shape).ravel() for (a, _), _, shape in zipped]
    third = [np.broadcast_to(number, shape).ravel() for _, number, shape in zipped]
    shorter = [np.broadcast_to(b.probability, shape).ravel() for (_, b), _, shape in zipped]
    last = np.concatenate(third)
    places = np.where(last < 0, -1, np.concatenate(begin))
    flat = model.trigram(places, last, np.concatenate(shorter))
    return _cut(flat, shapes)


def _forward_backward(begin: Floats, steps: Sequence[Floats], channel: Sequence[Floats]) -> Decoded:
    """Along states whose last axis becomes the first but one of the next step's; `channel` belongs
    to each step's last axis. Sums are scaled to 1 at each step, as products of many would vanish.
    """
    scales = [float(begin.sum())]
    forward = [begin / scales[0]]
    for step, typed in zip(steps, channel, strict=True):
        reached = (forward[-1][..., None] * step).sum(0) * typed
        scales.append(float(reached.sum()))
        forward.append(reached / scales[-1])
    weights = [forward[-1]]
    onward = None
    for at in range(len(steps) - 1, -1, -1):
        typed = channel[at] if onward is None else channel[at] * onward
        onward = (steps[at] * typed).sum(-1) / scales[at + 1]
        weights.append(forward[at] * onward)
    return Decoded(weights[::-1], sum(map(log, scales)))


def _unigrams(model: LanguageModel, numbers: Ints) -> Floats:
    return np.where(numbers < 0, model.unknown, model.unigram(numbers))


def _likely(weights: Floats) -> Ints:
    order = np.argsort(-weights, kind="stable")[:FEW]
    kept: Ints = order[weights[order] >= min(LIKELY, float(weights[order[0]]))]
    return kept


def _spread(slot: Slot, kept: Ints, weights: Floats) -> Floats:
    """The weights of all candidates, 0 for those that were dropped."""
    whole = np.zeros(len(slot.numbers))
    whole[kept] = weights
    return whole


def _cut(flat: npt.NDArray[Any], shapes: Sequence[tuple[int, ...]]) -> list[npt.NDArray[Any]]:
    ends = list(accumulate(map(prod, shapes)))
    starts = [0, *ends[:-1]]
    return [flat[a:b].reshape(shape) for a, b, shape in zip(starts, ends, shapes, strict=True)]
