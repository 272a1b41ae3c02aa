"""Near duplicates: wire copies of one story, found by MinHash (Broder 1997) with LSH bands.

A document's shingles are the pairs of neighbouring folded syllables of its body; headlines differ
between copies. Of each of BANDS × ROWS MinHashes the lowest eight bits are kept (b-bit MinHash, Li
and König 2010), four to a band, so that a band is one 32-bit column of the segment. Two documents
with a band in common are candidates; how many of all their MinHashes agree estimates how many
shingles they share. With six bands of four, two texts that share .8 of their shingles meet in a
band with a probability of .96, two that share .3 with .05, and then fail the estimate.

Columns travel with documents when segments are merged; groups are made of a whole commit, so that
copies that came in different syncs find each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from rensa import RMinHash

from index.codec.integers import Ints, starts_of

BANDS, ROWS = 6, 4
MIN_SHINGLES = 32  # of a text that is compared at all: two short leads share a lot by chance
# Of the MinHashes that agree: 18 of 24. Two of .8 in common are found in four cases of five, of .9
# always; of .55, as articles of one law may be, in one of thirty. To hide a text that is another is
# worse than to show a copy.
SIMILAR = 0.75
MAX_DAYS = 3  # between copies of one story; "Giá vàng hôm nay" of the week after is another
COLUMNS = tuple(f"minhash{band}" for band in range(BANDS))

_SEED = 1
_MIX = np.uint64(0x9E3779B97F4A7C15)  # 2**64 / golden ratio, as in Fibonacci hashing

Bands = npt.NDArray[np.int32]
Groups = npt.NDArray[np.int32]


class Documents(NamedTuple):
    """What grouping needs of one segment: `bands` [BANDS, docs], `dates` (YYYYMMDD, 0 = unknown)
    and `live` (None = all) [docs]."""

    bands: Bands
    dates: npt.NDArray[np.int32]
    live: npt.NDArray[np.bool_] | None


def band_columns(tokens: Ints, counts: Ints, hashes: npt.NDArray[np.uint64]) -> Bands:
    """The columns of a batch, int32 [BANDS, docs]; zeros for texts that are too short.

    `tokens` are the numbers of the syllables of all bodies, one after another, `counts` how many
    each has, `hashes` the 64-bit hash of each number's syllable.
    """
    docs = np.repeat(np.arange(len(counts)), counts)
    inner = np.flatnonzero(docs[1:] == docs[:-1])
    hashed = hashes[tokens]
    shingles = (hashed[inner] * _MIX) ^ (hashed[inner + 1] >> np.uint64(1))
    sizes = np.maximum(counts - 1, 0)
    columns = np.zeros((BANDS, len(counts)), np.int32)
    if not len(shingles):
        return columns
    offsets = starts_of(sizes)
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(
        np.ascontiguousarray(shingles), offsets.astype(np.uint64), BANDS * ROWS, _SEED
    )
    low = np.array(matrix.to_rows(), np.uint64).astype(np.uint8)
    columns[:] = np.ascontiguousarray(low).view("<i4").T
    columns *= sizes >= MIN_SHINGLES
    return columns


def groups(segments: Sequence[Documents]) -> list[Groups]:
    """For each segment the group of each document, int32 [docs]; 0 for those without a copy.

    Groups are numbered from 1 over all segments; deleted documents are in none.
    """
    sizes = [segment.bands.shape[1] for segment in segments]
    if not sum(sizes):
        return [np.zeros(size, np.int32) for size in sizes]
    bands = np.concatenate([segment.bands for segment in segments], axis=1)
    days = _days(np.concatenate([segment.dates for segment in segments]))
    usable: npt.NDArray[np.bool_] = np.bitwise_or.reduce(bands, axis=0) != 0
    at = 0
    for segment, size in zip(segments, sizes, strict=True):
        if segment.live is not None:
            usable[at : at + size] &= segment.live
        at += size
    docs = np.flatnonzero(usable)
    found = _connected(_links(bands[:, docs], days[docs]), len(docs))
    numbers = np.zeros(bands.shape[1], np.int32)
    numbers[docs] = found
    return np.split(numbers, np.cumsum(sizes)[:-1])


def _links(bands: Bands, days: Ints) -> npt.NDArray[np.int64]:
    """Pairs of documents that are copies, int64 [links, 2].

    Within a bucket each is compared with the one before it only: buckets are as good as pure, and
    sorted by another band and the date, so this takes linear time whatever the buckets' sizes.
    """
    minhashes = np.ascontiguousarray(bands.T).view(np.uint8)
    links = []
    for band in range(BANDS):
        order = np.lexsort((days, bands[(band + 1) % BANDS], bands[band]))
        keys = bands[band][order]
        same = np.flatnonzero(keys[1:] == keys[:-1])
        first, second = order[same], order[same + 1]
        alike = (minhashes[first] == minhashes[second]).mean(axis=1) >= SIMILAR
        apart = np.abs(days[first] - days[second])
        close = (apart <= MAX_DAYS) | (days[first] == 0) | (days[second] == 0)
        kept = alike & close
        links.append(np.stack([first[kept], second[kept]], axis=1))
    return np.concatenate(links)


def _connected(links: npt.NDArray[np.int64], count: int) -> Groups:
    """Connected components of more than one, numbered from 1; 0 for the rest. Shape [count]."""
    root: dict[int, int] = {}

    def find(doc: int) -> int:
        while (parent := root.setdefault(doc, doc)) != doc:
            root[doc] = root[parent]
            doc = root[parent]
        return doc

    for first, second in np.unique(links, axis=0).tolist():
        one, other = find(first), find(second)
        root[max(one, other)] = min(one, other)
    numbers = np.zeros(count, np.int32)
    named: dict[int, int] = {}
    for doc in sorted(root):
        numbers[doc] = named.setdefault(find(doc), len(named) + 1)
    return numbers


def _days(dates: npt.NDArray[np.int32]) -> Ints:
    """YYYYMMDD as days since 1 January 1 by a calendar of 31-day months, near enough; 0 stays 0."""
    years, months, days = dates // 10_000, dates // 100 % 100, dates % 100
    return np.where(dates > 0, years * 372 + months * 31 + days, 0).astype(np.int64)
