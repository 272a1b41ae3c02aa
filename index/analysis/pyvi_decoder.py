"""Which tokens pyvi's CRF joins to the one before: Viterbi decoding, almost all of it in arrays.

With two labels, B (begins a word) and I (inside one), the Viterbi state is one number a token:
x[i] = best score of a path ending in I at i, less the best ending in B. It obeys

    x[i] = e[i] + clamp(T(BI) − T(IB) − x[i−1], low, high)
    low = T(II) − T(IB), high = T(BI) − T(BB)

with e[i] the sum of the token's feature weights (I less B) and T the transition weights. In pyvi's
model high − low is .38 while e spreads over tens: for nearly every token e alone decides on which
side of the clamp the next one stands, so only the few others are computed one after another.

Backwards: if x[i] > T(BI) − T(II) then i is I whatever follows; if x[i] ≤ T(BB) − T(IB) it is B
whatever follows; between the two (possible because low < high) it is the opposite of its successor.
Where that is too close to call the text is decoded anew, as CRFsuite does it (`pyvi_ties`).
"""

from __future__ import annotations

from math import inf

import numpy as np
import numpy.typing as npt

from index.analysis import pyvi_ties
from index.analysis.pyvi_model import BEGIN, INSIDE, PyviModel
from index.analysis.pyvi_vocabulary import APART, END, TITLE, PyviVocabulary

Numbers = npt.NDArray[np.int32]
_HASH_BITS = 16


class PyviDecoder:
    """Decodes with one model; holds no state of a text."""

    def __init__(self, model: PyviModel) -> None:
        self._model = model
        after = model.transitions
        self._low = after[INSIDE + INSIDE] - after[INSIDE + BEGIN]
        self._high = after[BEGIN + INSIDE] - after[BEGIN + BEGIN]
        self._turn = after[BEGIN + INSIDE] - after[INSIDE + BEGIN]
        self._surely_inside = after[BEGIN + INSIDE] - after[INSIDE + INSIDE]
        self._surely_begin = after[BEGIN + BEGIN] - after[INSIDE + BEGIN]
        if self._low >= self._high:
            raise ValueError("the decoder needs a model with T(BI) + T(IB) > T(BB) + T(II)")
        self.lexicon = _numbered(model.bigrams | model.trigrams)
        """Lower-case syllable → its number, of all syllables in the lexicon's entries."""
        self._width = len(self.lexicon) + 1  # the last number: not in the lexicon
        self._bigrams = self._bigram_bits(model.bigrams)
        self._trigrams = {tuple(self.lexicon[s] for s in gram) for gram in model.trigrams}
        self._trigram_heads = np.zeros(1 << _HASH_BITS, np.bool_)  # hashed: candidates only
        firsts, seconds = np.array([gram[:2] for gram in self._trigrams], np.int32).T
        self._trigram_heads[_head_hash(firsts, seconds)] = True
        weight = model.weights.get
        self._bigram_weights = weight("-1:word.bi_gram()", 0.0), weight("+1:word.bi_gram()", 0.0)
        self._trigram_weights = weight("-2:word.tri_gram()", 0.0), weight("+2:word.tri_gram()", 0.0)

    def joined(self, numbers: Numbers, vocabulary: PyviVocabulary) -> npt.NDArray[np.bool_]:
        """Whether pyvi joins each token to the one before it: of texts that each end in `END`."""
        ends = np.flatnonzero(numbers == END)
        scores = self._scores(self._emissions(numbers, vocabulary), ends)
        inside = scores > self._surely_inside
        turning = (scores > self._surely_begin) & ~inside
        inside[ends - 1] = scores[ends - 1] > 0  # nothing follows
        turning[ends - 1] = turning[ends] = False
        for i in np.flatnonzero(turning)[::-1].tolist():
            inside[i] = not inside[i + 1]
        for first, last in self._undecided(scores, ends):
            tokens = [vocabulary.surfaces[number] for number in numbers[first:last].tolist()]
            inside[first:last] = pyvi_ties.inside(self._model, tokens)
        flags = vocabulary.flags.take(numbers)
        before = flags[:-1]
        title = flags[1:] & ~before & TITLE
        inside[1:] &= (((flags[1:] | before) & APART) | title) == 0  # END is apart
        inside[:1] = False
        return inside

    def _undecided(
        self, scores: npt.NDArray[np.float64], ends: npt.NDArray[np.intp]
    ) -> list[tuple[int, int]]:
        """Where the texts begin and end of which some token is too close to call."""
        distances = np.minimum(
            np.abs(scores - self._surely_inside), np.abs(scores - self._surely_begin)
        )
        distances[ends - 1] = np.abs(scores[ends - 1])
        distances[ends] = inf
        texts = np.unique(ends.searchsorted(np.flatnonzero(distances < pyvi_ties.NEAR)))
        firsts = np.concatenate([[0], ends + 1])
        return list(zip(firsts[texts].tolist(), ends[texts].tolist(), strict=True))

    def _emissions(self, numbers: Numbers, vocabulary: PyviVocabulary) -> npt.NDArray[np.float64]:
        """e[i]: what all features that are on at token i add to I, less what they add to B."""
        own, on_next, on_previous = vocabulary.weights.take(numbers, axis=1)
        emissions: npt.NDArray[np.float64] = own
        emissions[1:] += on_next[:-1]
        emissions[:-1] += on_previous[1:]
        ids = vocabulary.lexicon_ids.take(numbers)
        codes = ids[:-1] * np.int32(self._width) + ids[1:]
        paired = (self._bigrams.take(codes >> 3) >> (codes & 7)) & 1
        with_previous, with_next = self._bigram_weights
        emissions[1:] += paired * with_previous
        emissions[:-1] += paired * with_next
        with_two_before, with_two_after = self._trigram_weights
        heads = self._trigram_heads.take(_head_hash(ids[:-1], ids[1:]))
        for i in np.flatnonzero(heads[:-1]).tolist():
            if tuple(ids[i : i + 3].tolist()) in self._trigrams:
                emissions[i] += with_two_after
                emissions[i + 2] += with_two_before
        return emissions

    def _scores(
        self, emissions: npt.NDArray[np.float64], ends: npt.NDArray[np.intp]
    ) -> npt.NDArray[np.float64]:
        """x[i] of the module's docstring."""
        low, high, turn = self._low, self._high, self._turn
        surely_inside = emissions + low > self._surely_inside
        unsure = (emissions + high > self._surely_begin) & ~surely_inside
        unsure[:1] = True  # nothing comes before the first of a text
        unsure[ends[:-1] + 1] = True
        unsure[ends] = False
        carried = np.where(surely_inside, low, high)
        carried[ends] = 0.0
        scores = emissions.copy()
        scores[1:] += carried[:-1]
        for i in np.flatnonzero(unsure).tolist():
            scores[i + 1] = emissions[i + 1] + min(max(turn - scores[i], low), high)
        return scores

    def _bigram_bits(self, bigrams: frozenset[tuple[str, ...]]) -> npt.NDArray[np.uint8]:
        """A bit for each pair of lexicon numbers: 4.4 MB, one look-up a token."""
        bits = np.zeros(self._width * self._width // 8 + 1, np.uint8)
        pairs = np.array([[self.lexicon[s] for s in pair] for pair in bigrams], np.int32)
        codes = pairs[:, 0] * self._width + pairs[:, 1]
        np.bitwise_or.at(bits, codes >> 3, (1 << (codes & 7)).astype(np.uint8))
        return bits


def _numbered(grams: frozenset[tuple[str, ...]]) -> dict[str, int]:
    return {syllable: i for i, syllable in enumerate(sorted({s for gram in grams for s in gram}))}


def _head_hash(first: Numbers, second: Numbers) -> Numbers:
    return (first * np.int32(40503) + second) & np.int32((1 << _HASH_BITS) - 1)
