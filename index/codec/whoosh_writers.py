"""What a stock Whoosh writer writes through: a segment is drafted in memory and written when it is
closed.

This is the ordinary road (`ix.writer(codec=TimtinCodec())`). Bulk indexing goes through
`index.builder`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.codec import base
from whoosh.columns import NumericColumn

from index.codec.postings import Postings
from index.codec.segment_file import DIGEST_BYTES, SegmentFileWriter, length_bytes


class SegmentDraft:
    """A segment in the making. The per-document and the field writer share it; the last to close
    writes it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.records: list[dict[str, Any]] = []
        self.lengths: dict[str, dict[int, int]] = {}
        self.integers: dict[str, dict[int, int]] = {}
        self.keywords: dict[str, dict[int, str]] = {}
        self.fields: dict[str, _FieldDraft] = {}

    def forget_last(self) -> None:
        """Take back the last document (its columns; a cancelled document has no postings yet)."""
        self.records.pop()
        docnum = len(self.records)
        for column in (*self.lengths.values(), *self.integers.values(), *self.keywords.values()):
            column.pop(docnum, None)  # type: ignore[attr-defined]

    def write(self) -> None:
        count = len(self.records)
        writer = SegmentFileWriter(self.path)
        for record in self.records:
            writer.stored.add(record)
        lengths = {name: _dense(column, count, np.int64) for name, column in self.lengths.items()}
        writer.finish_documents(
            count,
            length_bytes={name: length_bytes(column) for name, column in lengths.items()},
            field_lengths={name: int(column.sum()) for name, column in lengths.items()},
            integers={
                name: _dense(column, count, np.int32) for name, column in self.integers.items()
            },
            keywords={
                name: [column.get(docnum) for docnum in range(count)]
                for name, column in self.keywords.items()
            },
            digests=bytes(DIGEST_BYTES * count),
        )
        for name, draft in sorted(self.fields.items()):
            field = writer.field(name, has_positions=draft.has_positions)
            for key, term in draft.terms.items():
                field.add([key], term.postings(draft.has_positions))
            field.close()
        writer.close()


class _FieldDraft:
    def __init__(self, *, has_positions: bool) -> None:
        self.has_positions = has_positions
        self.terms: dict[bytes, _TermDraft] = {}


class _TermDraft:
    def __init__(self) -> None:
        self.ids: list[int] = []
        self.freqs: list[int] = []
        self.positions: list[int] = []

    def postings(self, has_positions: bool) -> Postings:
        positions = np.array(self.positions, np.int64) if has_positions else None
        return Postings(
            np.array([len(self.ids)]), np.array(self.ids), np.array(self.freqs), positions
        )


class DraftPerDocWriter(base.PerDocumentWriter):  # type: ignore[misc]
    """Takes documents from a stock writer."""

    def __init__(self, draft: SegmentDraft, segment: Any) -> None:
        self._draft, self._segment = draft, segment
        self._docnum = -1
        self.is_closed = False

    def start_doc(self, docnum: int) -> None:
        self._docnum = docnum
        self._draft.records.append({})

    def add_field(self, fieldname: str, fieldobj: Any, value: Any, length: int) -> None:
        if value is not None:
            self._draft.records[self._docnum][fieldname] = value
        if length:
            self._draft.lengths.setdefault(fieldname, {})[self._docnum] = length

    def add_column_value(self, fieldname: str, columnobj: Any, value: Any) -> None:
        if isinstance(columnobj, NumericColumn):
            self._draft.integers.setdefault(fieldname, {})[self._docnum] = int(value)
        else:
            text = value.decode() if isinstance(value, bytes) else str(value)
            self._draft.keywords.setdefault(fieldname, {})[self._docnum] = text

    def add_vector_items(self, fieldname: str, fieldobj: Any, items: Any) -> None:
        raise NotImplementedError("term vectors are not kept")

    def finish_doc(self) -> None:
        self._docnum = -1

    def cancel_doc(self) -> None:
        self._draft.forget_last()

    def close(self) -> None:
        totals = {name: sum(column.values()) for name, column in self._draft.lengths.items()}
        self._segment._fieldlengths = totals
        self.is_closed = True


class DraftFieldWriter(base.FieldWriter):  # type: ignore[misc]
    """Takes postings from a stock writer, in order of field, term and document."""

    def __init__(self, draft: SegmentDraft) -> None:
        self._draft = draft
        self.is_closed = False

    def start_field(self, fieldname: str, fieldobj: Any) -> None:
        self._format = fieldobj.format
        self._field = _FieldDraft(has_positions=bool(self._format.supports("positions")))
        self._draft.fields[fieldname] = self._field

    def start_term(self, btext: bytes) -> None:
        if len(btext) > 255:
            raise ValueError(f"term of {len(btext)} bytes; at most 255 are kept: {btext[:40]!r}…")
        self._term = self._field.terms.setdefault(btext, _TermDraft())

    def add(self, docnum: int, weight: float, vbytes: bytes, length: int | None) -> None:
        if weight != int(weight):
            raise ValueError(
                "frequencies are whole numbers here; field boosts belong into the query"
            )
        self._term.ids.append(docnum)
        self._term.freqs.append(int(weight))
        if self._field.has_positions:
            self._term.positions.extend(self._format.decode_positions(vbytes))

    def finish_term(self) -> None:
        """Nothing to do: terms are written when the draft is."""

    def finish_field(self) -> None:
        """Nothing to do."""

    def close(self) -> None:
        if self._draft.records:
            self._draft.write()
        self.is_closed = True


def _dense(column: dict[int, int], count: int, dtype: type) -> Any:
    dense: npt.NDArray[Any] = np.zeros(count, dtype)
    dense[list(column)] = list(column.values())
    return dense
