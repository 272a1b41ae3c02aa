"""The filters of a request (dates, sources, names) as one boolean a document, for each segment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import numpy.typing as npt

from index.analysis.normalize import nfc
from index.metadata.spellings import source_key, spelling_key
from index.snapshot import Segment, Snapshot
from search.request import Facet, SearchRequest

Flags = npt.NDArray[np.bool_]


def as_if_not_chosen(request: SearchRequest, facet: Facet) -> SearchRequest | None:
    """The request with no value of the facet chosen; None if there is none, or none to choose.

    Its hits are those that the facet counts: who has chosen one source wants to know what
    another would give, and not that all hits of the one are of the one.
    """
    match facet:
        case "source" if request.sources:
            return replace(request, sources=())
        case "names" if request.names:
            return replace(request, names=())
        case "places" if request.places:
            return replace(request, places=())
        case _:
            return None


def masks(snapshot: Snapshot, request: SearchRequest) -> list[Flags] | None:
    """One array a segment, shape [doc_count_all], of what the filters let through; None: all.

    A document without a date passes no date filter.
    """
    days = (request.date_from, request.date_to)
    if not any((*days, request.sources, request.names, request.places)):
        return None
    return [_mask(segment, request) for segment in snapshot.segments]


def _mask(segment: Segment, request: SearchRequest) -> Flags:
    allowed = np.ones(segment.doc_count_all, np.bool_)
    if request.date_from or request.date_to:
        dates = segment.dates()
        allowed &= dates >= (_number(request.date_from) if request.date_from else 1)
        if request.date_to:
            allowed &= dates <= _number(request.date_to)
    if request.sources:
        ordinals, sources = segment.ordinals("source_key")
        wanted = {source_key(source) for source in request.sources}
        # One more value than there are sources, so that -1 (no source) reads False.
        same = np.array([source_key(source) in wanted for source in sources] + [False])
        allowed &= same[ordinals]
    if request.names:
        allowed &= _holding(segment, "names", request.names)
    if request.places:
        allowed &= _holding(segment, "places", request.places)
    return allowed


def _holding(segment: Segment, field: str, values: Sequence[str]) -> Flags:
    """Which documents hold any of these names or places, also in a spelling such as `Hoà` for
    `Hòa`."""
    flags = np.zeros(segment.doc_count_all, np.bool_)
    reader = segment.field(field)
    if reader is None or not reader.term_count:
        return flags
    for value in values:
        wanted = spelling_key(value)
        # Such spellings differ in vowels and their marks, never in the first letter.
        low, high = reader.prefix_range(nfc(value)[:1].encode())
        for term, key in enumerate(reader.keys(low, high), low):
            if spelling_key(key.decode()) == wanted:
                ids, _ = reader.postings(term)
                flags[ids] = True
    return flags


def _number(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day
