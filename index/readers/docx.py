"""Word documents: paragraphs and tables in their order, by python-docx."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from index.analysis.normalize import nfc
from index.documents import Document
from index.errors import SeedError
from index.readers.extras import required
from index.readers.jsonl import EXPANSION_FROM_BYTES
from index.readers.legacy_fonts import respelled
from index.readers.seed import MAX_TITLE_CHARS, Problem, SeedFile, read_whole
from index.readers.text import Known, make_article, split_title, text_lines

_HEADINGS = ("title", "heading 1")


def read_docx(seed: SeedFile) -> Iterator[Document | Problem]:
    """The one document of a `.docx` seed. Its heading, or a first line like one, is the title."""
    library = required("docx")
    file = io.BytesIO(read_whole(seed))
    try:
        _check_archive(file, seed)
        document = library.Document(file)
        blocks = list(_blocks(document))
        properties = document.core_properties
        author = " ".join((properties.author or "").split())
    except (SeedError, MemoryError):
        raise
    except Exception as error:  # a damaged package can raise anything
        raise SeedError(f"not a Word document, or damaged ({type(error).__name__})") from error
    text = respelled(nfc("\n\n".join(text for text, _ in blocks)))
    lines = text_lines(text)
    styled = next((respelled(nfc(text)) for text, heading in blocks if heading), "")
    if styled and len(styled) <= MAX_TITLE_CHARS and styled in lines:
        title, rest = styled, [line for line in lines if line != styled]
    else:
        title, rest = split_title(lines)
    known = Known(author=author if author and author != "python-docx" else None)
    yield make_article(seed, title, rest, known)


def _check_archive(file: BinaryIO, seed: SeedFile) -> None:
    """Raises SeedError for what would not fit once it is unpacked: no part becomes larger than the
    archive says, that is an error of its own."""
    with zipfile.ZipFile(file) as archive:
        size = sum(part.file_size for part in archive.infolist())
    if size > max(seed.limits.file_bytes, EXPANSION_FROM_BYTES):
        raise SeedError(f"{size >> 20:,} MB once it is unpacked, out of proportion to its size")
    file.seek(0)


def _blocks(document: Any) -> Iterator[tuple[str, bool]]:
    """The text of each paragraph and table row that has any, and whether it is the heading."""
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            for row in block.rows:
                cells = dict.fromkeys(cell.text.strip() for cell in row.cells)
                yield " | ".join(filter(None, cells)), False
        elif block.text.strip():
            style = (block.style.name or "").lower() if block.style is not None else ""
            yield " ".join(block.text.split()), style in _HEADINGS
