"""A document with the words of a query marked, as HTML.

Folding makes many syllables equal that have nothing to do with each other (*đầu*, *đau*, *dấu*).
Once it is clear how a document spells a word of the query, the same syllable with other marks
is left alone, unless it stands beside its neighbour in the query.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from html import escape

from search.occurrences import HighlightSpec, Needles, Occurrence

OPEN_EXACT, OPEN_FOLDED, CLOSE = "<mark>", '<mark class="folded">', "</mark>"

MAX_GAP = 2
"""Characters between two syllables that still count as neighbours: a space, or a comma and one."""

Mark = tuple[int, int, bool, bool]
"""(start, end, whether it is spelled as typed, whether a phrase ties it to the mark before)"""

_UNMARKED: Mark = (0, 0, False, False)
_SPECIAL = re.compile("[&<>\"']")
_WHITE = re.compile(r"\s")


class Highlighter:
    """Finds what to mark for one query. Cheap to make; not to be shared between threads."""

    def __init__(self, spec: HighlightSpec) -> None:
        self._needles = Needles(spec)

    def find(self, text: str, title_end: int) -> list[Occurrence]:
        """What to mark in NFC `text`, by start; its title, if any, is `text[:title_end]`."""
        found = self._needles.occurrences(text)
        title_only = self._needles.title_only
        if title_only:
            found = [o for o in found if o[0] < title_end or o[2] not in title_only]
        return _without_strays(found, self._needles.marks_typed)


def _without_strays(found: list[Occurrence], marks_typed: bool) -> list[Occurrence]:
    """`found` without syllables that a document spells otherwise where it means the query's.

    It surely means the spelling typed, where marks were typed and it occurs; or else what
    stands beside a neighbour: in `gặp gỡ đầu xuân`, *dau* is *đầu*.
    """
    links = _links(found)
    linked = True in links
    if not (linked or marks_typed):
        return found
    clear = {(o[2], o[4]) for o in found if o[3]} if marks_typed else set()
    if linked:
        typed = {needle for needle, _ in clear}
        beside = [o for o, a, b in zip(found, links, links[1:], strict=False) if a or b]
        clear |= {(o[2], o[4]) for o in beside if o[2] not in typed}
    decided = {needle for needle, _ in clear}
    return [
        o
        for o, a, b in zip(found, links, links[1:], strict=False)
        if (o[2], o[4]) in clear or o[2] not in decided or a or b or o[5]
    ]


def _links(found: list[Occurrence]) -> list[bool]:
    """Whether each occurrence follows in the text the one it follows in the query; then False."""
    links = []
    previous_end, expected = 0, -1
    for start, end, needle, _, _, _ in found:
        links.append(needle == expected and start - previous_end <= MAX_GAP)
        previous_end, expected = end, needle + 1
    links.append(False)
    return links


def marks_of(occurrences: Iterable[Occurrence]) -> list[Mark]:
    """The syllables to mark, in order, each once: exact if any needle says so."""
    merged: dict[int, Mark] = {}
    for occurrence in occurrences:
        start, end, _, exact, _, parts = occurrence
        if not parts:
            if start not in merged or exact:
                merged[start] = (start, end, exact, False)
            continue
        tied = False
        for start, end, exact in parts:
            _, _, was_exact, was_tied = merged.get(start, _UNMARKED)
            merged[start] = (start, end, exact or was_exact, tied or was_tied)
            tied = True
    return [merged[start] for start in sorted(merged)]


def marked(text: str, marks: Sequence[Mark], start: int, end: int) -> str:
    """`text[start:end]` as HTML, with the marks that lie within it.

    Neighbours of one kind share a mark if a single space is between them, or if they are of one
    phrase and no space is (COVID-19).
    """
    pieces: list[str] = []
    position = start
    escaped = escape if _SPECIAL.search(text, start, end) else str
    for first, last, exact in _spans(text, marks, start, end):
        pieces += (
            escaped(text[position:first]),
            OPEN_EXACT if exact else OPEN_FOLDED,
            escaped(text[first:last]),
            CLOSE,
        )
        position = last
    pieces.append(escaped(text[position:end]))
    return "".join(pieces)


def _spans(text: str, marks: Sequence[Mark], start: int, end: int) -> list[tuple[int, int, bool]]:
    """Disjoint (start, end, exact) of the `<mark>`s, in order."""
    spans: list[tuple[int, int, bool]] = []
    for i in range(bisect_left(marks, (start,)), len(marks)):
        first, last, exact, tied = marks[i]
        if last > end:
            break
        if spans and spans[-1][2] == exact:
            gap = text[spans[-1][1] : first]
            if gap == " " or (tied and not _WHITE.search(gap)):
                spans[-1] = (spans[-1][0], last, exact)
                continue
        spans.append((first, last, exact))
    return spans
