"""Queries that the executor has no node for run on Whoosh's own matchers, in the same snapshot."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
from whoosh.query import Query
from whoosh.searching import Searcher

from index.snapshot import Snapshot
from search.executor.nodes import Node, Scored
from search.executor.postings import SegmentView
from search.ranking import Weighting


class WhooshFallback:
    """`count` is how many times a query, or a part of one, was evaluated by Whoosh in a segment."""

    def __init__(self, snapshot: Snapshot, weighting: Weighting) -> None:
        self._snapshot = snapshot
        self._weighting = weighting
        self._local = threading.local()  # a Whoosh searcher serves one thread
        self._lock = threading.Lock()
        self.count = 0

    def __call__(self, query: Query, view: SegmentView) -> Node:
        with self._lock:
            self.count += 1
        searcher = self._searcher(view.base)
        matcher = query.matcher(searcher, searcher.context())
        ids, scores = [], []
        while matcher.is_active():
            ids.append(matcher.id())
            scores.append(matcher.score())
            matcher.next()
        found = np.array(ids, np.int32)
        keep = view.live.contains(found)
        try:
            estimate = int(query.estimate_size(searcher.reader()))
        except NotImplementedError:
            estimate = len(found)
        return Scored(view, found[keep], np.array(scores, np.float64)[keep], estimate)

    def _searcher(self, base: int) -> Any:
        searcher = getattr(self._local, "searcher", None)
        if searcher is None:
            searcher = Searcher(self._snapshot.whoosh_reader(), weighting=self._weighting.whoosh())
            self._local.searcher = searcher
        return next(leaf for leaf, offset in searcher.leaf_searchers() if offset == base)
