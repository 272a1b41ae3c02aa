"""PDF: the text of its pages, by pypdf. Scanned pages hold none, and are reported."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator, Sequence
from typing import Any

from index.analysis.normalize import nfc
from index.documents import Document
from index.errors import SeedError
from index.readers.extras import required
from index.readers.legacy_fonts import respelled
from index.readers.seed import Problem, SeedFile, check_body, read_whole
from index.readers.text import Known, make_article, split_title, text_lines

MAX_PAGES = 5_000
_ENDS = re.compile(r"[.!?…:;”\")\]]$")
_PAGE_NUMBER = re.compile(r"(?:trang\s*)?[-–]?\s*\d{1,4}\s*[-–]?(?:\s*/\s*\d{1,4})?", re.IGNORECASE)
_FULL_LINE = 40  # characters; a shorter line that ends without a stop is a heading or a signature


def read_pdf(seed: SeedFile) -> Iterator[Document | Problem]:
    """The one document of a `.pdf` seed; a page that cannot be read is a problem."""
    library = required("pypdf")
    logging.getLogger("pypdf").setLevel(logging.ERROR)  # it tells the log of every oddity
    pages: list[str] = []
    problems: list[Problem] = []
    file = io.BytesIO(read_whole(seed))
    try:
        reader = library.PdfReader(file)
        if reader.is_encrypted and not reader.decrypt(""):
            raise SeedError("a password is needed to open it")
        for number, page in enumerate(reader.pages[:MAX_PAGES], 1):
            try:
                pages.append(page.extract_text() or "")
            except MemoryError:
                raise
            except Exception as error:  # pypdf raises whatever a damaged page makes it
                reason = f"page {number} cannot be read ({type(error).__name__})"
                problems.append(Problem(seed.name, None, reason))
        title, author = _properties(reader)
    except (SeedError, MemoryError):
        raise
    except Exception as error:
        raise SeedError(f"not a PDF, or damaged ({type(error).__name__})") from error
    text = respelled(nfc("\n".join(pages).replace("\0", "")))
    if not text.strip():
        raise SeedError("no text in it, only pictures of pages perhaps", "recognise its text first")
    lines = text_lines(check_body("\n".join(_joined(text.split("\n")))))
    rest = lines
    if not title or title not in lines:
        title, rest = split_title(lines)
    yield from problems
    yield make_article(seed, title, [line for line in rest if line != title], Known(author=author))


def _joined(lines: Sequence[str]) -> Iterator[str]:
    """Lines that only a page's width has parted, as paragraphs with a blank line between."""
    paragraph: list[str] = []
    for line in (" ".join(line.split()) for line in lines):
        if not line or _PAGE_NUMBER.fullmatch(line):
            continue
        paragraph.append(line)
        if _ENDS.search(line) or len(line) < _FULL_LINE:
            yield from (" ".join(paragraph), "")
            paragraph = []
    if paragraph:
        yield " ".join(paragraph)


def _properties(reader: Any) -> tuple[str, str | None]:
    """Title and author as the file's properties have them, "" and None if they do not."""
    found = reader.metadata or {}
    title, author = found.get("/Title"), found.get("/Author")
    return (
        respelled(nfc(" ".join(title.split()))) if isinstance(title, str) else "",
        respelled(nfc(" ".join(author.split()))) or None if isinstance(author, str) else None,
    )
