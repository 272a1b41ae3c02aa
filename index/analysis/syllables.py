"""Text → syllables, with the exact character offsets of each.

A syllable is a maximal run of letters and digits (`str.isalnum`). Ignorable characters (zero-width
characters, soft hyphens, combining marks that NFC could not compose) do not end it: inside a run
they belong to its span, and marks also do at its end. `_` and everything else separates. So
`25/2` is `25`, `2`; `COVID-19` is `COVID`, `19`; phrases and pairs find them whole.

Three forms of the same segmentation: `syllables` for reading, `surfaces` for bulk indexing and
`syllable_spans` for the highlighter. All take NFC text (`normalize.nfc`).
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from index.analysis.fold import fold_key
from index.analysis.normalize import IGNORABLE, accented_key

Offsets = npt.NDArray[np.int32]

OPENING, CLOSING = "(\"'“‘", ".,;:?!)\"'”’…"
"""The punctuation that mostly stands right before words, and right after them."""
_RUN = re.compile(r"[^\W_]+")
_SHORT = 100  # characters
_PUNCTUATION = str.maketrans(dict.fromkeys(string.punctuation + "“”‘’–…", " "))
_SEPARATOR, _LETTER, _MARK, _INVISIBLE = range(4)
# Where marks live, and where letters end: other planes and scripts are not looked through.
_MARKED = ((0x300, 0x3100), (0xA000, 0xAC00), (0xFB00, 0xFE30), (0x10000, 0x1F000))
_VARIATION_SELECTORS = range(0xE0100, 0xE01F0)
_LAST_LETTER = 0x33FFF


@dataclass(frozen=True, slots=True)
class Syllable:
    """One syllable of an NFC text: `text[start:end] == surface`."""

    surface: str
    start: int
    end: int
    accented: str
    folded: str


def syllables(text: str) -> list[Syllable]:
    """The syllables of NFC `text` in order, with both keys: the reference form."""
    found = []
    for start, end in _spans(text):
        surface = text[start:end]
        accented = accented_key(surface)
        found.append(Syllable(surface, start, end, accented, fold_key(accented)))
    return found


def surfaces(text: str) -> list[str]:
    """The surfaces of `syllables(text)`, and nothing else: what bulk indexing reads."""
    if text.isalnum():
        return [text]
    if len(text) <= _SHORT:  # mostly letters and common punctuation: no arrays for so little
        words = text.translate(_PUNCTUATION).split()
        if all(map(str.isalnum, words)):
            return words
    codes = _codes(text)
    kinds = _kinds().take(codes)
    if len(kinds) and kinds.max() > _LETTER:
        starts, ends = _join(kinds, *_runs(kinds))
        pairs = zip(starts.tolist(), ends.tolist(), strict=True)
        return [text[start:end] for start, end in pairs]
    blanked = np.where(kinds == _LETTER, codes, np.uint32(ord(" ")))  # then one split cuts them all
    return blanked.tobytes().decode("utf-32-le").split()


def syllable_spans(text: str) -> tuple[Offsets, Offsets]:
    """(starts, ends) of `syllables(text)`: character offsets, two int32 arrays of equal length."""
    kinds = _kinds().take(_codes(text))
    starts, ends = _runs(kinds)
    if len(kinds) and kinds.max() > _LETTER:
        return _join(kinds, starts, ends)
    return starts, ends


def _codes(text: str) -> npt.NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _runs(kinds: npt.NDArray[np.uint8]) -> tuple[Offsets, Offsets]:
    """Starts and ends of the maximal runs of letters."""
    inside = np.zeros(len(kinds) + 2, np.bool_)
    inside[1:-1] = kinds == _LETTER
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    return edges[::2].astype(np.int32), edges[1::2].astype(np.int32)


def _join(kinds: npt.NDArray[np.uint8], starts: Offsets, ends: Offsets) -> tuple[Offsets, Offsets]:
    """Runs of letters joined across ignorable characters, and marks added at their ends."""
    if not len(starts):
        return starts, ends
    bridged = _next_where(kinds <= _LETTER)[ends[:-1]] == starts[1:]
    first = np.append(True, ~bridged)
    last = np.append(~bridged, True)
    return starts[first], _next_where(kinds != _MARK)[ends[last]]


def _next_where(wanted: npt.NDArray[np.bool_]) -> Offsets:
    """At each index, and one past the end, the first index from there on where `wanted` holds."""
    size = len(wanted)
    candidates = np.where(wanted, np.arange(size, dtype=np.int32), np.int32(size))
    return np.append(np.minimum.accumulate(candidates[::-1])[::-1], np.int32(size))


def _spans(text: str) -> Iterator[tuple[int, int]]:
    kinds = _kinds().take(_codes(text))
    plain = not len(kinds) or kinds.max() <= _LETTER
    for match in (_RUN if plain else _syllable()).finditer(text):
        yield match.span()


@cache
def _syllable() -> re.Pattern[str]:
    marks = "".join(map(chr, _marks()))
    ignorable = marks + "".join(sorted(IGNORABLE))
    return re.compile(rf"[^\W_]+(?:[{ignorable}]+[^\W_]+)*[{marks}]*")


@cache
def _marks() -> tuple[int, ...]:
    """The code points of every combining mark (category Mn)."""
    marked = (code for span in _MARKED for code in range(*span))
    marks = (code for code in marked if unicodedata.category(chr(code)) == "Mn")
    return (*marks, *_VARIATION_SELECTORS)


@cache
def _kinds() -> npt.NDArray[np.uint8]:
    """The kind of every code point; pages of separators cost no memory."""
    kinds = np.zeros(0x110000, np.uint8)
    everything = np.arange(_LAST_LETTER + 1, dtype=np.uint32).tobytes()
    for match in _RUN.finditer(everything.decode("utf-32-le", "surrogatepass")):
        kinds[match.start() : match.end()] = _LETTER
    kinds[list(_marks())] = _MARK
    kinds[[ord(c) for c in IGNORABLE]] = _INVISIBLE
    return kinds
