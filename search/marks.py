"""The syllables to mark on a page of hits, and HTML with them marked.

Neighbours of one kind share a mark if a single space is between them, or if they are of one phrase
and no space is (COVID-19).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
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
        text, starts, ends, joins = self._text, self.starts, self.ends, self.joins
        escaped = escape if _SPECIAL.search(text, start, end) else str
        pieces: list[str] = []
        at = bisect_left(starts, start)
        count = bisect_right(ends, end, at)
        while at < count:
            first, exact = starts[at], self.exact[at]
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
