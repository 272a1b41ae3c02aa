"""How the hits of a query divide: by source, year and month, over all hits, not just one page."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index.snapshot import Snapshot
from search.filters import source_key
from search.request import Facet
from search.results import FacetValue

MAX_VALUES = 100
"""Values of one facet that are given: the commonest sources, the newest years and months."""

Ids = npt.NDArray[np.int32]


def count(
    snapshot: Snapshot, hits: Sequence[Ids], names: Sequence[Facet]
) -> dict[str, tuple[FacetValue, ...]]:
    """Counts of the facets `names` over `hits`: the documents found, an array for each segment."""
    counters = {"source": _sources, "year": _years, "month": _months}
    return {name: counters[name](snapshot, hits)[:MAX_VALUES] for name in names}


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
