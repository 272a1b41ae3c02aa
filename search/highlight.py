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
_WHITE = re.compile(r"\s")


class Highlighter:
    """Finds what to mark for one query. Cheap to make; not to be shared between threads."""

    def __init__(self, spec: HighlightSpec) -> None:
        self._needles = Needles(spec)

    def find(self, title: str, body: str) -> tuple[list[Occurrence], list[Occurrence]]:
        """What to mark in the title and in the body of a document (both NFC), each by start."""
        in_title = self._needles.occurrences(title, title=True)
        in_body = self._needles.occurrences(body)
        title_links, body_links = _links(in_title), _links(in_body)
        clear = _spellings(in_title, title_links) | _spellings(in_body, body_links)
        if self._needles.marks_typed:
            typed = {(o[2], o[4]) for o in in_title if o[3]} | {
                (o[2], o[4]) for o in in_body if o[3]
            }
            decided = {needle for needle, _ in typed}
            clear = typed | {known for known in clear if known[0] not in decided}
        if not clear:
            return in_title, in_body
        decided = {needle for needle, _ in clear}
        return (
            _without_strays(in_title, title_links, clear, decided),
            _without_strays(in_body, body_links, clear, decided),
        )


def _links(found: Sequence[Occurrence]) -> list[bool]:
    """Whether each occurrence, or the end, follows in the text the one it follows in the query."""
    links = []
    previous_end, expected = 0, -1
    for start, end, needle, _, _, _ in found:
        links.append(needle == expected and start - previous_end <= MAX_GAP)
        previous_end, expected = end, needle + 1
    links.append(False)
    return links


def _spellings(found: Sequence[Occurrence], links: Sequence[bool]) -> set[tuple[int, str]]:
    """(needle, spelling) of what has a neighbour beside it: in `gặp gỡ đầu xuân` *dau* is *đầu*."""
    return {
        (occurrence[2], occurrence[4])
        for i, occurrence in enumerate(found)
        if (links[i] or links[i + 1]) and occurrence[4]
    }


def _without_strays(
    found: Sequence[Occurrence],
    links: Sequence[bool],
    clear: set[tuple[int, str]],
    decided: set[int],
) -> list[Occurrence]:
    return [
        o
        for i, o in enumerate(found)
        if o[2] not in decided or (o[2], o[4]) in clear or links[i] or links[i + 1] or o[5]
    ]


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
    for first, last, exact in _spans(text, marks, start, end):
        pieces += (
            escape(text[position:first]),
            OPEN_EXACT if exact else OPEN_FOLDED,
            escape(text[first:last]),
            CLOSE,
        )
        position = last
    pieces.append(escape(text[position:end]))
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
