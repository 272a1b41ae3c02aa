"""Texts with the words of a query marked, as HTML.

Folding makes many syllables equal that have nothing to do with each other (*đầu*, *đau*, *dấu*).
Once it is clear how a document spells a word of the query, the same syllable with other marks
is left alone, unless it stands beside its neighbour in the query.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.columns import END, START, kernels
from search.flat import FlatTexts, Indexes, table
from search.marks import Marker, Marks
from search.occurrences import HighlightSpec, Needles, Occurrences

MAX_GAP = 2
"""Characters between two syllables that still count as neighbours: a space, or a comma and one."""

Span = tuple[int, int]
"""Start and end, offsets into a text."""


class Columns(NamedTuple):
    """Occurrences as parallel lists; see `Occurrences`."""

    starts: list[int]
    ends: list[int]
    needles: list[int]
    exact: list[bool]


class Highlighted:
    """The texts of a page with what to mark in them.

    Of `found`, those of text i are `bounds[i]` up to `bounds[i + 1]`.
    """

    def __init__(
        self,
        spec: HighlightSpec,
        texts: FlatTexts,
        found: Occurrences,
        bounds: Indexes,
        marks: Marks,
    ) -> None:
        self.spec = spec
        self.texts = texts
        self.found = found
        self.bounds = bounds
        self.marks = marks

    @classmethod
    def of(cls, spec: HighlightSpec, texts: FlatTexts, found: Occurrences) -> Highlighted:
        """The texts with all that was found in them."""
        bounds = found.firsts.searchsorted(texts.syllables.bounds)
        return cls(spec, texts, found, bounds, Marks.of(texts, spec.needles, found))

    @cached_property
    def columns(self) -> Columns:
        """Those of `found` that say where and what, as lists."""
        found = self.found
        columns = (found.starts, found.ends, found.needles, found.exact)
        return Columns._make(column.tolist() for column in columns)

    @cached_property
    def marker(self) -> Marker:
        return Marker(self.texts.text, self.marks)

    def text(self, number: int) -> HighlightedText:
        return HighlightedText(self, number)


class HighlightedText:
    """What to mark in one of the texts; offsets here count from its own beginning."""

    __slots__ = ("_first", "_last", "_offset", "_page")

    def __init__(self, page: Highlighted, number: int) -> None:
        self._page = page
        self._first, self._last = page.bounds[number : number + 2].tolist()
        self._offset = page.texts.offsets[number]

    def html(self, start: int, end: int) -> str:
        """`start:end` of the text as HTML, with the marks that lie within it."""
        return self._page.marker.html(start + self._offset, end + self._offset)

    def first_unshown(self, spans: Sequence[Span], begin: int) -> Span | None:
        """The first occurrence from `begin` on, clear of `spans`, of a needle that they do not
        show; one that is spelled as typed if there is any."""
        columns, offset = self._page.columns, self._offset
        first = bisect_left(columns.starts, begin + offset, self._first, self._last)
        missing = set(columns.needles[first : self._last])
        for start, end in spans:
            missing.difference_update(self._within(start + offset, end + offset))
        if not missing:
            return None
        found: Span | None = None
        for at in range(first, self._last):
            if columns.needles[at] not in missing or (found and not columns.exact[at]):
                continue
            start, end = columns.starts[at] - offset, columns.ends[at] - offset
            if overlaps(start, end, spans):
                continue
            found = start, end
            if columns.exact[at]:
                break
        return found

    def _within(self, start: int, end: int) -> list[int]:
        """The needles of the occurrences within `start:end` of the page."""
        columns = self._page.columns
        low = bisect_left(columns.starts, start, self._first, self._last)
        high = bisect_left(columns.starts, end, low, self._last)
        return [columns.needles[at] for at in range(low, high) if columns.ends[at] <= end]


def highlight(spec: HighlightSpec, texts: Sequence[str], title_ends: Sequence[int]) -> Highlighted:
    """What to mark in NFC `texts`; the title of each, if any, is `text[:title_end]`."""
    flat, needles = FlatTexts(texts), Needles(spec)
    if loops := kernels():
        return _compiled(loops, flat, needles, title_ends)
    found = needles.find(flat)
    if needles.title_only:
        owners = flat.syllables.bounds[1:].searchsorted(found.firsts, "right")
        ends = np.array(flat.offsets) + np.array(title_ends)
        body = found.starts >= ends[owners]
        found = found.where(~(body & np.isin(found.needles, needles.title_only)))
    return Highlighted.of(spec, flat, _without_strays(found, flat, needles))


def _compiled(
    loops: Any, flat: FlatTexts, needles: Needles, title_ends: Sequence[int]
) -> Highlighted:
    spec, surfaces, text = needles.spec, needles.surfaces, flat.text
    cut, firsts = loops.candidates(flat.letters, table(), needles.codes, needles.prefixes)
    spans = cut[firsts, START : END + 1].tolist()
    begins = np.array(flat.offsets, np.intp)
    columns, exact, bounds, marks, kinds = loops.occurrences(
        flat.letters,
        begins,
        begins + np.array(title_ends, np.intp),
        cut,
        *surfaces.rows(text[start:end] for start, end in spans),
        surfaces.needles,
        needles.table(),
        _marks_typed(spec),
    )
    found = Occurrences._make((*columns, exact))
    return Highlighted(spec, flat, found, bounds, Marks._make((*marks, *kinds)))


def overlaps(start: int, end: int, spans: Iterable[Span]) -> bool:
    return any(start < e and s < end for s, e in spans)


def _without_strays(found: Occurrences, texts: FlatTexts, needles: Needles) -> Occurrences:
    """`found` without syllables that a document spells otherwise where it means the query's.

    It surely means the spelling typed, where marks were typed and it occurs; or else what
    stands beside a neighbour: in `gặp gỡ đầu xuân`, *dau* is *đầu*.
    """
    if not len(found.starts):
        return found
    linked = links(found)
    beside = linked.copy()
    beside[:-1] |= linked[1:]
    owners = texts.syllables.bounds[1:].searchsorted(found.firsts, "right")
    slots = owners * len(needles.spec.needles) + found.needles
    spelled = owners * (int(found.forms.max()) + 1) + found.forms
    clear = np.zeros(int(spelled.max()) + 1, np.bool_)
    decided = np.zeros(int(slots.max()) + 1, np.bool_)
    if _marks_typed(needles.spec):
        clear[spelled[found.exact]] = True
        decided[slots[found.exact]] = True
    telling = beside & ~decided[slots]
    clear[spelled[telling]] = True
    decided[slots[telling]] = True
    keep = clear[spelled] | ~decided[slots] | beside
    if keep.all():
        return found
    phrases = np.array([len(needle.stems) > 1 for needle in needles.spec.needles])
    return found.where(keep | phrases[found.needles])


def _marks_typed(spec: HighlightSpec) -> bool:
    return any(stem.folded != stem.accented for needle in spec.needles for stem in needle.stems)


def links(found: Occurrences) -> NDArray[np.bool_]:
    """Whether each occurrence follows in the text the one it follows in the query."""
    linked = np.zeros(len(found.starts), np.bool_)
    linked[1:] = found.needles[1:] == found.needles[:-1] + 1
    linked[1:] &= found.starts[1:] - found.ends[:-1] <= MAX_GAP
    return linked
