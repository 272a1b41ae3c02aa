"""Several segments into one: documents are renumbered, deleted ones drop out, columns are
joined.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import methodcaller
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from index.codec.integers import Ints
from index.codec.merge_fields import merge_fields
from index.codec.segment_file import (
    DIGEST_BYTES,
    LENGTH_OF_BYTE,
    SegmentFile,
    SegmentFileWriter,
)


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
    advance: Callable[[int], None] = lambda size: None,
    **meta: Any,
) -> int:
    """Write the live documents of `sources`, in order, as a new segment; returns its size in
    bytes. `advance` is told how many bytes of the sources are done since it was called before.
    """
    numbering = _renumber(sources)
    largest = max(sources, key=lambda source: source.file.doc_count)
    writer = SegmentFileWriter(path, largest.file.stored.dictionary)
    try:
        _merge_stored(writer, sources)
        advance(sum(source.file.container.extent("stored")[1] for source in sources))
        _merge_columns(writer, sources, numbering.total)
        merge_fields(writer, [source.file for source in sources], numbering.maps, advance)
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
