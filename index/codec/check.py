"""Every posting of a field decoded and held against what must be true of it.

Checksums say that bytes are those that were written. This says that what was written makes sense:
terms sorted and unique; documents ascending and within range; frequencies that add up to the
documents' lengths; positions ascending; positions that are shared there to be shared; runs that end
where the next one begins (`FieldReader` sees to that).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from index.codec.integers import Ints, starts_of
from index.codec.postings import FieldReader, Postings

GROUP_BYTES = 1_000_000  # compressed postings decoded at a time: some 50 MB of arrays
TERMS = 50_000  # and terms
PARENT_POSTINGS = 2_000_000  # postings of a parent field held at a time


def check_field(field: FieldReader, doc_count: int) -> Ints:
    """Check everything about a field; the tokens of each document, shape [doc_count].

    Raises ValueError, which says what is wrong, and DamagedIndexError.
    """
    tokens = np.zeros(doc_count, np.int64)
    for low, high in _ranges(field):
        keys = field.keys(max(low - 1, 0), high)
        _require(all(a < b for a, b in pairwise(keys)), field, "terms are out of order")
        _require(bool((field.dfs(low, high) > 0).all()), field, "terms have no documents")
        found = field.all_of(low, high)
        ids = found.ids
        _require(bool(ids.min() >= 0 and ids.max() < doc_count), field, "documents do not exist")
        _require(_ascends(ids, found.dfs), field, "documents are out of order")
        if found.positions is not None:
            counts = found.position_counts()
            low_enough = found.positions.max(initial=0) < 1 << 31  # a step back wraps around
            _require(bool(low_enough), field, "positions are out of order")
            _require(_ascends(found.positions, counts), field, "positions are out of order")
        np.add.at(tokens, ids, found.freqs)
    if field.parent:
        _check_shared(field, field.parent)
    return tokens


def _check_shared(field: FieldReader, parent: FieldReader) -> None:
    """Positions that a field leaves to its parent must be all those of the parent's term there."""
    parents = field.parents(0, field.term_count)
    _require(bool((parents < parent.term_count).all()), field, "parents do not exist")
    dfs = parent.dfs(0, parent.term_count)
    marks = np.searchsorted(np.cumsum(dfs), np.arange(0, int(dfs.sum()), PARENT_POSTINGS))
    for first, last in pairwise([*dict.fromkeys(marks.tolist()), parent.term_count]):
        ids, freqs, _ = parent.postings_range(first, last)
        places = _places(np.repeat(np.arange(first, last), dfs[first:last]), ids)
        for low, high in _ranges(field):
            inside = (parents[low:high] >= first) & (parents[low:high] < last)
            if not inside.any():
                continue
            wanted, frequencies = _left_to_parent(field.all_of(low, high), parents[low:high])
            mine = (wanted >= first << 32) & (wanted < last << 32)
            at = np.searchsorted(places, wanted[mine])
            same = at < len(places)
            at = np.minimum(at, len(places) - 1)
            same &= (places[at] == wanted[mine]) & (freqs[at] == frequencies[mine])
            _require(bool(same.all()), field, "positions to be shared are not there")


def _left_to_parent(found: Postings, parents: Ints) -> tuple[Ints, Ints]:
    """Of the postings whose positions the parent keeps: where it must have them, and how many."""
    left = np.zeros(len(found.ids), bool) if found.own is None else ~found.own
    return _places(np.repeat(parents, found.dfs), found.ids)[left], found.freqs[left]


def _places(terms: Ints, ids: npt.NDArray[np.integer]) -> Ints:
    """One number for a term and a document, ascending as these do."""
    return terms.astype(np.int64) << 32 | ids


def _ascends(values: npt.NDArray[np.integer], counts: npt.NDArray[np.integer]) -> bool:
    """Whether values rise within each group of the given sizes."""
    starts = starts_of(counts)[:-1][counts > 0]
    rises = np.diff(values) > 0
    rises[starts[starts > 0] - 1] = True  # from one group to the next
    return bool(rises.all())


def _ranges(field: FieldReader) -> Iterator[tuple[int, int]]:
    """The terms of a field cut into ranges of bounded size, each of one term at least."""
    sums = np.cumsum(field.run_sizes()) if field.term_count else np.zeros(0, np.int64)
    low = 0
    while low < field.term_count:
        done = int(sums[low - 1]) if low else 0
        high = int(np.searchsorted(sums, done + GROUP_BYTES, side="right"))
        high = min(max(high, low + 1), low + TERMS)
        yield low, high
        low = high


def _require(holds: bool, field: FieldReader, what: str) -> None:
    if not holds:
        raise ValueError(f"field {field.name!r}: {what}")
