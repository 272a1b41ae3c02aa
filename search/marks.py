"""The syllables to mark on a page of hits, and HTML with them marked.

Neighbours of one kind share a mark if a single space is between them, or if they are of one phrase
and no space is (COVID-19).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.analysis.normalize import accented_key
from search.flat import FlatTexts, Indexes
from search.occurrences import Needle, Occurrences

OPEN_EXACT, OPEN_FOLDED, CLOSE = "<mark>", '<mark class="folded">', "</mark>"

_SPECIAL = re.compile("[&<>\"']")
_WHITE = re.compile(r"\s")


class Marks(NamedTuple):
    """Marked syllables of texts laid end to end: parallel arrays, in order, offsets into all of it.

    A syllable that several needles found is marked once: exact if any says so. `joins` tells
    whether a mark goes on where the one before it stops.
    """

    starts: Indexes
    ends: Indexes
    exact: NDArray[np.bool_]
    joins: NDArray[np.bool_]

    @classmethod
    def of(cls, texts: FlatTexts, needles: Sequence[Needle], found: Occurrences) -> Marks:
        """The marks of what was found in the texts."""
        cut = texts.syllables
        marked, exact, tied = np.zeros((3, len(cut.starts)), np.bool_)
        phrases = [number for number, needle in enumerate(needles) if len(needle.stems) > 1]
        if phrases:
            are_phrases = np.isin(found.needles, phrases)
            for number in np.flatnonzero(are_phrases).tolist():
                first, needle = int(found.firsts[number]), needles[found.needles[number]]
                for syllable, stem in enumerate(needle.stems, first):
                    surface = texts.text[cut.starts[syllable] : cut.ends[syllable]]
                    marked[syllable] = True
                    exact[syllable] |= stem.is_typed(accented_key(surface))
                tied[first + 1 : first + len(needle.stems)] = True
            found = found.where(~are_phrases)
        marked[found.firsts] = True
        exact[found.firsts[found.exact]] = True
        at = np.flatnonzero(marked)
        starts, ends, exact = cut.starts.take(at), cut.ends.take(at), exact.take(at)
        joins = np.zeros(len(at), np.bool_)
        joins[1:] = exact[1:] == exact[:-1]
        joins[1:] &= starts[1:] == ends[:-1] + 1
        joins[1:] &= texts.letters.take(ends[:-1]) == ord(" ")
        for number in np.flatnonzero(tied.take(at)).tolist():
            gap = texts.text[ends[number - 1] : starts[number]]
            if exact[number] == exact[number - 1] and not _WHITE.search(gap):
                joins[number] = True
        return cls(starts, ends, exact, joins)


class Marker:
    """Makes HTML of texts laid end to end, with their marks."""

    def __init__(self, text: str, marks: Marks) -> None:
        self._text = text
        self._starts: list[int] = marks.starts.tolist()
        self._ends: list[int] = marks.ends.tolist()
        self._exact: list[bool] = marks.exact.tolist()
        self._joins: list[bool] = marks.joins.tolist()

    def html(self, start: int, end: int) -> str:
        """`text[start:end]` of the texts joined, with the marks that lie within it."""
        text, starts, ends, joins = self._text, self._starts, self._ends, self._joins
        escaped = escape if _SPECIAL.search(text, start, end) else str
        pieces: list[str] = []
        at = bisect_left(starts, start)
        count = bisect_right(ends, end, at)
        while at < count:
            first, exact = starts[at], self._exact[at]
            at += 1
            while at < count and joins[at]:
                at += 1
            last = ends[at - 1]
            pieces += (
                escaped(text[start:first]),
                OPEN_EXACT if exact else OPEN_FOLDED,
                escaped(text[first:last]),
                CLOSE,
            )
            start = last
        pieces.append(escaped(text[start:end]))
        return "".join(pieces)
