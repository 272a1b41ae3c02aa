"""Which syllable follows which: n-grams of a stream counted, smoothed, and thinned out.

A trigram model in Katz's back-off form with absolute discounting (Ney, Essen and Kneser, 1994):

    P(c | a b) = max(n(abc) - D, 0) / n(ab)  +  λ(ab) P(c | b)
    P(c | b)   = max(n(bc)  - D, 0) / n(b)   +  λ(b)  P(c)
    P(c)       = distinct syllables before c, over all of them (Kneser and Ney, 1995), with a prior

What is left out is what the model says nearly as well without: trigrams by what each adds to the
likelihood of the text, n(abc) ln(P(c | ab) / P(c | b)) (Stolcke, 1998), bigrams by their count.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.language.stream import Stream

Int64s = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

DISCOUNT = 0.75
SYLLABLES = 7_000
"""Syllables that Vietnamese has, about."""
PRIOR = 100
"""For how many syllables of text the belief counts that all are as common: of a few pages little
can be learnt."""
FEW = 150_000
"""N-grams of each order that are kept however small the index is."""
PER_BIGRAM, PER_TRIGRAM = 45, 50
"""Of a large index one is kept for so many syllables of text: some 1.2 % of its size. On 100,000
news articles this restores marks as well (97.3 %) as with four times as many (97.5 %)."""
_PARTITION = 4_000_000  # n-grams sorted at a time
_AT_ONCE = 500_000  # syllables looked through at a time
_CANDIDATES = 4  # trigrams weighed for each that is kept


class Ngrams(NamedTuple):
    """`unigrams` are P(c), shape [keys]. `bigrams` are `b * keys + c` ascending, `trigrams`
    `(index of bigram ab) * keys + c` ascending, each with the discounted part of its probability.
    """

    unigrams: Floats
    bigrams: Int64s
    bigram_parts: Floats
    trigrams: Int64s
    trigram_parts: Floats


class _Counted(NamedTuple):
    ngrams: Int64s
    counts: Int64s

    def where(self, kept: npt.NDArray[np.bool_]) -> _Counted:
        return _Counted(self.ngrams[kept], self.counts[kept])


def learn(stream: Stream) -> Ngrams:
    """The model of a stream."""
    keys = max(len(stream.keys), 1)
    every_bigram = _count(stream.numbers, keys, order=2)
    before = np.bincount(every_bigram.ngrams % keys, minlength=keys)
    unigrams = (before + PRIOR / SYLLABLES) / (before.sum() + PRIOR)
    size = len(stream.numbers)
    bigrams = _most(every_bigram, max(FEW, size // PER_BIGRAM))
    parts = _parts(bigrams.counts, stream.frequencies[bigrams.ngrams // keys])
    model = Ngrams(unigrams, bigrams.ngrams, parts, np.zeros(0, np.int64), np.zeros(0))
    wanted = max(FEW, size // PER_TRIGRAM)
    least = max(1, int(bigrams.counts.min(initial=1)))
    trigrams = _count(stream.numbers, keys, order=3, least=least, within=bigrams.ngrams)
    trigrams = _most(trigrams, wanted * _CANDIDATES)
    parts = _parts(trigrams.counts, bigrams.counts[trigrams.ngrams // keys])
    gain = trigrams.counts * np.log(parts / shorter(model, trigrams.ngrams))
    kept = gain > max(0.0, float(-np.partition(-gain, wanted)[wanted]) if wanted < len(gain) else 0)
    return model._replace(trigrams=trigrams.ngrams[kept], trigram_parts=parts[kept])


def leftover(contexts: Int64s, parts: Floats, size: int) -> Floats:
    """λ of each of `size` contexts: what the kept parts leave of 1."""
    taken = np.bincount(contexts, weights=parts, minlength=size)
    left: Floats = np.maximum(1.0 - taken, 1e-4)
    return left


def shorter(model: Ngrams, trigrams: Int64s) -> Floats:
    """P(c | b) of each trigram abc."""
    keys = len(model.unigrams)
    last = trigrams % keys
    middle = model.bigrams[trigrams // keys] % keys
    wanted = middle * keys + last
    if not len(model.bigrams):
        return model.unigrams[last]
    at = np.minimum(np.searchsorted(model.bigrams, wanted), len(model.bigrams) - 1)
    parts = np.where(model.bigrams[at] == wanted, model.bigram_parts[at], 0.0)
    left = leftover(model.bigrams // keys, model.bigram_parts, keys)
    probability: Floats = parts + left[middle] * model.unigrams[last]
    return probability


def _parts(counts: Int64s, of: Int64s) -> Floats:
    parts: Floats = np.maximum(counts - DISCOUNT, 0.0) / of
    return parts


def _most(counted: _Counted, wanted: int) -> _Counted:
    """Those with the highest counts: all down to the count at which there would be too many."""
    if len(counted.counts) <= wanted:
        return counted
    least = int(-np.partition(-counted.counts, wanted)[wanted]) + 1
    return counted.where(counted.counts >= least)


def _known(trigrams: _Counted, bigrams: Int64s, keys: int) -> _Counted:
    """Trigrams `a b c` as (index of ab, c), without those whose bigram is not kept."""
    begin = trigrams.ngrams // keys
    if not len(bigrams):
        return trigrams.where(np.zeros(len(begin), bool))
    at = np.minimum(np.searchsorted(bigrams, begin), len(bigrams) - 1)
    numbered = _Counted(at * keys + trigrams.ngrams % keys, trigrams.counts)
    return numbered.where(bigrams[at] == begin)


def _count(
    numbers: npt.NDArray[np.int32],
    keys: int,
    *,
    order: int,
    least: int = 1,
    within: Int64s | None = None,
) -> _Counted:
    """The n-grams that occur at least so often, ascending as numbers to the base `keys`; `within`
    are the bigrams that trigrams begin with, and are numbered by (see `_known`).
    """
    found = []
    for part in _partitions(numbers, keys, order):
        counted = _distinct(part, least)
        found.append(counted if within is None else _known(counted, within, keys))
    if not found:
        return _Counted(np.zeros(0, np.int64), np.zeros(0, np.int64))
    return _Counted(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _partitions(numbers: npt.NDArray[np.int32], keys: int, order: int) -> Iterator[Int64s]:
    """All n-grams, in parts of bounded size that do not overlap, in ascending order."""
    size = len(numbers) - order + 1
    if size <= 0:
        return
    heads = numbers[:size]
    pieces = -(-size // _PARTITION)
    # The stream is sampled to cut where the parts are about equal; a frequent syllable is one part.
    sample = np.sort(heads[:: max(1, size // 100_000)])
    cuts = [0, *np.unique(sample[np.linspace(0, len(sample) - 1, pieces + 1)[1:-1].astype(int)])]
    cuts = [*sorted({int(cut) for cut in cuts if cut >= 0}), keys]
    starts = range(0, size, _AT_ONCE)
    for low, high in pairwise(cuts):
        some = (numbers[start : start + _AT_ONCE + order - 1] for start in starts)
        yield np.concatenate([_select(each, low, high, keys, order) for each in some])


def _select(numbers: npt.NDArray[np.int32], low: int, high: int, keys: int, order: int) -> Int64s:
    """The n-grams whose first syllable is from `low` on and below `high`."""
    heads = numbers[: len(numbers) - order + 1]
    at = np.flatnonzero((heads >= low) & (heads < high))
    whole = np.ones(len(at), bool)
    for later in range(1, order):
        whole &= numbers[at + later] >= 0
    at = at[whole]
    packed = numbers[at].astype(np.int64)
    for later in range(1, order):
        packed *= keys
        packed += numbers[at + later]
    return packed


def _distinct(packed: Int64s, least: int) -> _Counted:
    packed.sort()
    heads = np.flatnonzero(np.diff(packed, prepend=-1))
    counted = _Counted(packed[heads], np.diff(heads, append=len(packed)))
    return counted.where(counted.counts >= least)
