"""What readers take and give: a seed file in, documents and problems out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from index.documents import Document
from index.errors import SeedError
from index.readers.decoding import decode
from index.readers.limits import LIMITS, Limits
from index.readers.opening import read_at_most

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
    limits: Limits = LIMITS

    @property
    def key(self) -> str:
        """What changes whenever the seed has to be read by other rules; "" by default."""
        return self.settings.key + self.limits.key


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
    """A kind of file: its name, the suffixes (in lower case) it is known by, and its reader.

    A format that is `streamed` may be larger than what is read whole. One that is read `apart` is
    parsed by a library that a hostile file could keep busy, or make fill the memory: syncs give it
    a process of its own.
    """

    name: str
    suffixes: tuple[str, ...]
    read: Reader
    streamed: bool = False
    apart: bool = False


def read_whole(seed: SeedFile) -> bytes:
    """The bytes of a seed that is not streamed; SeedError if it is too large."""
    data = read_at_most(seed.path, seed.limits.file_bytes)
    if data is None:
        raise too_large(seed.limits.file_bytes)
    return data


def too_large(most: int) -> SeedError:
    """What is said of a seed of more than `most` bytes."""
    return SeedError(
        f"larger than {most >> 20:,} MB", "split it, or make it a .jsonl with a document a line"
    )


def check_body(body: str) -> str:
    """`body`, if it is not longer than what one document may hold; else SeedError."""
    if len(body) > MAX_BODY_CHARS:
        raise SeedError(f"a text of {len(body):,} characters; at most {MAX_BODY_CHARS:,} fit")
    return body


def read_decoded(seed: SeedFile) -> str:
    """The text of a seed that is not streamed; SeedError if it is too large, or no text."""
    return decode(read_whole(seed), seed.settings.encoding)
