"""What readers take and give: a seed file in, documents and problems out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from index.documents import Document
from index.errors import SeedError

MAX_FILE_BYTES = 64 << 20  # A seed that is read whole; .jsonl is streamed and has no such bound.
MAX_BODY_CHARS = 4_000_000
MAX_TITLE_CHARS = 10_000


@dataclass(frozen=True, slots=True)
class SeedFile:
    """A file in the seeds folder.

    `name` is its path relative to that folder, NFC, "/" between folders; `stem` is `name` without
    the suffix, and the id, or the beginning of the ids, of what the file holds.
    """

    path: Path
    name: str
    stem: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A part of a seed that was left out, while the rest of it goes in. Lines count from 1."""

    path: str
    line: int | None
    reason: str


Reader: TypeAlias = Callable[[SeedFile], Iterator[Document | Problem]]
"""Yields what a seed holds, in the order of the file. Raises SeedError if the whole seed must be
left out, and OSError as the file system does; then what was yielded before does not count."""


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
