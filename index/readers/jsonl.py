"""JSON lines, plain or gzipped: a document a line, read as a stream in bounded memory.

A line is `{"id", "title", "text", "date", "url", "source", "author"}`; `id` and one of `title` and
`text` must be there. A bad line is a problem with its number; a damaged file is an error.
"""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from index.documents import Document
from index.errors import SeedError
from index.readers.detection import decoded
from index.readers.opening import open_regular
from index.readers.recoding import recoded
from index.readers.records import document_of
from index.readers.seed import Problem, SeedFile

MAX_LINE_BYTES = 32 << 20  # MAX_BODY_CHARS written as \uXXXX escapes, and room for the rest.
# Real text shrinks 3–20 times. A file that grows more than the limit, once it is large, is a trap.
EXPANSION_FROM_BYTES = 256 << 20
_BUFFER = 1 << 20


def read_jsonl(seed: SeedFile) -> Iterator[Document | Problem]:
    """The documents of a `.jsonl` seed."""
    with open_regular(seed.path, _BUFFER) as stream:
        buffered = cast(io.BufferedReader, stream)
        yield from _read(buffered, seed, seed.limits.stream_bytes)


def read_jsonl_gz(seed: SeedFile) -> Iterator[Document | Problem]:
    """The documents of a `.jsonl.gz` seed."""
    with open_regular(seed.path, _BUFFER) as packed:
        size = packed.seek(0, io.SEEK_END)
        packed.seek(0)
        most = max(EXPANSION_FROM_BYTES, seed.limits.expansion * size)
        limit = min(most, seed.limits.stream_bytes)
        with io.BufferedReader(cast(Any, gzip.GzipFile(fileobj=packed)), _BUFFER) as stream:
            try:
                yield from _read(stream, seed, limit)
            except EOFError:
                raise SeedError("the gzip data ends early: the file is truncated") from None
            except (gzip.BadGzipFile, zlib.error) as error:
                raise SeedError(f"damaged gzip data ({error})") from None


def _read(stream: io.BufferedReader, seed: SeedFile, limit: int) -> Iterator[Document | Problem]:
    good, first_problem = 0, None
    lines, encoding = recoded(stream, seed.settings.encoding)
    for number, line in _lines(lines, limit):
        if line is not None and not line.strip():
            continue
        try:
            document = _document(line, seed, encoding)
        except ValueError as error:
            problem = Problem(seed.name, number, str(error))
            first_problem = first_problem or problem
            yield problem
        else:
            good += 1
            yield document
    if not good:
        if first_problem is None:
            raise SeedError("no text in it")
        raise SeedError(
            f"no line of it is a document (line {first_problem.line}: {first_problem.reason})"
        )


def _lines(stream: BinaryIO, limit: int) -> Iterator[tuple[int, bytes | None]]:
    """Numbered lines, None for one that is too long; SeedError past `limit` bytes in all."""
    number = total = 0
    while line := stream.readline(MAX_LINE_BYTES):
        number += 1
        total += len(line)
        too_long = False
        while len(line) == MAX_LINE_BYTES and not line.endswith(b"\n"):
            too_long = True
            line = stream.readline(MAX_LINE_BYTES)
            total += len(line)
            _check_total(total, limit)
        _check_total(total, limit)
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        yield number, None if too_long else line.rstrip(b"\r\n")


def _check_total(total: int, limit: int) -> None:
    if total > limit:
        raise SeedError(f"more than {limit >> 20:,} MB of text, out of proportion to its size")


def _document(line: bytes | None, seed: SeedFile, encoding: str | None) -> Document:
    """The document of a line; ValueError with the reason if it is none."""
    if line is None:
        raise ValueError(f"longer than {MAX_LINE_BYTES >> 20} MB")
    declared = encoding if seed.settings.encoding else None
    return document_of(_record(_text(line, declared or "utf-8", encoding)), seed)


def _text(line: bytes, first: str, second: str | None) -> str:
    """A line in the first of the encodings, or else in the second; ValueError with the place of
    what is neither."""
    try:
        line.decode(first)
    except UnicodeDecodeError as error:
        text = decoded(line, second) if second else None
        if text is None:
            place = f"byte 0x{line[error.start]:02x} at offset {error.start}"
            raise ValueError(f"not {first.upper()} text ({place})") from None
        return text
    return decoded(line, first) or ""


def _record(line: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON ({error.msg} at character {error.pos + 1})") from None
    except RecursionError:
        raise ValueError("not a document (nested too deeply)") from None
    if not isinstance(record, dict):
        raise ValueError("not a JSON object")
    return record
