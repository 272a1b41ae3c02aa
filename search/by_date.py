"""The order "newest first": unknown dates last, better scores first within a day."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from whoosh.query import Query

from index.snapshot import Snapshot
from search.executor import Executor

Ids = npt.NDArray[np.int32]


def page(
    snapshot: Snapshot,
    executor: Executor,
    query: Query,
    hits: Sequence[Ids],
    offset: int,
    size: int,
) -> list[tuple[int, float]]:
    """(document number in the snapshot, score) of `size` hits from `offset` on.

    `hits` are the documents found in each segment. Only those are scored whose dates the page
    shows; which dates these are is known from the dates alone.
    """
    segments = snapshot.segments
    dates = [segment.dates()[ids] for segment, ids in zip(segments, hits, strict=True)]
    newest = np.sort(np.concatenate([np.empty(0, np.int32), *dates]))[::-1]
    shown = newest[offset : offset + size]
    if not len(shown):
        return []
    last, first = int(shown[-1]), int(shown[0])
    wanted = []
    for segment, ids, days in zip(segments, hits, dates, strict=True):
        flags = np.zeros(segment.doc_count_all, np.bool_)
        flags[ids[(days >= last) & (days <= first)]] = True
        wanted.append(flags)
    candidates = sum(int(flags.sum()) for flags in wanted)
    top = executor.top(query, candidates, mask=wanted)
    day_of = np.concatenate([segment.dates() for segment in segments])[top.docs]
    order = np.lexsort((top.docs, -top.scores, -day_of))
    skip = offset - int((newest > first).sum())
    chosen = order[skip : skip + size]
    return list(zip(top.docs[chosen].tolist(), top.scores[chosen].tolist(), strict=True))
