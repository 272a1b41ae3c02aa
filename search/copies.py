"""Near duplicates among the hits: of each group of copies only the best hit is shown.

Pages, totals and scores are exactly those of a collection in which only the shown copies exist.
Which ones these are depends on the query and its filters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

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
    """The documents found that have copies among those found: number in the snapshot (ascending),
    group and day of each."""

    docs: npt.NDArray[np.int64]
    groups: Ids
    days: Ids

    @property
    def hidden(self) -> int:
        return len(self.docs) - int(np.count_nonzero(np.bincount(self.groups)))

    def groups_of(self, docs: npt.NDArray[np.int64]) -> Ids:
        """The group of each document, 0 for one that has no copies among those found."""
        if not len(self.docs):
            return np.zeros(len(docs), np.int32)
        places = self.docs.searchsorted(docs)
        there = self.docs.take(places, mode="clip") == docs
        return np.where(there, self.groups.take(places, mode="clip"), 0).astype(np.int32)

    def similar(self, page: Page) -> Mapping[int, int]:
        """How many copies stand behind each document of the page that has any."""
        docs = [docnum for docnum, _ in page]
        groups = self.groups_of(np.array(docs, np.int64))
        behind = np.bincount(self.groups, minlength=1)[groups] - 1
        pairs = zip(docs, behind.tolist(), strict=True)
        return {docnum: count for docnum, count in pairs if count > 0}


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
        shown = _first_of_each(copies.groups_of(top.docs))
        if len(shown) >= wanted or count >= top.total:
            break
        count = min(2 * count, top.total)
    page = _page(top, shown[offset:wanted])
    hidden = copies.hidden
    return Collapsed(page, top.total - hidden, hidden, copies.similar(page))


def _page(top: TopDocs, shown: slice | npt.NDArray[np.intp]) -> Page:
    return list(zip(top.docs[shown].tolist(), top.scores[shown].tolist(), strict=True))


def newest_first(
    executor: Executor, plan: Plan, hits: Sequence[Ids], offset: int, size: int
) -> Collapsed:
    """The hits from `offset` on by date, the newest of each group; `hits` are those found in each
    segment."""
    groups = zip(executor.snapshot.groups(), hits, strict=True)
    copies = _copies(executor.snapshot, [ids[numbers[ids] > 0] for numbers, ids in groups])
    order = np.lexsort((copies.docs, -copies.days, copies.groups))
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
    groups, docs, days = [np.empty(0, np.int32)], [np.empty(0, np.int64)], [np.empty(0, np.int32)]
    for segment, numbers, found in zip(snapshot.segments, snapshot.groups(), grouped, strict=True):
        groups.append(numbers[found])
        docs.append(found.astype(np.int64) + segment.base)
        days.append(segment.dates()[found])
    group = np.concatenate(groups)
    several = np.bincount(group, minlength=1)[group] > 1
    return _Copies(np.concatenate(docs)[several], group[several], np.concatenate(days)[several])
