"""The filters of a request (dates, source) as one boolean a document, for each segment."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt

from index.analysis.fold import fold_key
from index.analysis.normalize import nfc
from index.snapshot import Segment, Snapshot
from search.request import SearchRequest

Flags = npt.NDArray[np.bool_]


def masks(snapshot: Snapshot, request: SearchRequest) -> list[Flags] | None:
    """One array a segment, shape [doc_count_all], of what the filters let through; None: all.

    A document without a date passes no date filter.
    """
    if not (request.date_from or request.date_to or request.source):
        return None
    return [_mask(segment, request) for segment in snapshot.segments]


def source_key(source: str) -> str:
    """What two spellings of one source have in common: they are compared as a whole, folded."""
    return fold_key(" ".join(nfc(source).split()))


def _mask(segment: Segment, request: SearchRequest) -> Flags:
    allowed = np.ones(segment.doc_count_all, np.bool_)
    if request.date_from or request.date_to:
        dates = segment.dates()
        allowed &= dates >= (_number(request.date_from) if request.date_from else 1)
        if request.date_to:
            allowed &= dates <= _number(request.date_to)
    if request.source:
        ordinals, sources = segment.ordinals("source_key")
        wanted = source_key(request.source)
        # One more value than there are sources, so that -1 (no source) reads False.
        same = np.array([source_key(source) == wanted for source in sources] + [False])
        allowed &= same[ordinals]
    return allowed


def _number(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day
