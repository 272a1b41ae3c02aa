"""The order "newest first": unknown dates last, better scores first within a day."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from whoosh.query import Query

from search.executor import Executor, Plan

Ids = npt.NDArray[np.int32]


def page(
    executor: Executor, query: Query | Plan, hits: Sequence[Ids], offset: int, size: int
) -> list[tuple[int, float]]:
    """(document number in the snapshot, score) of `size` hits from `offset` on.

    `hits` are the documents found in each segment. Only those are scored whose days the page
    shows, and which days these are is known without scores.
    """
    segments = executor.snapshot.segments
    docs = np.concatenate(
        [np.empty(0, np.int64), *(ids + s.base for s, ids in zip(segments, hits, strict=True))]
    )
    days = np.concatenate(
        [np.empty(0, np.int32), *(s.dates()[ids] for s, ids in zip(segments, hits, strict=True))]
    )
    newest_first = np.sort(days)[::-1]
    shown = newest_first[offset : offset + size]
    if not len(shown):
        return []
    on_page = (days <= shown[0]) & (days >= shown[-1])
    docs, days = docs[on_page], days[on_page]
    scores = executor.scores(query, docs)
    order = np.lexsort((docs, -scores, -days))
    before = int(np.searchsorted(-newest_first, -shown[0]))
    chosen = order[offset - before : offset - before + size]
    return list(zip(docs[chosen].tolist(), scores[chosen].tolist(), strict=True))
