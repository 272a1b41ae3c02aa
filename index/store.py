"""The index folder: open it, read a commit, write a commit. See `contents` for what a commit is."""

from __future__ import annotations

import time
from collections.abc import Callable, Set
from contextlib import suppress
from pathlib import Path

from index import making
from index.codec.segment_file import SegmentFile
from index.contents import contents_path, latest_generation, read_contents
from index.disk import make_folder
from index.errors import DamagedIndexError, TimtinError, index_folder
from index.language import upkeep
from index.leftovers import litter
from index.snapshot import Segment, Snapshot, reader_of, segment_path
from index.transaction import Transaction
from index.verification import Verification, verify

_RETRIES = 20  # a commit may remove files between reading the table of contents and opening them
DEFAULT_MEMORY = 1 << 30


class IndexStore:
    """An index folder. Cheap to make; holds nothing open."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def exists(self) -> bool:
        return self.generation() >= 0

    def create(self) -> None:
        """Commit an empty index, replacing whatever index is in the folder."""
        with self.transaction(rebuild=True) as transaction:
            transaction.commit()

    def generation(self) -> int:
        """Number of the newest commit; -1 if there is no index. Costs one listing of the folder."""
        return latest_generation(self.path)

    def stamp(self) -> tuple[int, int, int]:
        """What tells the newest commit from all others, also those of an index made anew.

        Its generation, and inode and time of its table of contents; (-1, 0, 0) without an index.
        """
        generation = self.generation()
        with index_folder(self.path):
            try:
                status = contents_path(self.path, generation).stat()
            except FileNotFoundError:
                return generation, 0, 0
        return generation, status.st_ino, status.st_mtime_ns

    def snapshot(
        self,
        previous: Snapshot | None = None,
        *,
        without: Set[str] = frozenset(),
        language: bool = True,
    ) -> Snapshot:
        """Open the newest commit; segments that `previous` has open are used again, those with ids
        in `without` are left out, and so is the `language` model if it is not wanted.

        Raises MissingIndexError, DamagedIndexError, OutdatedIndexError or IndexFolderError.
        """
        for attempt in range(_RETRIES):
            try:
                return self._snapshot(previous, without, language)
            except FileNotFoundError as error:
                if attempt == _RETRIES - 1:
                    raise DamagedIndexError(error.filename, "it is missing") from error
                time.sleep(0.02 * attempt)
        raise AssertionError("unreachable")

    def transaction(
        self,
        *,
        rebuild: bool = False,
        timeout: float = 0.0,
        memory: int = DEFAULT_MEMORY,
        processes: int | None = None,
        progress: Callable[[int], None] | None = None,
        without: Set[str] = frozenset(),
        relearn: bool = False,
    ) -> Transaction:
        """Begin to write; waits up to `timeout` seconds for another writer, then IndexLockedError.

        `rebuild` begins without documents, whatever state the old index is in, and `without` those
        of the segments with these ids; the old index is left alone until the commit, which learns
        the language model anew if it is to `relearn`. `memory` bounds the bytes used for indexing,
        all processes together; `progress` is called with the number of documents done since the
        call before.
        """
        with index_folder(self.path):
            make_folder(self.path)
        return Transaction(
            self.path,
            rebuild=rebuild,
            timeout=timeout,
            memory=memory,
            processes=processes,
            progress=progress,
            without=without,
            relearn=relearn,
        )

    def tidy(self) -> None:
        """Remove what killed writers left, unless somebody writes just now or nobody may."""
        with suppress(TimtinError, FileNotFoundError), index_folder(self.path):
            contents = read_contents(self.path)
            if litter(self.path, contents.generation, contents.segments):
                self.transaction().cancel()

    def verify(self) -> Verification:
        """Check everything about the newest commit; what is wrong, and with what."""
        return verify(self.path)

    def _snapshot(self, previous: Snapshot | None, without: Set[str], language: bool) -> Snapshot:
        contents = read_contents(self.path)
        opened = {segment.segid: segment.file for segment in previous.segments} if previous else {}
        segments, base = [], 0
        for entry in contents.segments:
            segid = entry.segment_id()
            if segid in without:
                continue
            file = opened.get(segid) or self._open(segment_path(self.path, entry))
            making.check_readable(file.meta, self.path)
            segments.append(Segment(file, segid, base, sorted(entry.deleted_docs())))
            base += file.doc_count
        model = None
        if language:
            with index_folder(self.path, but=FileNotFoundError):
                model = upkeep.open_newest(
                    self.path, contents.generation, previous.language_file if previous else None
                )
        return Snapshot(
            contents.generation,
            contents.schema,
            segments,
            lambda: reader_of(self.path, contents, {part.segid: part.file for part in segments}),
            model,
        )

    def _open(self, path: Path) -> SegmentFile:
        with index_folder(self.path, but=FileNotFoundError):
            return SegmentFile(path)
