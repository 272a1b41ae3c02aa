"""One change to the index: documents deleted and added, then committed as a whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from whoosh.index import TOC

from index import making
from index.bulk import SegmentFactory
from index.codec.merge import Source, merge
from index.codec.segment_file import EXTENSION, SegmentFile
from index.codec.whoosh_codec import TimtinCodec, TimtinSegment
from index.contents import INDEX_NAME, DurableStorage, latest_generation, read_contents
from index.disk import discard
from index.documents import Document
from index.errors import DamagedIndexError, index_folder
from index.language import upkeep
from index.language.apart import Learning
from index.leftovers import sweep, sweep_drafts
from index.policy import SegmentSize, choose_merge
from index.schema import SCHEMA
from index.snapshot import Segment, segment_path
from index.writer_lock import WriterLock


class Transaction:
    """Holds the writer lock until `commit` or `cancel`; leaving the context without commit
    cancels.

    It begins with the documents of the newest commit but for those of the segments `without`, or
    with none to `rebuild`. With `relearn` the language model is learnt anew in any case.
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
        without: Set[str] = frozenset(),
        relearn: bool = False,
    ) -> None:
        self._folder = folder
        self._lock = WriterLock(folder)
        self._lock.acquire(timeout)
        self._open = True
        try:
            self._before = _newest(folder, damaged_too=rebuild)
            self._generation = max(latest_generation(folder), 0)
            self._tidy()
        except BaseException:
            self._lock.release()
            raise
        entries = self._before.segments if self._before and not rebuild else []
        self._segments: list[TimtinSegment] = [
            entry for entry in entries if entry.segment_id() not in without
        ]
        self._relearn = relearn
        self._files: dict[str, SegmentFile] = {}
        self._memory, self._processes, self._progress = memory, processes, progress
        self._fresh: list[TimtinSegment] = []
        self._adopted: list[TimtinSegment] = []

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

    def adopt(self, path: Path, deleted: Iterable[int]) -> None:
        """Take in a finished segment file, which is moved, without the documents `deleted`."""
        target = self._new_path()
        with index_folder(self._folder):
            path.replace(target)
        file = SegmentFile(target)
        entry = self._entry(target, file.doc_count, file.field_lengths)
        for docnum in deleted:
            entry.delete_document(docnum)
        self._adopted.append(entry)
        self._segments.append(entry)

    def bytes_to_merge(self) -> int:
        """What `commit` will have to merge of the batches added, as a size for a progress bar."""
        if len(self._fresh) < 2:
            return 0
        return sum(segment_path(self._folder, entry).stat().st_size for entry in self._fresh)

    def commit(self, advance: Callable[[int], None] = lambda size: None) -> int:
        """Make the change visible; returns the new generation. On any error the old state stays.

        `advance` is called with the bytes merged since the call before.
        """
        generation = self._generation + 1
        try:
            with index_folder(self._folder):
                with self._learning(generation) as learning:
                    self._merge(advance, learning)
                    upkeep.refresh(
                        self._folder,
                        generation,
                        self._snapshot_segments(),
                        anew=self._relearn,
                        learning=learning,
                    )
                contents = TOC(SCHEMA, self._segments, generation)
                contents.write(DurableStorage(str(self._folder)), INDEX_NAME)
        except BaseException:
            if latest_generation(self._folder) < generation:
                self.cancel()
            else:  # it came after the table of contents was in place
                self._release()
            raise
        try:
            with index_folder(self._folder):
                sweep(self._folder, generation, self._segments)
        finally:
            self._release()
        return generation

    def cancel(self) -> None:
        """Give the change up; files written for it are removed."""
        try:
            for entry in (*self._fresh, *self._adopted):
                discard(segment_path(self._folder, entry))
            self._tidy()
        finally:
            self._release()

    def _tidy(self) -> None:
        """Remove what the commit that this change began with does not need."""
        with index_folder(self._folder):
            if self._before:
                sweep(self._folder, self._before.generation, self._before.segments)
            else:
                sweep_drafts(self._folder)

    def _learning(self, generation: int) -> AbstractContextManager[Learning | None]:
        """The language model of a large change is learnt beside merging."""
        if self._processes == 1 or len(self._fresh) < 2:
            return nullcontext()
        segments = self._snapshot_segments()
        begun = upkeep.begin(
            self._folder, generation, segments, memory=self._memory, anew=self._relearn
        )
        return closing(begun) if begun else nullcontext()

    def _merge(self, advance: Callable[[int], None], learning: Learning | None) -> None:
        if len(self._fresh) > 1:  # the batches of this change are one segment, whatever their sizes
            self._replace(list(self._fresh), advance, learning)
        while chosen := choose_merge([_size(entry) for entry in self._segments]):
            self._replace([self._segments[at] for at in chosen], advance, learning)

    def _replace(
        self,
        entries: Sequence[TimtinSegment],
        advance: Callable[[int], None],
        learning: Learning | None,
    ) -> None:
        """Put one segment in the place of several."""
        at = self._segments.index(entries[0])
        merged = self._merged(entries, advance)
        if learning:
            learning.wait_until_opened()
        for entry in entries:
            if entry in self._fresh:
                self._fresh.remove(entry)
                discard(segment_path(self._folder, entry))
        kept = [entry for entry in self._segments if entry not in entries]
        self._segments = [*kept[:at], *merged, *kept[at:]]

    def _merged(
        self, entries: Sequence[TimtinSegment], advance: Callable[[int], None]
    ) -> list[TimtinSegment]:
        sources = [self._source(entry) for entry in entries]
        result = []
        if any(_size(entry).live for entry in entries):
            path = self._new_path()
            made = making.merged(source.file.meta for source in sources)
            merge(path, sources, advance=advance, **made)
            file = SegmentFile(path)
            entry = self._entry(path, file.doc_count, file.field_lengths)
            self._fresh.append(entry)
            result.append(entry)
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
        self._lock.release()


def _size(entry: TimtinSegment) -> SegmentSize:
    return SegmentSize(entry.doc_count_all(), entry.deleted_count())


def _newest(folder: Path, *, damaged_too: bool) -> TOC | None:
    """The contents of the newest commit; None without one, or for a damaged one if that may be."""
    if latest_generation(folder) < 0:
        return None
    try:
        return read_contents(folder)
    except FileNotFoundError as error:  # someone removes files although we hold the lock
        raise DamagedIndexError(str(error.filename), "it is missing") from error
    except DamagedIndexError:
        if damaged_too:
            return None
        raise
