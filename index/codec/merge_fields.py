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

from index.codec.integers import Ints, starts_of
from index.codec.postings import FieldReader, FieldWriter, Postings
from index.codec.segment_file import SegmentFile, SegmentFileWriter

GROUP_BYTES = 3_000_000  # compressed postings decoded at a time, all segments together

Ordinals = dict[bytes, int]


class _Kind(NamedTuple):
    """How a field keeps positions, and the field whose positions it shares."""

    has_positions: bool
    parent: str | None


class _Part(NamedTuple):
    """One segment's share of a group of terms; `parents` are keys of the parent field, if any."""

    keys: list[bytes]
    postings: Postings
    numbers: Ints
    parents: list[bytes]


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
    ordinals: dict[str, Ordinals] = {}
    for name in sorted(kinds, key=lambda name: kinds[name].parent is not None):
        has_positions, parent = kinds[name]
        out = writer.field(name, has_positions=has_positions, parent=parent)
        present = [
            (field, numbers)
            for file, numbers in zip(files, maps, strict=True)
            if (field := file.field(name)) and field.term_count
        ]
        shared = ordinals[parent] if parent else None
        keys = _merge_field(out, present, shared)
        advance(sum(file.container.extent(f"{name}/post")[1] for file in files if file.field(name)))
        if any(kind.parent == name for kind in kinds.values()):
            ordinals[name] = {key: at for at, key in enumerate(keys)}
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


def _merge_field(
    out: FieldWriter, present: Sequence[tuple[FieldReader, Ints]], shared: Ordinals | None
) -> list[bytes]:
    """Write the merged terms; returns their keys."""
    written: list[bytes] = []
    if not present:
        return written
    sources = [_Source(field, numbers, shares=shared is not None) for field, numbers in present]
    for ranges in _groups([field for field, _ in present]):
        parts = [
            source.part(low, high)
            for source, (low, high) in zip(sources, ranges, strict=True)
            if low < high
        ]
        keys, postings = _merge_group(parts)
        parents = None
        if shared is not None:
            parent_of = {
                key: shared.get(parent, 0)
                for part in parts
                for key, parent in zip(part.keys, part.parents, strict=True)
            }
            parents = np.fromiter(map(parent_of.__getitem__, keys), np.int64, len(keys))
        out.add(keys, postings, parents)
        written += keys
    return written


class _Source:
    """A field of one segment, to be read in parts."""

    def __init__(self, field: FieldReader, numbers: Ints, *, shares: bool) -> None:
        self._field, self._numbers, self._shares = field, numbers, shares
        parent = field.parent if shares else None
        self._parent_keys = parent.keys(0, parent.term_count) if parent else []

    def part(self, low: int, high: int) -> _Part:
        field = self._field
        postings = field.all_of(low, high)
        parents: list[bytes] = []
        if self._shares:
            parents = [self._parent_keys[at] for at in field.parents(low, high).tolist()]
        elif field.parent:  # the merged field keeps its own positions
            whole = np.concatenate([field.positions(term) for term in range(low, high)])
            postings = postings._replace(positions=whole.astype(np.int64), own=None)
        return _Part(field.keys(low, high), postings, self._numbers, parents)


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


def _merge_group(parts: Sequence[_Part]) -> tuple[list[bytes], Postings]:
    parts = [_without_deleted(part) for part in parts]
    keys = _union([part.keys for part in parts])
    if not keys:
        none = np.zeros(0, np.int64)
        return [], Postings(none, none, none, None)
    rank = {key: at for at, key in enumerate(keys)}
    terms = [
        np.fromiter(map(rank.__getitem__, part.keys), np.int64, len(part.keys)) for part in parts
    ]
    found = [part.postings for part in parts]
    dfs = [postings.dfs for postings in found]
    total = np.zeros(len(keys), np.int64)
    for at, df in zip(terms, dfs, strict=True):
        total[at] += df
    ids = _interleave(terms, dfs, [postings.ids for postings in found], len(keys))
    freqs = _interleave(terms, dfs, [postings.freqs for postings in found], len(keys))
    merged = Postings(total, ids, freqs, None)
    owns = [postings.own for postings in found if postings.own is not None]
    if owns:
        own = _interleave(terms, dfs, [flags.astype(np.int64) for flags in owns], len(keys))
        merged = merged._replace(own=own.astype(bool))
    flat = [postings.positions for postings in found if postings.positions is not None]
    if flat:
        sizes = [_sums(postings.position_counts(), postings.dfs) for postings in found]
        merged = merged._replace(positions=_interleave(terms, sizes, flat, len(keys)))
    return keys, merged


def _sums(values: Ints, counts: Ints) -> Ints:
    """Sums of consecutive groups of the given sizes."""
    return np.diff(starts_of(values)[starts_of(counts)])


def _union(lists: list[list[bytes]]) -> list[bytes]:
    if len(lists) == 1:
        return lists[0]
    return list(dict.fromkeys(sorted(chain.from_iterable(lists))))  # sorting merges sorted runs


def _interleave(terms: list[Ints], counts: list[Ints], values: list[Ints], total: int) -> Ints:
    """Blocks `counts[s][i]` of `values[s]` ordered by (terms[s][i], s)."""
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
    kept = np.flatnonzero(left).tolist()
    postings = Postings(
        left[kept],
        numbers[alive],
        freqs[alive],
        positions,
        None if own is None else own[alive],
    )
    parents = [part.parents[at] for at in kept] if part.parents else []
    return _Part([part.keys[at] for at in kept], postings, part.numbers, parents)
