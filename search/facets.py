"""How the hits of a query divide: by source, year, month, names and places, over all hits, not just
one page; near duplicates count each.

Of a facet with a value chosen the counts are of what would be found with none chosen, so that
another can be chosen instead or besides.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index.codec.postings import FieldReader
from index.metadata.spellings import source_key, spelling_key
from index.snapshot import Snapshot
from search import filters
from search.deadline import check
from search.executor import Executor, Plan
from search.request import Facet, SearchRequest
from search.results import FacetValue

MAX_VALUES = 100
"""Values of one facet that are given: the commonest sources and names, the newest years and
months."""
CANDIDATES = 300
"""Values of each segment that are compared: what is in none's first 300 is in the first 100 of all
hits but by an unlikely chance."""

Ids = npt.NDArray[np.int32]


def count(
    snapshot: Snapshot, hits: Sequence[Ids], names: Sequence[Facet]
) -> dict[str, tuple[FacetValue, ...]]:
    """Counts of the facets `names` over `hits`: the documents found, an array for each segment."""
    counters = {
        "source": _sources,
        "year": _years,
        "month": _months,
        "names": _names,
        "places": _places,
    }
    counts: dict[str, tuple[FacetValue, ...]] = {}
    for name in names:
        check()
        counts[name] = counters[name](snapshot, hits)[:MAX_VALUES]
    return counts


def counted(
    executor: Executor, plan: Plan, hits: Sequence[Ids], request: SearchRequest
) -> dict[str, tuple[FacetValue, ...]]:
    """Counts of the facets of the request; `hits` are the documents that it finds in each
    segment. The query is evaluated once more only if a filter is set that a facet looks past."""
    snapshot = executor.snapshot
    counts: dict[str, tuple[FacetValue, ...]] = {}
    unfiltered: Sequence[Ids] | None = None
    for name in request.facets:
        passing = hits
        if (wider := filters.as_if_not_chosen(request, name)) is not None:
            unfiltered = executor.matching(plan) if unfiltered is None else unfiltered
            passing = _passing(unfiltered, filters.masks(snapshot, wider))
        counts |= count(snapshot, passing, (name,))
    return counts


def _passing(hits: Sequence[Ids], masks: Sequence[filters.Flags] | None) -> Sequence[Ids]:
    if masks is None:
        return hits
    return [ids[mask[ids]] for ids, mask in zip(hits, masks, strict=True)]


def _sources(snapshot: Snapshot, hits: Sequence[Ids]) -> tuple[FacetValue, ...]:
    """Commonest first. Spellings that differ only in marks or case count as the commonest one."""
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for segment, ids in zip(snapshot.segments, hits, strict=True):
        ordinals, sources = segment.ordinals("source_key")
        found = ordinals[ids]
        counts = np.bincount(found[found >= 0], minlength=len(sources))
        for ordinal in np.flatnonzero(counts).tolist():
            spellings[source_key(sources[ordinal])][sources[ordinal]] += int(counts[ordinal])
    values = [
        FacetValue(counter.most_common(1)[0][0], counter.total()) for counter in spellings.values()
    ]
    return tuple(sorted(values, key=lambda value: (-value.count, value.value)))


def _years(snapshot: Snapshot, hits: Sequence[Ids]) -> tuple[FacetValue, ...]:
    """`2025`, newest first; documents without a date are in none."""
    counts = _by_date(snapshot, hits, 10_000)
    return tuple(FacetValue(f"{year:04}", count) for year, count in counts)


def _months(snapshot: Snapshot, hits: Sequence[Ids]) -> tuple[FacetValue, ...]:
    """`2025-02`, newest first; documents without a date are in none."""
    counts = _by_date(snapshot, hits, 100)
    return tuple(
        FacetValue(f"{month // 100:04}-{month % 100:02}", count) for month, count in counts
    )


def _by_date(snapshot: Snapshot, hits: Sequence[Ids], divisor: int) -> list[tuple[int, int]]:
    """(YYYYMMDD // `divisor`, how many hits) of the periods that have any, newest first."""
    periods: Counter[int] = Counter()
    for segment, ids in zip(snapshot.segments, hits, strict=True):
        found, counts = np.unique(segment.dates()[ids] // divisor, return_counts=True)
        periods.update(dict(zip(found.tolist(), counts.tolist(), strict=True)))
    return [(period, periods[period]) for period in sorted(periods, reverse=True) if period]


def _names(snapshot: Snapshot, hits: Sequence[Ids]) -> tuple[FacetValue, ...]:
    return _values(snapshot, hits, "names")


def _places(snapshot: Snapshot, hits: Sequence[Ids]) -> tuple[FacetValue, ...]:
    return _values(snapshot, hits, "places")


def _values(snapshot: Snapshot, hits: Sequence[Ids], field: str) -> tuple[FacetValue, ...]:
    """Commonest first. Spellings that differ only as `Hoà` and `Hòa` do count as the commonest."""
    counted: list[tuple[FieldReader, npt.NDArray[np.int64]]] = []
    candidates: set[bytes] = set()
    for segment, ids in zip(snapshot.segments, hits, strict=True):
        reader = segment.field(field)
        if reader is None or not reader.term_count:
            continue
        docs, terms = segment.values(field)
        found = np.zeros(segment.doc_count_all, np.bool_)
        found[ids] = True
        counts = np.bincount(terms[found[docs]], minlength=reader.term_count)
        counted.append((reader, counts))
        best = np.argsort(-counts, kind="stable")[:CANDIDATES]
        candidates.update(reader.key(term) for term in best[counts[best] > 0].tolist())
    spellings: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for key in sorted(candidates):
        text = key.decode()
        total = sum(
            int(counts[term]) for reader, counts in counted if (term := reader.find(key)) >= 0
        )
        spellings[spelling_key(text)][text] = total
    values = [
        FacetValue(counter.most_common(1)[0][0], counter.total()) for counter in spellings.values()
    ]
    return tuple(sorted(values, key=lambda value: (-value.count, value.value)))
