"""Phrases: documents with words side by side, found by intersecting keys `doc << k | position`.

Positions are read only after the documents with all the words are known. Where a field's neighbours
are indexed as terms of their own (`pairs` for `folded`), documents without each neighbouring pair
are out before that, and a phrase of two words needs no positions at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.executor.additive import Additive
from search.executor.boolean import halved_tree
from search.executor.docset import DocSet, Ids, intersect
from search.executor.nodes import Node
from search.executor.postings import F64, Absent, Rows, SegmentView, TermPostings

Keys = NDArray[np.int64]

PAIRS: Mapping[str, str] = {"folded": "pairs"}
"""Fields whose adjacent terms `a`, `b` are also indexed, as `a_b`, in the field named."""
LONGEST_PAIR = 80
"""Pairs beyond this many bytes may be cut in the index; phrases with such are left to positions."""
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

    @cached_property
    def docs(self) -> DocSet:
        terms = [term for _, term in self.words]
        docs = intersect([term.docs for term in terms])
        if len(terms) == 1 or not docs.count:
            return docs
        pairs = self._pairs()
        if pairs is not None:
            docs = intersect([docs, *pairs])
            if len(terms) == 2 or not docs.count:
                return docs
        return DocSet(self.view.size, self._adjacent(docs))

    def _pairs(self) -> list[DocSet] | None:
        """The documents of each neighbouring pair, or None if pairs cannot tell."""
        field = PAIRS.get(self.field)
        if field is None or self.slop != 1 or self.view.statistics.model(field) is None:
            return None
        sets = []
        for (left, _), (right, _) in pairwise(self.words):
            if not (isinstance(left, str) and isinstance(right, str)):
                return None
            pair = f"{left}_{right}"
            if len(pair.encode()) > LONGEST_PAIR:
                return None
            term = self.view.term(field, pair)
            if isinstance(term, Absent):
                return [DocSet(self.view.size, np.empty(0, np.int32))]
            sets.append(term.docs)
        return sets

    def _adjacent(self, docs: DocSet) -> Ids:
        """Those of `docs` that hold the words in a row."""
        keys = [self._keys(word, docs) for word, _ in self.words]
        if self.slop == 1:
            ends = _exact_phrase(keys)
        else:
            ends = keys[0]
            for following in keys[1:]:
                reach = [_common(following, ends + step) for step in range(1, self.slop + 1)]
                ends = np.unique(np.concatenate(reach))
        ids = (ends >> SHIFT).astype(np.int32)
        return ids[np.flatnonzero(np.diff(ids, prepend=-1))]

    def _keys(self, word: Any, docs: DocSet) -> Keys:
        keys = position_keys(self.view, self.field, word)
        if docs.count * 64 > len(keys):
            return keys
        starts = docs.ids.astype(np.int64) << SHIFT
        lows, highs = keys.searchsorted(starts), keys.searchsorted(starts + (1 << SHIFT))
        return keys[_ranges(lows, highs - lows)]

    def collect(self, parts: Additive, boost: float) -> None:
        for _, term in self.words:
            parts.lists.append((term, boost * self.boost))

    def terms(self) -> Iterator[tuple[str, TermPostings]]:
        for _, term in self.words:
            yield self.field, term

    def exact(self, rows: Rows) -> F64:
        total = halved_tree([rows.of(term) for _, term in self.words])
        if self.boost != 1.0:
            total = total * self.boost
        return np.where(self.docs.contains(rows.docs), total, 0.0)


def position_keys(view: SegmentView, field: str, word: Any) -> Keys:
    """All occurrences of a term in live documents as sorted keys."""
    name = (view.scope, "positions", field, word)
    keys: Keys | None = view.cache.get(name)
    if keys is None:
        reader = view.segment.field(field)
        model = view.statistics.model(field)
        assert reader is not None and model is not None
        ordinal = reader.find(model.to_bytes(word))
        ids, freqs = reader.postings(ordinal)
        keys = np.repeat(ids.astype(np.int64) << SHIFT, freqs)
        keys |= reader.positions(ordinal)
        if view.segment.live is not None:
            keys = keys[np.repeat(view.segment.live[ids], freqs)]
        view.cache.put(name, view.scope, keys, keys.nbytes)
    return keys


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


def _ranges(starts: NDArray[np.intp], counts: NDArray[np.intp]) -> NDArray[np.intp]:
    """The integers start … start + count - 1 of every range, one after another."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) + np.repeat(starts - ends + counts, counts)
