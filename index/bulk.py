"""A stream of documents into segment files, on all cores, in bounded memory.

Documents are cut into batches by the size of their text. A small change is analyzed right here; a
large one goes to worker processes, a few batches ahead of them and no more.
"""

from __future__ import annotations

import gc
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path

import msgspec

from index import native
from index.builder import SegmentStats, Vocabulary, build_segment, stored_record
from index.codec.stored import MIN_SAMPLES, train_dictionary
from index.disk import discard
from index.documents import Document
from index.errors import WorkerError
from index.inversion import MAX_BATCH_DOCS
from index.processes import end_with_parent, keep_memory

_SAMPLE = 4096  # documents that the compression dictionary is trained on
# Bytes of arrays that a character of text needs while a batch is sorted and packed.
_MEMORY_PER_CHAR = 64
# Documents from which on a segment is worth a copy of the dictionary; merging brings it to the
# rest.
_WORTH_A_DICTIONARY = 64
SHUTDOWN_SECONDS = 5  # what a pool that lost a process gets
_SMALL = 2_000_000  # characters; a change up to this size starts no processes

_ENCODE = msgspec.msgpack.Encoder().encode  # batches for workers, in half the time of pickle
_DECODE = msgspec.msgpack.Decoder(list[Document]).decode

Built = tuple[Path, SegmentStats]


class SegmentFactory:
    """Builds segment files at paths from `new_path`; `memory` bounds all processes together, in
    bytes.
    """

    def __init__(
        self,
        new_path: Callable[[], Path],
        *,
        dictionary: bytes,
        memory: int,
        processes: int | None,
        progress: Callable[[int], None] | None,
    ) -> None:
        self._new_path = new_path
        self._dictionary = dictionary
        self._processes = processes or os.cpu_count() or 1
        self._batch_chars = max(200_000, memory // (_MEMORY_PER_CHAR * self._processes))
        self._progress = progress or (lambda count: None)

    def build(self, documents: Iterable[Document]) -> Iterator[Built]:
        """Yield finished segment files in the order of their documents."""
        rest = iter(documents)
        sample: list[Document] = []
        if not self._dictionary:
            sample = list(islice(rest, _SAMPLE))
            rest = chain(sample, rest)
        with _Workers(self._processes) as workers:
            if self._processes > 1 and len(sample) == _SAMPLE:
                workers.start(loops=True)  # they get ready meanwhile
            if len(sample) >= MIN_SAMPLES:
                self._dictionary = train_dictionary(map(stored_record, sample))
            batches = _batches(rest, self._batch_chars)
            first = next(batches, None)
            if first is None:
                return
            second = next(batches, None)
            batches = chain([first] if second is None else [first, second], batches)
            several = second is not None
            if self._processes == 1 or (not several and _chars(first) <= _SMALL):
                yield from self._build_here(batches, several)
            else:
                yield from self._build_apart(workers.start(loops=several), batches, several)

    def _build_here(self, batches: Iterable[list[Document]], several: bool) -> Iterator[Built]:
        vocabulary = Vocabulary()
        for batch in batches:
            path = self._new_path()
            dictionary = self._dictionary if len(batch) >= _WORTH_A_DICTIONARY else b""
            stats = build_segment(path, batch, dictionary, vocabulary, tokens=several)
            self._progress(len(batch))
            yield path, stats

    def _build_apart(
        self, pool: ProcessPoolExecutor, batches: Iterable[list[Document]], several: bool
    ) -> Iterator[Built]:
        pending: deque[tuple[Path, Future[SegmentStats]]] = deque()
        if several and native.is_wanted():
            native.load_soon("index.")  # the workers load what this has compiled
        try:
            for batch in batches:
                path = self._new_path()
                future = pool.submit(_work, path, _ENCODE(batch), self._dictionary, several)
                pending.append((path, future))
                if len(pending) > self._processes:
                    yield self._finish(pending)
            while pending:
                yield self._finish(pending)
        except BrokenProcessPool as error:
            _unblock(pool)
            raise WorkerError("a process that was indexing has been killed") from error
        finally:
            for path, future in pending:
                future.cancel()
                if not future.cancelled():
                    future.exception()
                    discard(path)

    def _finish(self, pending: deque[tuple[Path, Future[SegmentStats]]]) -> Built:
        path, future = pending[0]
        stats = future.result()
        pending.popleft()
        self._progress(stats.doc_count)
        return path, stats


class _Workers:
    """So many worker processes, once they are started; they end when it is left."""

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._pool: ProcessPoolExecutor | None = None

    def start(self, *, loops: bool) -> ProcessPoolExecutor:
        """Those that are there already, or new ones, which load compiled loops to begin with."""
        if self._pool is None:
            context = get_context("spawn")  # a server's threads do not survive a fork
            self._pool = ProcessPoolExecutor(
                self._processes, mp_context=context, initializer=_begin
            )
            for _ in range(self._processes if loops else 0):
                self._pool.submit(_load_loops)
        return self._pool

    def __enter__(self) -> _Workers:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown()


def _unblock(pool: ProcessPoolExecutor) -> None:
    """Let a pool that lost a process shut down: before Python 3.11.5 it may wait forever for
    somebody to read the batch it is sending (CPython issue 94777). Where it can, it ends by itself.
    """
    manager = getattr(pool, "_executor_manager_thread", None)
    queue = getattr(pool, "_call_queue", None)
    if manager is not None and queue is not None:
        manager.join(SHUTDOWN_SECONDS)
        if manager.is_alive():
            queue._reader.close()


def _begin() -> None:
    """Make a process a worker: one that ends with its parent, keeps its memory until then, and does
    not look for cycles of what it remembers, millions of small objects, again and again: there are
    none."""
    end_with_parent()
    keep_memory()
    gc.disable()


def _load_loops() -> None:
    if native.is_wanted():
        native.load(compiling=False)


_vocabulary = Vocabulary()  # of this worker process


def _work(path: Path, batch: bytes, dictionary: bytes, tokens: bool) -> SegmentStats:
    if tokens:
        _load_loops()
    return build_segment(path, _DECODE(batch), dictionary, _vocabulary, tokens=tokens)


def _chars(batch: list[Document]) -> int:
    return sum(len(document.title) + len(document.body) for document in batch)


def _batches(documents: Iterable[Document], limit: int) -> Iterator[list[Document]]:
    batch: list[Document] = []
    size = 0
    for document in documents:
        batch.append(document)
        size += len(document.title) + len(document.body)
        if size >= limit or len(batch) == MAX_BATCH_DOCS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
