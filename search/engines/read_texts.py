"""Texts of documents that pages showed lately, in memory for the next page that shows them.

A document that is found for one query is found for others, and to read it takes longer than to
highlight it. They have a cache of their own, so that texts which are shown once do not drive out
postings.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from operator import attrgetter

from index.snapshot import Segment, Snapshot
from search.executor import ArrayCache
from search.executor.cache import CacheStats
from search.page import Stored

SHARE = 20
"""One part in SHARE of the memory for caches is for texts: by default 15 MiB, some 2,500."""

_base = attrgetter("base")


class ReadTexts:
    """Reads what pages show of documents; keeps at most `limit` bytes of it, those that were not
    shown longest making room. Safe to share between threads."""

    def __init__(self, limit: int) -> None:
        self._cache = ArrayCache(limit)
        self._segments: list[str] = []

    def of(self, snapshot: Snapshot, docnums: Iterable[int]) -> list[Stored]:
        """The documents with these numbers in the snapshot."""
        segments = snapshot.segments
        self._forget_all_but([segment.segid for segment in segments])
        places = []
        for docnum in docnums:
            segment = segments[bisect_right(segments, docnum, key=_base) - 1]
            places.append((segment, docnum - segment.base))
        found = self._cache.get_many([(segment.segid, number) for segment, number in places])
        return [
            self._read(*place) if stored is None else stored
            for stored, place in zip(found, places, strict=True)
        ]

    def stats(self) -> CacheStats:
        return self._cache.stats()

    def clear(self) -> None:
        self._cache.clear()

    def _read(self, segment: Segment, number: int) -> Stored:
        stored = Stored(segment.stored(number))
        key = (segment.segid, number)
        self._cache.put(key, self._cache.scope(segment.segid), stored, stored.size)
        return stored

    def _forget_all_but(self, segments: list[str]) -> None:
        if segments != self._segments:
            self._segments = segments
            self._cache.retain([self._cache.scope(segid) for segid in segments])
