"""What readers take and give: a seed file in, documents and problems out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from index.documents import Document
from index.errors import SeedError
from index.readers.decoding import decode

MAX_FILE_BYTES = 64 << 20  # A seed that is read whole; .jsonl is streamed and has no such bound.
MAX_BODY_CHARS = 4_000_000
MAX_TITLE_CHARS = 10_000


@dataclass(frozen=True, slots=True)
class SeedSettings:
    """What a `seeds.toml` says of a seed; None leaves it to the reader to find out.

    `source` and `author` take the place of what a text says of itself, but not of what a record
    (of .jsonl or .csv) does. `year` dates datelines that leave it out, `date` (ISO) everything that
    has no date of its own.
    """

    encoding: str | None = None
    format: str | None = None
    source: str | None = None
    author: str | None = None
    year: int | None = None
    date: str | None = None

    @property
    def key(self) -> str:
        """What changes whenever a setting does; "" if nothing is set."""
        return "" if self == DEFAULTS else repr(self)


DEFAULTS = SeedSettings()


@dataclass(frozen=True, slots=True)
class SeedFile:
    """A file in the seeds folder.

    `name` is its path relative to that folder, NFC, "/" between folders; `stem` is `name` without
    the suffix, and the id, or the beginning of the ids, of what the file holds.
    """

    path: Path
    name: str
    stem: str
    settings: SeedSettings = DEFAULTS


@dataclass(frozen=True, slots=True)
class Problem:
    """A part of a seed that was left out, while the rest of it goes in. Lines count from 1."""

    path: str
    line: int | None
    reason: str


Reader: TypeAlias = Callable[[SeedFile], Iterator[Document | Problem]]
"""Yields what a seed holds, in the order of the file. Raises SeedError if the whole seed must be
left out, and OSError as the file system does; then what was yielded before does not count."""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its name, the suffixes (in lower case) it is known by, and its reader."""

    name: str
    suffixes: tuple[str, ...]
    read: Reader


def read_whole(seed: SeedFile) -> bytes:
    """The bytes of a seed that is not streamed; SeedError if it is too large."""
    with seed.path.open("rb") as file:
        data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise SeedError(
            f"larger than {MAX_FILE_BYTES >> 20} MB",
            "split it, or make it a .jsonl with a document a line",
        )
    return data


def check_body(body: str) -> str:
    """`body`, if it is not longer than what one document may hold; else SeedError."""
    if len(body) > MAX_BODY_CHARS:
        raise SeedError(f"a text of {len(body):,} characters; at most {MAX_BODY_CHARS:,} fit")
    return body


def read_decoded(seed: SeedFile) -> str:
    """The text of a seed that is not streamed; SeedError if it is too large, or no text."""
    return decode(read_whole(seed), seed.settings.encoding)
