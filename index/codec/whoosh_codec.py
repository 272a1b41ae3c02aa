"""The seam to Whoosh: a codec whose segments are `segment_file` containers.

Everything that touches Whoosh's internals lives here and in `whoosh_writers`. Stock readers,
matchers and writers work on these segments through it; timtin's own executor goes to `SegmentFile`
directly.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.codec import base
from whoosh.codec.whoosh3 import W3Segment
from whoosh.columns import ColumnReader
from whoosh.filedb.filestore import FileStorage
from whoosh.matching import ListMatcher, ReadTooFar
from whoosh.reading import TermInfo, TermNotFound
from whoosh.system import pack_uint

from index.codec.postings import FieldReader
from index.codec.segment_file import EXTENSION, LENGTH_OF_BYTE, SegmentFile
from index.codec.whoosh_writers import DraftFieldWriter, DraftPerDocWriter, SegmentDraft


class TimtinSegment(W3Segment):  # type: ignore[misc]
    """What the table of contents keeps of a segment: its id, size, deletions and field lengths."""

    def __init__(self, codec: TimtinCodec, indexname: str, **kwargs: Any) -> None:
        super().__init__(codec, indexname, **kwargs)
        self._fieldlengths: dict[str, int] = {}

    def should_assemble(self) -> bool:
        return False  # it is one file already

    def file_name(self) -> str:
        name: str = self.make_filename(EXTENSION)
        return name


class TimtinCodec(base.Codec):  # type: ignore[misc]
    """Reads and writes segments in timtin's format. Only folders on disk (FileStorage) are
    supported.
    """

    length_stats = False  # the least and greatest length of a term are worked out when asked for

    def __init__(self, opened: Mapping[str, SegmentFile] | None = None) -> None:
        """`opened`: files to read from, by segment id, instead of opening them in the folder."""
        self._drafts: dict[str, SegmentDraft] = {}
        self._opened = opened or {}

    def __getstate__(self) -> dict[str, Any]:
        return {}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._drafts, self._opened = {}, {}

    def new_segment(self, storage: FileStorage, indexname: str) -> TimtinSegment:
        return TimtinSegment(self, indexname)

    def per_document_writer(
        self, storage: FileStorage, segment: TimtinSegment
    ) -> DraftPerDocWriter:
        return DraftPerDocWriter(self._draft(storage, segment), segment)

    def field_writer(self, storage: FileStorage, segment: TimtinSegment) -> DraftFieldWriter:
        return DraftFieldWriter(self._draft(storage, segment))

    def per_document_reader(self, storage: FileStorage, segment: TimtinSegment) -> PerDocReader:
        return PerDocReader(self._open(storage, segment), segment)

    def terms_reader(self, storage: FileStorage, segment: TimtinSegment) -> TermsReader:
        return TermsReader(self._open(storage, segment))

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> Any:
        raise NotImplementedError("term vectors are not kept")

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None
    ) -> Any:
        raise NotImplementedError("term vectors are not kept")

    def supports_columns(self) -> bool:
        return True

    def _draft(self, storage: FileStorage, segment: TimtinSegment) -> SegmentDraft:
        key = segment.segment_id()
        if key not in self._drafts:
            self._drafts.clear()  # one writer at a time holds the lock
            self._drafts[key] = SegmentDraft(Path(storage.folder) / segment.file_name())
        return self._drafts[key]

    def _open(self, storage: FileStorage, segment: TimtinSegment) -> SegmentFile:
        opened = self._opened.get(segment.segment_id())
        return opened or SegmentFile(Path(storage.folder) / segment.file_name())


class TermsReader(base.TermsReader):  # type: ignore[misc]
    """Terms and postings of a segment, for stock Whoosh."""

    def __init__(self, file: SegmentFile) -> None:
        self._file = file

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        field = self._file.field(term[0])
        return field is not None and field.find(term[1]) >= 0

    def indexed_field_names(self) -> list[str]:
        return self._file.field_names()

    def terms(self) -> Iterator[tuple[str, bytes]]:
        for name in sorted(self._file.field_names()):
            yield from ((name, key) for key in _keys_from(self._file.field(name), b""))

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        yield from ((fieldname, key) for key in _keys_from(self._file.field(fieldname), prefix))
        for name in sorted(name for name in self._file.field_names() if name > fieldname):
            yield from ((name, key) for key in _keys_from(self._file.field(name), b""))

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        for name, key in self.terms():
            yield (name, key), self.term_info(name, key)

    def items_from(
        self, fieldname: str, prefix: bytes
    ) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        for name, key in self.terms_from(fieldname, prefix):
            yield (name, key), self.term_info(name, key)

    def cursor(self, fieldname: str, fieldobj: Any) -> base.FieldCursor:
        field = self._file.field(fieldname)
        return Cursor(self, field, fieldobj) if field else base.EmptyCursor()

    def term_info(self, fieldname: str, tbytes: bytes) -> TermInfo:
        """Statistics of a term; KeyError if there is none, as in all the methods below."""
        field, ordinal = self._locate(fieldname, tbytes)
        ids, freqs = field.postings(ordinal)
        lengths = LENGTH_OF_BYTE[self._file.lengths(fieldname)[ids]]
        return TermInfo(
            weight=float(freqs.sum(dtype=np.int64)),
            df=len(ids),
            minlength=int(lengths.min()),
            maxlength=int(lengths.max()),
            maxweight=float(freqs.max()),
            minid=int(ids[0]),
            maxid=int(ids[-1]),
        )

    def frequency(self, fieldname: str, tbytes: bytes) -> float:
        field, ordinal = self._locate(fieldname, tbytes)
        return float(field.postings(ordinal)[1].sum(dtype=np.int64))

    def doc_frequency(self, fieldname: str, tbytes: bytes) -> int:
        field, ordinal = self._locate(fieldname, tbytes)
        return field.df(ordinal)

    def matcher(
        self, fieldname: str, tbytes: bytes, format_: Any, scorer: Any = None
    ) -> ListMatcher:
        try:
            field, ordinal = self._locate(fieldname, tbytes)
        except KeyError as error:
            raise TermNotFound(f"No term {fieldname}:{tbytes!r}") from error
        ids, freqs = field.postings(ordinal)
        if format_.supports("positions"):
            values: Any = _PositionValues(field, ordinal, format_)
        elif format_.fixed_value_size():
            values = [pack_uint(freq) for freq in freqs.tolist()]  # whoosh.formats.Frequency
        else:
            values = [b""] * len(ids)
        return TermMatcher(
            ids.tolist(),
            freqs.astype(float).tolist(),
            values,
            format_,
            scorer=scorer,
            term=(fieldname, tbytes),
            terminfo=self.term_info(fieldname, tbytes),
        )

    def close(self) -> None:
        """Nothing to do: the map goes with its last reader."""

    def _locate(self, fieldname: str, tbytes: bytes) -> tuple[FieldReader, int]:
        field = self._file.field(fieldname)
        ordinal = field.find(tbytes) if field else -1
        if field is None or ordinal < 0:
            raise KeyError(f"No term {fieldname}:{tbytes!r}")
        return field, ordinal


class TermMatcher(ListMatcher):  # type: ignore[misc]
    """A list of postings that knows its highest frequency and where to skip to."""

    _i: int

    def block_max_weight(self) -> float:
        info = self._terminfo
        return float(info.max_weight() if info else super().block_max_weight())

    def skip_to(self, id: int) -> None:
        if not self.is_active():
            raise ReadTooFar
        self._i = bisect_left(self._ids, id, self._i)


class _PositionValues:
    """Whoosh's encoded posting values, made when a matcher asks for one."""

    def __init__(self, field: FieldReader, ordinal: int, format_: Any) -> None:
        self._field, self._ordinal, self._format = field, ordinal, format_
        self._flat: list[int] | None = None

    def __bool__(self) -> bool:
        return True

    def __getitem__(self, index: int) -> Any:
        if self._flat is None:
            self._flat = self._field.positions(self._ordinal).tolist()
            freqs = self._field.postings(self._ordinal)[1]
            self._ends = np.cumsum(freqs, dtype=np.int64).tolist()
        start = self._ends[index - 1] if index else 0
        return self._format.encode(self._flat[start : self._ends[index]])


class Cursor(base.FieldCursor):  # type: ignore[misc]
    """Walks the terms of one field."""

    def __init__(self, terms: TermsReader, field: FieldReader, fieldobj: Any) -> None:
        self._terms, self._field, self._fieldobj = terms, field, fieldobj
        self._at = 0

    def first(self) -> Any:
        self._at = 0
        return self.text()

    def find(self, term: str | bytes) -> Any:
        key = term if isinstance(term, bytes) else self._fieldobj.to_bytes(term)
        self._at = self._field.lower_bound(key)
        return self.text()

    def next(self) -> Any:
        self._at += 1
        return self.text()

    def text(self) -> Any:
        return self._fieldobj.from_bytes(self._field.key(self._at)) if self.is_valid() else None

    def term_info(self) -> TermInfo | None:
        if not self.is_valid():
            return None
        return self._terms.term_info(self._field.name, self._field.key(self._at))

    def is_valid(self) -> bool:
        return self._at < self._field.term_count


class PerDocReader(base.PerDocumentReader):  # type: ignore[misc]
    """Lengths, columns and stored fields of a segment, for stock Whoosh."""

    def __init__(self, file: SegmentFile, segment: TimtinSegment) -> None:
        self._file, self._segment = file, segment

    def doc_count(self) -> int:
        return self._file.doc_count - int(self._segment.deleted_count())

    def doc_count_all(self) -> int:
        return self._file.doc_count

    def has_deletions(self) -> bool:
        return bool(self._segment.has_deletions())

    def is_deleted(self, docnum: int) -> bool:
        return bool(self._segment.is_deleted(docnum))

    def deleted_docs(self) -> Iterable[int]:
        deleted: Iterable[int] = self._segment.deleted_docs()
        return deleted

    def supports_columns(self) -> bool:
        return True

    def has_column(self, fieldname: str) -> bool:
        return fieldname in self._file.columns("int") or fieldname in self._file.columns("ord")

    def column_reader(self, fieldname: str, column: Any) -> ColumnReader:
        if fieldname in self._file.columns("int"):
            unknown = column.default_value()
            return ListColumn([v or unknown for v in self._file.integers(fieldname).tolist()])
        ordinals, values = self._file.ordinals(fieldname)
        encoded = [*(value.encode() for value in values), b""]
        return ListColumn([encoded[at] for at in ordinals.tolist()])

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        return int(LENGTH_OF_BYTE[self._file.lengths(fieldname)[docnum]]) or default

    def field_length(self, fieldname: str) -> int:
        return self._file.field_lengths.get(fieldname, 0)

    def min_field_length(self, fieldname: str) -> int:
        return int(LENGTH_OF_BYTE[self._file.lengths(fieldname).min()])

    def max_field_length(self, fieldname: str) -> int:
        return int(LENGTH_OF_BYTE[self._file.lengths(fieldname).max()])

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        return self._file.stored.record(docnum)

    def close(self) -> None:
        """Nothing to do: the map goes with its last reader."""


class ListColumn(ColumnReader):  # type: ignore[misc]
    """A column held as a list."""

    def __init__(self, values: list[Any]) -> None:
        self._values = values

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, docnum: int) -> Any:
        return self._values[docnum]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values)


def _keys_from(field: FieldReader | None, start: bytes) -> Iterator[bytes]:
    if field is None:
        return
    for low in range(field.lower_bound(start), field.term_count, 1024):
        yield from field.keys(low, min(low + 1024, field.term_count))
