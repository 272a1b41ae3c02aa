"""Is the newest commit what was written, and does what was written make sense?

Every byte is held against its checksum, every posting decoded, every stored document read and held
against its digest, its columns and its terms; segments are held against the table of contents.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index import making
from index.builder import date_number, keyword_term
from index.codec.segment_file import DIGEST_BYTES, SegmentFile
from index.contents import latest_generation, read_contents
from index.documents import Document
from index.errors import DamagedIndexError, TimtinError, index_folder
from index.language import upkeep
from index.snapshot import segment_path

_RETRIES = 20  # a commit may remove files between reading the table of contents and opening them
WRONG = (ValueError, LookupError, ArithmeticError, TypeError)  # what senseless data may raise

_Opened = list[tuple[Any, SegmentFile | TimtinError]]


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found: `problems`, one line each, and what is to be made anew because of them.

    `segments` are ids of damaged segments. If the table of `contents` is damaged nothing is known
    of the rest.
    """

    problems: tuple[str, ...] = ()
    contents: bool = False
    segments: frozenset[str] = frozenset()
    language: bool = False


def verify(folder: Path) -> Verification:
    """Check everything about the newest commit. Raises MissingIndexError and IndexFolderError."""
    try:
        generation, opened = _open(folder)
    except (DamagedIndexError, FileNotFoundError) as error:
        return Verification((str(error),), contents=True)
    problems: list[str] = []
    damaged: set[str] = set()
    seen: dict[str, str] = {}  # id → segment
    for entry, file in opened:
        segid: str = entry.segment_id()
        for problem in _problems(entry, file, segid, seen):
            problems.append(problem)
            damaged.add(segid)
    language = _language_problem(folder, generation, bool(opened))
    if language:
        problems.append(language)
    return Verification(tuple(problems), False, frozenset(damaged), bool(language))


def _open(folder: Path) -> tuple[int, _Opened]:
    """The newest commit's number, and its segments with their files or why these do not open."""
    for attempt in range(_RETRIES):
        try:
            contents = read_contents(folder)
        except FileNotFoundError:
            if attempt == _RETRIES - 1:
                raise
        else:
            opened = [(entry, _opened(folder, entry)) for entry in contents.segments]
            if latest_generation(folder) == contents.generation:
                return contents.generation, opened
        time.sleep(0.02 * attempt)
    return contents.generation, opened


def _opened(folder: Path, entry: Any) -> SegmentFile | TimtinError:
    path = segment_path(folder, entry)
    try:
        with index_folder(folder, but=FileNotFoundError):
            file = SegmentFile(path)
        making.check_readable(file.meta, folder)
    except FileNotFoundError:
        return DamagedIndexError(path, "it is missing")
    except TimtinError as error:
        return error
    return file


def _problems(
    entry: Any, file: SegmentFile | TimtinError, segid: str, seen: dict[str, str]
) -> Iterator[str]:
    """What is wrong with one segment; `seen` gets the ids of its documents."""
    if isinstance(file, TimtinError):
        yield str(file)
        return
    try:
        _check_entry(entry, file)
        for docnum, id in enumerate(check_segment(file)):
            if not entry.is_deleted(docnum) and seen.setdefault(id, segid) != segid:
                raise ValueError(f"document {id} is in another segment too")
    except TimtinError as error:
        yield str(error)
    except WRONG as error:
        yield str(DamagedIndexError(file.path, str(error)))


def check_segment(file: SegmentFile) -> list[str]:
    """Check everything about a segment; the ids of its documents.

    Raises DamagedIndexError, or one of WRONG, which says what makes no sense.
    """
    file.check()
    return list(_check_documents(file))


def _check_entry(entry: Any, file: SegmentFile) -> None:
    """What the table of contents says of a segment must be true of it."""
    deleted = sorted(entry.deleted_docs())
    if entry.doc_count_all() != file.doc_count or (deleted and deleted[-1] >= file.doc_count):
        raise ValueError("it has other documents than the table of contents says")


def _check_documents(file: SegmentFile) -> Iterator[str]:
    """Hold every stored document against what is kept of it elsewhere; yields their ids."""
    keys, digests, days = file.document_keys(), file.digests(), file.integers("date")
    ordinals, paths = file.ordinals("path")
    for docnum in range(file.doc_count):
        record = file.stored.record(docnum)
        id: str = record["id"]
        digest = digests[docnum * DIGEST_BYTES : (docnum + 1) * DIGEST_BYTES]
        if any(digest):  # a stock writer gives none, and stores what it likes
            document = Document(**record)
            if document.digest() != digest.hex():
                raise ValueError(f"document {id} is not what its digest says")
            if keyword_term(id) != keys[docnum].encode():
                raise ValueError(f"document {id} is not found by its id")
            if (document.path, date_number(document.date)) != (
                paths[ordinals[docnum]],
                days[docnum],
            ):
                raise ValueError(f"document {id} has another path or date in its columns")
        yield id


def _language_problem(folder: Path, generation: int, expected: bool) -> str:
    """What is wrong with the language model; empty if nothing is."""
    try:
        file = upkeep.open_newest(folder, generation)
        if file:
            file.check()
        elif expected:
            return str(DamagedIndexError(upkeep.path_of(folder, generation), "it is missing"))
    except FileNotFoundError:
        return ""  # a commit has just replaced it
    except TimtinError as error:
        return str(error)
    return ""
