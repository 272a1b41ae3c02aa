"""Which syllables may come next: look-ups in the dictionaries of folded syllables and of pairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np

from index.analysis.analyzers import JOINER
from index.snapshot import Snapshot
from search.suggest.typed import Typed

CANDIDATES = 8
STARTS = 5
"""Syllables to begin with, where none is whole yet, and pairs that each may go on with."""
BRANCHES = 3
RARE = 0.002
"""Of the commonest term's documents: with so few it is a slip of the keys (*Namsẽ*)."""


def pairs(snapshot: Snapshot, typed: Typed) -> list[tuple[str, int]]:
    """The commonest pairs that the begun syllable may make: (key, documents that hold it)."""
    if typed.whole:
        prefix = typed.whole[-1].folded + JOINER
        return commonest(snapshot, "pairs", [prefix + stem for stem in typed.stems], CANDIDATES)
    found: Counter[str] = Counter()
    for syllable in _beginnings(snapshot, typed):
        found.update(dict(commonest(snapshot, "pairs", [syllable + JOINER], BRANCHES)))
    return found.most_common(CANDIDATES)


def commonest(
    snapshot: Snapshot, field: str, prefixes: Iterable[str], limit: int
) -> list[tuple[str, int]]:
    """The `limit` terms of a field that most documents hold, among those with such a prefix."""
    keys: set[bytes] = set()
    for segment in snapshot.segments:
        reader = segment.field(field)
        if reader is None:
            continue
        for prefix in prefixes:
            low, high = reader.prefix_range(prefix.encode())
            frequencies = reader.dfs(low, high)
            if len(frequencies) > limit:
                best = np.argpartition(frequencies, -limit)[-limit:]
            else:
                best = np.arange(len(frequencies))
            keys.update(reader.key(low + at) for at in best.tolist())
    counted = [(key.decode(), snapshot.doc_frequency(field, key)) for key in keys]
    most = max((count for _, count in counted), default=0)
    kept = [(key, count) for key, count in counted if count >= RARE * most]
    return sorted(kept, key=lambda row: (-row[1], row[0]))[:limit]


def _beginnings(snapshot: Snapshot, typed: Typed) -> list[str]:
    """Syllables that what was typed may become; it may also be one already, so that comes first."""
    begun = [key for key, _ in commonest(snapshot, "folded", typed.stems, STARTS)]
    whole = [stem for stem in typed.stems if snapshot.doc_frequency("folded", stem.encode())]
    return list(dict.fromkeys([*whole, *begun]))
