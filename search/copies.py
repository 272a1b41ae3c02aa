"""Near duplicates among the hits: of each group of copies only the best hit is shown.

Pages, totals and scores are exactly those of a collection in which only the shown copies exist.
Which ones these are depends on the query and its filters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from index.snapshot import Snapshot
from search import by_date
from search.executor import Executor, Plan, TopDocs
from search.filters import Flags

Ids = npt.NDArray[np.int32]
Page = list[tuple[int, float]]
"""(number in the snapshot, score) of each hit."""


class Collapsed(NamedTuple):
    """A page of hits, each the best of its copies, and how many hits there are in all.

    `hidden` copies are not among these; `similar` tells how many of them stand behind a document
    of the page.
    """

    page: Page
    total: int
    hidden: int
    similar: Mapping[int, int]


class _Copies(NamedTuple):
    """The documents found that have copies among those found: number in the snapshot (ascending)
    and group of each; and how many were found of each group."""

    docs: npt.NDArray[np.int64]
    groups: Ids
    sizes: npt.NDArray[np.intp]

    @property
    def hidden(self) -> int:
        return len(self.docs) - int(np.count_nonzero(self.sizes > 1))

    def groups_of(self, docs: npt.NDArray[np.int64]) -> Ids:
        """The group of each document, 0 for one that has no copies among those found."""
        if not len(self.docs):
            return np.zeros(len(docs), np.int32)
        places = self.docs.searchsorted(docs)
        there = self.docs.take(places, mode="clip") == docs
        groups: Ids = self.groups.take(places, mode="clip") * there
        return groups

    def similar(self, page: Page) -> Mapping[int, int]:
        """How many copies stand behind each document of the page that has any."""
        docs = [docnum for docnum, _ in page]
        groups = self.groups_of(np.array(docs, np.int64)).tolist()
        pairs = zip(docs, groups, strict=True)
        return {docnum: int(self.sizes[group]) - 1 for docnum, group in pairs if group}


def by_relevance(
    executor: Executor, plan: Plan, masks: Sequence[Flags] | None, offset: int, size: int
) -> Collapsed:
    """The hits from `offset` on, best first: the first of each group in the ranking is its best."""
    copies = _copies(executor.snapshot, executor.which(plan, executor.snapshot.grouped(), masks))
    if not len(copies.docs):
        top = executor.top(plan, size, mask=masks, offset=offset)
        return Collapsed(_page(top, slice(None)), top.total, 0, {})
    wanted = count = offset + size
    while True:
        top = executor.top(plan, count, mask=masks)
        groups = copies.groups_of(top.docs)
        shown = _first_of_each(groups)
        if len(shown) >= wanted or count >= top.total:
            break
        count = min(2 * count, top.total)
    page = _page(top, shown[offset:wanted])
    hidden = copies.hidden
    similar = copies.similar(page) if groups.any() else {}
    return Collapsed(page, top.total - hidden, hidden, similar)


def _page(top: TopDocs, shown: slice | npt.NDArray[np.intp]) -> Page:
    return list(zip(top.docs[shown].tolist(), top.scores[shown].tolist(), strict=True))


def newest_first(
    executor: Executor, plan: Plan, hits: Sequence[Ids], offset: int, size: int
) -> Collapsed:
    """The hits from `offset` on by date, the newest of each group; `hits` are those found in each
    segment."""
    groups = zip(executor.snapshot.groups(), hits, strict=True)
    copies = _copies(executor.snapshot, [ids[numbers[ids] > 0] for numbers, ids in groups])
    order = np.lexsort((copies.docs, -_days(executor.snapshot, copies.docs), copies.groups))
    shown = order[_first_of_each(copies.groups[order])]
    behind = np.setdiff1d(copies.docs, copies.docs[shown], assume_unique=True)
    bases = [segment.base for segment in executor.snapshot.segments]
    left = [
        ids[~np.isin(ids + base, behind)] if len(behind) else ids
        for ids, base in zip(hits, bases, strict=True)
    ]
    page = by_date.page(executor, plan, left, offset, size)
    return Collapsed(page, sum(map(len, left)), len(behind), copies.similar(page))


def _first_of_each(groups: Ids) -> npt.NDArray[np.intp]:
    """Places of the documents of no group and of the first of each group, ascending."""
    grouped = np.flatnonzero(groups)
    if len(grouped) < 2:
        return np.arange(len(groups))
    _, firsts = np.unique(groups[grouped], return_index=True)
    return np.sort(np.concatenate([np.flatnonzero(groups == 0), grouped[firsts]]))


def _copies(snapshot: Snapshot, grouped: Sequence[Ids]) -> _Copies:
    """Of the documents found those of a group, as sorted numbers within each segment."""
    places = list(zip(snapshot.segments, snapshot.groups(), grouped, strict=True))
    docs = _joined([found.astype(np.int64) + segment.base for segment, _, found in places])
    groups = _joined([numbers[found] for _, numbers, found in places])
    sizes = np.bincount(groups, minlength=1)
    several = sizes[groups] > 1
    return _Copies(docs[several], groups[several], sizes)


def _days(snapshot: Snapshot, docs: npt.NDArray[np.int64]) -> Ids:
    """The day of each document, these being in ascending order."""
    days = []
    for segment in snapshot.segments:
        first, last = docs.searchsorted((segment.base, segment.base + segment.doc_count_all))
        days.append(segment.dates()[docs[first:last] - segment.base])
    return _joined(days)


def _joined(parts: Sequence[npt.NDArray[Any]]) -> npt.NDArray[Any]:
    """All in one; to join a single one would copy it."""
    return parts[0] if len(parts) == 1 else np.concatenate([np.empty(0, np.int32), *parts])
