"""One change to the index: documents deleted and added, then committed as a whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from whoosh.index import TOC
from whoosh.util.filelock import try_for

from index.bulk import SegmentFactory
from index.codec.merge import Source, merge
from index.codec.segment_file import EXTENSION, SegmentFile
from index.codec.whoosh_codec import TimtinCodec, TimtinSegment
from index.contents import (
    INDEX_NAME,
    DurableStorage,
    clean_folder,
    latest_generation,
    read_contents,
)
from index.documents import Document
from index.errors import DamagedIndexError, IndexLockedError, index_folder
from index.language import upkeep
from index.policy import SegmentSize, choose_merge
from index.schema import SCHEMA, SCHEMA_VERSION
from index.snapshot import Segment, segment_path

HOLDER_FILE = "writer.json"


class Transaction:
    """Holds the writer lock until `commit` or `cancel`; leaving the context without commit
    cancels.
    """

    def __init__(
        self,
        folder: Path,
        *,
        rebuild: bool,
        timeout: float,
        memory: int,
        processes: int | None,
        progress: Callable[[int], None] | None,
    ) -> None:
        self._folder = folder
        self._storage = DurableStorage(str(folder))
        self._lock = self._storage.lock(f"{INDEX_NAME}_WRITELOCK")  # as a stock writer's
        with index_folder(folder):
            if not try_for(self._lock.acquire, timeout=timeout, delay=0.05):
                raise IndexLockedError(f"another process ({_holder(folder)}) writes to the index")
        self._open = True
        try:
            with index_folder(folder):
                (folder / HOLDER_FILE).write_text(json.dumps({"pid": os.getpid()}))
            self._contents = _start(folder, rebuild=rebuild)
        except BaseException:
            self._lock.release()
            raise
        self._segments: list[TimtinSegment] = list(self._contents.segments)
        self._files: dict[str, SegmentFile] = {}
        self._memory, self._processes, self._progress = memory, processes, progress
        self._fresh: list[TimtinSegment] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._open:
            self.cancel()

    def delete(self, ids: Iterable[str]) -> int:
        """Delete committed documents by id; returns how many there were."""
        wanted = list(ids)
        count = 0
        for entry in self._segments:
            if entry in self._fresh:
                continue
            segment = Segment(
                self._file(entry), entry.segment_id(), 0, sorted(entry.deleted_docs())
            )
            for docnum in filter(lambda found: found is not None, map(segment.find, wanted)):
                entry.delete_document(docnum)
                count += 1
        return count

    def add(self, documents: Iterable[Document]) -> int:
        """Analyze and write documents; returns how many. They can be found after `commit`."""
        factory = SegmentFactory(
            self._new_path,
            dictionary=self._dictionary(),
            memory=self._memory,
            processes=self._processes,
            progress=self._progress,
        )
        count = 0
        with index_folder(self._folder):
            for path, stats in factory.build(documents):
                entry = self._entry(path, stats.doc_count, stats.field_lengths)
                self._segments.append(entry)
                self._fresh.append(entry)
                count += stats.doc_count
        return count

    def bytes_to_merge(self) -> int:
        """What `commit` will have to merge of the batches added, as a size for a progress bar."""
        if len(self._fresh) < 2:
            return 0
        return sum(segment_path(self._folder, entry).stat().st_size for entry in self._fresh)

    def commit(self, advance: Callable[[int], None] = lambda size: None) -> int:
        """Make the change visible; returns the new generation. On any error the old state stays.

        `advance` is called with the bytes merged since the call before.
        """
        generation: int = self._contents.generation + 1
        try:
            with index_folder(self._folder):
                self._merge(advance)
                upkeep.refresh(self._folder, generation, self._snapshot_segments())
                TOC(SCHEMA, self._segments, generation).write(self._storage, INDEX_NAME)
        except BaseException:
            if latest_generation(self._folder) < generation:
                self.cancel()
            else:  # it came after the table of contents was in place
                self._release()
            raise
        try:
            with index_folder(self._folder):
                clean_folder(self._folder, generation, self._segments)
                upkeep.clean(self._folder, generation)
        finally:
            self._release()
        return generation

    def cancel(self) -> None:
        """Give the change up; files written for it are removed."""
        for entry in self._fresh:
            segment_path(self._folder, entry).unlink(missing_ok=True)
        upkeep.clean(self._folder, self._contents.generation)
        self._release()

    def _merge(self, advance: Callable[[int], None]) -> None:
        if len(self._fresh) > 1:  # the batches of this change are one segment, whatever their sizes
            self._replace(list(self._fresh), advance)
        while chosen := choose_merge([_size(entry) for entry in self._segments]):
            self._replace([self._segments[at] for at in chosen], advance)

    def _replace(self, entries: Sequence[TimtinSegment], advance: Callable[[int], None]) -> None:
        """Put one segment in the place of several."""
        at = self._segments.index(entries[0])
        merged = self._merged(entries, advance)
        kept = [entry for entry in self._segments if entry not in entries]
        self._segments = [*kept[:at], *merged, *kept[at:]]

    def _merged(
        self, entries: Sequence[TimtinSegment], advance: Callable[[int], None]
    ) -> list[TimtinSegment]:
        sources = [self._source(entry) for entry in entries]
        gone = [entry for entry in entries if entry in self._fresh]
        result = []
        if any(_size(entry).live for entry in entries):
            path = self._new_path()
            merge(path, sources, advance=advance, schema_version=SCHEMA_VERSION)
            file = SegmentFile(path)
            entry = self._entry(path, file.doc_count, file.field_lengths)
            self._fresh.append(entry)
            result.append(entry)
        for entry in gone:
            self._fresh.remove(entry)
            segment_path(self._folder, entry).unlink()
        return result

    def _source(self, entry: TimtinSegment) -> Source:
        file = self._file(entry)
        live = None
        if entry.has_deletions():
            live = np.ones(file.doc_count, bool)
            live[list(entry.deleted_docs())] = False
        return Source(file, live)

    def _snapshot_segments(self) -> list[Segment]:
        return [
            Segment(self._file(entry), entry.segment_id(), 0, sorted(entry.deleted_docs()))
            for entry in self._segments
        ]

    def _file(self, entry: TimtinSegment) -> SegmentFile:
        key = entry.segment_id()
        if key not in self._files:
            self._files[key] = SegmentFile(segment_path(self._folder, entry))
        return self._files[key]

    def _dictionary(self) -> bytes:
        """The compression dictionary of the largest segment, so that merging need not
        recompress.
        """
        if not self._segments:
            return b""
        largest = max(self._segments, key=lambda entry: int(entry.doc_count_all()))
        return self._file(largest).stored.dictionary

    def _new_path(self) -> Path:
        entry = TimtinSegment(TimtinCodec(), INDEX_NAME)
        return segment_path(self._folder, entry)

    def _entry(self, path: Path, doc_count: int, field_lengths: dict[str, int]) -> TimtinSegment:
        segid = path.name.removesuffix(EXTENSION).removeprefix(f"{INDEX_NAME}_")
        entry = TimtinSegment(TimtinCodec(), INDEX_NAME, segid=segid)
        entry.set_doc_count(doc_count)
        entry._fieldlengths = field_lengths
        return entry

    def _release(self) -> None:
        self._open = False
        self._files.clear()
        (self._folder / HOLDER_FILE).unlink(missing_ok=True)
        self._lock.release()


def _size(entry: TimtinSegment) -> SegmentSize:
    return SegmentSize(entry.doc_count_all(), entry.deleted_count())


def _start(folder: Path, *, rebuild: bool) -> TOC:
    """The contents that a change begins with."""
    generation = latest_generation(folder)
    if rebuild or generation < 0:
        return TOC(SCHEMA, [], max(generation, 0))
    try:
        return read_contents(folder)
    except FileNotFoundError as error:  # someone removes files although we hold the lock
        raise DamagedIndexError(str(error.filename), "it is missing") from error


def _holder(folder: Path) -> str:
    try:
        return f"pid {json.loads((folder / HOLDER_FILE).read_text())['pid']}"
    except (OSError, ValueError, KeyError):
        return "pid unknown"
