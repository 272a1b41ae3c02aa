"""Near duplicates among the hits: of each group of copies only the best hit is shown.

The others are masked out, so that pages, totals and scores are exactly those of a collection in
which only the shown copy exists. Which one that is depends on the query and its filters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from whoosh.query import Query

from index.snapshot import Snapshot
from search.executor import Executor
from search.filters import Flags
from search.request import Sort

MAX_SCORED = 5_000
"""Copies that are scored to find the best of each group; of more the first one is shown."""

Ids = npt.NDArray[np.int32]


class Collapsed(NamedTuple):
    """`masks` let one copy of each group through, `hidden` is how many they hold back, and
    `similar` how many of them stand behind each copy shown, by its number in the snapshot."""

    masks: Sequence[Flags] | None
    hidden: int
    similar: Mapping[int, int]


def candidates(snapshot: Snapshot, masks: Sequence[Flags] | None) -> list[Flags]:
    """What `masks` let through and has copies, one array a segment."""
    copies = [groups > 0 for groups in snapshot.groups()]
    if masks is None:
        return copies
    return [mask & has for mask, has in zip(masks, copies, strict=True)]


def collapse(
    executor: Executor,
    query: Query,
    masks: Sequence[Flags] | None,
    hits: Sequence[Ids],
    sort: Sort,
) -> Collapsed:
    """Choose among `hits`, the documents found in each segment (or those that have copies)."""
    snapshot = executor.snapshot
    groups, docs, days = _copies(snapshot, hits)
    numbers, sizes = np.unique(groups, return_counts=True)
    several = np.isin(groups, numbers[sizes > 1])
    groups, docs, days = groups[several], docs[several], days[several]
    if not len(docs):
        return Collapsed(masks, 0, {})
    if sort == "date":
        worth: npt.NDArray[np.float64] = days.astype(np.float64)
    elif len(docs) <= MAX_SCORED:
        worth = executor.scores(query, docs)
    else:
        worth = np.zeros(len(docs))
    order = np.lexsort((docs, -worth, groups))
    groups, docs = groups[order], docs[order]
    shown = np.append(True, groups[1:] != groups[:-1])
    behind = np.diff(np.flatnonzero(np.append(shown, True))) - 1
    similar = dict(zip(docs[shown].tolist(), behind.tolist(), strict=True))
    hidden = docs[~shown]
    return Collapsed(_without(snapshot, masks, hidden), len(hidden), similar)


def without(hits: Sequence[Ids], shown: Collapsed) -> list[Ids]:
    """`hits` that the masks of `shown` let through."""
    if shown.masks is None:
        return list(hits)
    return [ids[mask[ids]] for ids, mask in zip(hits, shown.masks, strict=True)]


def _copies(
    snapshot: Snapshot, hits: Sequence[Ids]
) -> tuple[Ids, npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Group, number in the snapshot and day of each hit that has copies."""
    groups, docs, days = [], [], []
    for segment, numbers, ids in zip(snapshot.segments, snapshot.groups(), hits, strict=True):
        found = ids[numbers[ids] > 0]
        groups.append(numbers[found])
        docs.append(found.astype(np.int64) + segment.base)
        days.append(segment.dates()[found])
    none = np.empty(0, np.int32)
    return (
        np.concatenate([none, *groups]),
        np.concatenate([none.astype(np.int64), *docs]),
        np.concatenate([none, *days]),
    )


def _without(
    snapshot: Snapshot, masks: Sequence[Flags] | None, hidden: npt.NDArray[np.int64]
) -> list[Flags]:
    """`masks` without the documents `hidden`, which are numbered within the snapshot."""
    allowed = []
    for number, segment in enumerate(snapshot.segments):
        mask = np.ones(segment.doc_count_all, np.bool_) if masks is None else masks[number].copy()
        local = hidden - segment.base
        mask[local[(local >= 0) & (local < segment.doc_count_all)]] = False
        allowed.append(mask)
    return allowed
