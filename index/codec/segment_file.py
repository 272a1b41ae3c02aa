"""A segment on disk: stored documents, per-document columns and the fields' postings in one
container.

Sections besides those of `stored`, `dictionary` and `postings`:

- `len/<field>`   u8 a document: its field length as Whoosh's length byte (0 = the field is absent)
- `int/<column>`  i4 a document (`date` as YYYYMMDD, 0 = unknown)
- `ord/<column>`, `val/<column>`  i4 a document: index into the sorted values (JSON list), -1 = none
- `digest`        16 bytes a document
- `tokens`        u4 a token: all texts as ordinals of the field `accented`; `tokens.len`, u4 a
  document, how many are its. Only batches that wait to be merged have it, for the language model
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.util.numeric import byte_to_length, length_to_byte

from index.codec.check import check_field
from index.codec.container import Container, ContainerWriter
from index.codec.integers import Ints
from index.codec.postings import FieldReader, FieldWriter
from index.codec.stored import StoredReader, StoredWriter
from index.disk import discard
from index.errors import OutdatedIndexError

EXTENSION = ".tim"
DIGEST_BYTES = 16
LENGTH_OF_BYTE = np.array([byte_to_length(byte) for byte in range(256)], np.int64)


def length_bytes(lengths: npt.NDArray[np.integer]) -> npt.NDArray[np.uint8]:
    """Whoosh's length byte for every length; 0 stays 0."""
    unique, inverse = np.unique(lengths, return_inverse=True)
    codes = [length_to_byte(int(length)) if length else 0 for length in unique]
    return np.array(codes, np.uint8)[inverse]


class SegmentFileWriter:
    """Writes a segment: first `stored` documents in order, then `finish_documents`, then fields,
    then `close`.
    """

    def __init__(self, path: Path, dictionary: bytes = b"") -> None:
        self.path = path
        self._file = path.open("wb")
        self._out = ContainerWriter(self._file)
        self.stored = StoredWriter(self._out, dictionary)
        self._fields: dict[str, dict[str, Any]] = {}

    def finish_documents(
        self,
        doc_count: int,
        *,
        length_bytes: Mapping[str, npt.NDArray[np.uint8]],
        field_lengths: Mapping[str, int],
        integers: Mapping[str, npt.NDArray[np.int32]],
        keywords: Mapping[str, Sequence[str | None] | tuple[npt.NDArray[np.int32], list[str]]],
        digests: bytes,
    ) -> None:
        """Write all columns; arrays have shape [doc_count]; a keyword column is values or
        (ordinals, values).
        """
        self.stored.close()
        for name, lengths in length_bytes.items():
            self._out.section(f"len/{name}", lengths)
        for name, column in integers.items():
            self._out.section(f"int/{name}", column.astype("<i4"))
        for name, values in keywords.items():
            ordinals, distinct = values if isinstance(values, tuple) else _ordinals(values)
            self._out.section(f"ord/{name}", ordinals.astype("<i4"))
            self._out.section(f"val/{name}", json.dumps(distinct, ensure_ascii=False).encode())
        self._out.section("digest", digests)
        self._out.meta |= {"doc_count": doc_count, "field_lengths": dict(field_lengths)}

    def tokens(self, ordinals: Ints, counts: Ints) -> None:
        """Write all texts, token by token."""
        self._out.section("tokens", ordinals.astype("<u4"))
        self._out.section("tokens.len", counts.astype("<u4"))

    def field(self, name: str, *, has_positions: bool, parent: str | None = None) -> FieldWriter:
        """Begin a field; close it before the next one. `parent` is the field whose positions it
        shares, which must have been written before.
        """
        self._fields[name] = {"positions": has_positions, "parent": parent}
        return FieldWriter(self._out, name, has_positions=has_positions, shares=parent is not None)

    def close(self, **meta: Any) -> int:
        """Finish and fsync the file; returns its size in bytes. `meta` goes into the directory."""
        self._out.meta |= {"fields": self._fields, **meta}
        return self._out.close()

    def abort(self) -> None:
        """Give up: close and remove the file."""
        with suppress(OSError):  # what is still to be written does not fit on the disk
            self._file.close()
        discard(self.path)


class SegmentFile:
    """A segment opened for reading; immutable, safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.container = Container(path)
        self.meta = self.container.meta
        try:
            self._read_meta()
        except (KeyError, TypeError) as error:
            raise OutdatedIndexError(f"index file {path} has another layout") from error

    def _read_meta(self) -> None:
        self.doc_count: int = self.meta["doc_count"]
        self.field_lengths: dict[str, int] = self.meta["field_lengths"]
        self._stored = StoredReader(self.container)
        self._fields: dict[str, FieldReader] = {}
        for name, kind in self.meta["fields"].items():  # parents come first
            self._fields[name] = FieldReader(
                self.container,
                name,
                has_positions=kind["positions"],
                parent=self._fields[kind["parent"]] if kind["parent"] else None,
            )

    def check(self) -> None:
        """Check every page of the file, every posting and every column.

        Raises DamagedIndexError, or ValueError, which says what is wrong.
        """
        self.container.check_all()
        for name, field in self._fields.items():
            tokens = check_field(field, self.doc_count)
            if name in self.columns("len") and (length_bytes(tokens) != self.lengths(name)).any():
                raise ValueError(f"field {name!r}: documents are not as long as said")
        for name in self.columns("ord"):
            ordinals, values = self.ordinals(name)
            if ordinals.min(initial=-1) < -1 or ordinals.max(initial=-1) >= len(values):
                raise ValueError(f"column {name!r}: values do not exist")
        width = {"len": 1, "int": 4, "ord": 4}
        sizes = {f"{kind}/{name}": width[kind] for kind in width for name in self.columns(kind)}
        sizes |= {"digest": DIGEST_BYTES, "stored.len": 4}
        for name, size in sizes.items():
            if self.container.extent(name)[1] != size * self.doc_count:
                raise ValueError(f"{name!r} is not as long as there are documents")

    def field_names(self) -> list[str]:
        return list(self._fields)

    def field(self, name: str) -> FieldReader | None:
        return self._fields.get(name)

    @property
    def stored(self) -> StoredReader:
        return self._stored

    def lengths(self, field: str) -> npt.NDArray[np.uint8]:
        """Whoosh length byte of every document, shape [doc_count]; zeros for a field without
        lengths.
        """
        name = f"len/{field}"
        if name not in self.container:
            return np.zeros(self.doc_count, np.uint8)
        return self.container.array(name, "u1")

    def integers(self, column: str) -> npt.NDArray[np.int32]:
        """An integer column, shape [doc_count]; zeros if the segment has none of this name."""
        name = f"int/{column}"
        if name not in self.container:
            return np.zeros(self.doc_count, np.int32)
        return self.container.array(name, "<i4")

    def ordinals(self, column: str) -> tuple[npt.NDArray[np.int32], list[str]]:
        """A keyword column: index into the values for every document (-1 = none), and the
        values.
        """
        if f"ord/{column}" not in self.container:
            return np.full(self.doc_count, -1, np.int32), []
        values: list[str] = json.loads(self.container.bytes(f"val/{column}"))
        return self.container.array(f"ord/{column}", "<i4"), values

    def digests(self) -> bytes:
        """The documents' digests, 16 bytes each."""
        return self.container.bytes("digest")

    def tokens(self) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]] | None:
        """All texts as ordinals of the field `accented`, and how many each document has; None for
        most segments, which keep no such thing.
        """
        if "tokens" not in self.container:
            return None
        return self.container.array("tokens", "<u4"), self.container.array("tokens.len", "<u4")

    def columns(self, prefix: str) -> list[str]:
        """Names of the columns of a kind: `len`, `int` or `ord`."""
        start = f"{prefix}/"
        return [
            name.removeprefix(start) for name in self.container.names() if name.startswith(start)
        ]

    def document_keys(self) -> list[str]:
        """The `id` of every document in document order, read from the inverted `id` field."""
        field = self.field("id")
        keys = [""] * self.doc_count
        if field:
            ids, _, dfs = field.postings_range(0, field.term_count)
            terms = np.repeat(np.arange(len(dfs)), dfs)
            texts = field.keys(0, field.term_count)
            for docnum, term in zip(ids.tolist(), terms.tolist(), strict=True):
                keys[docnum] = texts[term].decode()
        return keys


def _ordinals(values: Sequence[str | None]) -> tuple[npt.NDArray[np.int32], list[str]]:
    distinct = sorted({value for value in values if value is not None})
    rank: dict[str | None, int] = {value: at for at, value in enumerate(distinct)}
    rank[None] = -1
    return np.array([rank[value] for value in values], np.int32), distinct
