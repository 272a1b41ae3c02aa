"""The language model as a file beside the segments, and as arrays to look probabilities up in.

Sections of its container (see `index.codec.container`), each compressed with zstd:

- `keys`       accented keys, the most common first, one a line
- `frequency`  u4 a key: how often it occurs in the text read
- `unigram`    f4 a key: ln P(key)
- `bigram.n`     u4 a key: how many bigrams begin with it
- `bigram.next`  u2 a bigram: its second key, as the difference to the one before
- `bigram.part`  u1 a bigram: its part of the probability
- `trigram.n`, `trigram.next`, `trigram.part`: the same, `n` u2 a bigram

A part p is kept as round(-12 ln p), so it is off by 4 % at most.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import zstandard

from index.analysis.fold import fold_key
from index.codec.container import Container, ContainerWriter
from index.codec.integers import Ints, starts_of
from index.language.ngrams import SYLLABLES, Ngrams, leftover
from index.language.stream import Stream

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.integer]

RAREST = 1e-7
STEPS = 12.0
_LEVEL = 12


class Tables(NamedTuple):
    """A model as compiled loops take it. Bigram ab is in place of `bigrams` between the `starts` of
    a and of a + 1; trigrams by the place of their bigram likewise.
    """

    unigrams: Floats
    left: Floats
    bigrams: Ints
    bigram_parts: npt.NDArray[np.float32]
    bigram_starts: npt.NDArray[np.int32]
    left_after: npt.NDArray[np.float32]
    trigrams: Ints
    trigram_parts: npt.NDArray[np.float32]
    trigram_starts: npt.NDArray[np.int32]


class LanguageModel:
    """Probabilities of syllables, by number; keys are accented keys. Safe to share between threads.

    A syllable that is not among the keys has no number; `unknown` is the probability of each.
    """

    def __init__(self, keys: list[str], frequencies: Ints, ngrams: Ngrams) -> None:
        self.keys = keys
        self.frequencies = frequencies
        # What was seen once says how much was never seen (Good and Turing); or the prior does.
        once = int(np.count_nonzero(frequencies == 1)) / max(int(frequencies.sum()), 1)
        self.unknown = max(once, 1 - float(ngrams.unigrams.sum()), SYLLABLES * RAREST) / SYLLABLES
        self._number = {key: number for number, key in enumerate(keys)}
        size = len(keys)
        self._size = size
        self._unigrams = ngrams.unigrams
        self._bigrams, self._trigrams = ngrams.bigrams, ngrams.trigrams
        self._bigram_parts = ngrams.bigram_parts.astype(np.float32)
        self._trigram_parts = ngrams.trigram_parts.astype(np.float32)
        self._left = leftover(ngrams.bigrams // max(size, 1), ngrams.bigram_parts, size)
        self._left_after = leftover(
            ngrams.trigrams // max(size, 1), ngrams.trigram_parts, len(ngrams.bigrams)
        ).astype(np.float32)

    @cached_property
    def _spellings(self) -> dict[str, tuple[int, ...]]:
        found: dict[str, tuple[int, ...]] = {}
        for number, key in enumerate(self.keys):
            folded = fold_key(key)
            found[folded] = (*found.get(folded, ()), number)
        return found

    @cached_property
    def tables(self) -> Tables:
        """The model for compiled loops."""
        return Tables(
            self._unigrams,
            self._left,
            self._bigrams,
            self._bigram_parts,
            _starts(self._bigrams, self._size, self._size),
            self._left_after,
            self._trigrams,
            self._trigram_parts,
            _starts(self._trigrams, self._size, len(self._bigrams)),
        )

    def number(self, key: str) -> int:
        """The number of an accented key, -1 if it is not known."""
        return self._number.get(key, -1)

    def spellings(self, folded: str) -> tuple[int, ...]:
        """Numbers of the accented keys that fold to this, the most common first."""
        return self._spellings.get(folded, ())

    def frequency(self, number: int) -> int:
        """How often a syllable occurs in the text that the model was learnt from."""
        return int(self.frequencies[number])

    def unigram(self, numbers: Numbers) -> Floats:
        """P(c); shape as given."""
        return self._unigrams[numbers]

    def bigram(self, first: Numbers, second: Numbers) -> tuple[Floats, Ints]:
        """P(second | first), element by element, and where the bigram is kept, -1 if it is not."""
        at = _find(self._bigrams, np.asarray(first, np.int64) * self._size + second)
        probability: Floats = self._left[first] * self._unigrams[second]
        kept = at >= 0
        probability[kept] += self._bigram_parts[at[kept]]
        return probability, at

    def trigram(self, begin: Ints, third: Numbers, shorter: Floats) -> Floats:
        """P(third | begin), element by element: `begin` is where the bigram before is kept, or -1,
        and `shorter` is P(third | its second).
        """
        probability = shorter.copy()
        known = np.flatnonzero(begin >= 0)
        context = begin[known]
        probability[known] *= self._left_after[context]
        at = _find(self._trigrams, context * self._size + third[known])
        kept = at >= 0
        probability[known[kept]] += self._trigram_parts[at[kept]]
        return probability


def _find(ascending: Ints, wanted: Ints) -> Ints:
    """Where each wanted value is, -1 if it is not there."""
    if not len(ascending):
        return np.full(wanted.shape, -1, np.int64)
    at = np.minimum(np.searchsorted(ascending, wanted), len(ascending) - 1)
    return np.where(ascending[at] == wanted, at, -1)


def _starts(ngrams: Ints, size: int, contexts: int) -> npt.NDArray[np.int32]:
    """Where the n-grams of each context begin, and after the last one where they end."""
    return starts_of(np.bincount(ngrams // max(size, 1), minlength=contexts)).astype(np.int32)


def save(path: Path, stream: Stream, ngrams: Ngrams, **meta: Any) -> None:
    """Write the model of a stream to a new file; it stays behind, closed, if that fails."""
    file = path.open("wb")
    try:
        writer = ContainerWriter(file)
        _write(writer, stream, ngrams)
        writer.meta |= meta
        writer.close()
    finally:
        with suppress(OSError):  # what is still to be written does not fit on the disk
            file.close()


def _write(writer: ContainerWriter, stream: Stream, ngrams: Ngrams) -> None:
    keys = max(len(stream.keys), 1)
    compress = zstandard.ZstdCompressor(level=_LEVEL).compress

    def section(name: str, values: npt.NDArray[Any], kind: str) -> None:
        # Bytes of the same weight side by side compress better.
        raw = np.ascontiguousarray(values.astype(kind)).view(np.uint8)
        width = np.dtype(kind).itemsize
        writer.section(name, compress(raw.reshape(-1, width).T.tobytes()))

    writer.section("keys", compress("\n".join(stream.keys).encode()))
    section("frequency", stream.frequencies, "<u4")
    section("unigram", np.log(ngrams.unigrams), "<f4")
    for name, grams, parts, contexts in (
        ("bigram", ngrams.bigrams, ngrams.bigram_parts, keys),
        ("trigram", ngrams.trigrams, ngrams.trigram_parts, len(ngrams.bigrams)),
    ):
        counts = np.bincount(grams // keys, minlength=contexts)[:contexts]
        following = grams % keys
        gaps = np.diff(following, prepend=0)
        heads = starts_of(counts)[:-1][counts > 0]
        gaps[heads] = following[heads]
        section(f"{name}.n", counts, "<u4" if name == "bigram" else "<u2")
        section(f"{name}.next", gaps, "<u2")
        section(f"{name}.part", np.minimum(np.rint(-STEPS * np.log(parts)), 255), "<u1")


def load(container: Container) -> LanguageModel:
    """The model in a container. Raises DamagedIndexError."""
    decompress = zstandard.ZstdDecompressor().decompress

    def section(name: str, kind: str) -> npt.NDArray[Any]:
        raw = np.frombuffer(decompress(container.bytes(name)), np.uint8)
        width = np.dtype(kind).itemsize
        return np.ascontiguousarray(raw.reshape(width, -1).T).view(kind).ravel()

    keys = decompress(container.bytes("keys")).decode().split("\n")
    size = max(len(keys), 1)
    found: list[npt.NDArray[Any]] = []
    for name, kind in (("bigram", "<u4"), ("trigram", "<u2")):
        counts = section(f"{name}.n", kind).astype(np.int64)
        gaps = section(f"{name}.next", "<u2").astype(np.int64)
        following = _sums(gaps, counts[counts > 0])
        contexts = np.repeat(np.arange(len(counts)), counts)
        parts = np.exp(section(f"{name}.part", "<u1") / -STEPS)
        found += [contexts * size + following, parts]
    unigrams = np.exp(section("unigram", "<f4").astype(np.float64))
    frequencies = section("frequency", "<u4").astype(np.int64)
    return LanguageModel(keys, frequencies, Ngrams(unigrams, *found))


def _sums(gaps: Ints, counts: Ints) -> Ints:
    """Running sums that begin anew in each group; no group is empty."""
    sums = np.cumsum(gaps)
    heads = starts_of(counts)[:-1]
    return sums - np.repeat(sums[heads] - gaps[heads], counts)
