"""The syllables to mark on a page of hits, and HTML with them marked.

Neighbours of one kind share a mark if a single space is between them, or if they are of one phrase
and no space is (COVID-19).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from html import escape

import numpy as np

from index.analysis.normalize import accented_key
from search.flat import FlatTexts
from search.occurrences import Needle, Occurrences

OPEN_EXACT, OPEN_FOLDED, CLOSE = "<mark>", '<mark class="folded">', "</mark>"

_SPECIAL = re.compile("[&<>\"']")
_WHITE = re.compile(r"\s")


class Marks:
    """Marked syllables of texts laid end to end: parallel lists, in order, offsets into all of it.

    A syllable that several needles found is marked once: exact if any says so. `joins` tells
    whether a mark goes on where the one before it stops.
    """

    __slots__ = ("_text", "ends", "exact", "joins", "starts")

    def __init__(self, texts: FlatTexts, needles: Sequence[Needle], found: Occurrences) -> None:
        self._text = texts.text
        marked, exact, tied = np.zeros((3, len(texts.starts)), np.bool_)
        phrases = [number for number, needle in enumerate(needles) if len(needle.stems) > 1]
        if phrases:
            are_phrases = np.isin(found.needles, phrases)
            for number in np.flatnonzero(are_phrases).tolist():
                first, needle = int(found.firsts[number]), needles[found.needles[number]]
                for syllable, stem in enumerate(needle.stems, first):
                    surface = texts.text[texts.starts[syllable] : texts.ends[syllable]]
                    marked[syllable] = True
                    exact[syllable] |= stem.is_typed(accented_key(surface))
                tied[first + 1 : first + len(needle.stems)] = True
            found = found.where(~are_phrases)
        marked[found.firsts] = True
        exact[found.firsts[found.exact]] = True
        at = np.flatnonzero(marked)
        starts, ends, exact = texts.starts.take(at), texts.ends.take(at), exact.take(at)
        joins = np.zeros(len(at), np.bool_)
        joins[1:] = exact[1:] == exact[:-1]
        joins[1:] &= starts[1:] == ends[:-1] + 1
        joins[1:] &= texts.letters.take(ends[:-1]) == ord(" ")
        for number in np.flatnonzero(tied.take(at)).tolist():
            gap = self._text[ends[number - 1] : starts[number]]
            if exact[number] == exact[number - 1] and not _WHITE.search(gap):
                joins[number] = True
        self.starts: list[int] = starts.tolist()
        self.ends: list[int] = ends.tolist()
        self.exact: list[bool] = exact.tolist()
        self.joins: list[bool] = joins.tolist()

    def html(self, start: int, end: int) -> str:
        """`text[start:end]` of the texts joined, with the marks that lie within it."""
        text = self._text
        escaped = escape if _SPECIAL.search(text, start, end) else str
        pieces: list[str] = []
        position = start
        for first, last, exact in self._spans(start, end):
            pieces += (
                escaped(text[position:first]),
                OPEN_EXACT if exact else OPEN_FOLDED,
                escaped(text[first:last]),
                CLOSE,
            )
            position = last
        pieces.append(escaped(text[position:end]))
        return "".join(pieces)

    def _spans(self, start: int, end: int) -> list[tuple[int, int, bool]]:
        """Disjoint (start, end, exact) of the `<mark>`s, in order."""
        spans: list[tuple[int, int, bool]] = []
        for number in range(bisect_left(self.starts, start), len(self.starts)):
            last = self.ends[number]
            if last > end:
                break
            if spans and self.joins[number]:
                spans[-1] = (spans[-1][0], last, spans[-1][2])
            else:
                spans.append((self.starts[number], last, self.exact[number]))
        return spans
