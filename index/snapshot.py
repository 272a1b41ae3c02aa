"""One commit of the index, opened for reading: what every search runs on.

A snapshot never changes and may be shared between threads. Its files stay readable while it lives,
even when a later commit has removed them from the folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC
from whoosh.reading import EmptyReader, IndexReader, MultiReader, SegmentReader

from index import making
from index.builder import keyword_term
from index.codec.postings import FieldReader
from index.codec.segment_file import DIGEST_BYTES, SegmentFile
from index.codec.whoosh_codec import TimtinCodec
from index.duplicates import COLUMNS, Documents, Groups, groups

if TYPE_CHECKING:
    from index.language.model import LanguageModel
    from index.language.upkeep import LanguageFile


class Segment:
    """A segment file within a snapshot: its documents are numbered from `base`, some may be
    deleted.
    """

    def __init__(self, file: SegmentFile, segid: str, base: int, deleted: Sequence[int]) -> None:
        self.file = file
        self.segid = segid
        self.base = base
        self.doc_count_all = file.doc_count
        self.deleted_count = len(deleted)
        self.live: npt.NDArray[np.bool_] | None = None
        if deleted:
            self.live = np.ones(file.doc_count, bool)
            self.live[list(deleted)] = False

    def field(self, name: str) -> FieldReader | None:
        """The postings of a field, or None if no document of the segment has it."""
        return self.file.field(name)

    def lengths(self, field: str) -> npt.NDArray[np.uint8]:
        """Whoosh's length byte of every document, shape [doc_count_all]."""
        return self.file.lengths(field)

    @cached_property
    def _dates(self) -> npt.NDArray[np.int32]:
        return self.file.integers("date")

    def dates(self) -> npt.NDArray[np.int32]:
        """Day of every document as YYYYMMDD, 0 if unknown; shape [doc_count_all]."""
        return self._dates

    @cached_property
    def _columns(self) -> dict[str, tuple[npt.NDArray[np.int32], list[str]]]:
        return {}

    def ordinals(self, column: str) -> tuple[npt.NDArray[np.int32], list[str]]:
        """Of a keyword column: index into its values for every document (-1 = none), and the
        values.
        """
        if column not in self._columns:
            self._columns[column] = self.file.ordinals(column)
        return self._columns[column]

    @cached_property
    def _postings(self) -> dict[str, tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]]:
        return {}

    def values(self, field: str) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """All values of a field that may have several a document: (documents, terms), one pair a
        value, ordered by term; terms are ordinals of `field(name)`.
        """
        if field not in self._postings:
            reader = self.field(field)
            ids, terms = np.empty(0, np.int32), np.empty(0, np.int32)
            if reader and reader.term_count:
                ids, _, dfs = reader.postings_range(0, reader.term_count)
                terms = np.repeat(np.arange(len(dfs), dtype=np.int32), dfs)
            self._postings[field] = ids, terms
        return self._postings[field]

    def copies(self) -> Documents:
        """What finding near duplicates needs of this segment."""
        bands = np.stack([self.file.integers(column) for column in COLUMNS])
        return Documents(bands, self.dates(), self.live)

    def stored(self, docnum: int) -> dict[str, Any]:
        """The stored fields of a document, by its number within the segment."""
        return self.file.stored.record(docnum)

    def is_live(self, docnum: int) -> bool:
        return self.live is None or bool(self.live[docnum])

    def find(self, id: str) -> int | None:
        """Number within the segment of the live document with this id, or None."""
        field = self.field("id")
        ordinal = field.find(keyword_term(id)) if field else -1
        if field is None or ordinal < 0:
            return None
        ids, _ = field.postings(ordinal)
        return next((docnum for docnum in ids.tolist() if self.is_live(docnum)), None)

    def docs(self) -> Iterator[tuple[str, str, str]]:
        """(id, path, digest) of every live document."""
        ids = self.file.document_keys()
        paths, names = self.ordinals("path")
        digests = self.file.digests()
        live = (
            range(self.doc_count_all) if self.live is None else np.flatnonzero(self.live).tolist()
        )
        for docnum in live:
            id = ids[docnum]
            if id.startswith("\0"):  # its term is only a digest of it
                id = self.stored(docnum)["id"]
            at = docnum * DIGEST_BYTES
            yield id, names[paths[docnum]], digests[at : at + DIGEST_BYTES].hex()


class Snapshot:
    """All segments of one commit."""

    def __init__(
        self,
        generation: int,
        schema: Schema,
        segments: Sequence[Segment],
        open_reader: Callable[[], IndexReader],
        language_file: LanguageFile | None = None,
    ) -> None:
        self.generation = generation
        self.schema = schema
        self.segments = tuple(segments)
        self.doc_count_all = sum(segment.doc_count_all for segment in segments)
        self.doc_count = self.doc_count_all - sum(segment.deleted_count for segment in segments)
        self._open_reader = open_reader
        self.language_file = language_file

    @property
    def is_outdated(self) -> bool:
        """Whether the running code would make another index of the same documents."""
        return not all(making.is_current(segment.file.meta) for segment in self.segments)

    @property
    def language(self) -> LanguageModel | None:
        """What the text of the index says about its language; None if a stock writer made it."""
        return self.language_file.model if self.language_file else None

    def docs(self) -> Iterator[tuple[str, str, str]]:
        """(id, path, digest) of every live document; reads no stored documents."""
        for segment in self.segments:
            yield from segment.docs()

    @cached_property
    def _groups(self) -> list[Groups]:
        return groups([segment.copies() for segment in self.segments])

    def groups(self) -> Sequence[Groups]:
        """For each segment the number of each document's group of near duplicates, shape
        [doc_count_all]; 0 for a document without copies, or deleted.
        """
        return self._groups

    @cached_property
    def _grouped(self) -> list[Groups]:
        return [np.flatnonzero(groups).astype(np.int32) for groups in self._groups]

    def grouped(self) -> Sequence[Groups]:
        """For each segment the sorted numbers of its documents that have near duplicates."""
        return self._grouped

    def find(self, id: str) -> tuple[Segment, int] | None:
        """The segment of the live document with this id and its number there, or None."""
        for segment in self.segments:
            docnum = segment.find(id)
            if docnum is not None:
                return segment, docnum
        return None

    def field_length(self, field: str) -> int:
        """Tokens of a field over all documents, deleted ones included, as Whoosh counts."""
        return sum(segment.file.field_lengths.get(field, 0) for segment in self.segments)

    def doc_frequency(self, field: str, key: bytes) -> int:
        """Documents that hold a term, deleted ones included, as Whoosh counts."""
        total = 0
        for segment in self.segments:
            reader = segment.field(field)
            ordinal = reader.find(key) if reader else -1
            if reader and ordinal >= 0:
                total += reader.df(ordinal)
        return total

    def newest_day(self) -> date | None:
        """The latest day of any document, None if none has one."""
        latest = max((int(s.dates().max(initial=0)) for s in self.segments), default=0)
        return date(latest // 10_000, latest // 100 % 100, latest % 100) if latest else None

    def size(self) -> int:
        """Bytes of the files of the commit."""
        containers = [segment.file.container for segment in self.segments]
        if self.language_file:
            containers.append(self.language_file.container)
        return sum(len(container.data) for container in containers)

    def whoosh_reader(self) -> IndexReader:
        """A stock Whoosh reader over the same commit; one per thread, close it after use."""
        return self._open_reader()


def reader_of(folder: Path, contents: TOC, files: Mapping[str, SegmentFile]) -> IndexReader:
    """A stock reader over a table of contents whose segment files are open already."""
    codec, storage = TimtinCodec(files), FileStorage(str(folder))
    readers = [
        SegmentReader(storage, contents.schema, entry, contents.generation, codec)
        for entry in contents.segments
    ]
    if len(readers) == 1:
        return readers[0]
    return MultiReader(readers, contents.generation) if readers else EmptyReader(contents.schema)


def segment_path(folder: Path, entry: Any) -> Path:
    """The file of a segment that a table of contents names."""
    return folder / str(entry.file_name())
