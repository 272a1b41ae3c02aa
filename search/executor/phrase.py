"""Phrases: documents with words side by side, found by intersecting keys `doc << k | position`.

Positions are read only after the documents with all the words are known. Where a field's neighbours
are indexed as terms of their own (`pairs`), documents without each neighbouring pair are out before
that, and a phrase of two folded words needs no positions at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.analysis.analyzers import JOINER
from index.analysis.fold import fold_key
from index.codec.postings import FieldReader
from search.deadline import check
from search.executor.additive import Additive
from search.executor.boolean import halved_tree
from search.executor.docset import DocSet, Ids, intersect
from search.executor.nodes import Node
from search.executor.postings import Absent, SegmentView, TermPostings, narrow
from search.executor.rows import Rows, Weighed
from search.executor.statistics import F64

Keys = NDArray[np.int64]

PAIRS: Mapping[str, tuple[str, bool]] = {"folded": ("pairs", True), "accented": ("pairs", False)}
"""Fields whose adjacent words `a`, `b` are also indexed, folded and joined as `a_b`, in the field
named; True if the pair says as much as the words themselves."""
FEW = 8
"""Positions in fewer than one in FEW of a term's documents are read alone, the first time."""
SHIFT = 24
"""Bits for the position in a key; a document longer than 16 million tokens is not expected."""


class PhraseNode(Node):
    """Words at most `slop` positions after one another; scores the sum of the words."""

    def __init__(
        self,
        view: SegmentView,
        field: str,
        words: Sequence[tuple[Any, TermPostings]],
        slop: int,
        boost: float,
    ) -> None:
        super().__init__(view, min(term.df for _, term in words))
        self.field = field
        self.words = words
        self.slop = slop
        self.boost = boost
        self._few: dict[Any, TermPostings] = {}

    @cached_property
    def docs(self) -> DocSet:
        terms = [term for _, term in self.words]
        if len(terms) == 1:
            return terms[0].docs
        pairs, exact = PAIRS.get(self.field, ("", False)) if self.slop == 1 else ("", False)
        sets = list(self._pairs(pairs))
        if not (sets and exact):
            sets += [term.docs for term in terms]
        docs = intersect(sets)
        if not docs.count or (exact and len(terms) == 2):
            return docs
        return DocSet(self.view.size, self._adjacent(docs.ids))

    @cached_property
    def scored(self) -> list[TermPostings]:
        """The terms of all words, good for documents that match."""
        if not self.docs.count:
            return [term for _, term in self.words]
        return [self._few.get(word, term) for word, term in self.words]

    def _pairs(self, field: str) -> Iterator[DocSet]:
        """The documents of each neighbouring pair."""
        if self.view.statistics.model(field) is None:
            return
        keys = [fold_key(word) for word, _ in self.words]
        for left, right in pairwise(keys):
            term = self.view.term(field, left + JOINER + right)
            if isinstance(term, Absent):
                yield DocSet(self.view.size, np.empty(0, np.int32))
            else:
                yield term.docs

    def _adjacent(self, docs: Ids) -> Ids:
        """Those of `docs` that hold the words in a row."""
        if not len(docs):
            return docs
        known: dict[Any, Keys] = {}
        for word, term in self.words:
            if word not in known:
                known[word] = self._keys(word, term, docs)
        keys = [known[word] for word, _ in self.words]
        if self.slop == 1:
            ends = _exact_phrase(keys)
        else:
            ends = keys[0]
            for following in keys[1:]:
                reach = [_common(following, ends + step) for step in range(1, self.slop + 1)]
                ends = np.unique(np.concatenate(reach))
        ids = (ends >> SHIFT).astype(np.int32)
        return ids[np.flatnonzero(np.diff(ids, prepend=-1))]

    def _keys(self, word: Any, term: TermPostings, docs: Ids) -> Keys:
        """The occurrences of a term in `docs`, which is looked into no further if it was not
        decoded before and these are few."""
        view, field = self.view, self.field
        if term.is_decoded or len(docs) * FEW >= term.df or not _asked_first(view, field, word):
            return position_keys(view, field, word, term, docs)
        check()
        at, df = term.ordinal, term.df
        ids, freqs, positions = _reader(view, field).within(at, docs)
        read = lambda: (ids, freqs)  # noqa: E731
        self._few[word] = TermPostings(view, field, at, df, term.idf, term.model, read)
        return np.repeat(ids.astype(np.int64) << SHIFT, freqs) | positions

    def collect(self, parts: Additive, boost: float) -> None:
        for term in self.scored:
            parts.lists.append((term, boost * self.boost))

    def terms(self) -> Iterable[Weighed]:
        return [(term, 1.0) for term in self.scored]

    def known(self, rows: Rows) -> F64:
        total = halved_tree([rows.of(term) for term in self.scored])
        return total if self.boost == 1.0 else total * self.boost


def position_keys(view: SegmentView, field: str, word: Any, term: TermPostings, docs: Ids) -> Keys:
    """The occurrences of a term in `docs`, all of which hold it, as sorted keys."""
    check()
    places = term.docs.places(docs)
    counts = term.freqs[places].astype(np.int64)
    keys = np.repeat(docs.astype(np.int64) << SHIFT, counts)
    if _asked_first(view, field, word) and len(places) * FEW < len(term.freqs):
        reader = _reader(view, field)
        found = reader.positions_in(term.ordinal, places.astype(np.int64), term.freqs)
        keys |= found.astype(np.int64)
    else:
        positions = _positions(view, field, word, term)
        keys |= positions[_ranges(_sums_before(term.freqs, places), counts)]
    return keys


def _asked_first(view: SegmentView, field: str, word: Any) -> bool:
    """Whether this is the first question for a term's positions; only later ones fill the cache."""
    if view.segment.live is not None or _cached(view, field, word) is not None:
        return False
    name = (view.scope, "asked", field, word)
    asked = view.cache.get(name) is not None
    if not asked:
        view.cache.put(name, view.scope, True, 0)
    return not asked


def _sums_before(values: NDArray[Any], places: NDArray[Any]) -> NDArray[np.int64]:
    """The sum of all values before each of the ascending `places`."""
    if not places[0]:  # reduceat would take an empty sum for the value there
        rest = [_sums_before(values, places[1:])] if len(places) > 1 else []
        return np.concatenate([np.zeros(1, np.int64), *rest])
    bounds = np.concatenate(([0], places[:-1]))
    return np.cumsum(np.add.reduceat(values[: places[-1]], bounds, dtype=np.int64))


def _reader(view: SegmentView, field: str) -> FieldReader:
    """The field in the segment, which is known to have it."""
    reader = view.segment.field(field)
    assert reader is not None
    return reader


def _positions(view: SegmentView, field: str, word: Any, term: TermPostings) -> NDArray[Any]:
    """Positions of a term in its live documents, one document after another."""
    positions = _cached(view, field, word)
    if positions is None:
        reader = _reader(view, field)
        positions = narrow(reader.positions(term.ordinal))
        if view.segment.live is not None:
            ids, freqs = reader.postings(term.ordinal)
            positions = positions[np.repeat(view.segment.live[ids], freqs)]
        name = (view.scope, "positions", field, word)
        view.cache.put(name, view.scope, positions, positions.nbytes)
    return positions


def _cached(view: SegmentView, field: str, word: Any) -> NDArray[Any] | None:
    found: NDArray[Any] | None = view.cache.get((view.scope, "positions", field, word))
    return found


def _exact_phrase(keys: Sequence[Keys]) -> Keys:
    """Keys of the word that occurs least, wherever all others stand at their distances from it."""
    order = sorted(range(len(keys)), key=lambda place: len(keys[place]))
    rarest = order[0]
    found = keys[rarest]
    for place in order[1:]:
        if not len(found):
            break
        found = _common(keys[place], found + (place - rarest)) - (place - rarest)
    return found


def _common(many: Keys, few: Keys) -> Keys:
    """Keys in both (each sorted, without repetitions)."""
    if len(many) < 8 * len(few):
        merged = np.concatenate((few, many))
        merged.sort(kind="stable")  # two sorted runs: one merge
        both: Keys = merged[1:][merged[1:] == merged[:-1]]
    else:
        both = few[many.take(many.searchsorted(few), mode="clip") == few]
    return both


def _ranges(starts: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The integers start … start + count - 1 of every range, one after another."""
    ends = np.cumsum(counts)
    ranges = np.arange(int(ends[-1]), dtype=np.int64)
    ranges += np.repeat(starts - ends + counts, counts)
    return ranges
