"""Tables: `.csv` and `.tsv`, a document a row. The first row names the columns.

Names are those of records (`title`, `text`, …) or what they are called in Vietnamese; other columns
are passed over. Commas, semicolons, tabs and bars may part them. Rows without an id are numbered.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from index.analysis.fold import fold_key
from index.documents import Document
from index.errors import SeedError
from index.readers.records import document_of
from index.readers.seed import MAX_BODY_CHARS, Problem, SeedFile, read_decoded

COLUMNS = {
    "id": ("id", "ma", "ma so", "ma bai"),
    "title": ("title", "tieu de", "tua", "tua de", "dau de", "ten bai", "headline"),
    "text": ("text", "noi dung", "body", "content", "bai viet", "van ban", "toan van"),
    "date": ("date", "ngay", "ngay dang", "ngay xuat ban", "thoi gian", "published"),
    "url": ("url", "link", "duong dan", "lien ket"),
    "source": ("source", "nguon", "bao", "nguon tin"),
    "author": ("author", "tac gia", "phong vien", "nguoi viet"),
}
"""What columns may be called, folded; the first of each that a table has counts."""

_DELIMITERS = ",;\t|"


def read_csv(seed: SeedFile) -> Iterator[Document | Problem]:
    """The documents of a `.csv` seed; a row that is none is a problem with its line."""
    text = read_decoded(seed)
    csv.field_size_limit(max(csv.field_size_limit(), 2 * MAX_BODY_CHARS))
    rows = csv.reader(io.StringIO(text), delimiter=_delimiter(text), strict=True)
    header = _header(rows)
    good, first_reason, number, line = 0, "", 0, rows.line_num + 1
    while True:
        try:
            row = next(rows)
        except StopIteration:
            break
        except csv.Error as error:
            yield Problem(seed.name, line, f"not CSV ({error})")
            line = rows.line_num + 1
            continue
        if any(cell.strip() for cell in row):
            number += 1
            try:
                yield _document(row, header, number, seed)
                good += 1
            except ValueError as error:
                first_reason = first_reason or f" (line {line}: {error})"
                yield Problem(seed.name, line, str(error))
        line = rows.line_num + 1
    if not good:
        raise SeedError(f"no row of it is a document{first_reason}")


def _document(row: Sequence[str], header: dict[str, int], number: int, seed: SeedFile) -> Document:
    if len(row) > header["columns"]:
        raise ValueError(f"{len(row)} cells where the first row has {header['columns']}")
    record = {name: row[at] for name, at in header.items() if name != "columns" and at < len(row)}
    if not record.get("id", "").strip():
        record["id"] = f"{seed.stem}#{number}"
    return document_of(record, seed)


def _header(rows: Iterator[list[str]]) -> dict[str, int]:
    """The place of each known column, and how many there are in all; SeedError without a text."""
    try:
        names = [fold_key(" ".join(name.split())) for name in next(rows)]
    except (StopIteration, csv.Error):
        raise SeedError("no table in it") from None
    found = {"columns": len(names)}
    for field, called in COLUMNS.items():
        place = next((names.index(name) for name in called if name in names), None)
        if place is not None:
            found[field] = place
    if "title" not in found and "text" not in found:
        raise SeedError(
            "its first row names neither a column title nor a column text",
            "name the columns: id, title, text, date, url, source, author",
        )
    return found


def _delimiter(text: str) -> str:
    """What parts the cells of the first line: the sign that it has most of."""
    first = text.partition("\n")[0]
    return max(_DELIMITERS, key=first.count)
