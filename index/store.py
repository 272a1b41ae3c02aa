"""The index folder: open it, read a commit, write a commit.

A commit is a Whoosh table of contents (`_MAIN_<generation>.toc`) that names the segment files. It
is written beside the old one and moved into place, so that readers see either the old or the new
state.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex

from index.codec.segment_file import SegmentFile
from index.errors import DamagedIndexError, MissingIndexError, OutdatedIndexError, TimtinError
from index.schema import SCHEMA, SCHEMA_VERSION
from index.snapshot import Segment, Snapshot, reader_of, segment_path
from index.transaction import Transaction

INDEX_NAME = "MAIN"
_RETRIES = 20  # a commit may remove files between reading the table of contents and opening them
DEFAULT_MEMORY = 1 << 30


class DurableStorage(FileStorage):  # type: ignore[misc]
    """A folder in which a rename is on disk when it returns."""

    def open_file(self, name: str, **kwargs: Any) -> Any:
        self.last_opened = super().open_file(name, **kwargs)
        return self.last_opened

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        source = Path(self._fpath(oldname))
        _fsync(source)
        source.replace(self._fpath(newname))
        _fsync(Path(self.folder))


class IndexStore:
    """An index folder. Cheap to make; holds nothing open."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def exists(self) -> bool:
        return self.generation() >= 0

    def create(self) -> None:
        """Make an empty index, replacing whatever index is in the folder."""
        self.path.mkdir(parents=True, exist_ok=True)
        FileIndex.create(DurableStorage(str(self.path)), SCHEMA, INDEX_NAME)

    def generation(self) -> int:
        """Number of the newest commit; -1 if there is no index. Costs one listing of the folder."""
        try:
            generation: int = TOC._latest_generation(os.listdir(self.path), INDEX_NAME)  # noqa: PTH208
        except FileNotFoundError:
            return -1
        return generation

    def snapshot(self, previous: Snapshot | None = None) -> Snapshot:
        """Open the newest commit; segments that `previous` has open are used again.

        Raises MissingIndexError, DamagedIndexError or OutdatedIndexError.
        """
        for attempt in range(_RETRIES):
            try:
                return self._snapshot(previous)
            except FileNotFoundError as error:
                if attempt == _RETRIES - 1:
                    raise DamagedIndexError(error.filename, "it is missing") from error
                time.sleep(0.02 * attempt)
        raise AssertionError("unreachable")

    def transaction(
        self,
        timeout: float = 0.0,
        memory: int = DEFAULT_MEMORY,
        processes: int | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Transaction:
        """Begin to write; waits up to `timeout` seconds for another writer, then IndexLockedError.

        `memory` bounds the bytes used for indexing, all processes together; `progress` is called
        with the number of documents done since the call before.
        """
        if not self.exists():
            self.create()
        return Transaction(
            self._index(), timeout=timeout, memory=memory, processes=processes, progress=progress
        )

    def verify(self) -> list[str]:
        """Check every byte of the newest commit; returns what is wrong, one line each."""
        problems: list[str] = []
        try:
            snapshot = self.snapshot()
        except TimtinError as error:
            return [str(error)]
        for segment in snapshot.segments:
            try:
                segment.file.check()
            except TimtinError as error:
                problems.append(str(error))
            except ValueError as error:
                problems.append(str(DamagedIndexError(segment.file.path, str(error))))
        return problems

    def _index(self) -> FileIndex:
        if not self.exists():
            raise MissingIndexError(f"there is no index in {self.path}")
        storage = DurableStorage(str(self.path))
        try:
            return FileIndex(storage, indexname=INDEX_NAME)
        except FileNotFoundError:
            raise
        except Exception as error:  # a damaged pickle can raise anything
            storage.last_opened.close()
            name = TOC._filename(INDEX_NAME, self.generation())
            raise DamagedIndexError(self.path / name, "it cannot be read") from error

    def _snapshot(self, previous: Snapshot | None) -> Snapshot:
        index = self._index()
        contents = index._read_toc()
        opened = {segment.segid: segment.file for segment in previous.segments} if previous else {}
        segments, base = [], 0
        for entry in contents.segments:
            segid = entry.segment_id()
            file = opened.get(segid) or SegmentFile(segment_path(self.path, entry))
            version = file.meta.get("schema_version")
            if version != SCHEMA_VERSION:
                raise OutdatedIndexError(
                    f"the index in {self.path} was made by another version of timtin"
                )
            segments.append(Segment(file, segid, base, sorted(entry.deleted_docs())))
            base += file.doc_count
        return Snapshot(
            contents.generation,
            contents.schema,
            segments,
            lambda: reader_of(index, contents, {part.segid: part.file for part in segments}),
        )


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
