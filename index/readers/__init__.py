"""Bytes to documents, one format a file. A new format is a reader and a line in `READERS`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from index.documents import Document
from index.errors import SeedError
from index.readers.jsonl import read_jsonl, read_jsonl_gz
from index.readers.markdown import read_markdown
from index.readers.seed import Problem, Reader, SeedFile
from index.readers.text import read_text

READERS: dict[str, Reader] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".jsonl": read_jsonl,
    ".jsonl.gz": read_jsonl_gz,
}
"""The formats by suffix, in lower case. Readers keep no state."""

READERS_VERSION = 1
"""Raised whenever a reader would make another document of the same bytes: seeds are read again."""

__all__ = [
    "READERS",
    "READERS_VERSION",
    "Problem",
    "SeedFile",
    "read_seed",
    "seed_file",
    "suffix_of",
]


def suffix_of(name: str) -> str | None:
    """The longest suffix of a file name that has a reader, or None if the file is no seed."""
    lowered = name.lower()
    matching = [suffix for suffix in READERS if lowered.endswith(suffix) and lowered != suffix]
    return max(matching, key=len, default=None)


def seed_file(path: Path, name: str) -> SeedFile:
    """The seed at `path`, called `name` within the seeds folder; it must have a known suffix."""
    suffix = suffix_of(name)
    if suffix is None:
        raise SeedError("no reader for this kind of file")
    return SeedFile(path, name, name[: -len(suffix)])


def read_seed(seed: SeedFile) -> Iterator[Document | Problem]:
    """What a seed holds. Raises SeedError, also for what the file system refuses."""
    reader = READERS[seed.name[len(seed.stem) :].lower()]
    try:
        yield from reader(seed)
    except FileNotFoundError:
        raise SeedError("it vanished while it was being read") from None
    except OSError as error:
        raise SeedError(error.strerror or str(error)) from None
