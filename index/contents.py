"""The table of contents: which segments make up a commit, in Whoosh's format, with a checksum.

A commit is a file `_MAIN_<generation>.toc`, written beside the one before it and moved into place,
so that readers see either the old or the new state. Its last line is the CRC-32 of what stands
before, which stock Whoosh does not read; a table that a stock writer made has none.
"""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.index import TOC, clean_files

from index.errors import DamagedIndexError, MissingIndexError, index_folder

INDEX_NAME = "MAIN"
_SEAL = re.compile(rb"\ncrc32 ([0-9a-f]{8})\n\Z")
_SEAL_BYTES = len(b"\ncrc32 01234567\n")


class DurableStorage(FileStorage):  # type: ignore[misc]
    """A folder in which a table of contents is sealed, and on disk, when it is moved into place."""

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        source = Path(self._fpath(oldname))
        with source.open("r+b") as file:
            crc = zlib.crc32(file.read())
            file.write(b"\ncrc32 %08x\n" % crc)
            file.flush()
            os.fsync(file.fileno())
        source.replace(self._fpath(newname))
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def latest_generation(folder: Path) -> int:
    """Number of the newest commit; -1 if there is none. Costs one listing of the folder."""
    with index_folder(folder):
        try:
            generation: int = TOC._latest_generation(os.listdir(folder), INDEX_NAME)  # noqa: PTH208
        except FileNotFoundError:
            return -1
    return generation


def contents_path(folder: Path, generation: int) -> Path:
    """The file of a commit's table of contents."""
    return folder / str(TOC._filename(INDEX_NAME, generation))


def read_contents(folder: Path) -> TOC:
    """The table of contents of the newest commit.

    Raises MissingIndexError, DamagedIndexError, or FileNotFoundError if it was replaced meanwhile.
    """
    generation = latest_generation(folder)
    if generation < 0:
        raise MissingIndexError(f"there is no index in {folder}")
    path = contents_path(folder, generation)
    with index_folder(folder, but=FileNotFoundError):
        content = path.read_bytes()
    seal = _SEAL.search(content, max(0, len(content) - _SEAL_BYTES))
    if seal and zlib.crc32(content[: seal.start()]) != int(seal[1], 16):
        raise DamagedIndexError(path, "checksum mismatch")
    storage: Any = RamStorage()
    storage.files[path.name] = content
    try:
        return TOC.read(storage, INDEX_NAME, generation)
    except Exception as error:  # a damaged pickle can raise anything
        raise DamagedIndexError(path, "it cannot be read") from error


def clean_folder(folder: Path, generation: int, segments: Sequence[Any]) -> None:
    """Remove the files of other commits, and what a writer left behind that was killed."""
    clean_files(FileStorage(str(folder)), INDEX_NAME, generation, segments)
    for draft in folder.glob(f"_{INDEX_NAME}_*.toc.*"):
        draft.unlink(missing_ok=True)
