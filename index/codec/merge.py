"""Several segments into one, without going term by term.

Terms are taken in groups that span about a million postings. Within a group every segment's
postings are decoded at once and moved as blocks: term t of segment s goes behind term t of segment
s - 1, so documents stay in order and nothing needs sorting. Deleted documents drop out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import methodcaller
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from index.codec.integers import Ints, starts_of
from index.codec.postings import FieldReader, FieldWriter, Postings
from index.codec.segment_file import (
    DIGEST_BYTES,
    LENGTH_OF_BYTE,
    SegmentFile,
    SegmentFileWriter,
)

GROUP_BYTES = 3_000_000  # compressed postings decoded at a time, all segments together


class Source(NamedTuple):
    """A segment to merge and which of its documents live (None = all), a bool array [doc_count]."""

    file: SegmentFile
    live: npt.NDArray[np.bool_] | None


class _Numbering(NamedTuple):
    """For every source the new number of each of its documents, -1 for deleted ones."""

    maps: list[Ints]
    total: int


def merge(
    path: Path,
    sources: Sequence[Source],
    *,
    advance: Callable[[int], None] | None = None,
    **meta: Any,
) -> int:
    """Write the live documents of `sources`, in order, as a new segment; returns its size in
    bytes.
    """
    numbering = _renumber(sources)
    largest = max(sources, key=lambda source: source.file.doc_count)
    writer = SegmentFileWriter(path, largest.file.stored.dictionary)
    try:
        _merge_stored(writer, sources)
        _merge_columns(writer, sources, numbering.total)
        for name, has_positions in _fields(sources).items():
            field = writer.field(name, has_positions=has_positions)
            _merge_field(field, name, sources, numbering.maps)
            field.close()
            if advance:
                advance(1)
        return writer.close(**meta)
    except BaseException:
        writer.abort()
        raise


def _renumber(sources: Sequence[Source]) -> _Numbering:
    maps, total = [], 0
    for file, live in sources:
        alive = np.ones(file.doc_count, bool) if live is None else live
        maps.append(np.where(alive, np.cumsum(alive) - 1 + total, -1))
        total += int(alive.sum())
    return _Numbering(maps, total)


def _fields(sources: Sequence[Source]) -> dict[str, bool]:
    fields: dict[str, bool] = {}
    for file, _ in sources:
        for name in file.field_names():
            field = file.field(name)
            fields[name] = fields.get(name, False) or (field is not None and field.has_positions)
    return fields


def _merge_stored(writer: SegmentFileWriter, sources: Sequence[Source]) -> None:
    for file, live in sources:
        same = file.stored.dictionary == writer.stored.dictionary
        for docnum in range(file.doc_count) if live is None else np.flatnonzero(live).tolist():
            if same:
                writer.stored.add_compressed(file.stored.compressed(docnum))
            else:
                writer.stored.add(file.stored.record(docnum))


def _merge_columns(writer: SegmentFileWriter, sources: Sequence[Source], total: int) -> None:
    def joined(read: Callable[[SegmentFile], npt.NDArray[Any]]) -> npt.NDArray[Any]:
        parts = [read(file) if live is None else read(file)[live] for file, live in sources]
        return np.concatenate(parts)

    def names(kind: str) -> list[str]:
        return sorted({name for file, _ in sources for name in file.columns(kind)})

    lengths = {name: joined(methodcaller("lengths", name)) for name in names("len")}
    digests = joined(lambda file: np.frombuffer(file.digests(), np.uint8).reshape(-1, DIGEST_BYTES))
    writer.finish_documents(
        total,
        length_bytes=lengths,
        field_lengths=_field_lengths(sources),
        integers={name: joined(methodcaller("integers", name)) for name in names("int")},
        keywords={name: _merge_keywords(sources, name) for name in names("ord")},
        digests=digests.tobytes(),
    )


def _field_lengths(sources: Sequence[Source]) -> dict[str, int]:
    """Total tokens of each field; exact without deletions, else from the length bytes, as Whoosh
    merges.
    """
    totals: dict[str, int] = {}
    for file, live in sources:
        for name, total in file.field_lengths.items():
            kept = total if live is None else int(LENGTH_OF_BYTE[file.lengths(name)[live]].sum())
            totals[name] = totals.get(name, 0) + kept
    return totals


def _merge_keywords(
    sources: Sequence[Source], name: str
) -> tuple[npt.NDArray[np.int32], list[str]]:
    columns = [(file.ordinals(name), live) for file, live in sources]
    used: set[str] = set()
    for (ordinals, values), live in columns:
        kept = ordinals if live is None else ordinals[live]
        used.update(values[at] for at in np.unique(kept) if at >= 0)
    distinct = sorted(used)
    rank = {value: at for at, value in enumerate(distinct)}
    parts = []
    for (ordinals, values), live in columns:
        table = np.array([*(rank.get(value, -1) for value in values), -1], np.int32)
        parts.append(table[ordinals if live is None else ordinals[live]])
    return np.concatenate(parts), distinct


def _merge_field(
    out: FieldWriter, name: str, sources: Sequence[Source], maps: Sequence[Ints]
) -> None:
    pairs = [(file.field(name), numbers) for (file, _), numbers in zip(sources, maps, strict=True)]
    present = [(field, numbers) for field, numbers in pairs if field and field.term_count]
    if not present:
        return
    fields = [field for field, _ in present]
    for ranges in _groups(fields):
        group = [
            _Part(field.keys(low, high), field.all_of(low, high), numbers)
            for (field, numbers), (low, high) in zip(present, ranges, strict=True)
            if low < high
        ]
        out.add(*_merge_group(group))


class _Part(NamedTuple):
    """One segment's share of a group of terms."""

    keys: list[bytes]
    postings: Postings
    numbers: Ints


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
    dfs = [part.postings.dfs for part in parts]
    ids = _interleave(terms, dfs, [part.postings.ids for part in parts], len(keys))
    freqs = _interleave(terms, dfs, [part.postings.freqs for part in parts], len(keys))
    total = np.zeros(len(keys), np.int64)
    for at, df in zip(terms, dfs, strict=True):
        total[at] += df
    positions = None
    if any(part.postings.positions is not None for part in parts):
        sizes = [
            np.add.reduceat(part.postings.freqs, starts_of(part.postings.dfs)[:-1])
            if len(part.keys)
            else part.postings.dfs
            for part in parts
        ]
        flat = [part.postings.positions for part in parts if part.postings.positions is not None]
        positions = _interleave(terms, sizes, flat, len(keys))
    return keys, Postings(total, ids, freqs, positions)


def _union(lists: list[list[bytes]]) -> list[bytes]:
    if len(lists) == 1:
        return lists[0]
    return sorted(set().union(*lists))


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
    dfs, ids, freqs, positions = part.postings
    numbers = part.numbers[ids]
    if not len(numbers) or numbers.min() >= 0:
        return part._replace(postings=Postings(dfs, numbers, freqs, positions))
    alive = numbers >= 0
    if positions is not None:
        positions = positions[np.repeat(alive, freqs)]
    term = np.repeat(np.arange(len(dfs)), dfs)[alive]
    left = np.bincount(term, minlength=len(dfs))
    keys = [key for key, df in zip(part.keys, left.tolist(), strict=True) if df]
    return _Part(
        keys, Postings(left[left > 0], numbers[alive], freqs[alive], positions), part.numbers
    )
