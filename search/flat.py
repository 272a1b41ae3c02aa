"""Texts as arrays: folded to one byte a character, and cut into syllables that are integers.

A page of hits is highlighted in about a millisecond, so its texts are not analysed again one by
one. They are laid end to end, and a few array operations cut all of them into syllables exactly as
`syllables` does (a test holds the two to each other). The first eight folded bytes of a syllable
make a 64-bit code; that is the whole of nearly every Vietnamese syllable, so to look for a word is
to compare integers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, cached_property
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from index.analysis.fold import fold_text
from index.analysis.normalize import is_ignorable

Letters = NDArray[np.uint32]
Codes = NDArray[np.uint64]
Indexes = NDArray[np.intp]

CODE_BYTES = 8
BETWEEN = "\n" * 4
"""What parts two texts: more than may stand between neighbours."""

SEPARATOR, OTHER, HIDDEN = 0x20, 0x01, 0x02
_WORD = re.compile(r"[^\W_]+")
# Ignorable characters live below this; beyond, there are only the variation selectors.
_HIDDEN_END = 0x20000
_SELECTORS = range(0xE0100, 0xE01F0)
_MASKS = np.array([(1 << 8 * length) - 1 for length in range(CODE_BYTES + 1)], np.uint64)


class FlatTexts:
    """NFC texts end to end.

    `text` is all of them joined, `offsets[i]` where text i begins in it, `letters` its code points.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.text = BETWEEN.join(texts)
        steps = (len(text) + len(BETWEEN) for text in texts)
        self.offsets = [0, *accumulate(steps)][: len(texts)]
        self.letters = _letters(self.text)

    @cached_property
    def syllables(self) -> FlatSyllables:
        """The texts cut: what the compiled loops do by themselves."""
        return FlatSyllables(self)


class FlatSyllables:
    """The syllables of flat texts, numbered through all of them.

    Syllable k is `text[starts[k]:ends[k]]`, its code `codes[k]`; those of text i are `bounds[i]` up
    to `bounds[i + 1]`.
    """

    __slots__ = ("bounds", "codes", "ends", "starts")

    def __init__(self, texts: FlatTexts) -> None:
        flat = table().take(texts.letters.astype(np.intp))  # as indexes twice as fast
        if (flat == HIDDEN).any():
            kept = np.flatnonzero(flat != HIDDEN)
            starts, ends, self.codes = _cut(flat[kept])
            self.starts = kept[starts]
            self.ends = _with_marks(texts.text, flat, kept[ends - 1] + 1)
        else:
            self.starts, self.ends, self.codes = _cut(flat)
        self.bounds: Indexes = np.append(self.starts.searchsorted(texts.offsets), len(self.starts))


def flatten(text: str) -> NDArray[np.uint8]:
    """NFC `text` folded to one byte a character: shape [len(text)].

    ASCII letters and digits stand for themselves; 0x20 separates; 0x02 is an ignorable character
    and 0x01 any other letter.
    """
    flat: NDArray[np.uint8] = table().take(_letters(text).astype(np.intp))
    return flat


def _letters(text: str) -> Letters:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def code_of(folded: str) -> tuple[int, int]:
    """The code of a syllable that looks like `folded` in `fold_text`, and the mask that leaves of
    another syllable's code only that much of its beginning."""
    first = flatten(folded[:CODE_BYTES]).tobytes()
    return int.from_bytes(first, "little"), int(_MASKS[len(first)])


def _cut(flat: NDArray[np.uint8]) -> tuple[Indexes, Indexes, Codes]:
    """Starts, ends and codes of the runs of anything but spaces."""
    padded = np.full(len(flat) + 1 + CODE_BYTES, SEPARATOR, np.uint8)
    padded[1 : len(flat) + 1] = flat
    inside = padded != SEPARATOR
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    starts, ends = edges[::2], edges[1::2]
    eights = np.ndarray((len(flat) + 1,), np.dtype("<u8"), padded.data, 1, (1,))
    codes: Codes = eights.take(starts)
    codes &= _MASKS.take(ends - starts, mode="clip")
    return starts, ends, codes


def _with_marks(text: str, flat: NDArray[np.uint8], ends: Indexes) -> Indexes:
    """The ends moved behind the combining marks that follow."""
    for at in np.flatnonzero(flat.take(ends, mode="clip") == HIDDEN).tolist():
        end = int(ends[at])
        while end < len(text) and unicodedata.category(text[end]) == "Mn":
            end += 1
        ends[at] = end
    return ends


@cache
def table() -> NDArray[np.uint8]:
    """What `flatten` makes of every code point. Takes some 50 ms, once a process."""
    everything = np.arange(0x110000, dtype=np.uint32).tobytes().decode("utf-32", "surrogatepass")
    folded = np.frombuffer(fold_text(everything).encode("utf-32-le", "surrogatepass"), np.uint32)
    folds = np.full(len(folded), SEPARATOR, np.uint8)
    for run in _WORD.finditer(everything):
        codes = folded[run.start() : run.end()]
        folds[run.start() : run.end()] = np.where(codes < 0x80, codes, OTHER)
    candidates = np.flatnonzero(folds[:_HIDDEN_END] == SEPARATOR).tolist()
    for code in (*candidates, *_SELECTORS):
        if is_ignorable(everything[code]):
            folds[code] = HIDDEN
    return folds
