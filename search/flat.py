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
from functools import cache
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from index.analysis.fold import fold_text
from index.analysis.normalize import is_ignorable

Codes = NDArray[np.uint64]
Indexes = NDArray[np.intp]

CODE_BYTES = 8
BETWEEN = "\n" * 4
"""What parts two texts: more than may stand between neighbours."""

_SPACE, _OTHER, _IGNORABLE = 0x20, 0x01, 0x02
_WORD = re.compile(r"[^\W_]+")
# Ignorable characters live below this; beyond, there are only the variation selectors.
_IGNORABLE_END = 0x20000
_SELECTORS = range(0xE0100, 0xE01F0)
_MASKS = np.array([(1 << 8 * length) - 1 for length in range(CODE_BYTES + 1)], np.uint64)


class FlatTexts:
    """NFC texts end to end, cut into syllables.

    `text` is all of them joined, `offsets[i]` where text i begins in it. Syllable k is
    `text[starts[k]:ends[k]]`, its code `codes[k]`; those of text i are `bounds[i]` up to
    `bounds[i + 1]`. `letters` are the code points of `text`.
    """

    __slots__ = ("bounds", "codes", "ends", "letters", "offsets", "starts", "text")

    def __init__(self, texts: Sequence[str]) -> None:
        self.text = BETWEEN.join(texts)
        steps = (len(text) + len(BETWEEN) for text in texts)
        self.offsets = [0, *accumulate(steps)][: len(texts)]
        self.letters = _letters(self.text)
        flat = _table().take(self.letters)
        if (flat == _IGNORABLE).any():
            kept = np.flatnonzero(flat != _IGNORABLE)
            starts, ends, self.codes = _syllables(flat[kept])
            self.starts = kept[starts]
            self.ends = _with_marks(self.text, flat, kept[ends - 1] + 1)
        else:
            self.starts, self.ends, self.codes = _syllables(flat)
        self.bounds: Indexes = np.append(self.starts.searchsorted(self.offsets), len(self.starts))


def flatten(text: str) -> NDArray[np.uint8]:
    """NFC `text` folded to one byte a character: shape [len(text)].

    ASCII letters and digits stand for themselves; 0x20 separates; 0x02 is an ignorable character
    and 0x01 any other letter.
    """
    flat: NDArray[np.uint8] = _table().take(_letters(text))
    return flat


def _letters(text: str) -> Indexes:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return codes.astype(np.intp)  # as indexes twice as fast


def code_of(folded: str) -> tuple[int, int]:
    """The code of a syllable that looks like `folded` in `fold_text`, and the mask that leaves of
    another syllable's code only that much of its beginning."""
    first = flatten(folded[:CODE_BYTES]).tobytes()
    return int.from_bytes(first, "little"), int(_MASKS[len(first)])


def _syllables(flat: NDArray[np.uint8]) -> tuple[Indexes, Indexes, Codes]:
    """Starts, ends and codes of the runs of anything but spaces."""
    padded = np.full(len(flat) + 1 + CODE_BYTES, _SPACE, np.uint8)
    padded[1 : len(flat) + 1] = flat
    inside = padded != _SPACE
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    starts, ends = edges[::2], edges[1::2]
    eights = np.ndarray((len(flat) + 1,), np.dtype("<u8"), padded.data, 1, (1,))
    codes: Codes = eights.take(starts)
    codes &= _MASKS.take(ends - starts, mode="clip")
    return starts, ends, codes


def _with_marks(text: str, flat: NDArray[np.uint8], ends: Indexes) -> Indexes:
    """The ends moved behind the combining marks that follow."""
    for at in np.flatnonzero(flat.take(ends, mode="clip") == _IGNORABLE).tolist():
        end = int(ends[at])
        while end < len(text) and unicodedata.category(text[end]) == "Mn":
            end += 1
        ends[at] = end
    return ends


@cache
def _table() -> NDArray[np.uint8]:
    """What `flatten` makes of every code point. Takes some 50 ms, once a process."""
    everything = np.arange(0x110000, dtype=np.uint32).tobytes().decode("utf-32", "surrogatepass")
    folded = np.frombuffer(fold_text(everything).encode("utf-32-le", "surrogatepass"), np.uint32)
    table = np.full(len(folded), _SPACE, np.uint8)
    for run in _WORD.finditer(everything):
        codes = folded[run.start() : run.end()]
        table[run.start() : run.end()] = np.where(codes < 0x80, codes, _OTHER)
    candidates = np.flatnonzero(table[:_IGNORABLE_END] == _SPACE).tolist()
    for code in (*candidates, *_SELECTORS):
        if is_ignorable(everything[code]):
            table[code] = _IGNORABLE
    return table
