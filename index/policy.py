"""When segments are merged: few segments make queries fast, few merges make commits cheap.

Segments are sorted into tiers by size, each tier eight times the one before. A tier that is full is
merged into one segment, which may fill the next tier. So a document is rewritten about once per
tier, and a small change to a large index touches only small segments. (The idea of Lucene's
LogMergePolicy.)
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import NamedTuple

GROWTH = 8
TIER_LIMIT = 4
SMALLEST_TIER = 64
DELETED_SHARE = 0.3  # a segment with more deleted documents than this is rewritten


class SegmentSize(NamedTuple):
    """Documents of a segment, and how many of them are deleted."""

    doc_count: int
    deleted: int

    @property
    def live(self) -> int:
        return self.doc_count - self.deleted


def choose_merge(sizes: Sequence[SegmentSize]) -> list[int]:
    """Indexes of the segments to merge into one now, in order; empty if none need be."""
    empty = [at for at, size in enumerate(sizes) if not size.live]
    if empty:
        return empty
    tiers: dict[int, list[int]] = {}
    for at, size in enumerate(sizes):
        tiers.setdefault(_tier(size.live), []).append(at)
    for tier in sorted(tiers):
        if len(tiers[tier]) >= TIER_LIMIT:
            return tiers[tier]
    for at, size in enumerate(sizes):
        if size.deleted > DELETED_SHARE * size.doc_count:
            return [at]
    return []


def _tier(live: int) -> int:
    return int(log(max(live, SMALLEST_TIER) / SMALLEST_TIER, GROWTH))
