"""Bytes to documents, one format a file. A new format is a reader and a line in `FORMATS`.

Other packages add formats by an entry point in the group `timtin.readers` that names a `Format`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path, PurePosixPath

from index.documents import Document
from index.errors import SeedError
from index.readers.docx import read_docx
from index.readers.extras import available
from index.readers.html import read_html
from index.readers.jsonl import read_jsonl, read_jsonl_gz
from index.readers.limits import LIMITS, Limits
from index.readers.markdown import read_markdown
from index.readers.pdf import read_pdf
from index.readers.seed import DEFAULTS, Format, Problem, SeedFile, SeedSettings, too_large
from index.readers.tables import read_csv
from index.readers.text import read_article, read_collection, read_text

FORMATS = (
    Format("text", (".txt",), read_text),
    Format("article", (), read_article),
    Format("collection", (), read_collection),
    Format("markdown", (".md", ".markdown"), read_markdown),
    Format("html", (".html", ".htm", ".xhtml"), read_html, apart=True),
    Format("jsonl", (".jsonl", ".ndjson"), read_jsonl, streamed=True),
    Format("jsonl.gz", (".jsonl.gz", ".ndjson.gz"), read_jsonl_gz, streamed=True),
    Format("csv", (".csv", ".tsv"), read_csv),
    Format("docx", (".docx",), read_docx, apart=True),
    Format("pdf", (".pdf",), read_pdf, apart=True),
)
"""What is read, by the names that seeds.toml uses. Readers keep no state."""

READERS_VERSION = 5
"""Raised whenever a reader would make another document of the same bytes: seeds are read again."""

ENTRY_POINTS = "timtin.readers"

__all__ = [
    "FORMATS",
    "READERS_VERSION",
    "Format",
    "Limits",
    "Problem",
    "SeedFile",
    "SeedSettings",
    "check_size",
    "format_of",
    "formats",
    "read_seed",
    "readers_key",
    "seed_file",
    "suffix_of",
]

_log = logging.getLogger(__name__)


@cache
def formats() -> Mapping[str, Format]:
    """All formats by name: our own, and those of other packages, which cannot replace ours."""
    found = {format.name: format for format in FORMATS}
    for point in entry_points(group=ENTRY_POINTS):
        try:
            format = point.load()
        except Exception as error:  # what another package raises must not stop ours
            _log.warning("the reader %s of another package cannot be loaded: %s", point.name, error)
            continue
        if not isinstance(format, Format):
            _log.warning("the reader %s of another package is no Format", point.name)
        elif format.name not in found:
            found[format.name] = format
    return found


@cache
def readers_key() -> str:
    """What changes whenever seeds have to be read again: our readers, or what they can use."""
    return " ".join([str(READERS_VERSION), *sorted(formats()), *available()])


@cache
def _suffixes() -> Mapping[str, Format]:
    found: dict[str, Format] = {}
    for format in formats().values():
        for suffix in format.suffixes:
            found.setdefault(suffix, format)
    return found


def suffix_of(name: str) -> str | None:
    """The longest suffix of a file name that has a reader, or None if the file is no seed."""
    lowered = name.lower()
    matching = [suffix for suffix in _suffixes() if lowered.endswith(suffix) and lowered != suffix]
    return max(matching, key=len, default=None)


def seed_file(
    path: Path, name: str, settings: SeedSettings = DEFAULTS, limits: Limits = LIMITS
) -> SeedFile:
    """The seed at `path`, called `name` within the seeds folder.

    Its suffix must be known, or `settings` name its format; else SeedError.
    """
    suffix = suffix_of(name)
    if suffix is None:
        if settings.format is None:
            raise SeedError("no reader for this kind of file")
        suffix = PurePosixPath(name).suffix
    return SeedFile(path, name, name[: len(name) - len(suffix)], settings, limits)


def format_of(seed: SeedFile) -> Format:
    """The declared format of a seed, or that of its suffix."""
    if seed.settings.format is not None:
        return formats()[seed.settings.format]
    return _suffixes()[suffix_of(seed.name) or ""]


def check_size(seed: SeedFile, size: int) -> None:
    """Raises SeedError for a file that is too large to be read, before anything of it is."""
    most = seed.limits.stream_bytes if format_of(seed).streamed else seed.limits.file_bytes
    if size > most:
        raise too_large(most)


def read_seed(seed: SeedFile) -> Iterator[Document | Problem]:
    """What a seed holds, up to the limit of documents, here and now (see `apart`).

    Raises SeedError, also for what the file system refuses.
    """
    count = 0
    try:
        for item in format_of(seed).read(seed):
            count += isinstance(item, Document)
            if count > seed.limits.documents:
                yield Problem(seed.name, None, f"more than {seed.limits.documents:,} documents")
                return
            yield item
    except FileNotFoundError:
        raise SeedError("it vanished while it was being read") from None
    except OSError as error:
        raise SeedError(error.strerror or str(error)) from None
    except (SeedError, MemoryError):
        raise
    except Exception as error:  # a fault of one reader must not stop the others
        _log.exception("the reader of %s failed", seed.name)
        raise SeedError(f"its reader failed ({type(error).__name__})") from error
