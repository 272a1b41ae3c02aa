"""The postings of several segments into one, without going term by term.

Terms are taken in groups of a few megabytes of postings. Within a group every segment's postings
are decoded at once and moved as blocks: term t of segment s goes behind term t of segment s - 1, so
documents stay in order and nothing needs sorting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from index.codec import integers
from index.codec.dictionary import Keys
from index.codec.integers import Ints, starts_of
from index.codec.postings import FieldReader, FieldWriter, Postings
from index.codec.segment_file import SegmentFile, SegmentFileWriter

GROUP_BYTES = 2_000_000  # compressed postings decoded at a time, all segments together

Ranks = dict[int, Ints]
"""By the number of a segment: what becomes of the ordinals of its terms; -1: they are gone."""


class _Kind(NamedTuple):
    """How a field keeps positions, and the field whose positions it shares."""

    has_positions: bool
    parent: str | None


class _Part(NamedTuple):
    """One segment's share of a group of terms; `parents` are merged ordinals of the parent field,
    if it shares positions, `kept` the numbers of the terms that are not gone."""

    keys: Keys
    postings: Postings
    numbers: Ints
    parents: Ints
    kept: Ints


def merge_fields(
    writer: SegmentFileWriter,
    files: Sequence[SegmentFile],
    maps: Sequence[Ints],
    advance: Callable[[int], None],
) -> None:
    """Merge all fields of `files`. `maps[s][d]` is the new number of document d of file s, or
    -1.
    """
    kinds = _kinds(files)
    ranks: dict[str, Ranks] = {}
    for name in sorted(kinds, key=lambda name: kinds[name].parent is not None):
        has_positions, parent = kinds[name]
        out = writer.field(name, has_positions=has_positions, parent=parent)
        above = ranks[parent] if parent else None
        sources = {
            at: _Source(file, field, numbers, above[at] if above else None)
            for at, (file, numbers) in enumerate(zip(files, maps, strict=True))
            if (field := file.field(name)) and field.term_count
        }
        found = _merge_field(out, list(sources.values()))
        advance(sum(file.container.extent(f"{name}/post")[1] for file in files if file.field(name)))
        if any(kind.parent == name for kind in kinds.values()):
            ranks[name] = dict(zip(sources, found, strict=True))
        out.close()


def _kinds(files: Sequence[SegmentFile]) -> dict[str, _Kind]:
    """A merged field shares positions only if it does so in every segment that has it."""
    kinds: dict[str, _Kind] = {}
    for file in files:
        for name in file.field_names():
            field = file.field(name)
            if field is None:
                continue
            kind = _Kind(field.has_positions, field.parent.name if field.parent else None)
            known = kinds.setdefault(name, kind)
            if known != kind:
                kinds[name] = _Kind(known.has_positions or kind.has_positions, None)
    return kinds


def _merge_field(out: FieldWriter, sources: Sequence[_Source]) -> list[Ints]:
    """Write the merged terms; returns the ranks among them of each source's terms."""
    ranks = [np.full(source.field.term_count, -1) for source in sources]
    if not sources:
        return ranks
    written = 0
    for ranges in _groups([source.field for source in sources]):
        chosen = [at for at, (low, high) in enumerate(ranges) if low < high]
        parts = [_without_deleted(sources[at].part(*ranges[at])) for at in chosen]
        keys, terms = _united([part.keys for part in parts])
        for at, part, term in zip(chosen, parts, terms, strict=True):
            ranks[at][ranges[at][0] + part.kept] = term + written
        for source in sources:
            source.container.give_back()
        if not len(keys):
            continue
        parents = None
        if sources[0].shares:
            parents = np.zeros(len(keys), np.int64)
            for part, term in zip(parts, terms, strict=True):
                parents[term] = part.parents
        out.add(keys, _merge_group(parts, terms, len(keys)), parents)
        written += len(keys)
    return ranks


class _Source:
    """A field of one segment, to be read in parts that follow each other."""

    def __init__(
        self, file: SegmentFile, field: FieldReader, numbers: Ints, parents: Ints | None
    ) -> None:
        self.field, self._numbers, self._parents = field, numbers, parents
        self.shares = parents is not None
        self.container = container = file.container
        name = field.name
        self._added, self._lengths, self._shared = (
            container.array(f"{name}/{column}", "u1") for column in ("keys", "klen", "kshare")
        )
        self._last = np.zeros(256, np.uint8)
        self._at = 0
        # Once for all: compiled loops may come while terms are read, and would begin at the first.
        self._native = integers.kernels()

    def part(self, low: int, high: int) -> _Part:
        field = self.field
        postings = field.all_of(low, high)
        parents = np.zeros(0, np.int64)
        if self._parents is not None:
            parents = np.maximum(self._parents[field.parents(low, high)], 0)
        elif field.parent:  # the merged field keeps its own positions
            whole = np.concatenate([field.positions(term) for term in range(low, high)])
            postings = postings._replace(positions=whole.astype(np.int64), own=None)
        every = np.arange(high - low)
        return _Part(self._keys(low, high), postings, self._numbers, parents, every)

    def _keys(self, low: int, high: int) -> Keys:
        if not self._native:
            return Keys.of(self.field.keys(low, high))
        lengths = self._lengths[low:high]
        blob = np.empty(int(lengths.sum(dtype=np.int64)), np.uint8)
        shared = self._shared[low:high]
        self._at = self._native.decode(self._added, self._at, lengths, shared, self._last, blob)
        if self._at < 0:
            raise IndexError("keys that do not end")
        return Keys(blob, lengths)


def _groups(fields: Sequence[FieldReader]) -> Iterator[list[tuple[int, int]]]:
    """Cut the fields' terms at common keys, so that a group's runs are about GROUP_BYTES in all."""
    total = sum(int(field.run_sizes().sum()) for field in fields)
    pieces = max(1, total // GROUP_BYTES)
    widest = max(fields, key=lambda field: field.term_count)
    sums = np.cumsum(widest.run_sizes())
    marks = np.searchsorted(sums, np.linspace(0, sums[-1], pieces + 1)[1:-1])
    cuts = sorted({widest.key(int(mark)) for mark in marks if mark < widest.term_count})
    lows = [0] * len(fields)
    for cut in cuts:
        highs = [field.lower_bound(cut) for field in fields]
        yield list(zip(lows, highs, strict=True))
        lows = highs
    yield [(low, field.term_count) for low, field in zip(lows, fields, strict=True)]


def _merge_group(parts: Sequence[_Part], terms: Sequence[Ints], count: int) -> Postings:
    """The postings of `count` terms; `terms` are the numbers of each part's among them."""
    found = [part.postings for part in parts]
    dfs = [postings.dfs for postings in found]
    total = np.zeros(count, np.int64)
    for at, df in zip(terms, dfs, strict=True):
        total[at] += df
    ids = _interleave(terms, dfs, [postings.ids for postings in found], count)
    freqs = _interleave(terms, dfs, [postings.freqs for postings in found], count)
    merged = Postings(total, ids, freqs, None)
    owns = [postings.own for postings in found if postings.own is not None]
    if owns:
        own = _interleave(terms, dfs, [flags.astype(np.int64) for flags in owns], count)
        merged = merged._replace(own=own.astype(bool))
    flat = [postings.positions for postings in found if postings.positions is not None]
    if flat:
        sizes = [_sums(postings.position_counts(), postings.dfs) for postings in found]
        merged = merged._replace(positions=_interleave(terms, sizes, flat, count))
    return merged


def _sums(values: Ints, counts: Ints) -> Ints:
    """Sums of consecutive groups of the given sizes."""
    return np.diff(starts_of(values)[starts_of(counts)])


def _united(lists: Sequence[Keys]) -> tuple[Keys, list[Ints]]:
    """The keys of all, and for each list the numbers of its keys among them."""
    if len(lists) == 1:
        return lists[0], [np.arange(len(lists[0]))]
    native = integers.kernels()
    if not native:
        several = [keys.tolist() for keys in lists]
        # Sorting merges sorted runs.
        union = list(dict.fromkeys(sorted(chain.from_iterable(several))))
        rank = {key: at for at, key in enumerate(union)}
        ranks = [np.fromiter(map(rank.__getitem__, keys), np.int64, len(keys)) for keys in several]
        return Keys.of(union), ranks
    bounds = starts_of(np.array([len(keys) for keys in lists], np.int64))
    every = Keys(*map(np.concatenate, zip(*((k.blob, k.lengths) for k in lists), strict=True)))
    flat, firsts = np.empty(len(every), np.int64), np.empty(len(every), np.int64)
    count = native.unite(every.blob, starts_of(every.lengths), bounds, flat, firsts)
    return every.take(firsts[:count]), np.split(flat, bounds[1:-1])


def _interleave(
    terms: Sequence[Ints], counts: Sequence[Ints], values: Sequence[Ints], total: int
) -> Ints:
    """Blocks `counts[s][i]` of `values[s]` ordered by (terms[s][i], s)."""
    if native := integers.kernels():
        sums = np.zeros(total, np.int64)
        for at, count in zip(terms, counts, strict=True):
            sums[at] += count
        ends = starts_of(sums)
        out = np.empty(int(ends[-1]), np.int64)
        for at, count, part in zip(terms, counts, values, strict=True):
            native.place(at, count, part, ends, out)
        return out
    sizes = np.zeros((total, len(terms)), np.int64)
    for source, (at, count) in enumerate(zip(terms, counts, strict=True)):
        sizes[at, source] = count
    where = starts_of(sizes.ravel())
    out = np.empty(int(where[-1]), np.int64)
    for source, (at, count, part) in enumerate(zip(terms, counts, values, strict=True)):
        target = where[at * len(terms) + source]
        out[np.repeat(target - starts_of(count)[:-1], count) + np.arange(len(part))] = part
    return out


def _without_deleted(part: _Part) -> _Part:
    """The part in the new numbering; terms left without documents are gone."""
    dfs, ids, freqs, positions, own = part.postings
    numbers = part.numbers[ids]
    if not len(numbers) or numbers.min() >= 0:
        return part._replace(postings=part.postings._replace(ids=numbers))
    alive = numbers >= 0
    if positions is not None:
        positions = positions[np.repeat(alive, part.postings.position_counts())]
    left = np.bincount(np.repeat(np.arange(len(dfs)), dfs)[alive], minlength=len(dfs))
    kept = np.flatnonzero(left)
    postings = Postings(
        left[kept],
        numbers[alive],
        freqs[alive],
        positions,
        None if own is None else own[alive],
    )
    parents = part.parents[kept] if len(part.parents) else part.parents
    return _Part(part.keys.take(kept), postings, part.numbers, parents, part.kept[kept])
